"""Draws of a post's counts from its forecast: all of them at once, engagement given views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from scipy.special import ndtri

from features.panel import F64
from inference.quantiles import at_scores, logs_of
from reelcast.records import QUANTILES, Forecast
from reelcast.tables import TARGETS
from training.joint import Rate, acting

TAIL = 2.0  # normal scores beyond which quantiles are not extrapolated, as in the means
ENGAGEMENTS = TARGETS[1:]
WILLING = 3  # normal scores that say how willing a post's viewers are, of each engagement
_TOGETHER = 0.8  # correlation of an engagement's score with that of views, where no rate is known
_MEDIAN = QUANTILES.index(0.5)


@dataclass(frozen=True, slots=True)
class Scores:
    """Where a post lies in its forecast: normal scores of its views (n,), and how willing its
    viewers are to act (n_engagements, WILLING, n)."""

    views: F64
    willing: F64


class Sampler(Protocol):
    """Draws all of a post's counts at once."""

    def draw(self, forecast: Forecast, scores: Scores, rng: np.random.Generator) -> dict[str, F64]:
        """Counts (n,) of each target."""


@dataclass(frozen=True, slots=True)
class JointSampler:
    """Views from their quantiles, engagement Beta-Binomial given views by the model's `rates`.

    As in the forecasts' own means, an engagement's samples are moved by rank onto its calibrated
    quantiles, and none exceeds views. Without a rate or views it follows its own quantiles, drawn
    together with views.
    """

    rates: Mapping[str, Rate]

    def draw(self, forecast: Forecast, scores: Scores, rng: np.random.Generator) -> dict[str, F64]:
        """Counts (n,) of each target."""
        logs = {target: logs_of(of.quantiles) for target, of in forecast.targets.items()}
        return self.of_logs(logs, forecast.n_history, scores, rng)

    def of_logs(
        self,
        logs: Mapping[str, F64],
        n_history: int,
        scores: Scores,
        rng: np.random.Generator,
    ) -> dict[str, F64]:
        """Counts (n,) of each target, whose quantiles of log1p counts (7,) are given."""
        if "views" not in logs:
            return {target: _counts(of, scores.views) for target, of in logs.items()}
        views = _counts(logs["views"], scores.views)
        drawn = {"views": views}
        for target in (name for name in logs if name != "views"):
            own, rate = rng.standard_normal(len(views)), self.rates.get(target)
            if rate is None:
                at = _TOGETHER * scores.views + np.sqrt(1 - _TOGETHER**2) * own
                counts = _counts(logs[target], at)
            else:
                medians = (np.array(logs[name][_MEDIAN]) for name in (target, "views"))
                shapes = rate.shapes(views, (next(medians), next(medians)), np.array(n_history))
                z = np.vstack([scores.willing[ENGAGEMENTS.index(target)], own])
                counts = _by_rank(logs[target], acting(views, shapes, z))
            drawn[target] = np.minimum(counts, views)
        return drawn


def _counts(logs: F64, scores: F64) -> F64:
    read = at_scores(logs[None, :], np.clip(scores, -TAIL, TAIL)[None, :])[0]
    return np.asarray(np.expm1(read).round())


def _by_rank(logs: F64, like: F64) -> F64:
    """Counts (n,) evenly over these quantiles, ordered as the samples `like` are."""
    moved = np.empty(len(like))
    moved[np.argsort(like, kind="stable")] = _counts(logs, _even_scores(len(like)))
    return moved


@lru_cache(maxsize=8)
def _even_scores(n: int) -> F64:
    return np.asarray(ndtri((np.arange(n) + 0.5) / n))
