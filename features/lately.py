"""How a creator's posts went of late: the course of their views, and how the last one was liked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from features.context import Context
from features.panel import F64

_STRENGTH = 3.0  # squared log units that draw the autocorrelation of few posts to 0
_LIKES = 1


def persistence(c: Context) -> F64:
    """how far good and weak posts come in runs (autocorrelation of views)"""
    h = c.views
    against = np.where(h.is_known, h.filled - h.mean[:, None], 0.0)
    together = (against[:, 1:] * against[:, :-1]).sum(axis=1)
    return np.asarray(together / ((against**2).sum(axis=1) + _STRENGTH))


def posts_since_best(c: Context) -> F64:
    """how many posts came after the creator's best"""
    h = c.views
    best = np.where(h.is_known, h.filled, -np.inf).argmax(axis=1)
    return np.where(h.n > 0, np.log1p(h.filled.shape[1] - 1 - best), np.nan)


def last_like_rate(c: Context) -> F64:
    """likes per view of the last post against the creator's usual"""
    counts = np.log1p(c.past.counts[:, :, : _LIKES + 1])
    rate = counts[:, :, _LIKES] - counts[:, :, 0]
    known = ~np.isnan(rate)
    n = known.sum(axis=1)
    total = np.where(known, rate, 0.0).sum(axis=1)
    usual = np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
    return np.asarray(rate[:, -1] - usual)


COLUMNS: dict[str, Callable[[Context], F64]] = {
    f.__name__: f for f in (persistence, posts_since_best, last_like_rate)
}
RATIOS = frozenset({"last_like_rate"})  # differences of logs
