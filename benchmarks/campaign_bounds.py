"""What bounds campaigns' errors: the noise of single posts, and how well a bias can be known."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from benchmarks.campaign_posts import Posts, draw_campaign
from features.panel import F64
from inference.dependence import prior, scores_of
from inference.quantiles import at_scores
from inference.sampling import TAIL
from training.joint import MEDIAN

_DRAWS = 500
_FACTORS = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2)
_EVEN = (np.arange(400) + 0.5) / 400


def bounds(posts: Posts, size: int, n: int) -> dict[str, Any]:
    """The MAPE of P50 that perfect forecasts would have, by how noisy single posts are.

    Truths are drawn from the forecasts themselves, their widths times a factor, without a shared
    shock: location and width are then exactly right. `hindsight_factor` is how much of the misses
    is left where a creator's own level is taken from all of its test posts, later ones too.
    """
    logs, y = posts.logs["views"], posts.counts["views"]
    miss = np.log1p(y) - logs[:, MEDIAN]
    own, left = _own_level(posts, miss), float(np.abs(miss).mean())
    hindsight = float(np.abs(miss - own).mean())
    independent = prior().model_copy(update={"campaign_shock": 0.0, "creator_effect": 0.0})
    rows = []
    for factor in _FACTORS:
        narrow = logs[:, [MEDIAN]] + (logs - logs[:, [MEDIAN]]) * factor
        rng, errors = np.random.default_rng(1), []
        for _ in range(n):
            chosen = narrow[draw_campaign(posts, size, rng)]
            scores = scores_of((np.arange(size), _DRAWS + 1), independent, rng).T
            totals = np.expm1(at_scores(chosen, np.clip(scores, -TAIL, TAIL))).sum(axis=0)
            errors.append(abs(np.median(totals[1:]) / max(totals[0], 1.0) - 1))
        rows.append({"factor": factor, "mae_log": factor * left, "mape": float(np.mean(errors))})
    return {"mae_log": left, "hindsight_factor": hindsight / left, "by_noise": rows}


def _own_level(posts: Posts, miss: F64) -> F64:
    """Each post's creator's median miss (n,), over all its test posts: no forecast can know it."""
    own = np.zeros(len(miss))
    for creator in np.unique(posts.creator):
        rows = posts.creator == creator
        own[rows] = np.median(miss[rows])
    return own


def bias_of_posts(posts: Posts) -> dict[str, Any]:
    """Sum of means over sum of views less one, a creator of an origin counting once, with its 95%
    interval by creators, and by origin: campaigns draw creators evenly, so this is their bias."""
    grid = np.broadcast_to(np.clip(ndtri(_EVEN), -TAIL, TAIL), (len(posts), len(_EVEN)))
    mean = np.expm1(at_scores(posts.logs["views"], grid)).mean(axis=1)
    weight = _weights(posts)
    said, came = mean * weight, posts.counts["views"] * weight
    _, code = np.unique(posts.creator, return_inverse=True)
    sums = np.bincount(code, said), np.bincount(code, came)
    drawn = np.random.default_rng(0).integers(0, len(sums[0]), (2000, len(sums[0])))
    ratio = sums[0][drawn].sum(axis=1) / sums[1][drawn].sum(axis=1) - 1
    low, high = np.quantile(ratio, [0.025, 0.975])
    origins = np.unique(posts.origin)
    return {
        "mean": float(said.sum() / came.sum() - 1),
        "low": float(low),
        "high": float(high),
        "by_origin": [
            float(said[posts.origin == o].sum() / came[posts.origin == o].sum() - 1)
            for o in origins
        ],
    }


def _weights(posts: Posts) -> F64:
    weight = np.zeros(len(posts))
    for origin in np.unique(posts.origin):
        rows = np.flatnonzero(posts.origin == origin)
        _, code, size = np.unique(posts.creator[rows], return_inverse=True, return_counts=True)
        weight[rows] = 1 / size[code] / len(size)
    return weight
