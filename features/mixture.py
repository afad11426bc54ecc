"""Posts collected in different ways: whether they differ for that reason alone, and by how much.

A profile's whole history holds a creator's weak posts too; a viral feed holds posts that were
picked for being strong. The test is a level shift: posts of one collection against the same
creators' posts of another, and where they share no creator, against the same follower tier's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.growth import Growth
from features.growth_curves import EVER_S, last_followers
from features.panel import DAY_S, F64, I64, Panel, key_of
from features.state import TIER_NAMES, tier_index

FEWEST_POSTS = 100  # a collection with fewer is no side of a mixture
LEAST_SHIFT = 0.2  # logs: smaller differences are left to the model
_SURE = 3.0  # standard errors
Ways = Mapping[str, I64]  # of each named collection the posts that were ever seen so


@dataclass(frozen=True, slots=True)
class Shift:
    """How far posts of a collection lie from those of the reference, in logs of views."""

    name: str
    n_posts: int
    n_creators: int
    n_shared_creators: int  # with posts in both; 0: compared within follower tiers
    posts_per_creator: float
    shift: float
    error: float

    @property
    def is_clear(self) -> bool:
        return abs(self.shift) >= LEAST_SHIFT and abs(self.shift) >= _SURE * self.error

    def to_json(self) -> dict[str, Any]:
        return {**{name: getattr(self, name) for name in self.__slots__}, "clear": self.is_clear}


@dataclass(frozen=True, slots=True)
class Mixture:
    """The reference (the collection with most posts a creator) and the others' shifts from it."""

    reference: str
    shifts: tuple[Shift, ...]

    @property
    def is_one(self) -> bool:
        """Whether any collection clearly differs from the reference."""
        return any(shift.is_clear for shift in self.shifts)

    @property
    def words(self) -> str:
        """The clear shifts in words."""
        said = [
            f"posts of {s.name!r} have {np.exp(s.shift):.1f} times the views of "
            f"{self.reference!r} ({_against(s)})"
            for s in self.shifts
            if s.is_clear
        ]
        return "; ".join(said)

    def to_json(self) -> dict[str, Any]:
        return {"reference": self.reference, "shifts": [s.to_json() for s in self.shifts]}


def _against(shift: Shift) -> str:
    if shift.n_shared_creators:
        return f"same {shift.n_shared_creators:,} creators"
    return "same follower tiers"


def mixture_of(panel: Panel, ways: Ways, until_s: int, gap_days: float | None) -> Mixture | None:
    """The mixture of collections in what is known before a second (since 1970).

    None with fewer than two collections of 100 posts. With `gap_days` (hindsight) later counts
    stand in for posts published so long before it. A post seen in several ways counts to the
    reference where it was seen there, else to each way.
    """
    log = _mature_views(panel, until_s, gap_days)
    sides = {
        name: posts[~np.isnan(log[posts])]
        for name, posts in ways.items()
        if (~np.isnan(log[posts])).sum() >= FEWEST_POSTS
    }
    if len(sides) < 2:
        return None
    depth = {name: _posts_per_creator(panel, posts) for name, posts in sides.items()}
    reference = max(sorted(sides), key=lambda name: (depth[name], len(sides[name])))
    tier = tier_index(last_followers(panel, until_s if gap_days is None else EVER_S))
    shifts = tuple(
        _shift(panel, log, (name, others), (sides[reference], depth[name]), tier)
        for name in sorted(sides)
        if name != reference
        for others in [np.setdiff1d(sides[name], sides[reference])]
        if len(others) >= FEWEST_POSTS
    )
    return Mixture(reference, shifts)


def learnable(panel: Panel, ways: Ways, mixture: Mixture) -> npt.NDArray[np.bool_]:
    """Which posts (n_posts,) to learn and test outcomes of: those not collected so as to differ."""
    of = np.ones(panel.n_posts, bool)
    for shift in mixture.shifts:
        if shift.is_clear:
            of[ways[shift.name]] = False
    alike = {mixture.reference} | {s.name for s in mixture.shifts if not s.is_clear}
    for name in alike:
        of[ways[name]] = True
    return of


