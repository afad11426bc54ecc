"""CSV tables: title lines, `sep=`, `#` comments, several tables in a file, broken rows."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from ingest.sources import Bad, Batch, Table, text_lines

SAMPLE_ROWS = 20
_PATH = re.compile(r"(?<=\S)/(?=\S)")  # author/fans is a path, source / medium a name


class Lines:
    """The lines of a file, of which the last ones taken can be put back."""

    def __init__(self, stream: Iterator[str]) -> None:
        self._stream = stream
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._stream)
        self.taken.append(line)
        self.number += 1
        return line

    def start_row(self) -> int:
        """Forget what was taken; the number of the line that comes next."""
        self.taken.clear()
        return self.number + 1

    def put_back(self, keep: int) -> None:
        """Put back all taken since the row's start but the first `keep` lines."""
        back = self.taken[keep:]
        self._waiting.extendleft(reversed(back))
        self.number -= len(back)
        del self.taken[keep:]


def csv_tables(path: Path) -> Iterator[Table]:
    """The file's tables, one after the other."""
    lines = Lines(text_lines(path))
    rows = csv.reader(lines, delimiter=_delimiter(lines), strict=True)
    while (header := _next_header(rows, lines)) is not None:
        yield _table(header, rows, lines)


def _table(header: list[str], rows: Iterator[list[str]], lines: Lines) -> Table:
    names = tuple(_PATH.sub(".", name.strip()) for name in header)
    first = _peek(rows, lines, len(names))

    def batches(size: int) -> Iterator[Batch]:
        return _batches(names, rows, lines, size)

    return Table(names, batches, dict(zip(names, first, strict=False)))


def _delimiter(lines: Lines) -> str:
    """The separator: as `sep=` says, else the commonest in the first lines."""
    taken = []
    for line in lines:
        taken.append(line)
        if line.lower().startswith("sep=") and len(line.strip()) == 5:
            return line.strip()[4]
        if len(taken) >= SAMPLE_ROWS:
            break
    lines.put_back(0)
    text = "".join(line for line in taken if not line.startswith("#"))
    return max(",;\t|", key=text.count)


def _next_header(rows: Iterator[list[str]], lines: Lines) -> list[str] | None:
    """The next row of two or more names: comments, titles and empty lines are passed over."""
    while True:
        lines.start_row()
        try:
            row = next(rows)
        except StopIteration:
            return None
        except csv.Error:
            lines.put_back(1)
            continue
        names = [cell for cell in row if cell.strip()]
        if len(names) >= 2 and not row[0].lstrip().startswith("#"):
            return row


def _peek(rows: Iterator[list[str]], lines: Lines, width: int) -> list[str]:
    """The first whole row, left in place."""
    lines.start_row()
    try:
        row = next(rows)
    except (StopIteration, csv.Error):
        row = []
    lines.put_back(0)
    return row if len(row) == width else []


def _batches(
    names: tuple[str, ...], rows: Iterator[list[str]], lines: Lines, size: int
) -> Iterator[Batch]:
    good: list[list[str]] = []
    at: list[int] = []
    bad: list[Bad] = []
    for line, row in _rows(rows, lines, len(names)):
        if isinstance(row, Bad):
            bad.append(row)
        else:
            good.append(row)
            at.append(line)
        if len(good) + len(bad) >= size:
            yield _batch(names, good, at, bad)
            good, at, bad = [], [], []
    if good or bad:
        yield _batch(names, good, at, bad)


def _batch(names: tuple[str, ...], good: list[list[str]], at: list[int], bad: list[Bad]) -> Batch:
    cells = list(zip(*good, strict=True)) if good else [()] * len(names)
    return Batch(dict(zip(names, cells, strict=True)), at, bad)


def _rows(
    rows: Iterator[list[str]], lines: Lines, width: int
) -> Iterator[tuple[int, list[str] | Bad]]:
    """The table's rows with their line; ends at a `#` line or the file's end.

    Where a row is broken, only its first line is given up: an unclosed quote may have swallowed
    the good rows below.
    """
    while True:
        line = lines.start_row()
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as exc:
            yield line, Bad(line, "", lines.taken[0].strip(), f"cannot be read as CSV: {exc}")
            lines.put_back(1)
            continue
        if len(row) == width + 1 and row[-1].strip().casefold() == "grand total":
            row = row[:-1]  # so Google Analytics marks the sum of all rows
        if len(row) == width:
            yield line, row
        elif row and row[0].lstrip().startswith("#"):
            return
        elif any(cell.strip() for cell in row):
            reason = f"has {len(row)} cells where the header has {width}"
            yield line, Bad(line, "", lines.taken[0].strip(), reason)
            lines.put_back(1)
