"""How a creator's posts went of late: their views' course, and engagement against the usual."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from features.context import Context
from features.panel import F64

_STRENGTH = 3.0  # squared log units that draw the autocorrelation of few posts to 0
_LAST = 5


def persistence(c: Context) -> F64:
    """how far good and weak posts come in runs (autocorrelation of views)"""
    h = c.views
    against = np.where(h.is_known, h.log - h.mean[:, None], 0.0)
    together = (against[:, 1:] * against[:, :-1]).sum(axis=1)
    return np.asarray(together / ((against**2).sum(axis=1) + _STRENGTH))


def posts_since_best(c: Context) -> F64:
    """how many posts came after the creator's best"""
    h = c.views
    best = np.where(h.is_known, h.log, -np.inf).argmax(axis=1)
    after = h.log.shape[1] - 1 - best
    return np.where(h.n > 0, np.log1p(after), np.nan)


def last_like_rate(c: Context) -> F64:
    """likes per view of the last post against the creator's usual"""
    return _against_usual(c, 1, 1)


def last_comment_rate(c: Context) -> F64:
    """comments per view of the last post against the creator's usual"""
    return _against_usual(c, 2, 1)


def last_share_rate(c: Context) -> F64:
    """shares per view of the last post against the creator's usual"""
    return _against_usual(c, 3, 1)


def recent_like_rate(c: Context) -> F64:
    """likes per view of the last 5 posts against the creator's usual"""
    return _against_usual(c, 1, _LAST)


def recent_comment_rate(c: Context) -> F64:
    """comments per view of the last 5 posts against the creator's usual"""
    return _against_usual(c, 2, _LAST)


def recent_share_rate(c: Context) -> F64:
    """shares per view of the last 5 posts against the creator's usual"""
    return _against_usual(c, 3, _LAST)


def _against_usual(c: Context, target: int, last: int) -> F64:
    """The last posts' mean log rate less that of all posts (n,), NaN where either is unknown."""
    rate = np.log1p(c.past.counts[:, :, target]) - np.log1p(c.past.counts[:, :, 0])
    return _mean(rate[:, -last:]) - _mean(rate)


def _mean(values: F64) -> F64:
    """The mean of each row's known values (n,), NaN where none is known."""
    known = ~np.isnan(values)
    n = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)


COLUMNS: dict[str, Callable[[Context], F64]] = {
    f.__name__: f
    for f in (
        persistence,
        posts_since_best,
        last_like_rate,
        last_comment_rate,
        last_share_rate,
        recent_like_rate,
        recent_comment_rate,
        recent_share_rate,
    )
}
RATIOS = frozenset(name for name in COLUMNS if name.endswith("_rate"))  # differences of logs
