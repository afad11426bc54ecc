"""Imports a file: recognise, read in batches, convert, merge into the lake, report."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa

from ingest import recognition as recognising
from ingest.context import Context, context_of
from ingest.convert import Converted, Converter, some
from ingest.failures import failure_rows
from ingest.formats import IMPORTERS
from ingest.mapping import Mapping
from ingest.merging import SUMMED, FirstKnown, Summed
from ingest.newness import tell_new
from ingest.options import ImportOptions
from ingest.overlaps import days_twice
from ingest.recognition import Recognition
from ingest.sources import Table, sha256_of
from reelcast.mentions import without_mentions
from reelcast.plain import plain
from reelcast.store import Lake, MergeCount

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `rows_failed` counts rows left out, `rows_flagged` rows that are kept
    though a cell of theirs is wrong; `notes` say what was assumed.
    """

    file: str
    file_sha256: str
    format: str
    why: str
    rows_read: int
    rows_failed: int
    tables: dict[str, MergeCount]
    notes: tuple[str, ...]
    seconds: float
    rows_flagged: int = 0

    def to_dict(self) -> dict[str, object]:
        """The report as plain data."""
        return asdict(self)


def recognise(path: Path, options: ImportOptions) -> Recognition:
    """The file's format and why. Raises FormatError naming the nearest and what is missing."""
    if options.mapping is not None:
        return recognising.by_mapping(path, options.mapping)
    if options.format is not None:
        return recognising.by_name(path, options.format)
    return recognising.by_columns(path)


def import_file(
    path: Path, lake: Lake, options: ImportOptions, progress: Progress | None = None
) -> ImportReport:
    """Merge a file into the lake and say what was done; a bad row goes to `failures`.

    `progress` is told the rows done and, where known, the rows in all. The same file imported
    twice changes nothing. Raises InputError, FormatError, MappingError, NotFoundError, StoreError.
    """
    started = time.monotonic()
    known = recognise(path, options)
    run = _Run(path.name, sha256_of(path), known, context_of(path, known.mapping, options), lake)
    for table in recognising.tables_in(path, known.mapping.explode):
        if not recognising.fits(known, table.header):
            run.pass_over(table)
            continue
        run.read_table(table, options, progress)
    run.tell_new()
    return run.report(time.monotonic() - started)


@dataclass(slots=True)
class _Run:
    """An import under way."""

    file: str
    sha256: str
    known: Recognition
    context: Context
    lake: Lake
    rows_read: int = 0
    rows_failed: int = 0
    rows_flagged: int = 0
    counts: dict[str, MergeCount] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    first: FirstKnown = field(default_factory=FirstKnown)

    def pass_over(self, table: Table) -> None:
        for _ in table.batches(10_000):
            pass
        self.notes.append(f"a table left out: {some(table.header)}")

    def read_table(self, table: Table, options: ImportOptions, progress: Progress | None) -> None:
        converter = Converter(self.context, table, self.file)
        if converter.unused:
            self.notes.append(f"columns left out: {some(converter.unused)}")
        summed: dict[str, Summed] = {}
        for made in converter.converted(options.batch_rows):
            self._take(made, summed)
            if progress is not None:
                progress(self.rows_read, table.total)
        for name, each in summed.items():
            self._merge_first(name, each.take())
        self.notes += converter.notes

    def tell_new(self) -> None:
        """Tell first orders from later ones, where the file does not say it itself."""
        if not _is_told_here(self.context.mapping):
            return
        known = [fmt.mapping for fmt in IMPORTERS.values() if _is_told_here(fmt.mapping)]
        names = sorted({each.name for each in (self.context.mapping, *known)})
        told = tell_new(self.lake, names)
        if told != MergeCount():
            self.notes.append(f"new or returning customer told for {told.updated:,} orders")

    def report(self, seconds: float) -> ImportReport:
        return ImportReport(
            without_mentions(plain(self.file)),
            self.sha256,
            self.known.format,
            self.known.why,
            self.rows_read,
            self.rows_failed,
            self.counts,
            tuple(dict.fromkeys(self.notes)),
            round(seconds, 3),
            self.rows_flagged,
        )

    def _take(self, made: Converted, summed: dict[str, Summed]) -> None:
        for name, rows in made.tables.items():
            if name in SUMMED:
                if name not in summed:
                    summed[name] = Summed(name)
                summed[name].add(rows)
            else:
                self._merge_first(name, rows)
        grain = self.context.mapping.grain
        of_file = (self.file, self.sha256, self.known.format)
        self._merge("failures", failure_rows(made.failures, grain, *of_file))
        self.rows_read += made.rows_read
        self.rows_failed += made.rows_failed
        self.rows_flagged += made.rows_flagged

    def _merge_first(self, name: str, rows: pa.Table) -> None:
        """Merge what the file says for the first time."""
        new = self.first.pass_on(name, rows)
        if name in SUMMED and new.num_rows < rows.num_rows:
            self.notes.append("several tables tell of the same days and links: the first counts")
        self._merge(name, new)
        if name == "touches":
            twice = days_twice(self.lake, new["day"].to_pylist())
            if twice:
                self.notes.append(
                    f"{twice:,} days stand in the lake by several sets of dimensions (links and "
                    "landing pages, say): their visits count twice; keep to one export"
                )

    def _merge(self, name: str, rows: pa.Table) -> None:
        if rows.num_rows:
            self.counts[name] = self.counts.get(name, MergeCount()) + self.lake.merge(name, rows)


def _is_told_here(mapping: Mapping) -> bool:
    """Whether first orders are told by the lake: the export names customers, but no new ones."""
    given = {*mapping.read, *mapping.constants}
    return mapping.grain == "orders" and "customer" in given and "is_new" not in given
