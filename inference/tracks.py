"""A post's counts so far, checked: from a request or from the lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from features.growth_curves import platform_of
from features.kinds import UNKNOWN
from features.panel import DAY_S, F64, Panel
from inference.asking import EARLIEST
from reelcast.errors import InputError, NotEnoughDataError, NotFoundError
from reelcast.records import Brief, CreatorQuestion
from reelcast.tables import TARGETS
from reelcast.tracks import UpdateRequest

_YOUNGEST_DAYS = 0.02  # half an hour: a count before that says nothing
_FALL = 0.02  # platforms recount: a count may be so much, as a share, below the one before


@dataclass(frozen=True, slots=True)
class Track:
    """A post out: when it was published, under which brief, and its counts by target."""

    creator: CreatorQuestion
    brief: Brief
    platform: str
    published_s: int
    counts: Mapping[str, tuple[F64, F64]]  # ages in days and log1p counts, by age
    post: int = -1  # index into the lake's posts, -1 for one that it does not hold
    notes: tuple[str, ...] = ()  # what is odd of its counts

    def known(self, target: str) -> tuple[F64, F64]:
        """Ages in days and log1p counts of a target (n,), by age; counts never fall."""
        return self.counts.get(target, (np.empty(0), np.empty(0)))

    def last(self, target: str) -> float:
        """The last count, NaN where none is known."""
        logs = self.known(target)[1]
        return float(np.expm1(logs[-1])) if len(logs) else float("nan")

    @property
    def age_days(self) -> float:
        """The post's age at its last count of anything."""
        return max(float(ages[-1]) for ages, _ in self.counts.values() if len(ages))


def track_of_request(asked: UpdateRequest, now: datetime) -> Track:
    """The track in a request.

    Raises InputError for counts before publication, after now, or that fall.
    """
    if asked.creator is None or asked.published_at is None:
        raise InputError("give creator, published_at and observed, or a post_id")
    published = asked.published_at
    if published > now:
        raise InputError(
            f"published_at {published.isoformat()} is after now ({now.isoformat()}): "
            "a post that is not out has a forecast, not an update"
        )
    if published < EARLIEST:
        raise InputError(
            f"published_at {published.isoformat()} is before {EARLIEST.year}: correct the time"
        )
    seen = sorted(asked.observed, key=lambda of: of.observed_at)
    for of in seen:
        if not published < of.observed_at <= now:
            raise InputError(
                f"observed: {of.observed_at.isoformat()} does not lie between published_at "
                f"({published.isoformat()}) and now ({now.isoformat()})"
            )
    ages = np.array([(of.observed_at - published).total_seconds() / DAY_S for of in seen])
    counts = np.array([[_or_nan(getattr(of, name)) for name in TARGETS] for of in seen], np.float64)
    for column, name in enumerate(TARGETS):
        fallen = _fallen(name, counts[:, column])
        if fallen is not None:
            raise InputError(
                f"observed: {fallen}: counts of one post do not; correct them, or leave the wrong "
                "one out"
            )
    by_target = _by_target(ages, counts)
    if not by_target:
        raise InputError(
            "observed: no count is known half an hour after publication or later: "
            "give views, likes, comments, shares or saves"
        )
    brief = asked.brief.model_copy(update={"post_at": published})
    platform = (asked.creator.platform or UNKNOWN).strip().lower()
    return Track(asked.creator, brief, platform, int(published.timestamp()), by_target)


def track_of_lake(post_id: str, panel: Panel, now: datetime) -> Track:
    """The track of a post of the lake.

    Raises NotFoundError for a post that it does not hold, NotEnoughDataError for one not counted.
    """
    if post_id not in panel.post_ids:
        raise NotFoundError(
            f"post {post_id!r} is not in the lake: import an export with its counts"
        )
    at = panel.post_ids.index(post_id)
    rows = np.arange(panel.obs_start[at], panel.obs_start[at + 1])
    rows = rows[panel.obs_s[rows] <= now.timestamp()]
    ages = (panel.obs_s[rows] - panel.published_s[at]) / DAY_S
    counts = _by_target(ages, panel.obs_counts[rows])
    fallen = [_fallen(name, panel.obs_counts[rows, i]) for i, name in enumerate(TARGETS)]
    if not counts:
        raise NotEnoughDataError(f"post {post_id!r} was not counted yet: import its counts")
    duration = float(panel.duration_s[at])
    caption = panel.captions[at]
    return Track(
        CreatorQuestion(creator_id=panel.creator_ids[panel.creator[at]]),
        Brief(
            caption=None if caption is None else caption[:5000],
            duration_s=duration if duration > 0 else None,
        ),
        platform_of(post_id),
        int(panel.published_s[at]),
        counts,
        at,
        tuple(
            f"{words}: the higher count is taken for the later ones too; correct the import"
            for words in fallen
            if words is not None
        ),
    )


def _fallen(name: str, counts: F64) -> str | None:
    """In words, where known counts fall by more than a recount; None where they do not."""
    known = counts[~np.isnan(counts)]
    fallen = np.flatnonzero(known[1:] < np.maximum.accumulate(known)[:-1] * (1 - _FALL))
    if not len(fallen):
        return None
    after = int(fallen[0]) + 1
    return f"{name} fall from {known[:after].max():,.0f} to {known[after]:,.0f}"


def _by_target(ages: F64, counts: F64) -> dict[str, tuple[F64, F64]]:
    """Known counts of each target that has any; small recounts are levelled."""
    found = {}
    for column, name in enumerate(TARGETS):
        use = ~np.isnan(counts[:, column]) & (ages >= _YOUNGEST_DAYS)
        own = counts[use, column]
        if len(own):
            found[name] = (ages[use], np.log1p(np.maximum.accumulate(own)))
    return found


def _or_nan(count: int | None) -> float:
    return float("nan") if count is None else float(count)
