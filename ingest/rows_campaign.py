"""Turns the fields of a batch of a campaign's exports into rows of its canonical table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import pyarrow as pa

from ingest import sentiment
from ingest.context import Context
from ingest.fields import TABLE_OF, CampaignGrain
from ingest.sources import Bad
from ingest.values import salted
from reelcast.records import creator_id_of
from reelcast.tables import TABLES

Fields = dict[str, list[object]]
Sources = Mapping[str, Sequence[str]]
_STORED_AS = {"order_id": "order_hash", "customer": "customer_hash", "comment_id": "comment_hash"}
_DIMENSIONS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "landing_page")
_OPEN_TEXTS = {
    *_DIMENSIONS,
    *("brand", "codes", "referrer", "campaign_id", "post_id", "language", "test_id", "unit"),
}
_NUMBERS, _TELEPHONE = {"value", "refund", "lead_score"}, 1e7
_IN_HEADER = re.compile(r"\(([A-Z]{3})\)$")


def complete(
    fields: Fields, lines: list[int], context: Context, bad: Sequence[Bad], sources: Sources
) -> Fields:
    """The fields with constants filled in, but where a cell is bad, and derived ones worked out."""
    constants = {**_currency_in(sources), **context.constants}
    rows = len(lines)
    for name, constant in constants.items():
        unread = {each.line for each in bad if each.column in sources.get(name, ())}
        cells = zip(fields.get(name, [None] * rows), lines, strict=True)
        fields[name] = [
            constant if cell is None and line not in unread else cell for cell, line in cells
        ]
    grain = context.mapping.grain
    if context.brand is not None and grain in ("orders", "survey"):
        _of_brand(fields, context)
    if grain == "touches":
        _touches(fields, rows)
    if grain == "comments" and "text" in fields:
        _feelings(fields, rows)
    if "creator" in fields:
        fields["creator_id"] = _creators(fields, context)
    return fields


def distrust(fields: Fields, lines: list[int], bad: Sequence[Bad], at: Sequence[str]) -> None:
    """Empty the free texts, and numbers as long as a telephone's, of rows whose cells have moved.

    So seems a row whose time (in a column of `at`) cannot be read, or is missing beside another bad
    cell, or of which two cells are bad: a name may stand where a link's parameter belongs.
    """
    bad_cells = Counter(each.line for each in bad)
    unread = {each.line for each in bad if each.column in at}
    times = fields.get("at", [None] * len(lines))
    moved = [
        row
        for row, line in enumerate(lines)
        if bad_cells[line] > 1
        or line in unread
        or (bad_cells[line] and "at" in fields and times[row] is None)
    ]
    for name in _OPEN_TEXTS & fields.keys():
        for row in moved:
            fields[name][row] = None
    for name in _NUMBERS & fields.keys():
        for row in moved:
            number = fields[name][row]
            if isinstance(number, float) and abs(number) >= _TELEPHONE:
                fields[name][row] = None


def flagged(fields: Fields, lines: list[int], sources: Sources, context: Context) -> Iterator[Bad]:
    """What is wrong with rows that are kept all the same."""
    if "creator" in fields:
        yield from _homeless(fields, lines, sources)
    if context.mapping.grain == "orders":
        at, named = fields.get("at", [None] * len(lines)), _named(sources, "at")
        for line, moment in zip(lines, at, strict=True):
            if moment is None:
                yield Bad(line, named, None, "at is missing: order kept without time")
        yield from _above(fields, lines, sources, ("refund", "value"))
    if context.mapping.grain == "ads":
        yield from _above(fields, lines, sources, ("clicks", "impressions"))
    if context.mapping.grain == "touches":
        yield from _above(fields, lines, sources, ("engaged_sessions", "sessions"))


def unbelievable(fields: Fields, lines: list[int], context: Context) -> dict[int, Bad]:
    """The rows that contradict themselves, by position: they cannot be used."""
    if context.mapping.grain != "brand_lift":
        return {}
    pairs = zip(fields.get("positive", ()), fields.get("answers", ()), strict=False)
    reason = "positive is above answers: row left out"
    return {
        row: Bad(lines[row], "positive", positive, reason)
        for row, (positive, answers) in enumerate(pairs)
        if isinstance(positive, int) and isinstance(answers, int) and positive > answers
    }


def table_of(fields: Fields, keep: Sequence[int], context: Context) -> tuple[str, pa.Table]:
    """The canonical table's name, and the rows at the positions `keep`."""
    name = TABLE_OF[cast(CampaignGrain, context.mapping.grain)]
    fields = {**fields, "source": [context.mapping.name] * len(next(iter(fields.values()), []))}
    stored = {_STORED_AS.get(field, field): cells for field, cells in fields.items()}
    schema = TABLES[name].schema
    arrays = []
    for field in schema:
        cells = stored.get(field.name)
        taken = [None] * len(keep) if cells is None else [cells[row] for row in keep]
        arrays.append(pa.array(taken, field.type))
    return name, pa.Table.from_arrays(arrays, schema=schema)


