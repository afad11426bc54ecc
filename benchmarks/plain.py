"""The plain model to beat: LightGBM on simple summaries of a creator's earlier posts.

No growth curve, no shrinkage, no level taken out. In full it sees followers as of the scrape,
which a forecast before posting cannot know, and the post's age then, as the published reference
figures do; two variants leave out the followers, or both. Its settings were chosen so that it
reproduces those figures: a weaker one would flatter the model beside it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from features.dataset import Dataset
from features.gather import Past, Questions, followers_for_tier, gather
from features.panel import F64, I64
from reelcast.packages import require

NAMES = (
    "mean",
    "last5_mean",
    "last",
    "std",
    "n",
    "days_since_last",
    "hour",
    "weekday",
    "duration",
    "caption_length",
    "n_hashtags",
    "like_rate",
    "comment_rate",
    "share_rate",
    "age_days",
    "followers",
)
VARIANTS = {  # which columns each plain model reads: the last two are as of the scrape
    "plain_lightgbm": NAMES,
    "plain_no_followers": NAMES[:-1],
    "plain_before": NAMES[:-2],
}
_CHUNK = 4096
_PARAMS = {
    "objective": "l1",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
_TREES = 400


def plain_columns(dataset: Dataset, asked: Questions, gap_days: float) -> F64:
    """The 16 columns of each question, in the order of NAMES: (n, 16), NaN where unknown."""
    parts = [
        _columns(dataset, asked.take(slice(at, at + _CHUNK)), gap_days)
        for at in range(0, len(asked), _CHUNK)
    ]
    return np.vstack(parts)


def fit_and_forecast(
    columns: F64, counts: F64, train_test: tuple[I64, I64], names: tuple[str, ...]
) -> F64:
    """Counts (n_test,) forecast from the train rows by a model that reads the columns `names`."""
    lightgbm = require("lightgbm")
    train, test = train_test
    values = columns[:, [NAMES.index(name) for name in names]]
    rows = lightgbm.Dataset(values[train], np.log1p(counts[train]), params=_PARAMS)
    model = lightgbm.train(_PARAMS, rows, _TREES)
    return np.expm1(np.maximum(np.asarray(model.predict(values[test])), 0.0))


def _columns(dataset: Dataset, asked: Questions, gap_days: float) -> F64:
    past = gather(dataset.panel, asked, gap_days)
    logs = _last_known(np.log1p(past.counts[:, :, 0]))
    n = (~np.isnan(logs)).sum(axis=1)
    some, several = n > 0, n > 1
    return np.column_stack(
        [
            _where(some, logs, np.nanmean),
            _where(some, logs[:, -5:], np.nanmean),
            logs[:, -1],
            _where(several, logs, np.nanstd),
            n,
            np.log1p(past.posted_days[:, -1]),
            asked.post_s % 86_400 // 3600,
            (asked.post_s // 86_400 + 3) % 7,
            np.log1p(asked.duration_s),
            [len(text) for text in asked.texts],
            (asked.hashtags != 0).sum(axis=1),
            *(_mean_rate(past, target) for target in (1, 2, 3)),
            np.log1p(asked.horizon_days),
            np.log1p(followers_for_tier(dataset.panel, asked)),
        ]
    )


def _last_known(logs: F64) -> F64:
    """The known values moved to the right, in their order, NaN at the left."""
    order = np.argsort(~np.isnan(logs), axis=1, kind="stable")
    return np.take_along_axis(logs, order, axis=1)


def _where(has: npt.NDArray[np.bool_], values: F64, of: Callable[..., F64]) -> F64:
    out = np.full(len(values), np.nan)
    if has.any():
        out[has] = of(values[has], axis=1)
    return out


def _mean_rate(past: Past, target: int) -> F64:
    rate = past.counts[:, :, target] / np.maximum(past.counts[:, :, 0], 1)
    return _where((~np.isnan(rate)).any(axis=1), rate, np.nanmean)
