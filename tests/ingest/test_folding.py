"""Rows of one order become one, whatever batches they come in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from ingest.folding import folded
from ingest.sources import Batch

ROW = st.tuples(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), st.sampled_from("xy"))


def batches(rows: Sequence[tuple[str, str, str]], size: int) -> list[Batch]:
    """The rows of columns key, first and listed, in batches."""
    made = []
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        key, first, listed = zip(*part, strict=True)
        columns: dict[str, Sequence[object]] = {"key": key, "first": first, "listed": listed}
        made.append(Batch(columns, [*range(start, start + len(part))]))
    return made


@given(rows=st.lists(ROW, min_size=1, max_size=20), size=st.integers(1, 7))
def test_each_run_of_a_key_is_a_row_with_its_first_known_cells(
    rows: list[tuple[str, str, str]], size: int
) -> None:
    expected = []
    for key, run in groupby(rows, key=lambda row: row[0]):
        own = [*run]
        first = next((cell for _, cell, _ in own if cell), own[0][1])
        expected.append((key, first, ", ".join(cell for *_, cell in own)))
    found = [
        row
        for batch in folded(batches(rows, size), "key", {"first", "listed"}, {"listed"})
        for row in zip(*(batch.columns.get(c, ()) for c in ("key", "first", "listed")), strict=True)
    ]
    assert found == expected


@given(rows=st.lists(ROW, min_size=1, max_size=20), size=st.integers(1, 7))
def test_an_order_stands_where_its_first_row_does(
    rows: list[tuple[str, str, str]], size: int
) -> None:
    starts = [i for i, row in enumerate(rows) if i == 0 or rows[i - 1][0] != row[0]]
    made = folded(batches(rows, size), "key", {"first", "listed"}, {"listed"})
    assert [line for batch in made for line in batch.lines] == starts
