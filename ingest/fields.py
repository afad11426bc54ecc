"""The canonical fields that an export can fill, and how a cell of each reads by default."""

from __future__ import annotations

from typing import Literal

from reelcast.tables import TABLES

Kind = Literal[
    "text",
    "caption",
    "id",
    "link_id",
    "link_handle",
    "count",
    "signed_count",
    "seconds",
    "milliseconds",
    "minutes",
    "hours",
    "share",
    "percent",
    "fraction",
    "time",
    "date",
    "yearless_date",
    "flag",
    "list",
    "age_h",
    "log2_per_day",
]
Grain = Literal["posts", "days", "audience"]

_OF_TYPE: dict[str, Kind] = {
    "int64": "count",
    "string": "text",
    "bool": "flag",
    "date32[day]": "date",
}
_OF_NAME: dict[str, Kind] = {
    "post_id": "id",
    "creator": "id",
    "sound_id": "id",
    "campaign_id": "id",
    "caption": "caption",
    "value": "text",
    "hashtags": "list",
    "published_at": "time",
    "observed_at": "time",
    "duration_s": "seconds",
    "avg_watch_s": "seconds",
    "completion_rate": "share",
    "share": "share",
    "net_followers": "signed_count",
}
TABLES_OF: dict[Grain, tuple[str, ...]] = {
    "posts": ("creators", "creator_observations", "posts", "post_observations"),
    "days": ("creators", "creator_observations", "creator_days"),
    "audience": ("creators", "audiences"),
}
_MADE_HERE = {"creator_id", "source"}
REQUIRED: dict[Grain, tuple[str, ...]] = {
    "posts": ("post_id", "creator", "published_at"),
    "days": ("creator", "day"),
    "audience": ("creator", "value", "share"),
}


def kinds_of(grain: Grain) -> dict[str, Kind]:
    """The fields of a grain with the default kind of each."""
    found: dict[str, Kind] = {"creator": "id"}
    for table in TABLES_OF[grain]:
        for field in TABLES[table].schema:
            if field.name not in _MADE_HERE:
                found[field.name] = _OF_NAME.get(field.name) or _OF_TYPE[str(field.type)]
    return found


KINDS: dict[Grain, dict[str, Kind]] = {grain: kinds_of(grain) for grain in TABLES_OF}
