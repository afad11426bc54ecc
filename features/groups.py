"""How much more than its tier's level a group of creators has: platform, niche, niche in a tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from features.kinds import UNKNOWN, Kind
from reelcast.tables import TARGETS

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Group = tuple[str, ...]  # ("platform", p), ("niche", n) or ("niche of tier", n, tier's index)

FACTORS = ("platform", "niche", "niche of tier")
_FEWEST = 3  # creators of a group that is fitted: of fewer it would be their own counts
_MOST = 300  # groups, the largest ones
_ROUNDS = 40
_SMALLEST = 1e-6  # variance, squared logs: of a factor that tells nothing
_EMPTY = 1.0  # levels that tell nothing, added to each factor: few levels do not make a variance


@dataclass(frozen=True, slots=True)
class Groups:
    """Shifts of the level by group, (5,) log counts each; a group that is not named has none."""

    shift: Mapping[Group, F64] = field(default_factory=dict)

    def of(self, kinds: Sequence[Kind], tier: I64) -> F64:
        """What each creator's groups add to the tier's level (n, 5), log counts."""
        total = np.zeros((len(kinds), len(TARGETS)))
        if not self.shift:
            return total
        known: dict[tuple[Kind, int], F64] = {}
        for i, key in enumerate(zip(kinds, tier.tolist(), strict=True)):
            if key not in known:
                own = [self.shift[g] for g in groups_of(*key) if g in self.shift]
                known[key] = np.sum(own, axis=0) if own else total[i]
            total[i] = known[key]
        return total

    def words(self, kind: Kind, tier: int) -> str:
        """What beside the tier a creator's level is taken from: ", niche food, on tiktok" or ""."""
        known = [group for group in groups_of(kind, tier) if group in self.shift]
        niche = [f"niche {group[1]}" for group in known if group[0] == "niche"]
        platform = [f"on {group[1]}" for group in known if group[0] == "platform"]
        return "".join(f", {word}" for word in (*niche, *platform))

    def to_json(self) -> list[dict[str, Any]]:
        return [{"group": list(group), "shift": of.tolist()} for group, of in self.shift.items()]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> Groups:
        return cls({tuple(of["group"]): np.array(of["shift"], np.float64) for of in data})


def groups_of(kind: Kind, tier: int) -> tuple[Group, ...]:
    """The groups of a creator; an unknown platform or niche makes none.

    >>> groups_of(("tiktok", "food"), 1), groups_of(("tiktok", "unknown"), 1)
    ((('platform', 'tiktok'), ('niche', 'food'), ('niche of tier', 'food', '1')), \
(('platform', 'tiktok'),))
    """
    platform, niche = kind
    of_platform = () if platform == UNKNOWN else (("platform", platform),)
    if niche == UNKNOWN:
        return of_platform
    return (*of_platform, ("niche", niche), ("niche of tier", niche, str(tier)))


@dataclass(frozen=True, slots=True)
class Accounts:
    """Creators as the fit sees them: kinds, tiers (n,), log followers less the tier's (n,), NaN
    where unknown, mean log counts (n, 5), NaN where unknown, of how many posts (n, 5)."""

    kinds: Sequence[Kind]
    tier: I64
    size: F64
    level: F64
    n_posts: F64


def fit_groups(of: Accounts, ratio: F64) -> Groups:
    """The shifts of groups of three or more creators.

    A mixed model for each target: a creator's mean log count is the tier's level, a slope on log
    followers, and random effects of platform, niche and niche in the tier; means of few posts
    weigh less, by `ratio` (5,) of variances within and between creators. Variances are found by
    Schall's fixed point (1991, Biometrika 78), so that a group of few creators, and a factor that
    tells nothing, are drawn to 0. What tier and size explain is never a group's.
    """
    own = [groups_of(kind, tier) for kind, tier in zip(of.kinds, of.tier.tolist(), strict=True)]
    names = _named(own, of.tier)
    if not names:
        return Groups()
    at = {group: i for i, group in enumerate(names)}
    member = np.zeros((len(own), len(names)))
    for row, groups in enumerate(own):
        member[row, [at[group] for group in groups if group in at]] = 1.0
    factor = np.array([FACTORS.index(group[0]) for group in names])
    fixed = np.column_stack([of.tier[:, None] == np.unique(of.tier), np.nan_to_num(of.size)])
    shifts = np.zeros((len(names), len(TARGETS)))
    for target in range(len(TARGETS)):
        known = ~np.isnan(of.level[:, target])
        if known.sum() > fixed.shape[1] + 1:
            n = of.n_posts[known, target]
            parts = fixed[known].astype(np.float64), member[known]
            weight = n / (n + ratio[target])
            shifts[:, target] = _effects(of.level[known, target], weight, parts, factor)
    return Groups(dict(zip(names, shifts, strict=True)))


def _named(own: Sequence[tuple[Group, ...]], tier: I64) -> list[Group]:
    """The groups that are fitted, by factor and name: not those that hold a whole tier or all."""
    around = {str(t): int(n) for t, n in zip(*np.unique(tier, return_counts=True), strict=True)}
    counted = Counter(group for groups in own for group in groups)
    parts = {
        group: n
        for group, n in counted.items()
        if _FEWEST <= n < (around[group[2]] if len(group) == 3 else len(own))
    }
    common = sorted(parts, key=lambda group: (-parts[group], group))[:_MOST]
    return sorted(common, key=lambda group: (FACTORS.index(group[0]), group))


def _effects(level: F64, weight: F64, parts: tuple[F64, F64], factor: I64) -> F64:
    """Best linear unbiased predictions of the random effects (n_groups,), log counts."""
    design, n_fixed = np.column_stack(parts), parts[0].shape[1]
    weighted = design.T * weight
    gram, right = weighted @ design, weighted @ level
    penalty = np.full(design.shape[1], 1e-9)
    share = np.full(len(FACTORS), 0.1)  # of each factor's variance in the creators' own
    effects = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        penalty[n_fixed:] = 1 / share[factor]
        inverse = np.linalg.inv(gram + np.diag(penalty))
        effects = inverse @ right
        random, freedom = effects[n_fixed:], 1 - np.diag(inverse)[n_fixed:] * penalty[n_fixed:]
        rest = (weight * (level - design @ effects) ** 2).sum()
        own = rest / max(1.0, len(level) - n_fixed - freedom.sum())
        squares = np.bincount(factor, random**2, len(FACTORS))
        spent = np.bincount(factor, freedom, len(FACTORS))
        variance = np.maximum(squares / np.maximum(spent + _EMPTY, _SMALLEST), _SMALLEST)
        share = variance / max(own, _SMALLEST)
    return effects[n_fixed:]
