"""Posts far beyond their creator's own, and what totals are without them. Pure.

One rule: a post is flagged from `WINNER_TIMES` (3) times the median of up to ten posts before it
on, as the winner rate counts; that bound is what it is cut to (winsorised). A post with fewer than
three before it, or with a median of 0 before it, has no bound and stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from measurement.performance import bounds
from reelcast.records import Record

F64 = npt.NDArray[np.float64]


class Skew(Record):
    """How much of a total a few posts hold, and the total without what is beyond their bound."""

    posts: int
    judged: int
    flagged: tuple[str, ...]
    share: float | None
    total: float
    winsorised: float
    without: float

    @property
    def words(self) -> str:
        """In a sentence."""
        if not self.judged:
            return "no post has three earlier ones of its creator to be held against"
        if not self.flagged:
            return f"no post of {self.judged} is at three times its creator's median or more"
        n = len(self.flagged)
        held = "" if self.share is None else f" and hold {self.share:.0%} of the total"
        lies = "lies" if n == 1 else "lie"
        return (
            f"{n} of {self.judged} posts {lies} at three times their creator's median or more{held}"
        )


def skew_of(counts: F64, bound: F64, names: Sequence[str]) -> Skew:
    """The skew of counts (n,) with their bounds (n,), NaN where a post has none.

    >>> made = skew_of(np.array([100.0, 900.0]), np.array([np.nan, 300.0]), ["a", "b"])
    >>> made.flagged, made.share, made.total, made.winsorised, made.without
    (('b',), 0.9, 1000.0, 400.0, 100.0)
    """
    is_far = np.nan_to_num(bound, nan=np.inf) <= counts
    total = float(counts.sum())
    return Skew(
        posts=len(counts),
        judged=int(np.isfinite(bound).sum()),
        flagged=tuple(name for name, far in zip(names, is_far, strict=True) if far),
        share=float(counts[is_far].sum()) / total if total > 0 else None,
        total=total,
        winsorised=float(np.where(is_far, bound, counts).sum()),
        without=float(counts[~is_far].sum()),
    )


def skew_of_history(counts: F64, names: Sequence[str]) -> Skew:
    """The skew of one creator's posts (n,), oldest first."""
    return skew_of(counts, bounds(counts), names)
