"""What the lake holds, in counts: what a person sees first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow.compute as pc

from reelcast.records import Record
from reelcast.store import Lake

_LATEST = 20


class Failed(Record):
    """A cell, row or file that could not be used, and why."""

    file: str | None
    line: int
    column: str
    value: str | None
    reason: str | None


class Holding(Record):
    """How much of one platform is there."""

    platform: str
    posts: int
    creators: int
    first: datetime | None
    last: datetime | None


class LakeSummary(Record):
    """The lake in counts."""

    posts: int
    creators: int
    counts: int
    contents: int
    campaigns: int
    orders: int
    failures: int
    data_version: str
    platforms: tuple[Holding, ...]
    latest_failures: tuple[Failed, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.posts or self.creators or self.contents or self.orders)


def lake_summary(lake: Lake) -> LakeSummary:
    """The lake as it is now."""
    posts = lake.read_columns("posts", ["platform", "creator_id", "published_at"])
    failures = lake.read("failures")
    return LakeSummary(
        posts=posts.num_rows,
        creators=_creators(lake, posts),
        counts=_rows(lake, "post_observations"),
        contents=_rows(lake, "contents"),
        campaigns=_rows(lake, "campaigns"),
        orders=_rows(lake, "orders"),
        failures=failures.num_rows,
        data_version=lake.data_version(),
        platforms=tuple(_holdings(posts)),
        latest_failures=tuple(_failed(failures.slice(0, _LATEST).to_pylist())),
    )


def _rows(lake: Lake, table: str) -> int:
    key = {"post_observations": "post_id", "orders": "order_hash"}.get(table, f"{table[:-1]}_id")
    return int(lake.read_columns(table, [key]).num_rows)


def _creators(lake: Lake, posts: Any) -> int:
    seen = lake.read_columns("creator_observations", ["creator_id"])
    known = {
        *pc.unique(posts["creator_id"]).to_pylist(),
        *pc.unique(seen["creator_id"]).to_pylist(),
    }
    return len(known - {None})


def _holdings(posts: Any) -> list[Holding]:
    grouped = posts.group_by("platform").aggregate(
        [
            ("creator_id", "count_distinct"),
            ("published_at", "count"),
            ("published_at", "min"),
            ("published_at", "max"),
        ]
    )
    rows = sorted(grouped.to_pylist(), key=lambda row: str(row["platform"]))
    return [
        Holding(
            platform=row["platform"] or "unknown",
            posts=row["published_at_count"],
            creators=row["creator_id_count_distinct"],
            first=row["published_at_min"],
            last=row["published_at_max"],
        )
        for row in rows
    ]


def _failed(rows: Sequence[dict[str, Any]]) -> list[Failed]:
    return [Failed(**{name: row[name] for name in Failed.model_fields}) for row in rows]
