"""Failures as rows of their table: fit to be kept and shown, without anybody's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from ingest.fields import Grain
from ingest.sources import Bad
from ingest.values import caption
from reelcast.mentions import without_mentions
from reelcast.plain import plain
from reelcast.tables import TABLES

VALUE_CHARS = 200
OF_PEOPLE: tuple[Grain, ...] = ("orders", "survey", "comments", "holdouts")
_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")


def failure_rows(
    bad: Sequence[Bad], grain: Grain, file: str, file_sha256: str, format_: str
) -> pa.Table:
    """The table's rows, of a file's name and sha256 and the format it was read as."""
    rows = [
        {
            "file_sha256": file_sha256,
            "line": each.line,
            "column": without_mentions(each.column),
            "file": without_mentions(plain(file)),
            "format": format_,
            "value": kept_value(each, grain),
            "reason": without_mentions(plain(each.reason)),
        }
        for each in bad
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["failures"].schema)


def kept_value(bad: Bad, grain: Grain) -> str | None:
    """The value without accounts and addresses; none of a whole row, which may hold names.

    Of files about people only the value's shape is kept: a row whose cells have moved may hold a
    name or a telephone number in any column.

    >>> kept_value(Bad(2, "Created at", "Ana Roe +49 170", "is no time"), "orders")
    'xxx xxx +99 999'
    """
    if bad.value is None or not bad.column:
        return None
    if grain in OF_PEOPLE:
        return _DIGIT.sub("9", _LETTER.sub("x", plain(str(bad.value)[:VALUE_CHARS])))
    text = caption(bad.value)
    return None if text is None else plain(text)[:VALUE_CHARS]
