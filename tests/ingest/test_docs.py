"""docs/importing.md tells the truth."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import get_args

from ingest import IMPORTERS
from ingest.fields import KINDS, Kind
from ingest.mapping import Column, Mapping
from reelcast.store import Lake
from tests.ingest.samples import load_text, rows

TEXT = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")


def block(first: str) -> str:
    """The indented block that begins with `first`."""
    start = TEXT.index(f"    {first}")
    lines = TEXT[start:].split("\n")
    end = next(i for i, line in enumerate(lines) if line and not line.startswith("    "))
    return dedent("\n".join(lines[:end])).strip() + "\n"


def test_every_format_kind_and_key_is_documented() -> None:
    fields = {name for kinds in KINDS.values() for name in kinds}
    fields = {name for name in fields if not name.endswith(("_organic", "_paid"))}
    keys = {info.alias or name for name, info in Column.model_fields.items()}
    named = {*IMPORTERS, *get_args(Kind), *Mapping.model_fields, *keys, *fields - {"platform"}}
    assert sorted(name for name in named if f"`{name}`" not in TEXT) == []


def test_the_worked_example_imports(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "clips.yaml").write_text(block("about: Clips"))
    report = load_text(lake, tmp_path, block("clip;account"), mapping=tmp_path / "clips.yaml")
    assert (report.rows_failed, report.notes) == (0, ())
    post, seen = rows(lake, "posts")[0], rows(lake, "post_observations")
    assert (post["post_id"], post["hashtags"]) == ("lab:a1", ["fun", "food"])
    assert str(post["published_at"])[:16] == "2026-02-01 09:00"
    assert [(row["views"], row["likes"]) for row in seen] == [(304_900, 1_200), (2_900, 80)]


def test_the_worked_example_of_orders_imports(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "sales.yaml").write_text(block("about: Orders"), encoding="utf-8")
    report = load_text(lake, tmp_path, block("number;placed"), mapping=tmp_path / "sales.yaml")
    assert (report.rows_failed, report.rows_flagged) == (0, 0)
    found = {row["value"]: row for row in rows(lake, "orders")}
    assert sorted(found) == [18.5, 40.0]
    order = found[40.0]
    assert (str(order["at"])[:16], order["codes"]) == ("2026-09-01 08:00", ["FERN07"])
    assert (order["utm_source"], order["utm_content"]) == ("tiktok", "c1_1")
    assert found[18.5]["customer_hash"] is None
