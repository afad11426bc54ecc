"""A roster as a table for spreadsheets: CSV text, and XLSX bytes that are the same each time."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from reelcast.packages import require
from reelcast.plain import plain
from reelcast.rosters import CreatorTotals, Followed, RosterTotals

ENDS = ("p10", "p50", "p90", "mean")
Rows = list[list[Any]]
Names = Mapping[str, str]
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_OLDEST = (1980, 1, 1, 0, 0, 0)  # what a zip can say


def roster_rows(made: RosterTotals, names: Names | None = None) -> Rows:
    """The head, a row per creator, and the total's as the last; `names` stand for pseudonyms.

    Counts and costs have a column each for P10, P50, P90 and the mean.
    """
    return list(_rows(made, names or {}))


def followed_rows(made: Followed, names: Names | None = None) -> Rows:
    """The head, and a row per window and count: forecast, actual, how many are counted."""
    head = ["window", "count", "p10", "p50", "p90", "mean", "actual", "counted", "state", "words"]
    rows: Rows = [list(head)]
    for of in (*made.windows, *made.sold, *made.posts):
        ends = [getattr(of.forecast, end) for end in ENDS]
        said = named(of.words, names or {})
        rows.append([of.window, of.target, *ends, of.actual, of.counted, of.state, safe(said)])
    return rows


def named(words: str, names: Names) -> str:
    """Words in which pseudonyms that are known read as names.

    >>> named("c1: 12 views", {"c1": "@ana"})
    '@ana: 12 views'
    """
    who, colon, rest = words.partition(":")
    return f"{names.get(who, who)}{colon}{rest}"


def safe(words: str) -> str:
    """Words that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("@ana")
    ('1+1', 'ana')
    """
    return plain(words).lstrip("=+-@\t\r ")


def csv_of(rows: Rows) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def xlsx_of(title: str, rows: Rows, made_at: datetime) -> bytes:
    """The rows as a workbook of one sheet, its head bold and kept in sight."""
    openpyxl = require("openpyxl")
    styles = require("openpyxl.styles")
    book = openpyxl.Workbook()
    book.properties.creator = "reelcast"
    book.properties.created = made_at.replace(tzinfo=None)
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = styles.Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = max(11, len(str(cell.value)) + 2)
    sheet.freeze_panes = "B2"
    written = io.BytesIO()
    book.save(written)
    return _settled(written.getvalue(), made_at)


def _settled(book: bytes, made_at: datetime) -> bytes:
    """The workbook without the times at which it was written: the same rows are the same bytes."""
    at = f"{made_at:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as given, zipfile.ZipFile(out, "w") as kept:
        for name in given.namelist():
            data = _MODIFIED.sub(rb"\g<1>" + at + rb"\g<2>", given.read(name))
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, data)
    return out.getvalue()


def _rows(made: RosterTotals, names: Names) -> Iterator[list[Any]]:
    counts = [f"{name}_{end}" for name in made.totals for end in ENDS]
    costs = [f"{name}_{end}" for name in made.costs for end in ENDS]
    yield ["creator", "posts", "slots", "fee", "cost", "currency", "grade", *counts, *costs]
    total = ["total", made.posts, "", "", made.cost, made.currency, ""]
    for of in made.creators:
        name = safe(names.get(of.name, of.name))
        head = [name, of.posts, of.slots, of.fee, of.cost, made.currency, of.grade]
        yield [*head, *_values(made, of)]
    yield [*total, *_values(made, made)]


def _values(made: RosterTotals, of: RosterTotals | CreatorTotals) -> list[Any]:
    """All numbers of one row, in the order of the head; None where a cost is unknown."""
    counts = [getattr(of.totals[name], end) for name in made.totals for end in ENDS]
    return counts + [
        getattr(of.costs[name], end) if name in of.costs else None
        for name in made.costs
        for end in ENDS
    ]
