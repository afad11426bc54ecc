"""Imports a file: recognise, read in batches, convert, merge into the lake, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from ingest import recognition as recognising
from ingest.columns import Reader, unused
from ingest.mapping import Mapping
from ingest.merging import FirstKnown
from ingest.recognition import Recognition
from ingest.rows import Context, complete, tables_of, too_early, undated, unusable
from ingest.sources import Bad, Batch, Table, sha256_of
from ingest.times import date_in, year_in, zone_of
from ingest.values import caption
from reelcast.errors import InputError
from reelcast.store import Lake, MergeCount
from reelcast.tables import TABLES

VALUE_CHARS = 200
MAX_NAMED = 20
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is read. Only `salt`, the secret for hashing names, must be given.

    `format` is a registry name and `mapping` a YAML file or the name of a shipped one; without
    both the format is recognised. `creator` is the handle for exports of one's own account.
    `timezone` holds for times without a zone, `year` for dates without a year (that of the
    earliest date). A killed import loses at most one batch of `batch_rows` and can be run again.
    """

    salt: str
    format: str | None = None
    mapping: Path | str | None = None
    creator: str | None = None
    platform: str | None = None
    observed_at: datetime | None = None
    timezone: str = "UTC"
    year: int | None = None
    batch_rows: int = 50_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `rows_failed` counts rows left out; `notes` say what was assumed."""

    file: str
    file_sha256: str
    format: str
    why: str
    rows_read: int
    rows_failed: int
    tables: dict[str, MergeCount]
    notes: tuple[str, ...]
    seconds: float

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
    run = _Run(path.name, sha256_of(path), known, _context(path, known.mapping, options), lake)
    for table in recognising.tables_in(path, known.mapping.explode):
        if not recognising.fits(known, table.header):
            run.pass_over(table)
            continue
        run.read_table(table, options, progress)
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
    counts: dict[str, MergeCount] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    first: FirstKnown = field(default_factory=FirstKnown)

    def pass_over(self, table: Table) -> None:
        for _ in table.batches(10_000):
            pass
        self.notes.append(f"a table left out: {_some(table.header)}")

    def read_table(self, table: Table, options: ImportOptions, progress: Progress | None) -> None:
        zone = self.context.mapping.timezone or options.timezone
        reader = Reader(
            self.context.mapping, table.header, zone, options.salt, self.context.platform
        )
        self._note_columns(table, reader)
        for batch in table.batches(options.batch_rows):
            self._merge_batch(batch, reader)
            if progress is not None:
                progress(self.rows_read, table.total)

    def report(self, seconds: float) -> ImportReport:
        notes = tuple(dict.fromkeys(self.notes))
        return ImportReport(
            self.file,
            self.sha256,
            self.known.format,
            self.known.why,
            self.rows_read,
            self.rows_failed,
            self.counts,
            notes,
            round(seconds, 3),
        )

    def _note_columns(self, table: Table, reader: Reader) -> None:
        skipping = {*self.context.mapping.skip, *self.context.mapping.only}
        left = [n for n in unused(table.header, reader.found.values()) if n not in skipping]
        if left:
            self.notes.append(f"columns left out: {_some(left)}")

    def _merge_batch(self, batch: Batch, reader: Reader) -> None:
        self.rows_read += len(batch.lines) + len(batch.bad)
        wanted = _wanted(batch, self.context.mapping)
        fields, bad_cells = reader.read(wanted)
        self._note_assumptions(fields)
        rows = len(wanted.lines)
        fields = complete(fields, rows, self.context)
        undated(fields, _rows_of(bad_cells, reader.found.get("observed_at"), wanted.lines))
        bad_rows = unusable(fields, wanted.lines, reader.found, self.context)
        bad_cells += too_early(fields, wanted.lines)
        keep = [row for row in range(rows) if row not in bad_rows]
        made = tables_of(fields, keep, self.context.mapping)
        for name, merged in made.items():
            self._merge(name, self.first.pass_on(name, merged))
        named = {(bad.line, bad.column) for bad in bad_cells}
        missing = [bad for bad in bad_rows.values() if (bad.line, bad.column) not in named]
        self._merge("failures", self._failures([*batch.bad, *bad_cells, *missing]))
        self.rows_failed += len(batch.bad) + len(bad_rows)

    def _note_assumptions(self, fields: dict[str, list[object]]) -> None:
        """Note where the file's own time or a guessed year stands in for what the file lacks."""
        context, at = self.context, self.context.observed_at
        seen = fields.get("observed_at", [None])
        if context.observed_at_is_assumed and context.mapping.grain != "days" and None in seen:
            self.notes.append(
                f"counted at {at:%Y-%m-%d %H:%M} UTC, assumed from the file's name or its time: "
                "give --observed-at if that is wrong"
            )
        yearless = any(isinstance(cell, tuple) for cells in fields.values() for cell in cells)
        if yearless and context.year is None:
            self.notes.append(
                f"dates have no year: the last years before {at.date()} assumed (--year)"
            )

    def _merge(self, name: str, rows: pa.Table) -> None:
        if rows.num_rows:
            self.counts[name] = self.counts.get(name, MergeCount()) + self.lake.merge(name, rows)

    def _failures(self, bad: Sequence[Bad]) -> pa.Table:
        rows = [
            {
                "file_sha256": self.sha256,
                "line": each.line,
                "column": each.column,
                "file": self.file,
                "format": self.known.format,
                "value": _kept_value(each),
                "reason": each.reason,
            }
            for each in bad
        ]
        return pa.Table.from_pylist(rows, schema=TABLES["failures"].schema)


