from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from content_tagging.fix_list import PARTS, FixThresholds
from content_tagging.measures import MEASURES
from content_tagging.records import Tag

DOCS = Path(__file__).parents[2] / "docs"


def rows_of(page: str, heading: str) -> list[str]:
    """The first cell of each table row under a heading."""
    text = (DOCS / page).read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    lines = text.partition("\n## ")[0].splitlines()
    return [line.split("|")[1].strip().strip("`") for line in lines if line.startswith("|")]


def test_every_measure_is_documented_in_the_order_of_the_taxonomy() -> None:
    assert [name for name in rows_of("tagging.md", "Measures") if name in MEASURES] == list(
        MEASURES
    )


def test_every_part_of_the_fix_list_is_documented() -> None:
    assert [
        name for name in rows_of("creative.md", "4. The fix list") if name in PARTS.values()
    ] == [*PARTS.values()]


def test_every_threshold_of_the_fix_list_is_documented_with_its_default() -> None:
    text = (DOCS / "creative.md").read_text(encoding="utf-8")
    limits = FixThresholds()
    for field in fields(limits):
        value = getattr(limits, field.name)
        shown = f"{value:.0%}" if field.name.endswith("_share") else f"{value:g}"
        assert shown in text, field.name


def test_every_field_of_a_tag_is_documented() -> None:
    text = (DOCS / "tagging.md").read_text(encoding="utf-8")
    assert [name for name in Tag.model_fields if f"`{name}`" not in text] == []
