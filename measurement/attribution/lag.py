"""How long after its post an order comes: the curve of delayed conversions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]


def lag_curve(lag_days: F64, window_days: int) -> F64:
    """Cumulative shares (window_days,) of orders that came within 1, 2, ... days of their post.

    >>> lag_curve(np.array([0.5, 0.7, 1.5, 2.5]), 3).tolist()
    [0.5, 0.75, 1.0]
    """
    if not len(lag_days):
        return np.zeros(window_days)
    edges = np.arange(1, window_days + 1)
    return np.asarray(np.searchsorted(np.sort(lag_days), edges, side="right") / len(lag_days))
