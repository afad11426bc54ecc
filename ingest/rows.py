"""Turns the fields of a batch of posts, days or audiences into rows of the canonical tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as clock
from typing import cast

import pyarrow as pa

from ingest import times, values
from ingest.context import Context
from ingest.fields import REQUIRED, TABLES_OF, PostGrain
from ingest.mapping import Mapping
from ingest.sources import Bad
from reelcast.records import creator_id_of
from reelcast.tables import TABLES

Fields = dict[str, list[object]]
_FACTS = {
    "creator_observations": ("followers", "following", "total_likes", "videos"),
    "post_observations": tuple(
        f.name
        for f in TABLES["post_observations"].schema
        if f.name not in ("post_id", "observed_at", "basis", "collection", "source")
    ),
}


def complete(fields: Fields, rows: int, context: Context) -> Fields:
    """The fields with constants filled in and derived ones worked out."""
    for name, constant in _constants(context).items():
        cells = fields.get(name, [None] * rows)
        fields[name] = [constant if cell is None else cell for cell in cells]
    _derive(fields, context)
    if "caption" in fields:
        given = fields.get("hashtags", [None] * rows)
        captions = zip(given, fields["caption"], strict=True)
        fields["hashtags"] = [tags or (_tags(text) if text else tags) for tags, text in captions]
    fields["creator_id"] = _creator_ids(fields.get("creator", [None] * rows), context)
    fields["creator"] = fields["creator_id"]
    return fields


def unusable(
    fields: Fields, lines: list[int], sources: dict[str, tuple[str, ...]], context: Context
) -> dict[int, Bad]:
    """The rows that lack a required field, by position."""
    bad: dict[int, Bad] = {}
    for name in REQUIRED[context.mapping.grain]:
        column = sources.get(name, (name,))[0]
        for row, cell in enumerate(fields.get(name, [None] * len(lines))):
            if cell is None and row not in bad:
                bad[row] = Bad(lines[row], column, None, f"{name} is missing: row left out")
    return bad


def too_early(fields: Fields, lines: list[int]) -> list[Bad]:
    """The rows counted before they were published; their counts are emptied."""
    bad: list[Bad] = []
    if "published_at" not in fields:
        return bad
    pairs = zip(fields["published_at"], fields["observed_at"], strict=True)
    for row, (published, observed) in enumerate(pairs):
        known = isinstance(published, datetime) and isinstance(observed, datetime)
        if known and observed < published:  # type: ignore[operator]
            reason = f"is before the post's publication ({published}): counts left out"
            bad.append(Bad(lines[row], "observed_at", observed, reason))
            _empty(fields, row, _FACTS["post_observations"])
    return bad


def undated(fields: Fields, rows: Iterable[int]) -> None:
    """Empty the counts of rows whose time of observation cannot be read."""
    for row in rows:
        for facts in _FACTS.values():
            _empty(fields, row, facts)


def _empty(fields: Fields, row: int, names: Sequence[str]) -> None:
    for name in names:
        if name in fields:
            fields[name][row] = None


def tables_of(fields: Fields, keep: Sequence[int], mapping: Mapping) -> dict[str, pa.Table]:
    """The rows of each canonical table, from the rows at the positions `keep`."""
    kept: Fields = {name: [cells[row] for row in keep] for name, cells in fields.items()}
    kept["source"] = [mapping.name] * len(keep)
    made = {}
    for name in TABLES_OF[cast(PostGrain, mapping.grain)]:
        facts = [kept[fact] for fact in _FACTS.get(name, ()) if fact in kept]
        rows = range(len(keep))
        if (
            name == "creators" and "language" in mapping.read
        ):  # a post's language, not its creator's
            made[name] = _table(name, {**kept, "language": [None] * len(keep)}, rows)
        elif name in _FACTS:
            rows_known = {
                row for cells in facts for row, cell in enumerate(cells) if cell is not None
            }
            made[name] = _table(name, kept, sorted(rows_known))
        else:
            made[name] = _table(name, kept, rows)
    return made


def _table(name: str, fields: Fields, rows: Sequence[int]) -> pa.Table:
    arrays = []
    for field in TABLES[name].schema:
        cells = fields.get(field.name)
        taken = [None] * len(rows) if cells is None else [cells[row] for row in rows]
        arrays.append(pa.array(taken, field.type))
    return pa.Table.from_arrays(arrays, schema=TABLES[name].schema)


def _tags(text: object) -> list[str]:
    return values.hashtags_in(str(text))


def _constants(context: Context) -> dict[str, object]:
    mapping = context.mapping
    given = {k: v for k, v in mapping.constants.items() if k not in ("observed_at", "creator")}
    made: dict[str, object] = {**given, "platform": context.platform}
    made["observed_at"] = context.observed_at
    if mapping.grain == "posts":
        made.setdefault("basis", "counted")
    return made


def _creator_ids(creators: list[object], context: Context) -> list[object]:
    """The creators' pseudonyms; the context's creator stands in where a row names none."""
    platform = str(context.platform)
    own = context.creator and creator_id_of(platform, context.creator, context.salt)
    column = context.mapping.read.get("creator")
    if column is not None and column.hash is False:
        return [own if name is None else name for name in creators]
    known: dict[object, object] = {
        name: creator_id_of(platform, str(name), context.salt)
        for name in set(creators)
        if name is not None
    }
    return [known.get(name, own) for name in creators]


def _derive(fields: Fields, context: Context) -> None:
    mapping = context.mapping
    for name in list(fields):
        kind = mapping.kind(name) if name in mapping.read else None
        if kind == "age_h":
            fields[name] = _published(fields[name], fields["observed_at"])
        if kind == "yearless_date":
            dated = _dated(fields[name], context)
            fields[name] = dated if name == "day" else [_midnight(d, context.zone) for d in dated]
    for name, column in mapping.read.items():
        if name in fields and column.published_before is not None:
            fields[name] = _until(fields[name], fields["published_at"], column.published_before)
        if name in fields and mapping.kind(name) == "log2_per_day":
            fields[name] = _totals(fields[name], fields["published_at"], fields["observed_at"])
    if mapping.grain == "days" and "day" in fields:
        fields["observed_at"] = [_day_end(day) for day in fields["day"]]


def _published(ages_h: list[object], observed: list[object]) -> list[object]:
    return [
        at - timedelta(hours=age) if isinstance(age, float) and isinstance(at, datetime) else None
        for age, at in zip(ages_h, observed, strict=True)
    ]


def _totals(logs: list[object], published: list[object], observed: list[object]) -> list[object]:
    """Counts from log2 of counts a day, over the days from publication to observation."""
    made: list[object] = []
    for log2, start, end in zip(logs, published, observed, strict=True):
        known = isinstance(log2, float) and isinstance(start, datetime)
        if known and isinstance(end, datetime) and end > start:  # type: ignore[operator]
            days = (end - start) / timedelta(days=1)  # type: ignore[operator]
            made.append(round(math.pow(2, log2) * max(days, 1.0)))  # type: ignore[arg-type]
        else:
            made.append(None)
    return made


def _dated(cells: list[object], context: Context) -> list[object]:
    yearless = [cell if isinstance(cell, tuple) else None for cell in cells]
    dated = times.with_years(yearless, context.year, context.observed_at.date())
    return [
        cell if isinstance(cell, date) else made for cell, made in zip(cells, dated, strict=True)
    ]


def _midnight(day: object, zone: tzinfo) -> object:
    if isinstance(day, date) and not isinstance(day, datetime):
        return datetime.combine(day, clock(0), zone).astimezone(UTC)
    return day


def _until(cells: list[object], published: list[object], end: date) -> list[object]:
    return [
        cell if isinstance(at, datetime) and at.date() < end else None
        for cell, at in zip(cells, published, strict=True)
    ]


def _day_end(day: object) -> datetime | None:
    """The day's last second: what an account counted in a day is known only then."""
    return datetime.combine(day, clock(23, 59, 59), UTC) if isinstance(day, date) else None
