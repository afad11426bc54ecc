"""Makes merges repeatable: of the rows of one key in a file, the first known values count."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reelcast.tables import TABLES

SUMMED = {
    "touches": (
        *("clicks", "sessions", "engaged_sessions", "engaged_s", "new_users"),
        *("conversions", "revenue"),
    ),
    "ad_days": ("spend", "impressions", "clicks", "conversions", "revenue"),
}


class FirstKnown:
    """Passes on only what an import says for the first time of a key.

    Without it a post whose caption changes between two batches would be rewritten at each import.
    It remembers one number per key: about 150 bytes a row.
    """

    def __init__(self) -> None:
        self._known: dict[str, dict[object, int]] = {}

    def pass_on(self, name: str, rows: pa.Table) -> pa.Table:
        """The rows whose key is new, or which know a column that was unknown; the rest is null."""
        spec = TABLES[name]
        others = [column for column in spec.schema.names if column not in spec.key]
        bits = np.zeros(rows.num_rows, np.int64)
        for position, column in enumerate(others):
            bits |= _valid(rows[column]).astype(np.int64) << position
        new, again = self._new_bits(name, _keys(rows, spec.key), bits)
        if not again.any():
            return rows
        for position, column in enumerate(others):
            shown = pa.array(~again | ((new >> position) & 1).astype(bool))
            at = rows.schema.get_field_index(column)
            nulls = pa.nulls(rows.num_rows, spec.schema.field(column).type)
            rows = rows.set_column(
                at, spec.schema.field(column), _choose(shown, rows[column], nulls)
            )
        return rows.filter(pa.array(~again | (new != 0)))

    def _new_bits(
        self, name: str, keys: list[object], bits: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Of each row the columns known for the first time, and whether its key was there."""
        known = self._known.setdefault(name, {})
        new, again = bits.copy(), np.zeros(len(keys), bool)
        for row, (key, mine) in enumerate(zip(keys, bits.tolist(), strict=True)):
            before = known.get(key)
            if before is None:
                known[key] = mine
            else:
                again[row] = True
                new[row] = mine & ~before
                known[key] = before | mine
        return new, again


class Summed:
    """The rows of a table added up by key: an export may split a link's day by device or city."""

    def __init__(self, name: str) -> None:
        self._spec, self._summed = TABLES[name], SUMMED[name]
        self._rows: pa.Table = self._spec.schema.empty_table()

    def add(self, rows: pa.Table) -> None:
        """Take more rows; only one of each key is held in memory."""
        names = [name for name in self._spec.schema.names if name not in self._spec.key]
        how = {name: "sum" if name in self._summed else "first" for name in names}
        known = pc.ScalarAggregateOptions(skip_nulls=True, min_count=1)
        grouped = pa.concat_tables([self._rows, rows]).group_by(
            list(self._spec.key), use_threads=False
        )
        made = grouped.aggregate([(name, how[name], known) for name in names])
        columns = [
            made[name if name in self._spec.key else f"{name}_{how[name]}"]
            for name in self._spec.schema.names
        ]
        made = pa.Table.from_arrays(columns, names=self._spec.schema.names)
        self._rows = made.cast(self._spec.schema)

    def take(self) -> pa.Table:
        """The sums, in order of the key; nothing stays behind."""
        rows = self._rows.sort_by([(name, "ascending") for name in self._spec.key])
        self._rows = self._spec.schema.empty_table()
        return rows


def _choose(shown: pa.Array, cells: pa.ChunkedArray, nulls: pa.Array) -> pa.Array:
    cells = cells.combine_chunks()
    if not pa.types.is_list(cells.type):
        return pc.if_else(shown, cells, nulls)
    rows = pc.if_else(shown, pa.array(range(len(cells)), pa.int64()), pa.scalar(None, pa.int64()))
    return cells.take(rows)


def _valid(cells: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(cells.combine_chunks().is_valid().to_numpy(zero_copy_only=False))


def _keys(rows: pa.Table, key: tuple[str, ...]) -> list[object]:
    plain = [
        rows[k].cast(pa.int64()) if pa.types.is_timestamp(rows[k].type) else rows[k] for k in key
    ]
    lists = [column.to_pylist() for column in plain]
    return lists[0] if len(lists) == 1 else list(zip(*lists, strict=True))
