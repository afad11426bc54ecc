"""What an import of a file would do, tried on its first rows in a lake of its own."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from ingest.run import ImportOptions, import_file, recognise
from reelcast.records import Record
from reelcast.store import Lake

ROWS = 2000
SHOWN = 10


class PreviewFailure(Record):
    """A cell or row that would not be used."""

    line: int | None
    column: str | None
    value: str | None
    reason: str | None


class Preview(Record):
    """What was recognised, and what the first rows would become."""

    format: str
    why: str
    rows_read: int = Field(description="rows tried")
    is_all: bool = Field(description="whether these are all rows of the file")
    tables: dict[str, int] = Field(description="rows that each table would have of them")
    posts: tuple[dict[str, str | None], ...] = Field(description="the first posts, as text")
    failures: tuple[PreviewFailure, ...] = Field(description="the first of them")
    failed: int = Field(description="cells and rows that would not be used")
    notes: tuple[str, ...] = Field(description="what would be assumed; known where all was tried")


class _Enough(Exception):
    """The first rows are read."""


def preview(path: Path, options: ImportOptions, rows: int = ROWS) -> Preview:
    """What an import of the file would do, judged by its first rows; the lake is left alone.

    Raises as `import_file` does for a file that cannot be imported.
    """
    known = recognise(path, options)
    notes: tuple[str, ...] = ()
    read = 0

    def count(done: int, total: int | None) -> None:
        nonlocal read
        read = done
        if done >= rows and (total is None or done < total):
            raise _Enough

    with tempfile.TemporaryDirectory() as folder:
        scratch = Lake(Path(folder) / "lake")
        try:
            done = import_file(path, scratch, replace(options, batch_rows=rows), count)
        except _Enough:
            is_all = False
        else:
            is_all, read, notes = True, done.rows_read, done.notes
        return _preview(scratch, (known.format, known.why), (read, is_all), notes)


def _preview(
    lake: Lake, known: tuple[str, str], read: tuple[int, bool], notes: tuple[str, ...]
) -> Preview:
    there = {name: lake.read(name) for name in lake.versions()}
    failures = there.pop("failures", None)
    bad = [] if failures is None else failures.sort_by("line").slice(0, SHOWN).to_pylist()
    posts = there["posts"].slice(0, SHOWN).to_pylist() if "posts" in there else []
    return Preview(
        format=known[0],
        why=known[1],
        rows_read=read[0],
        is_all=read[1],
        tables={name: table.num_rows for name, table in sorted(there.items())},
        posts=tuple(
            {name: None if cell is None else str(cell) for name, cell in row.items()}
            for row in posts
        ),
        failures=tuple(
            PreviewFailure(**{name: row[name] for name in PreviewFailure.model_fields})
            for row in bad
        ),
        failed=0 if failures is None else failures.num_rows,
        notes=notes,
    )
