"""Rows of a file that are one: an order of three items has three rows in a shop's export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ingest import values
from ingest.sources import Bad, Batch


def folded(
    batches: Iterable[Batch], key: str, wanted: set[str], listed: set[str]
) -> Iterator[Batch]:
    """The batches, in which rows next to each other with one cell in the column `key` are one row.

    Of the `wanted` columns the first known cell counts; the cells of the `listed` ones are put
    together. The last row of a batch waits for the next: its order may go on there.
    """
    held: Batch | None = None
    for batch in batches:
        whole = _narrow(batch, wanted | {key}) if held is None else _joined(held, batch)
        starts = _starts(whole.columns.get(key, ()))
        if not starts:
            yield Batch({}, [], batch.bad)
            continue
        yield _folded(whole, starts, listed, batch.bad)
        held = _rows(whole, starts[-1], len(whole.lines))
    if held is not None:
        yield _folded(held, [0, len(held.lines)], listed, [])


def _starts(keys: Sequence[object]) -> list[int]:
    """Where each order begins. A row without a key is one of its own."""
    return [row for row, key in enumerate(keys) if row == 0 or key != keys[row - 1] or not key]


def _folded(whole: Batch, starts: list[int], listed: set[str], bad: list[Bad]) -> Batch:
    """The orders that begin at all `starts` but the last."""
    several = [(at, a, b) for at, (a, b) in enumerate(pairwise(starts)) if b > a + 1]
    first = starts[:-1]
    columns: dict[str, Sequence[object]] = {}
    for name, cells in whole.columns.items():
        take = _all if name in listed else _first
        kept = [cells[row] for row in first]
        for at, a, b in several:
            kept[at] = take(cells[a:b])
        columns[name] = kept
    return Batch(columns, [whole.lines[row] for row in first], bad)


def _narrow(batch: Batch, wanted: set[str]) -> Batch:
    kept = {name: cells for name, cells in batch.columns.items() if name in wanted}
    return Batch(kept, batch.lines)


def _joined(held: Batch, batch: Batch) -> Batch:
    new = len(batch.lines)
    columns: dict[str, Sequence[object]] = {
        name: [*cells, *batch.columns.get(name, [None] * new)]
        for name, cells in held.columns.items()
    }
    return Batch(columns, [*held.lines, *batch.lines])


def _rows(batch: Batch, start: int, end: int) -> Batch:
    columns = {name: cells[start:end] for name, cells in batch.columns.items()}
    return Batch(columns, batch.lines[start:end])


def _first(cells: Sequence[object]) -> object:
    return next((cell for cell in cells if values.cell_text(cell) is not None), cells[0])


def _all(cells: Sequence[object]) -> object:
    return ", ".join(text for cell in cells if (text := values.cell_text(cell)))
