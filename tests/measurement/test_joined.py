"""Creator, creative and conversion stand in one table, as CSV and Parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from measurement.creative import tags_of
from measurement.joined import export, joined, write_joined
from measurement.run import measure
from reelcast.errors import InputError
from reelcast.store import Lake
from tests.measurement.conftest import START, SoldLake
from tests.support import table_of


@pytest.fixture(scope="module")
def table(spring: SoldLake) -> pa.Table:
    return joined(spring.lake, measure(spring.lake, "spring", spring.now))


def tagged(folder: Path) -> Lake:
    """A lake with one post whose video was tagged twice and corrected once."""
    lake = Lake(folder / "lake")
    lake.merge("post_contents", table_of("post_contents", [{"post_id": "p", "content_id": "c"}]))
    lake.merge("taggings", table_of("taggings", [{"content_id": "c", "version": "2"}]))
    tags = [
        ("1", 0, "hook", "listicle", True),
        ("2", 0, "hook", "question", False),
        ("2", 1, "hook", "how_to", True),
        ("2", 2, "format", "demo", True),
    ]
    rows = [
        {"content_id": "c", "version": v, "rank": r, "group": g, "label": name, "primary": first}
        for v, r, g, name, first in tags
    ]
    lake.merge("tags", table_of("tags", rows))
    fixed = {"content_id": "c", "group": "format", "corrected_at": START, "labels": ["haul"]}
    lake.merge("tag_corrections", table_of("tag_corrections", [fixed]))
    return lake


def test_there_is_a_row_per_post_with_views_and_orders(table: pa.Table) -> None:
    assert table.num_rows == 10
    assert table["views_1d"].null_count == 0
    assert {"orders_last_click", "orders_spike_low", "tags_hook"} <= set(table.column_names)


def test_rows_sum_to_the_campaigns_totals(table: pa.Table, spring: SoldLake) -> None:
    made = measure(spring.lake, "spring", spring.now).attribution
    for name in ("last_click", "promo_code", "reconciled", "spike"):
        total = made.method(name).total  # type: ignore[arg-type]
        assert total is not None
        assert sum(table[f"orders_{name}"].to_pylist()) == pytest.approx(total.orders)


def test_csv_and_parquet_hold_the_same(tmp_path: Path, spring: SoldLake, table: pa.Table) -> None:
    text, parquet = export(spring.lake, "spring", spring.now, tmp_path / "out")
    assert pyarrow.parquet.read_table(parquet) == table
    assert pyarrow.csv.read_csv(text)["orders_reconciled"].to_pylist() == pytest.approx(
        table["orders_reconciled"].to_pylist()
    )


def test_another_kind_of_file_is_refused(tmp_path: Path, spring: SoldLake) -> None:
    made = measure(spring.lake, "spring", spring.now)
    with pytest.raises(InputError, match="neither"):
        write_joined(spring.lake, made, tmp_path / "out.xls")


def test_tags_are_those_that_hold_with_the_primary_first_and_corrections_over_them(
    tmp_path: Path,
) -> None:
    shown, tags = tags_of(tagged(tmp_path), ["p", "q"])
    assert shown == {"p": "c"}
    assert tags["p"] == {"hook": ("how_to", "question"), "format": ("haul",)}
