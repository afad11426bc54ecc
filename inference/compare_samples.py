"""Samples of one creator's drafts, drawn together: all counts of each, and the engagement rate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from features.panel import F64
from inference.compare_records import ENGAGING, RATE
from inference.dependence import Willing
from inference.duels import DRAWS
from inference.sampling import ENGAGEMENTS, WILLING, JointSampler, Scores
from training.joint import MEDIAN, Rate

_SEED = 20_261_127


def draw_together(
    logs: Mapping[str, F64], n_history: int, rates: Mapping[str, Rate], shared: float
) -> dict[str, F64]:
    """Counts (n_drafts, DRAWS) by target, and the engagement rate where its counts are there.

    `logs`: quantiles of log1p counts (n_drafts, n_quantiles) by target; `shared` is the part of
    the variance of views that the drafts have in common. The same at every call.
    """
    rng = np.random.default_rng(_SEED)
    n = len(next(iter(logs.values())))
    common, own = rng.standard_normal(DRAWS), rng.standard_normal((n, DRAWS))
    scores = np.sqrt(shared) * common + np.sqrt(1 - shared) * own
    willing = Willing((len(ENGAGEMENTS), WILLING, DRAWS), rng)
    sampler = JointSampler(rates)
    drawn = [
        sampler.of_logs(
            {target: of[i] for target, of in logs.items()},
            n_history,
            Scores(scores[i], willing.of_post()),
            rng,
        )
        for i in range(n)
    ]
    counts = {target: np.array([of[target] for of in drawn]) for target in logs}
    if {"views", *ENGAGING} <= counts.keys():
        acted = np.sum([counts[target] for target in ENGAGING], axis=0)
        counts[RATE] = acted / np.maximum(counts["views"], 1.0)
    return counts


def typical_rate(logs: Mapping[str, F64]) -> F64:
    """Log of the engagement rate (n_drafts,) that the medians make."""
    acted = np.sum([np.expm1(logs[target][:, MEDIAN]) for target in ENGAGING], axis=0)
    views = np.expm1(logs["views"][:, MEDIAN])
    return np.asarray(np.log(np.maximum(acted, 0.5)) - np.log(np.maximum(views, 1.0)))
