"""How far a post has grown at an age: a prior curve from posts that were counted repeatedly."""

from __future__ import annotations

import numpy as np

from features.panel import F64

MATURE_DAYS = 14.0
_KNOTS_DAYS = np.array([0.1, 0.5, 1.0, 2.0, 3.0, 4.0, 7.0, MATURE_DAYS])
_SLOPES = np.array([0.80, 0.70, 0.50, 0.40, 0.25, 0.20, 0.14])
_LOG_SHARE = np.concatenate([-np.cumsum((_SLOPES * np.diff(np.log(_KNOTS_DAYS)))[::-1])[::-1], [0]])


def log_growth(age_days: F64) -> F64:
    """Log of the share of its mature count that a post has at `age_days`; 0 from 14 days on.

    A piecewise power law. The slopes are medians over repeated counts of the same TikTok videos
    (Vietnam, 2025; docs/experiments.md; few pairs below one day): a prior for the shape, which
    the models correct through the horizon column where their own data say otherwise.

    >>> log_growth(np.array([1.0, 14.0, 30.0])).round(2).tolist()
    [-0.79, 0.0, 0.0]
    """
    inside = np.clip(age_days, _KNOTS_DAYS[0], MATURE_DAYS)
    return np.where(
        np.isnan(age_days), np.nan, np.interp(np.log(inside), np.log(_KNOTS_DAYS), _LOG_SHARE)
    )


def growth_noise(age_days: F64) -> F64:
    """Standard deviation, in logs, of a post's own growth from `age_days` about the curve.

    The pairs, picked from a viral feed, show .45 at one day, falling with the root of the age;
    ordinary posts vary more, so a third is added (docs/experiments.md).

    >>> growth_noise(np.array([1.0, 4.0])).round(3).tolist()
    [0.6, 0.3]
    """
    return np.asarray(0.6 / np.sqrt(np.maximum(age_days, _KNOTS_DAYS[0])))
