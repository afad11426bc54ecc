"""Posts about a brand by people whom nobody pays, as far as they are imported."""

from __future__ import annotations

import re
from datetime import datetime

import pyarrow.compute as pc

from measurement.attribution.scope import Scope, period
from measurement.counts import unknown
from measurement.measured import Measured, Provenance
from measurement.people import ugc_volume
from reelcast.store import Lake

_COLUMNS = ("post_id", "creator_id", "published_at", "hashtags", "is_sponsored", "campaign_id")


def hashtags_of(brand: str) -> frozenset[str]:
    """The hashtags that name a brand, in small letters.

    >>> sorted(hashtags_of("Brindle & Fen"))
    ['brindleandfen', 'brindlefen']
    """
    return frozenset(
        re.sub(r"\W|_", "", spelled)
        for spelled in (brand.lower(), brand.lower().replace("&", "and"))
    ) - {""}


def ugc_of(lake: Lake, scope: Scope, now: datetime) -> Measured:
    """Posts under the brand's hashtags between the first post and the last window's end.

    Authors are neither paid by any campaign nor accounts with analytics of their own in the lake,
    which are the brand's. Without a value where no such post is imported: nothing tells whether
    nobody posted or nobody looked.
    """
    start, end = period(scope.campaign, scope.slots)
    tags = hashtags_of(scope.campaign.brand)
    said = " or ".join(f"#{tag}" for tag in sorted(tags))
    of = Provenance(source="imported posts")
    authors = [] if start is None or end is None else _authors(lake, scope, tags, (start, end, now))
    if not authors:
        return unknown("ugc_volume", "count", f"needs posts of unpaid people with {said}: import "
                       "a search for them", of)  # fmt: skip
    window = "first post to the last window's end"
    made = ugc_volume(authors, set(), window)
    note = f"at least: those imported, with {said}; {made.note}"
    return made.model_copy(update={"note": note, "source": of.source})


def _authors(
    lake: Lake, scope: Scope, tags: frozenset[str], span: tuple[datetime, datetime, datetime]
) -> list[str]:
    """The author of each such post, in the posts' order."""
    start, end, now = span
    known = {slot.creator_id for slot in scope.slots}
    known |= set(lake.read_columns("creator_days", ["creator_id"])["creator_id"].to_pylist())
    rows = lake.read_columns("posts", _COLUMNS)
    at = rows["published_at"]
    inside = pc.and_(pc.greater_equal(at, start), pc.less(at, min(end, now)))
    rows = rows.filter(pc.fill_null(inside, False)).sort_by("post_id")
    return [
        row["creator_id"]
        for row in rows.to_pylist()
        if row["creator_id"] not in known
        and not row["is_sponsored"]
        and (row["campaign_id"] == scope.campaign.campaign_id or _names(row["hashtags"], tags))
    ]


def _names(hashtags: list[str] | None, tags: frozenset[str]) -> bool:
    return any(tag.lower().lstrip("#") in tags for tag in hashtags or ())
