"""A forecast's seven quantiles as a whole distribution: linear in the normal score, in logs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr, ndtri

from features.panel import F64
from reelcast.records import QUANTILE_COLUMNS, QUANTILES

SCORES = ndtri(np.array(QUANTILES))  # (7,) the levels' normal scores
_MEDIAN = QUANTILES.index(0.5)
_LOW, _HIGH = QUANTILES.index(0.10), QUANTILES.index(0.90)
_APART = 1e-6  # log units between neighbours: a distribution without width has no scores


def logs_of(quantiles: Mapping[str, float]) -> F64:
    """log1p of a forecast's quantiles (7,)."""
    return np.log1p(np.array([quantiles[name] for name in QUANTILE_COLUMNS], np.float64))


def at_scores(logs: F64, scores: F64) -> F64:
    """Log counts at normal scores (n, k), of distributions with log quantiles (n, 7).

    Beyond the outer levels the slope from the median goes on. Never below 0, a count of none.

    >>> at_scores(np.log1p(np.full((1, 7), 9.0)), np.array([[0.0, 3.0]])).round(3).tolist()
    [[2.303, 2.303]]
    """
    low = logs[:, :1] + (scores - SCORES[0]) * (logs[:, :1] - logs[:, [_MEDIAN]]) / SCORES[0]
    high = logs[:, -1:] + (scores - SCORES[-1]) * (logs[:, -1:] - logs[:, [_MEDIAN]]) / SCORES[-1]
    segment = np.clip(np.searchsorted(SCORES, scores, side="right") - 1, 0, len(SCORES) - 2)
    left, right = SCORES[segment], SCORES[segment + 1]
    share = (scores - left) / (right - left)
    rows = np.arange(len(logs))[:, None]
    inside = logs[rows, segment] * (1 - share) + logs[rows, segment + 1] * share
    found = np.where(scores < SCORES[0], low, np.where(scores > SCORES[-1], high, inside))
    return np.asarray(np.maximum(found, 0.0))


def score_of(logs: F64, count: float) -> float:
    """The normal score of a count in a distribution with log quantiles (7,): 0 at the median.

    A count that several quantiles equal, as 0 often is, has the one nearest to the median.

    >>> round(score_of(np.log1p(np.array([5, 10, 25, 50, 75, 90, 95.0])), 90.0), 3)
    1.282
    """
    apart = np.maximum.accumulate(logs) + _APART * np.arange(len(logs))
    value = float(np.log1p(count))
    equal = SCORES[np.abs(logs - value) < _APART]
    if len(equal):
        return float(equal[np.abs(equal).argmin()])
    if value < apart[0]:
        return float(SCORES[0] * (apart[_MEDIAN] - value) / (apart[_MEDIAN] - apart[0]))
    if value > apart[-1]:
        return float(SCORES[-1] * (value - apart[_MEDIAN]) / (apart[-1] - apart[_MEDIAN]))
    return float(np.interp(value, apart, SCORES))


def stretched(logs: F64, factor: float) -> F64:
    """The log quantiles (7,) of the distribution widened about its median by a factor."""
    return np.asarray(at_scores(logs[None, :], SCORES[None, :] * factor)[0])


def normal_of(logs: F64) -> tuple[float, float]:
    """Mean and standard deviation, in logs, of the normal with the same median and 80% width."""
    return float(logs[_MEDIAN]), float(logs[_HIGH] - logs[_LOW]) / (2 * float(SCORES[_HIGH]))


def level_of(score: float) -> float:
    """The share of a distribution below a normal score."""
    return float(ndtr(score))
