"""The posting calendar: what goes out when, and where windows overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from reelcast.campaigns import Campaign, Deliverable


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in the calendar: planned, or at its actual time where it is published."""

    campaign_id: str
    creator_id: str
    slot: int
    at: datetime
    is_published: bool
    window_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two posts whose windows overlap: what they sold can be told apart only by link or code."""

    first: Entry
    second: Entry
    hours: float
    why: str


def calendar(
    campaigns: Sequence[Campaign], published_at: dict[str, datetime] | None = None
) -> list[Entry]:
    """All posts with a time, in its order; `published_at` is by post id."""
    actual = published_at or {}
    entries = [
        _entry(campaign, one, actual) for campaign in campaigns for one in campaign.deliverables
    ]
    return sorted((e for e in entries if e), key=lambda e: (e.at, e.campaign_id, e.creator_id))


def overlaps(entries: Sequence[Entry]) -> list[Overlap]:
    """The pairs, of one creator or of several campaigns, whose windows overlap.

    Posts of several creators within one campaign overlap by intent and are not listed: the spike
    model takes them together.
    """
    found = []
    for first, second in combinations(entries, 2):
        shared = min(first.window_ends_at, second.window_ends_at) - second.at
        if shared <= timedelta(0):
            continue
        if first.creator_id == second.creator_id:
            why = "the same creator: viewers of both posts are the same people"
        elif first.campaign_id != second.campaign_id:
            why = "two campaigns: a sale without link or code may belong to either"
        else:
            continue
        found.append(Overlap(first, second, shared / timedelta(hours=1), why))
    return found


def _entry(campaign: Campaign, one: Deliverable, actual: dict[str, datetime]) -> Entry | None:
    published = actual.get(one.post_id) if one.post_id else None
    at = published or one.planned_at
    if at is None:
        return None
    return Entry(
        campaign.campaign_id,
        one.creator_id,
        one.slot,
        at,
        published is not None,
        at + timedelta(days=campaign.window_days),
    )
