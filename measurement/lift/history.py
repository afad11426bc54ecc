"""Outcomes by unit and day, from a CSV file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from reelcast.errors import FormatError, InputError

F64 = npt.NDArray[np.float64]
COLUMNS = ("unit", "day", "outcome")


def read_history(path: Path) -> F64:
    """Outcomes (n_days, n_units) of the days from the first to the last, zero where none is named.

    The file has the columns unit, day (2026-11-01) and outcome. Raises InputError where a unit has
    a day twice, or a value is missing.
    """
    table = _read(path)
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise InputError(f"{path.name} has no column {', '.join(missing)}: name unit, day, outcome")
    if any(table[name].null_count for name in COLUMNS):
        raise InputError(f"{path.name} has an empty unit, day or outcome: fill it, or drop the row")
    units = table["unit"].cast(pa.string()).combine_chunks().dictionary_encode()
    days = table["day"].cast(pa.int32()).to_numpy()
    at = (days - days.min(), units.indices.to_numpy())
    outcome = np.zeros((int(at[0].max()) + 1, len(units.dictionary)))
    counted = np.zeros_like(outcome)
    np.add.at(outcome, at, table["outcome"].to_numpy())
    np.add.at(counted, at, 1)
    if (counted > 1).any():
        unit = units.dictionary[int(np.argwhere(counted > 1)[0][1])]
        raise InputError(f"{path.name}: unit {unit} has a day twice: sum the rows of a day")
    return outcome


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    kinds = {"day": pa.date32(), "outcome": pa.float64()}
    try:
        table = pyarrow.csv.read_csv(
            path, convert_options=pyarrow.csv.ConvertOptions(column_types=kinds)
        )
    except pa.ArrowInvalid as exc:
        raise FormatError(
            f"{path.name} is no table of unit, day (2026-11-01), outcome: {exc}"
        ) from exc
    if not table.num_rows:
        raise InputError(f"{path.name} has no row")
    return table