def _of_brand(fields: Fields, context: Context) -> None:
    """Hashes that differ by brand: each shop has an order #1001, and customers of its own."""
    namespace = (context.brand or "").strip().lower()
    for name in ("order_id", "customer"):
        if name in fields:
            fields[name] = [
                None if cell is None else salted(namespace, str(cell), context.salt)
                for cell in fields[name]
            ]


def _touches(fields: Fields, rows: int) -> None:
    """Parameters that the export does not tell apart are '': a key is never unknown."""
    for name in _DIMENSIONS:
        fields[name] = [cell or "" for cell in fields.get(name, [None] * rows)]
    if "engaged_s_per_session" in fields and "sessions" in fields:
        pairs = zip(fields["engaged_s_per_session"], fields["sessions"], strict=True)
        total = fields.get("engaged_s", [None] * rows)
        made = [
            each * n if isinstance(each, float) and isinstance(n, int) else None
            for each, n in pairs
        ]
        fields["engaged_s"] = [
            own if own is not None else of for own, of in zip(total, made, strict=True)
        ]


def _feelings(fields: Fields, rows: int) -> None:
    """The texts' feelings in their place; the texts go no further."""
    told = fields.get("language", [None] * rows)
    feelings = [
        sentiment.feeling_of(str(text), None if language is None else str(language))
        if text is not None
        else sentiment.Feeling(None, None, None)
        for text, language in zip(fields.pop("text"), told, strict=True)
    ]
    fields["language"] = [each.language for each in feelings]
    fields["sentiment"] = [each.sentiment for each in feelings]
    fields["score"] = [each.score for each in feelings]


def _creators(fields: Fields, context: Context) -> list[object]:
    """The creators' pseudonyms, None where an account's platform is not known."""
    column = context.mapping.read.get("creator")
    cells = fields["creator"]
    if column is not None and column.hash is False:
        return cells
    platforms = fields.get("platform", [None] * len(cells))
    made: list[object] = []
    for creator, own in zip(cells, platforms, strict=True):
        platform = own or context.platform
        known = creator is not None and platform is not None
        made.append(creator_id_of(str(platform), str(creator), context.salt) if known else None)
    return made


def _homeless(fields: Fields, lines: list[int], sources: Sources) -> Iterator[Bad]:
    """The rows that name an account but not where it is."""
    for line, name, known in zip(lines, fields["creator"], fields["creator_id"], strict=True):
        if name is not None and known is None:
            reason = "names an account without its platform: row kept; give --platform"
            yield Bad(line, _named(sources, "creator"), None, reason)


def _above(
    fields: Fields, lines: list[int], sources: Sources, pair: tuple[str, str]
) -> Iterator[Bad]:
    """The rows whose first field is above the second, which holds it."""
    part, whole = pair
    if part not in fields or whole not in fields:
        return
    cells = zip(fields[part], fields[whole], strict=True)
    for line, (mine, all_) in zip(lines, cells, strict=True):
        known = isinstance(mine, int | float) and isinstance(all_, int | float)
        if known and mine > all_:  # type: ignore[operator]
            yield Bad(line, _named(sources, part), mine, f"is above {whole} ({all_}): row kept")


def _named(sources: Sources, field: str) -> str:
    return sources[field][0] if field in sources else field


def _currency_in(sources: Sources) -> dict[str, object]:
    """The currency of a column such as "Amount spent (USD)"."""
    names = [name for field in ("spend", "value", "revenue") for name in sources.get(field, ())]
    found = [match[1] for name in names if (match := _IN_HEADER.search(name))]
    return {"currency": found[0]} if found and "currency" not in sources else {}
