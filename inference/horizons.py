"""In words, what the figures of a horizon rest on: who was counted then, and which curve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from features.growth import MATURE_DAYS
from features.growth_curves import Segment
from features.kinds import UNKNOWN
from features.panel import DAY_S, F64, Panel
from training.trajectories import WINDOWS_DAYS, Trajectories

FEW = 120  # posts counted at an age, below which words say so
_NEAR = 0.25  # how far, as a share of the horizon, a count's age may be from it


def name_of(horizon_days: float) -> str:
    """The window's name: hours up to three days, days after.

    >>> name_of(1.0), name_of(3.0), name_of(30.0)
    ('24 h', '72 h', '30 d')
    """
    return f"{horizon_days * 24:g} h" if horizon_days <= 3 else f"{horizon_days:g} d"


@dataclass(frozen=True, slots=True)
class Counted:
    """Of each post that was counted (n,): its platform, and its age in days at the first and the
    last count."""

    platform: tuple[str, ...]  # names, by number
    of_platform: F64  # (n,) numbers
    first_days: F64
    last_days: F64

    @classmethod
    def of(cls, panel: Panel) -> Counted:
        """Of the panel's posts."""
        start, stop = panel.obs_start[:-1], panel.obs_start[1:]
        posts = np.flatnonzero(stop > start)
        names = sorted({kind[0] for kind in panel.kinds})
        number = np.array([names.index(kind[0]) for kind in panel.kinds], np.float64)
        published = panel.published_s[posts]
        return cls(
            tuple(names),
            number[panel.creator[posts]] if len(posts) else np.empty(0),
            (panel.obs_s[start[posts]] - published) / DAY_S,
            (panel.obs_s[stop[posts] - 1] - published) / DAY_S,
        )

    def around(self, platform: str, days: float) -> tuple[int, int]:
        """How many posts of a platform (of all, if unknown) were counted by an age, and at that age
        or later; ages about a quarter off count."""
        own = np.ones(len(self.first_days), bool)
        if platform != UNKNOWN:
            at = self.platform.index(platform) if platform in self.platform else -1
            own = self.of_platform == at
        by_then = own & (self.first_days <= days * (1 + _NEAR))
        late = own & (self.last_days >= days * (1 - _NEAR))
        return int(by_then.sum()), int(late.sum())


def notes_at(
    trajectories: Trajectories, counted: Counted, platform: str, days: float
) -> Iterator[str]:
    """In words, what a forecast before posting has to go by at an age.

    A lake without counts says nothing of what the model has learned from.
    """
    if days > MATURE_DAYS:
        yield (
            f"{name_of(days)}: figures are those of {name_of(MATURE_DAYS)}; growth beyond "
            f"{name_of(MATURE_DAYS)} is not modelled"
        )
    if not len(counted.first_days):
        return
    at = min(days, MATURE_DAYS)
    by_then, late = counted.around(platform, at)
    curve = _curve_words(trajectories, ())
    if by_then < FEW:
        yield (
            f"{name_of(at)}: {_known(by_then, platform)} counted by then; the figures are brought "
            f"back from later counts along {curve}"
        )
    if late < FEW:
        yield (
            f"{name_of(at)}: {_known(late, platform)} counted then or later; the figures are "
            f"carried on from younger counts along {curve}"
        )


def notes_on(trajectories: Trajectories, segment: Segment) -> tuple[str, ...]:
    """In words, which windows rest on few posts or none of this platform."""
    counted = trajectories.counted.get(segment[0], {})
    said, curve = [], _curve_words(trajectories, segment)
    for days in WINDOWS_DAYS[1:]:
        n = counted.get(f"{days:g}", 0)
        if n < FEW:
            said.append(
                f"{name_of(days)}: {_known(n, segment[0])} counted both at about 24 h and then; "
                f"growth until then follows {curve}"
            )
    return tuple(said)


def _known(n: int, platform: str) -> str:
    whose = "an unknown platform" if platform == UNKNOWN else platform
    return f"{f'only {n} post' + 's' * (n != 1) if n else 'no post'} of {whose}"


def _curve_words(trajectories: Trajectories, segment: Segment) -> str:
    """Which curve a segment's growth follows."""
    curve = trajectories.curves.of(segment)
    if not curve.n_pairs:
        return "the documented curve"
    of = " of all platforms" if curve is trajectories.curves.general else ""
    return f"a curve learned from {curve.n_pairs:,} pairs of counts{of} at other ages"
