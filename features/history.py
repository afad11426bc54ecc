"""History features: each function is one column, and its first line says in words what it is.

A column sees `Known`: the past values of one count, log1p, grown to maturity (features.growth),
oldest first, right-aligned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.panel import F64


@dataclass(frozen=True, slots=True)
class Prior:
    """A normal prior of a creator's log mean: `mean` (n,), and within over between variance."""

    mean: F64
    ratio: float


@dataclass(frozen=True, slots=True)
class Known:
    """One count's known past: (n, K) logs and their posts' ages in days, NaN at the left."""

    log: F64
    filled: F64  # log with 0 for NaN
    is_known: npt.NDArray[np.bool_]
    age_days: F64  # 0 for NaN
    ordered: F64  # log sorted upwards, NaN at the right
    n: F64  # (n,) how many are known
    mean: F64  # (n,) NaN where none is
    recent: F64  # (n,) the mean with weights that halve every 4 posts: `fading_mean`
    last5: F64  # (n, <= 5) the last ones, ordered upwards, NaN at the right
    prior: Prior


def known_of(log: F64, age_days: F64, prior: Prior) -> Known:
    """Squeeze out unknown values, so that the last columns are the last known posts."""
    order = np.argsort(~np.isnan(log), axis=1, kind="stable")
    log = np.take_along_axis(log, order, axis=1)
    is_known = ~np.isnan(log)
    age = np.where(is_known, np.take_along_axis(age_days, order, axis=1), 0.0)
    filled = np.where(is_known, log, 0.0)
    n = is_known.sum(axis=1).astype(np.float64)
    mean = np.divide(filled.sum(axis=1), n, out=np.full(len(n), np.nan), where=n > 0)
    recent = _fading(filled, is_known, prior, 4)
    last5 = np.sort(log[:, -5:], axis=1)
    return Known(log, filled, is_known, age, np.sort(log, axis=1), n, mean, recent, last5, prior)


def quantile(ordered: F64, n: F64, level: float) -> F64:
    """The interpolated quantile of each row's first `n` values, NaN where n is 0.

    >>> quantile(np.array([[1.0, 2.0, 4.0, np.nan]]), np.array([3.0]), 0.75).tolist()
    [3.0]
    """
    at = np.maximum(n - 1, 0) * level
    low = np.floor(at).astype(np.int64)
    high = np.ceil(at).astype(np.int64)
    rows = np.arange(len(n))
    below, above = ordered[rows, low], ordered[rows, high]
    return np.asarray(below + (above - below) * (at - low))


def _last_median(h: Known, k: int) -> F64:
    return quantile(np.sort(h.log[:, -k:], axis=1), np.minimum(h.n, k), 0.5)


def pooled_mean(h: Known) -> F64:
    """the creator's average, pulled towards similar creators where posts are few"""
    weight = h.n / (h.n + h.prior.ratio)
    own = np.where(h.n > 0, h.mean, 0.0)
    return np.asarray(weight * own + (1 - weight) * h.prior.mean)


def last_value(h: Known) -> F64:
    """the last post"""
    return h.log[:, -1]


def last3_median(h: Known) -> F64:
    """the median of the last 3 posts"""
    return _last_median(h, 3)


def last5_median(h: Known) -> F64:
    """the median of the last 5 posts"""
    return quantile(h.last5, np.minimum(h.n, 5), 0.5)


def last10_median(h: Known) -> F64:
    """the median of the last 10 posts"""
    return _last_median(h, 10)


def low_quarter(h: Known) -> F64:
    """the creator's weaker posts (lower quartile)"""
    return quantile(h.ordered, h.n, 0.25)


def high_quarter(h: Known) -> F64:
    """the creator's stronger posts (upper quartile)"""
    return quantile(h.ordered, h.n, 0.75)


def best(h: Known) -> F64:
    """the creator's best post"""
    return quantile(h.ordered, h.n, 1.0)


def fading_mean(h: Known) -> F64:
    """the recent average (weights halve every 4 posts)"""
    return h.recent


def fast_fading_mean(h: Known) -> F64:
    """the recent average (weights halve every 2 posts)"""
    return _fading(h.filled, h.is_known, h.prior, 2)


def slow_fading_mean(h: Known) -> F64:
    """the recent average (weights halve every 8 posts)"""
    return _fading(h.filled, h.is_known, h.prior, 8)


