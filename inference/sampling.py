"""Draws of a post's counts from its forecast."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from features.panel import F64
from inference.quantiles import at_scores, logs_of
from reelcast.records import Forecast

TAIL = 2.0  # normal scores beyond which quantiles are not extrapolated, as in the means
_TOGETHER = 0.8  # correlation of an engagement count's score with that of views


class Sampler(Protocol):
    """Draws all of a post's counts at once."""

    def draw(self, forecast: Forecast, scores: F64, rng: np.random.Generator) -> dict[str, F64]:
        """Counts (n,) of each target; `scores` (n,) say where views lie in their forecast."""


class QuantileSampler:
    """Counts from each target's own quantiles; none of an engagement exceeds views."""

    def draw(self, forecast: Forecast, scores: F64, rng: np.random.Generator) -> dict[str, F64]:
        """Counts (n,) of each target; `scores` (n,) say where views lie in their forecast."""
        drawn: dict[str, F64] = {}
        for target, of in forecast.targets.items():
            at = scores
            if target != "views" and "views" in forecast.targets:
                own = rng.standard_normal(len(scores))
                at = _TOGETHER * scores + np.sqrt(1 - _TOGETHER**2) * own
            logs = at_scores(logs_of(of.quantiles)[None, :], np.clip(at, -TAIL, TAIL)[None, :])[0]
            drawn[target] = np.expm1(logs)
        if "views" in drawn:
            return {target: np.minimum(counts, drawn["views"]) for target, counts in drawn.items()}
        return drawn
