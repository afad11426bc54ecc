"""Labels and measures of posts as columns, and where they are read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.panel import F64, I64
from inference.tagged import Read, posts_shown, read_of
from reelcast.errors import InputError, NotFoundError
from reelcast.store import Lake

MEASURE = "measure"
_SAID = 0.5  # from this probability on, a post counts as one with the label
_LABELS = ("post_id", "group", "label", "probability")
_MEASURES = ("post_id", "name", "value")


@dataclass(frozen=True, slots=True)
class Design:
    """Columns (n, k) with names (group, label, unit), and how many posts stand behind each."""

    values: F64
    names: list[tuple[str, str, str]]
    n_posts: I64
    n_creators: I64
    is_described: npt.NDArray[np.bool_]  # (n,) posts with any label or measure
    scales: list[tuple[float, float]]  # a measure's value that reads 0, and the step that reads 1

    def row(self, read: Read) -> F64:
        """The columns (k,) of a content that is read so, unknown measures at their mean."""
        chances = {(of.group, of.label): 0.0 for of in read.labels}
        for of in read.labels:
            chance = 1.0 if of.probability is None else of.probability
            chances[of.group, of.label] = max(chances[of.group, of.label], chance)
        found = np.zeros(len(self.names))
        for i, (group, label, _) in enumerate(self.names):
            center, scale = self.scales[i]
            value = read.measures.get(label) if group == MEASURE else None
            if group != MEASURE:
                found[i] = chances.get((group, label), 0.0)
            elif value is not None:
                found[i] = (value - center) / scale
        return found

    @property
    def groups(self) -> list[str]:
        return [group for group, _, _ in self.names]


@dataclass(frozen=True, slots=True)
class _Column:
    name: tuple[str, str, str]
    values: F64
    n_posts: int
    n_creators: int
    scale: tuple[float, float] = (0.0, 1.0)


def design_of(
    post_ids: Sequence[str],
    creator: I64,
    described: tuple[pa.Table, pa.Table | None],
    fewest: tuple[int, int],
) -> Design:
    """The columns of these posts (n,) whose label or measure has enough posts and creators."""
    at = {post_id: i for i, post_id in enumerate(post_ids)}
    labels, measures = described
    is_described = np.zeros(len(post_ids), bool)
    columns = _label_columns(labels, at, creator, is_described)
    if measures is not None:
        columns += _measure_columns(measures, at, creator, is_described)
    n_described = int(is_described.sum())
    kept = [
        column
        for column in columns
        if column.n_posts >= fewest[0]
        and column.n_creators >= fewest[1]
        and (column.name[0] == MEASURE or n_described - column.n_posts >= fewest[0])
    ]
    values = np.column_stack([c.values for c in kept]) if kept else np.zeros((len(post_ids), 0))
    return Design(
        values,
        [c.name for c in kept],
        np.array([c.n_posts for c in kept], np.int64),
        np.array([c.n_creators for c in kept], np.int64),
        is_described,
        [c.scale for c in kept],
    )


def _label_columns(
    labels: pa.Table, at: dict[str, int], creator: I64, is_described: npt.NDArray[np.bool_]
) -> list[_Column]:
    by_name: dict[tuple[str, str], F64] = {}
    for row in labels.select(_LABELS).to_pylist():
        i = at.get(row["post_id"])
        if i is None:
            continue
        is_described[i] = True
        column = by_name.setdefault((row["group"], row["label"]), np.zeros(len(at)))
        chance = 1.0 if row["probability"] is None else float(row["probability"])
        column[i] = max(column[i], chance)
    return [
        _Column((*name, "with it"), column, *_behind(column >= _SAID, creator))
        for name, column in sorted(by_name.items())
    ]


def _measure_columns(
    measures: pa.Table, at: dict[str, int], creator: I64, is_described: npt.NDArray[np.bool_]
) -> list[_Column]:
    by_name: dict[str, F64] = {}
    for row in measures.select(_MEASURES).to_pylist():
        i = at.get(row["post_id"])
        if i is None or row["value"] is None:
            continue
        is_described[i] = True
        by_name.setdefault(row["name"], np.full(len(at), np.nan))[i] = float(row["value"])
    return [
        _Column((MEASURE, name, unit), column, *_behind(known, creator), scale)
        for name, values in sorted(by_name.items())
        for column, known, unit, scale in [_scaled(values)]
        if column.any()
    ]


def _scaled(values: F64) -> tuple[F64, npt.NDArray[np.bool_], str, tuple[float, float]]:
    """A yes/no measure as it is, any other by its spread; unknown is the mean."""
    known = ~np.isnan(values)
    seen = values[known]
    if set(np.unique(seen)) <= {0.0, 1.0}:
        column = np.where(known, values - seen.mean(), 0.0)
        return column, values == 1.0, "yes, not no", (float(seen.mean()), 1.0)
    mean, spread = float(seen.mean()), float(seen.std()) or 1.0
    column = np.where(known, (values - mean) / spread, 0.0)
    return column, known, f"by {spread:.3g} more", (mean, spread)


def _behind(has: npt.NDArray[np.bool_], creator: I64) -> tuple[int, int]:
    return int(has.sum()), len(np.unique(creator[has]))


def described_in(lake: Lake) -> tuple[pa.Table, pa.Table]:
    """Labels and measures of the lake's posts whose video was tagged, as they are read now.

    Raises NotFoundError where no post is joined to a tagged video.
    """
    shown = posts_shown(lake)
    read = read_of(lake, list(shown.values()))
    described = {post: read[content] for post, content in shown.items() if content in read}
    if not described:
        raise NotFoundError(
            "no post is joined to a tagged video: run `reelcast tag --manifest FILE` with the "
            "columns path and post_id, or give a table of labels by --labels"
        )
    return tables_of(described)


def tables_of(described: Mapping[str, Read]) -> tuple[pa.Table, pa.Table]:
    """The tables of labels and of measures of these posts, as `design_of` takes them."""
    labels = [
        {"post_id": post, "group": of.group, "label": of.label, "probability": of.probability}
        for post, read in described.items()
        for of in read.labels
    ]
    measures = [
        {"post_id": post, "name": name, "value": value}
        for post, read in described.items()
        for name, value in read.measures.items()
    ]
    return _table(labels, _LABELS), _table(measures, _MEASURES)


def labels_in(path: Path) -> pa.Table:
    """The table of labels in a Parquet or CSV file: post_id, group, label, probability.

    Raises InputError where a column is missing, NotFoundError where there is no such file.
    """
    if not path.is_file():
        raise NotFoundError(f"no file {path}: give a table with {', '.join(_LABELS)}")
    table = _read(path)
    missing = [name for name in _LABELS[:3] if name not in table.column_names]
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}")
    if "probability" not in table.column_names:
        table = table.append_column("probability", pa.nulls(table.num_rows, pa.float64()))
    return table.select(_LABELS)


def _read(path: Path) -> pa.Table:
    import pyarrow.csv
    import pyarrow.parquet

    try:
        if path.suffix == ".parquet":
            return pyarrow.parquet.read_table(path)
        as_text = {name: pa.string() for name in _LABELS[:3]}
        convert = pyarrow.csv.ConvertOptions(column_types=as_text)
        return pyarrow.csv.read_csv(path, convert_options=convert)
    except pa.ArrowInvalid as exc:
        raise InputError(f"{path} is no table: {exc}") from exc


def _table(rows: list[dict[str, Any]], names: Sequence[str]) -> pa.Table:
    kinds = {"probability": pa.float64(), "value": pa.float64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    return pa.Table.from_pylist(rows, schema=schema)