def _fading(filled: F64, is_known: npt.NDArray[np.bool_], prior: Prior, half_life: float) -> F64:
    """A mean with weights fading by post, half a post of the prior added, so it is never NaN."""
    weight = is_known * 0.5 ** (np.arange(filled.shape[1])[::-1] / half_life)
    total = (weight * filled).sum(axis=1) + 0.5 * prior.mean
    return np.asarray(total / (weight.sum(axis=1) + 0.5))


def week_mean(h: Known) -> F64:
    """the average of late (weights halve every 7 days)"""
    return _fading_by_day(h, 7.0)


def month_mean(h: Known) -> F64:
    """the average of late (weights halve every 30 days)"""
    return _fading_by_day(h, 30.0)


def quarter_mean(h: Known) -> F64:
    """the average of late (weights halve every 90 days)"""
    return _fading_by_day(h, 90.0)


def _fading_by_day(h: Known, half_life_days: float) -> F64:
    """A mean with weights fading by time, the prior added with the weight that its ratio says."""
    weight = h.is_known * 0.5 ** (h.age_days / half_life_days)
    total = (weight * h.filled).sum(axis=1) + h.prior.ratio * h.prior.mean
    return np.asarray(total / (weight.sum(axis=1) + h.prior.ratio))


def spread(h: Known) -> F64:
    """how much the creator's posts differ from each other"""
    squares = np.where(np.isnan(h.log), 0.0, (h.log - h.mean[:, None]) ** 2).sum(axis=1)
    return np.asarray(
        np.sqrt(np.divide(squares, h.n - 1, out=np.full(len(h.n), np.nan), where=h.n > 1)),
        np.float64,
    )


def recent_spread(h: Known) -> F64:
    """how much the creator's last 10 posts differ from each other"""
    last = np.sort(h.log[:, -10:], axis=1)
    n = np.minimum(h.n, 10)
    return quantile(last, n, 0.75) - quantile(last, n, 0.25)


def worst(h: Known) -> F64:
    """the creator's weakest post"""
    return h.ordered[:, 0]


def low_tenth(h: Known) -> F64:
    """the creator's weakest posts (lowest tenth)"""
    return quantile(h.ordered, h.n, 0.1)


def high_tenth(h: Known) -> F64:
    """the creator's strongest posts (highest tenth)"""
    return quantile(h.ordered, h.n, 0.9)


def last_step(h: Known) -> F64:
    """the last post against the last 5"""
    return h.log[:, -1] - last5_median(h)


def recent_worst(h: Known) -> F64:
    """the weakest of the last 5 posts against the recent average"""
    return h.last5[:, 0] - h.recent


def recent_best(h: Known) -> F64:
    """the strongest of the last 5 posts against the recent average"""
    return quantile(h.last5, np.minimum(h.n, 5), 1.0) - h.recent


def last5_spread(h: Known) -> F64:
    """how much the creator's last 5 posts differ from each other"""
    last, is_known = h.filled[:, -5:], h.is_known[:, -5:]
    n = np.minimum(h.n, 5)
    mean = np.divide(last.sum(axis=1), n, out=np.full(len(n), np.nan), where=n > 0)
    squares = np.where(is_known, (last - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.asarray(np.sqrt(np.divide(squares, n, out=np.full(len(n), np.nan), where=n > 0)))


def trend(h: Known) -> F64:
    """the last 5 posts against the creator's average"""
    return last5_median(h) - h.mean


COLUMNS: dict[str, Callable[[Known], F64]] = {
    f.__name__: f
    for f in (
        pooled_mean,
        last_value,
        last3_median,
        last5_median,
        last10_median,
        low_quarter,
        high_quarter,
        best,
        fast_fading_mean,
        fading_mean,
        slow_fading_mean,
        week_mean,
        month_mean,
        quarter_mean,
        worst,
        low_tenth,
        high_tenth,
        spread,
        recent_spread,
        recent_worst,
        recent_best,
        last5_spread,
        trend,
        last_step,
    )
}
DIFFERENCES = frozenset(  # the rest are levels
    {
        "spread",
        "recent_spread",
        "recent_worst",
        "recent_best",
        "last5_spread",
        "trend",
        "last_step",
    }
)
