"""What an import would do, told from a file's first rows; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest import recognition as recognising
from ingest.context import context_of
from ingest.convert import Converted, Converter
from ingest.failures import failure_rows
from ingest.merging import SUMMED, FirstKnown, Summed
from ingest.options import ImportOptions
from ingest.recognition import Recognition
from ingest.run import recognise
from ingest.sources import Batch, Table
from reelcast.errors import FormatError
from reelcast.mentions import without_mentions
from reelcast.plain import plain

SAMPLE_ROWS = 1000
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as recognised, from its first `rows_read` rows.

    `used` names the columns that each field is read from, `tables` the first SHOWN rows of each
    table as they would land, `failures` the first SHOWN of what could not be used.
    """

    file: str
    format: str
    why: str
    grain: str
    used: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]
    rows_read: int
    rows_failed: int
    rows_flagged: int
    tables: dict[str, list[dict[str, Any]]]
    failures: list[dict[str, Any]]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """The preview as plain data."""
        return asdict(self)


def preview(path: Path, options: ImportOptions, rows: int = SAMPLE_ROWS) -> Preview:
    """What importing the file would do, from its first `rows` rows; nothing is written.

    Raises what `import_file` raises of a file that it cannot read.
    """
    known = recognise(path, options)
    context = context_of(path, known.mapping, options)
    converter = Converter(context, _table(path, known), path.name)
    made = [*converter.converted(rows)]
    return _preview(path, known, converter, made)


def _table(path: Path, known: Recognition) -> Table:
    """The first table that is read; its first batch is all of it."""
    for table in recognising.tables_in(path, known.mapping.explode):
        if recognising.fits(known, table.header):
            return replace(table, batches=partial(_first_of, table))
        for _ in table.batches(10_000):
            pass
    raise FormatError(f"{path.name} changed while it was read: try again")


def _first_of(table: Table, rows: int) -> Iterator[Batch]:
    return islice(table.batches(rows), 1)


def _preview(
    path: Path, known: Recognition, converter: Converter, made: list[Converted]
) -> Preview:
    bad = [failure for each in made for failure in each.failures]
    failures = failure_rows(bad[:SHOWN], known.mapping.grain, path.name, "", known.format)
    return Preview(
        without_mentions(plain(path.name)),
        known.format,
        known.why,
        known.mapping.grain,
        dict(converter.reader.found),
        tuple(converter.unused),
        sum(each.rows_read for each in made),
        sum(each.rows_failed for each in made),
        sum(each.rows_flagged for each in made),
        {name: table.slice(0, SHOWN).to_pylist() for name, table in _landing(made).items()},
        failures.drop_columns(["file_sha256", "file", "format"]).to_pylist(),
        tuple(dict.fromkeys(converter.notes)),
    )


def _landing(made: list[Converted]) -> dict[str, pa.Table]:
    """The rows that would be merged, by table."""
    names = dict.fromkeys(name for each in made for name in each.tables)
    landing = {}
    for name in names:
        rows = pa.concat_tables([each.tables[name] for each in made if name in each.tables])
        if name in SUMMED:
            summed = Summed(name)
            summed.add(rows)
            rows = summed.take()
        landing[name] = FirstKnown().pass_on(name, rows)
    return landing
