"""Posts of one creator against each other: what they share, and whether they are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from features.panel import F64, I64
from reelcast.records import QUANTILES
from training.metrics import paired_bootstrap

_LOW, _MEDIAN, _HIGH = (QUANTILES.index(level) for level in (0.10, 0.50, 0.90))
_ACTS = ("likes", "comments", "shares")
_FAR = 20.0  # any log count: pairs of rates are compared as counts are
_ONE_AGE = 0.2  # of logs: ages of posts that make a pair differ by a fifth at most
_MOST_POSTS = 20  # of one creator, evenly in time: their pairs grow with the square


def shared_noise(log_quantiles: F64, counts: F64, creator: I64) -> float:
    """The share of forecasts' misses that posts of one creator have in common, 0 to 0.95.

    The intraclass correlation (one-way analysis of variance) of misses in units of their interval;
    `log_quantiles` (n, n_quantiles) of log1p counts, `counts` (n,) NaN where unknown.
    """
    known = ~np.isnan(counts)
    logs, creator = log_quantiles[known], creator[known]
    width = np.maximum(logs[:, _HIGH] - logs[:, _LOW], 0.2) / (2 * ndtri(0.9))
    miss = np.clip((np.log1p(counts[known]) - logs[:, _MEDIAN]) / width, -3, 3)
    ids, index = np.unique(creator, return_inverse=True)
    if len(ids) < 2 or len(miss) <= len(ids):
        return 0.0
    n = np.bincount(index)
    mean = np.bincount(index, miss) / n
    within = ((miss - mean[index]) ** 2).sum() / (len(miss) - len(ids))
    between = (n * (mean - miss.mean()) ** 2).sum() / (len(ids) - 1)
    size = (len(miss) - (n**2).sum() / len(miss)) / (len(ids) - 1)
    common = (between - within) / max(between + (size - 1) * within, 1e-9)
    return round(float(np.clip(common, 0.0, 0.95)), 4)


def pair_skill(y: F64, forecast: F64, creator: I64, age_days: F64 | None = None) -> dict[str, Any]:
    """How well the forecasts tell one creator's posts apart, over all pairs of a creator.

    `right`: share of pairs in the right order (ties half), with a 95% interval by resampling
    creators; `slope`: how much of a forecast difference in logs comes true (1: all of it), and its
    standard error over the same resamples. With `age_days` (n,) only posts counted at about one
    age make a pair: that an older post counts more is no skill in telling drafts apart.
    """
    logs = np.column_stack([np.log1p(y), np.log1p(forecast)])
    age = np.zeros(len(y)) if age_days is None else np.log(np.maximum(age_days, 0.01))
    right: list[F64] = []
    of: list[I64] = []
    parts: list[tuple[float, float]] = []
    for each in np.unique(creator):
        own = np.flatnonzero(creator == each)
        if len(own) > _MOST_POSTS:
            own = own[np.linspace(0, len(own) - 1, _MOST_POSTS).astype(np.int64)]
        i, j = (own[at] for at in np.triu_indices(len(own), 1))
        near = np.abs(age[i] - age[j]) <= _ONE_AGE
        happened, told = (logs[i] - logs[j])[near].T
        parts.append((float(told @ happened), float(told @ told)))
        apart = happened != 0
        right.append(0.5 + 0.5 * np.sign(told[apart]) * np.sign(happened[apart]))
        of.append(np.full(int(apart.sum()), each))
    hits, creators = (np.concatenate([np.empty(0), *all_of]) for all_of in (right, of))
    if not len(hits):
        unknown = {"right": None, "low": None, "high": None, "slope": 0.0, "slope_error": None}
        return {"n_pairs": 0, "n_creators": 0, **unknown}
    share = paired_bootstrap(hits, creators.astype(np.int64), draws=500)
    return {
        "n_pairs": len(hits),
        "n_creators": len(np.unique(creators)),
        "right": share["mean"],
        "low": share["low"],
        "high": share["high"],
        **_slope(np.array(parts)),
    }


def _slope(parts: F64) -> dict[str, float | None]:
    """The ratio of sums of `parts` (n_creators, 2), and its error by resampling creators."""
    top, bottom = parts.sum(axis=0)
    if bottom <= 0:
        return {"slope": 0.0, "slope_error": None}
    drawn = np.random.default_rng(0).integers(0, len(parts), (500, len(parts)))
    sums = parts[drawn].sum(axis=1)
    slopes = sums[:, 0] / np.maximum(sums[:, 1], 1e-12)
    return {"slope": float(top / bottom), "slope_error": float(slopes.std())}


def rate_pairs_of(tests: Mapping[str, pa.Table]) -> dict[str, Any] | None:
    """`pair_skill` of the engagement rate, (likes + comments + shares) / views, of the posts that
    all four backtests hold; None where one is missing."""
    if not {"views", *_ACTS} <= tests.keys():
        return None
    joined = tests["views"].select(["post_id", "creator_id", "horizon_days", "y", "q50"])
    for name in _ACTS:
        own = tests[name].select(["post_id", "y", "q50"])
        joined = joined.join(own, "post_id", join_type="inner", right_suffix=f"_{name}")
    joined = joined.sort_by("post_id")
    values = {name: np.asarray(joined[name].to_numpy(), np.float64) for name in joined.column_names
              if name.startswith(("y", "q50"))}  # fmt: skip
    came, said = (
        np.log(sum(values[f"{kind}_{name}"] for name in _ACTS) + 0.5) - np.log1p(values[kind])
        for kind in ("y", "q50")
    )
    creator = np.unique(joined["creator_id"].to_pylist(), return_inverse=True)[1]
    age = np.asarray(joined["horizon_days"].to_numpy(), np.float64)
    return pair_skill(np.expm1(_FAR + came), np.expm1(_FAR + said), creator, age)


def pairs_of(predictions: pa.Table) -> dict[str, Any]:
    """`pair_skill` of a backtest's table."""
    y, forecast, age = (
        np.asarray(predictions[name].to_numpy(), np.float64)
        for name in ("y", "q50", "horizon_days")
    )
    creator = np.unique(predictions["creator_id"].to_pylist(), return_inverse=True)[1]
    return pair_skill(y, forecast, creator, age)