def ways_of(panel: Panel, observations: pa.Table) -> dict[str, I64]:
    """Of each named collection the posts that were ever seen so, as indices in their order."""
    number = {post_id: i for i, post_id in enumerate(panel.post_ids)}
    seen = observations.select(["post_id", "collection"]).group_by(["post_id", "collection"])
    pairs = seen.aggregate([]).to_pylist()
    found: dict[str, set[int]] = {}
    for pair in pairs:
        if pair["collection"] is not None and pair["post_id"] in number:
            found.setdefault(pair["collection"], set()).add(number[pair["post_id"]])
    return {name: np.array(sorted(posts), np.int64) for name, posts in sorted(found.items())}


def _mature_views(panel: Panel, until_s: int, gap_days: float | None) -> F64:
    """(n_posts,) log1p views of each post's last count known then, grown; NaN without one."""
    if gap_days is None:
        until = key_of(np.arange(panel.n_posts), np.full(panel.n_posts, until_s))
        last = np.searchsorted(panel.obs_key, until) - 1
        seen = last >= panel.obs_start[:-1]
    else:
        last = panel.obs_start[1:] - 1
        seen = np.diff(panel.obs_start) > 0
        seen &= panel.published_s < until_s - gap_days * DAY_S
    log = np.full(panel.n_posts, np.nan)
    at = last[seen]
    age = (panel.obs_s[at] - panel.published_s[seen]) / DAY_S
    log[seen] = np.log1p(panel.obs_counts[at, 0]) - Growth().log_share(age)
    return log


def _posts_per_creator(panel: Panel, posts: I64) -> float:
    """How many posts the creator of a typical post has here."""
    n = np.bincount(panel.creator[posts])
    return float(np.median(n[panel.creator[posts]]))


def _shift(
    panel: Panel, log: F64, side: tuple[str, I64], against: tuple[I64, float], tier: I64
) -> Shift:
    """The shift of a side; `tier` (n_creators,) compares sides that share no creators."""
    (name, posts), (reference, depth) = side, against
    own, theirs = panel.creator[posts], panel.creator[reference]
    shared = np.intersect1d(own, theirs)
    if len(shared) >= 10:
        group, n_shared = np.arange(int(panel.creator.max()) + 1), len(shared)
    else:
        group, n_shared = tier, 0
    gaps, weights = _gaps(group[own], log[posts], group[theirs], log[reference])
    mean = float(np.average(gaps, weights=weights)) if len(gaps) else 0.0
    if n_shared:
        error = _error(gaps, weights, mean)
    else:
        sides = (posts, own), (reference, theirs)
        share = np.minimum(
            *(np.bincount(group[who], minlength=len(TIER_NAMES)) for _, who in sides)
        )
        parts = [_spread(group[who], log[of], who, share) for of, who in sides]
        error = float(np.sqrt(sum(part**2 for part in parts)))
    n_creators = len(np.unique(own))
    return Shift(name, len(posts), n_creators, n_shared, depth, mean, error)


def _gaps(group: I64, log: F64, of_reference: I64, reference: F64) -> tuple[F64, F64]:
    """Mean differences within each group that both sides have, and the lesser side's size."""
    size = int(max(group.max(), of_reference.max())) + 1
    n, n_ref = np.bincount(group, minlength=size), np.bincount(of_reference, minlength=size)
    both = (n > 0) & (n_ref > 0)
    mean = np.bincount(group, log, size)[both] / n[both]
    mean_ref = np.bincount(of_reference, reference, size)[both] / n_ref[both]
    return mean - mean_ref, np.minimum(n, n_ref)[both].astype(np.float64)


def _error(gaps: F64, weights: F64, mean: float) -> float:
    return float(np.sqrt((weights**2 * (gaps - mean) ** 2).sum()) / weights.sum())


def _spread(tier: I64, log: F64, creator: I64, weight: I64) -> float:
    """The error of a side's tiers' mean, weighted (n_tiers,): posts of one creator err together."""
    n = np.maximum(np.bincount(tier, minlength=len(weight)), 1)
    apart = log - (np.bincount(tier, log, len(weight)) / n)[tier]
    of_post = (weight / n / max(weight.sum(), 1))[tier]
    return float(np.sqrt((np.bincount(creator, of_post * apart) ** 2).sum()))
