"""Forecasts of a post's count at a horizon from what it has counted so far, calibrated by age.

One model per stage (from about an age to a horizon) learns log(V_h / V_t) less the growth
curve's rise: a median and a scale, each a LightGBM booster. Posts held out of both and of the
curves give the conformal quantiles of the standardised misses, bucket by bucket of age (split
conformal; Lei et al. 2018).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from features.panel import F64, I64
from features.snapshots import COLUMNS, Snapshots
from reelcast.errors import NotEnoughDataError
from reelcast.packages import require
from reelcast.records import QUANTILES
from training.heads import threads_for

MIN_POSTS = 120  # fewer posts counted both before and at the horizon: no model, the curve serves
BUCKETS = (0.75, 1.25, 2.5, 4.5, 8.0, 15.0)  # ages in days that part the calibration's buckets
_MIN_BUCKET = 80  # held-out counts; a bucket with fewer is merged with an older neighbour
_CALIBRATION = 0.25  # latest share of posts that calibrates
_MIN_SCALE = 0.02  # log units: keeps scores finite where posts hardly grow
_TREES, _SCALE_TREES = 300, 80
_MOST_ROWS = 20_000  # the latest counts; more add minutes, not accuracy
_REACH = 0.47  # log of how far from a stage's age a count may be to belong to it
_SEED = 7
Early = Callable[[int], Snapshots]


@dataclass(frozen=True, slots=True)
class AgeCalibration:
    """Conformal quantiles of standardised misses: (n_buckets, n_quantiles), and their edges."""

    edges_days: tuple[float, ...]  # (n_buckets - 1,)
    scores: F64
    rows: tuple[int, ...]

    def of(self, age_days: F64) -> F64:
        """Each age's standardised quantiles (n, n_quantiles)."""
        return np.asarray(self.scores[np.searchsorted(self.edges_days, age_days, side="right")])

    def to_json(self) -> dict[str, Any]:
        return {
            "edges_days": list(self.edges_days),
            "scores": self.scores.tolist(),
            "rows": list(self.rows),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> AgeCalibration:
        return cls(tuple(data["edges_days"]), np.array(data["scores"]), tuple(data["rows"]))


def calibrate_by_age(score: F64, age_days: F64, weight: F64) -> AgeCalibration:
    """The quantiles of held-out standardised misses (n,), by bucket of age.

    `weight` gives each post the same say, however often it was counted.
    """
    edges = _merged_edges(age_days)
    bucket = np.searchsorted(edges, age_days, side="right")
    levels = [
        _weighted_quantiles(score[bucket == b], weight[bucket == b]) for b in range(len(edges) + 1)
    ]
    rows = tuple(int((bucket == b).sum()) for b in range(len(edges) + 1))
    return AgeCalibration(tuple(edges), np.array(levels), rows)


def _merged_edges(age_days: F64) -> list[float]:
    """The bucket edges that leave enough rows on either side.

    >>> _merged_edges(np.repeat([0.5, 1.0, 2.0], [100, 10, 100]))
    [0.75]
    """
    edges: list[float] = []
    low = 0.0
    for edge in BUCKETS:
        inside = ((age_days >= low) & (age_days < edge)).sum()
        if inside >= _MIN_BUCKET and (age_days >= edge).sum() >= _MIN_BUCKET:
            edges.append(edge)
            low = edge
    return edges


def _weighted_quantiles(score: F64, weight: F64) -> F64:
    """Each level's quantile, outer levels rounded outwards by one row's weight (n_quantiles,)."""
    order = np.argsort(score, kind="stable")
    ordered, share = score[order], np.cumsum(weight[order]) / weight.sum()
    one = 1.0 / max(1.0, weight.sum() ** 2 / (weight**2).sum())
    found = []
    for level in QUANTILES:
        outward = level + np.sign(level - 0.5) * one * abs(level - 0.5) * 2
        at = np.searchsorted(share, np.clip(outward, 0.0, 1.0) - 1e-12)
        found.append(ordered[min(int(at), len(ordered) - 1)])
    return np.maximum.accumulate(found)


class StageModel:
    """Quantiles of log views at a horizon, from counts at about an age: fit, then predict."""

    def __init__(self, from_days: float, horizon_days: float) -> None:
        self.from_days = from_days
        self.horizon_days = horizon_days
        self.median: Any = None
        self.scale: Any = None
        self.calibration: AgeCalibration | None = None
        self.n_posts = 0

    def fit(self, of: Snapshots, rows: I64, early: Early, threads: int = 0) -> StageModel:
        """Fit on those of the counts `rows` that belong to the stage; the latest posts calibrate.

        These are held against heads and curves that have not seen them: `early` gives the same
        counts by the curves of what was published before a second (since 1970).

        Raises NotEnoughDataError for fewer than MIN_POSTS posts with a known outcome.
        """
        rows = self.of_stage(of, rows)
        posts, first = np.unique(of.post[rows], return_index=True)
        if len(posts) < MIN_POSTS:
            raise NotEnoughDataError(
                f"{len(posts)} posts were counted both at about {self.from_days:g} and at "
                f"{self.horizon_days:g} days, at least {MIN_POSTS} are needed: "
                "import counts of the same posts repeatedly"
            )
        published = of.stand.published_s[rows][first]
        cut_s = int(np.quantile(published, 1 - _CALIBRATION))
        params = _params(threads_for(threads, len(rows)))
        self.calibration = self._calibrated(early(cut_s), rows, cut_s, params)
        self._fit_heads(of, rows, params)
        self.n_posts = len(posts)
        return self

    def _calibrated(
        self, of: Snapshots, rows: I64, cut_s: int, params: dict[str, Any]
    ) -> AgeCalibration:
        """By the misses of heads of posts published before the cut, on those from then on."""
        is_late = of.stand.published_s[rows] >= cut_s
        held = rows[is_late]
        self._fit_heads(of, rows[~is_late], params)
        score = (of.log_ratio[held] - self._median_of(of, held)) / self._scale_of(of, held)
        return calibrate_by_age(score, of.stand.age_days[held], _post_weights(of.post[held]))

    def of_stage(self, of: Snapshots, rows: I64) -> I64:
        """The latest of the counts `rows` at about the stage's age whose outcome is known."""
        apart = np.abs(np.log(of.stand.age_days[rows] / self.from_days))
        rows = rows[(apart <= _REACH) & ~np.isnan(of.log_ratio[rows])]
        latest = np.lexsort((of.post[rows], of.stand.published_s[rows]))[-_MOST_ROWS:]
        return np.sort(rows[latest])

    def predict(self, of: Snapshots, rows: I64) -> F64:
        """Calibrated quantiles of log views at the horizon (n, n_quantiles), at least as now.

        Raises RuntimeError before `fit`.
        """
        if self.calibration is None:
            raise RuntimeError("fit before predict")
        spread = self._scale_of(of, rows)[:, None] * self.calibration.of(of.stand.age_days[rows])
        now = of.stand.log_views[rows]
        return np.maximum(now[:, None] + self._median_of(of, rows)[:, None] + spread, now[:, None])

    def knows(self, age_days: float) -> bool:
        """Whether a count at this age belongs to the stage.

        >>> StageModel(1.0, 7.0).knows(1.5), StageModel(1.0, 7.0).knows(2.0)
        (True, False)
        """
        return bool(abs(np.log(age_days / self.from_days)) <= _REACH)

    def _fit_heads(self, of: Snapshots, rows: I64, params: dict[str, Any]) -> None:
        """Median on all rows; scale on the misses of halves that did not see each other's posts."""
        response = of.log_ratio[rows] - of.rise[rows]
        weight = _post_weights(of.post[rows])
        half = np.searchsorted(np.unique(of.post[rows]), of.post[rows]) % 2 == 0
        miss = np.empty(len(rows))
        for mine in (half, ~half):
            head = _train(of.values[rows[mine]], response[mine], weight[mine], params)
            miss[~mine] = np.abs(response[~mine] - head.predict(of.values[rows[~mine]]))
        self.median = _train(of.values[rows], response, weight, params)
        self.scale = _train(
            of.values[rows],
            np.log(miss + _MIN_SCALE),
            weight,
            {**params, **_OF_SCALE},
            _SCALE_TREES,
        )

    def _median_of(self, of: Snapshots, rows: I64) -> F64:
        return np.asarray(of.rise[rows] + self.median.predict(of.values[rows], num_threads=1))

    def _scale_of(self, of: Snapshots, rows: I64) -> F64:
        return np.asarray(np.exp(self.scale.predict(of.values[rows], num_threads=1)))

    @property
    def name(self) -> str:
        return f"trajectory_{self.from_days:g}d_{self.horizon_days:g}d"

    def save(self, folder: Path) -> dict[str, Any]:
        """What is not in the two boosters' text files that this writes into the folder."""
        if self.calibration is None:
            raise RuntimeError("fit before saving")
        self.median.save_model(folder / f"{self.name}_median.lgb.txt")
        self.scale.save_model(folder / f"{self.name}_scale.lgb.txt")
        return {
            "from_days": self.from_days,
            "horizon_days": self.horizon_days,
            "calibration": self.calibration.to_json(),
            "n_posts": self.n_posts,
        }

    @classmethod
    def load(cls, folder: Path, data: dict[str, Any]) -> StageModel:
        """The model that `save` wrote into the folder."""
        lightgbm = require("lightgbm")
        model = cls(float(data["from_days"]), float(data["horizon_days"]))
        model.median = lightgbm.Booster(model_file=folder / f"{model.name}_median.lgb.txt")
        model.scale = lightgbm.Booster(model_file=folder / f"{model.name}_scale.lgb.txt")
        model.calibration = AgeCalibration.from_json(data["calibration"])
        model.n_posts = int(data["n_posts"])
        return model


_OF_SCALE = {  # a single miss says little of the scale, so few and large leaves; age narrows
    "objective": "l2",
    "num_leaves": 7,
    "min_data_in_leaf": 150,
    "monotone_constraints": [-1 if name == "log_age" else 0 for name in COLUMNS],
}


def _post_weights(post: I64) -> F64:
    """One over the number of rows of each row's post (n,)."""
    _, index, n = np.unique(post, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / n[index])


def _train(
    values: F64, response: F64, weight: F64, params: dict[str, Any], trees: int = _TREES
) -> Any:
    lightgbm = require("lightgbm")
    data = lightgbm.Dataset(
        values, response, weight=weight, feature_name=list(COLUMNS), params={"verbose": -1}
    )
    return lightgbm.train(params, data, trees)


def _params(threads: int) -> dict[str, Any]:
    return {
        "objective": "l1",
        "learning_rate": 0.04,
        "num_leaves": 15,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "seed": _SEED,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": threads,
        "verbose": -1,
    }
