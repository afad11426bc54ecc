"""Which known export a file is, and why; or which is nearest, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.columns import match
from ingest.csv_source import csv_tables
from ingest.export_format import ExportFormat
from ingest.fields import REQUIRED
from ingest.formats import IMPORTERS
from ingest.mapping import Mapping, load_mapping
from ingest.record_sources import json_tables, jsonl_tables, parquet_tables
from ingest.sources import FileKind, Table, file_kind
from reelcast.errors import FormatError, InputError, MappingError

MAX_NAMED = 8


@dataclass(frozen=True, slots=True)
class Recognition:
    """A file's format, the columns that show it, and the mapping that reads it."""

    format: str
    why: str
    mapping: Mapping


def tables_in(path: Path, explode: str | None = None) -> Iterator[Table]:
    """The tables of a file of any kind."""
    kind = file_kind(path)
    if kind == "csv":
        return csv_tables(path)
    if kind == "parquet":
        return parquet_tables(path)
    return jsonl_tables(path, explode) if kind == "jsonl" else json_tables(path, explode)


def by_mapping(path: Path, given: Path | str) -> Recognition:
    """The file read by a mapping file. Raises MappingError naming the columns not found."""
    mapping = load_mapping(given, {name: known.mapping for name, known in IMPORTERS.items()})
    headers = []
    for table in _sampled(tables_in(path, mapping.explode)):
        headers.append(table.header)
        if not _lacks(mapping, table.header):
            found = match(mapping, table.header)
            why = f"mapping {mapping.name}: {len(found)} of its {len(mapping.read)} fields found"
            return Recognition(f"mapping:{mapping.name}", why, mapping)
    if not headers:
        raise FormatError(f"{path.name} holds no table (a header and rows): export it again")
    lacking = _lacks(mapping, headers[0])
    raise MappingError(
        f"mapping {mapping.name} does not fit {path.name}: no column for {', '.join(lacking)}; "
        f"the file has {_named(headers[0])}: correct `from` in the mapping"
    )


def by_name(path: Path, name: str) -> Recognition:
    """The file as a known export that is named. Raises FormatError naming the missing columns."""
    if name not in IMPORTERS:
        raise InputError(f"no format is called {name!r}: there are {', '.join(IMPORTERS)}")
    fmt, kind = IMPORTERS[name], file_kind(path)
    missing: list[str] = []
    refused: str | None = None
    for table in _sampled(tables_in(path)) if kind in fmt.files else ():
        refused = refused or fmt.refusal(table.header)
        missing = fmt.missing(table.header)
        if not missing:
            return Recognition(name, "as asked for; its columns are there", fmt.mapping)
    if refused is not None:
        raise FormatError(f"{path.name} cannot be read as {fmt.title}: {refused}")
    said = f"columns {', '.join(missing)} are missing" if missing else f"it is a {kind} file"
    raise FormatError(f"{path.name} is no {fmt.title}: {said}; try `reelcast import auto`")


def by_columns(path: Path) -> Recognition:
    """The known export whose marks the file bears. Raises FormatError naming the nearest."""
    kind = file_kind(path)
    tables = []
    for table in _sampled(tables_in(path)):
        tables.append(table)
        fitting = [fmt for fmt in IMPORTERS.values() if _fits(fmt, kind, table)]
        if fitting:
            best = max(fitting, key=lambda fmt: len(fmt.marks))
            marks = ", ".join(_seen(best, table.header))
            return Recognition(best.name, f"{best.title}: has columns {marks}", best.mapping)
    raise _unknown(path, kind, tables)


def fits(recognition: Recognition, header: Sequence[str]) -> bool:
    """Whether a table of the file is one that the recognised format reads."""
    known = IMPORTERS.get(recognition.format)
    if known is not None:
        return not known.missing(header)
    return not _lacks(recognition.mapping, header)


def _fits(fmt: ExportFormat, kind: FileKind, table: Table) -> bool:
    return kind in fmt.files and not fmt.missing(table.header) and fmt.fits_row(table.first_row)


def _seen(fmt: ExportFormat, header: Sequence[str]) -> list[str]:
    there = {name.strip().casefold() for name in header}
    return [next((m for m in mark if m.casefold() in there), mark[0]) for mark in fmt.marks]


def _sampled(tables: Iterator[Table]) -> Iterator[Table]:
    """The tables, the rows of each passed over."""
    for table in tables:
        yield table
        for _ in table.batches(10_000):
            pass


def _lacks(mapping: Mapping, header: Sequence[str]) -> list[str]:
    """Required fields, with the column each is read from, that the header does not give."""
    found = match(mapping, header)
    return [
        f"{name} (`from: {mapping.read[name].names[0]}`)" if name in mapping.read else name
        for name in REQUIRED[mapping.grain]
        if name not in {*found, *mapping.constants} and (name in mapping.read or name != "creator")
    ]


def _unknown(path: Path, kind: FileKind, tables: list[Table]) -> FormatError:
    for table in tables:
        for fmt in IMPORTERS.values():
            if kind in fmt.files and (said := fmt.refusal(table.header)) is not None:
                return FormatError(f"{path.name} cannot be read as {fmt.title}: {said}")
    if not any(table.header for table in tables):
        return FormatError(
            f"{path.name} holds no table (a header of two or more columns, and rows): "
            "export it again"
        )
    near = [fmt for fmt in IMPORTERS.values() if kind in fmt.files] or list(IMPORTERS.values())
    _, fmt, table = max(
        ((_share(fmt, table), fmt, table) for fmt in near for table in tables),
        key=lambda found: found[0],
    )
    missing = ", ".join(fmt.missing(table.header)) or "what its rows say"
    return FormatError(
        f"{path.name} is no known export. The nearest is {fmt.name} ({fmt.title}), but it lacks "
        f"the columns {missing}. It has {_named(table.header)}. {fmt.advice}Write a mapping "
        "(docs/importing.md) and give it with --mapping"
    )


def _share(fmt: ExportFormat, table: Table) -> float:
    """The share of the format's marks that are there, then the share of its fields."""
    fields = len(match(fmt.mapping, table.header)) / len(fmt.mapping.read)
    return 1 - len(fmt.missing(table.header)) / len(fmt.marks) + 0.01 * fields


def _named(header: Sequence[str]) -> str:
    more = f" and {len(header) - MAX_NAMED} more" if len(header) > MAX_NAMED else ""
    return ", ".join(header[:MAX_NAMED]) + more
