"""How a post did against its creator's own: on the log scale and by medians, against virality."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from measurement.measured import Measured, Provenance
from measurement.rates import share_of

F64 = npt.NDArray[np.float64]
WINNER_TIMES = 3.0  # of the creator's own median
TRAILING = 10  # posts
FEWEST = 3  # posts before, below which nothing is a post's usual


def relative_performance(views: float, trailing_views: F64) -> Measured:
    """log(views / median of the creator's trailing views (n,)), all of one window.

    >>> round(relative_performance(2000.0, np.array([500.0, 1000.0, 9000.0])).value, 4)
    0.6931
    """
    median = float(np.median(trailing_views)) if len(trailing_views) else 0.0
    return Measured(
        metric="relative_performance",
        unit="ratio",
        value=float(np.log(views / median)) if median > 0 and views > 0 else None,
        n=len(trailing_views),
        basis="counted",
        denominator=f"median of {len(trailing_views)} earlier posts",
        note=None if median > 0 and views > 0 else "no earlier posts with views",
    )


def winner_rate(views: F64) -> Measured:
    """Share of posts (n,), oldest first, at three times the median of up to ten before them.

    >>> winner_rate(np.array([100.0, 100.0, 100.0, 400.0, 100.0])).value
    0.5
    """
    bound = bounds(views)
    n_judged, wins = int(np.isfinite(bound).sum()), int((views >= bound).sum())
    of = Provenance(window=f"against the median of up to {TRAILING} posts before")
    return share_of("winner_rate", wins, n_judged, "posts with three before them", of)


def bounds(views: F64, times: float = WINNER_TIMES) -> F64:
    """`times` the median of up to ten posts before each (n,), oldest first; NaN for the first 3.

    >>> bounds(np.array([100.0, 100.0, 200.0, 400.0])).tolist()
    [nan, nan, nan, 300.0]
    """
    return np.array(
        [bound_of(views[max(0, at - TRAILING) : at], times) for at in range(len(views))]
    )


def bound_of(before: F64, times: float = WINNER_TIMES) -> float:
    """`times` the median of the posts before (n,); NaN where they are fewer than three, or where
    that is 0: three times nothing is nothing, and every post would be beyond it.

    >>> bound_of(np.array([100.0, 100.0, 200.0])), bound_of(np.zeros(3))
    (300.0, nan)
    """
    median = float(np.median(before)) if len(before) >= FEWEST else 0.0
    return times * median if median > 0 else float("nan")