def _kept_value(bad: Bad) -> str | None:
    """The value without mentions and addresses; none of a whole row, which may hold names."""
    text = None if bad.value is None or not bad.column else caption(bad.value)
    return None if text is None else text[:VALUE_CHARS]


def _context(path: Path, mapping: Mapping, options: ImportOptions) -> Context:
    platform = options.platform or mapping.constants.get("platform")
    if platform is None:
        raise InputError(f"{path.name} names no platform: give --platform, e.g. tiktok")
    creator = options.creator or mapping.constants.get("creator")
    if creator is None and "creator" not in mapping.read:
        raise InputError(f"{path.name} names no account: give --creator with its handle, e.g. @me")
    return Context(
        mapping,
        options.salt,
        str(platform),
        None if creator is None else str(creator),
        _observed_at(path, mapping, options),
        (options.observed_at or mapping.constants.get("observed_at")) is None,
        options.year or year_in(path.name),
        zone_of(mapping.timezone or options.timezone),
    )


def _observed_at(path: Path, mapping: Mapping, options: ImportOptions) -> datetime:
    """When the counts were read: as told, as mapped, the name's date, else the file's time."""
    given = options.observed_at or mapping.constants.get("observed_at") or date_in(path.name)
    if given is None:
        return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    zone = zone_of(mapping.timezone or options.timezone)
    try:
        at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as exc:
        raise InputError(f"observed_at {given!r} is no time: write e.g. 2026-03-01T12:00Z") from exc
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _wanted(batch: Batch, mapping: Mapping) -> Batch:
    """The batch without the rows that the mapping skips."""
    if not (mapping.skip or mapping.only):
        return batch
    keep = [True] * len(batch.lines)
    for rules, stays in ((mapping.skip, False), (mapping.only, True)):
        for column, cells in rules.items():
            named = {str(cell).casefold() for cell in cells}
            for row, cell in enumerate(batch.columns.get(column, ())):
                keep[row] &= (str(cell).strip().casefold() in named) is stays
    rows = [row for row, wanted in enumerate(keep) if wanted]
    columns: dict[str, Sequence[object]] = {
        name: [cells[row] for row in rows] for name, cells in batch.columns.items()
    }
    return Batch(columns, [batch.lines[row] for row in rows], batch.bad)


def _rows_of(bad: list[Bad], sources: tuple[str, ...] | None, lines: list[int]) -> list[int]:
    """The positions of the rows whose cell in these columns is bad."""
    there = {each.line for each in bad if sources and each.column in sources}
    return [row for row, line in enumerate(lines) if line in there] if there else []


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - MAX_NAMED} more" if len(listed) > MAX_NAMED else ""
    return ", ".join(listed[:MAX_NAMED]) + more
