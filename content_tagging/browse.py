"""The contents of the lake to look through: searched, filtered by label, in pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from content_tagging.contents import corrections
from reelcast.paging import Key, page_of
from reelcast.records import Record
from reelcast.store import Lake

_ABOUT = ("content_id", "name", "caption", "brand", "product", "duration_s")
_READ = (*_ABOUT, "width_px", "height_px")
_TAG = ("content_id", "version", "rank", "group", "label", "probability", "primary")

Labels = dict[str, tuple[str, ...]]


class ContentRow(Record):
    """A content in one row: what it is, and its labels by group, the primary one first."""

    content_id: str
    name: str | None
    caption: str | None
    brand: str | None
    product: str | None
    duration_s: float | None
    width_px: int | None
    height_px: int | None
    labels: Labels
    taxonomy_version: str
    is_corrected: bool = Field(description="whether a person said some of its labels")


class ContentPage(Record):
    """Contents, and the cursor of the next page."""

    items: tuple[ContentRow, ...]
    total: int = Field(description="contents that fit, on all pages")
    next_cursor: str | None


def browse(
    lake: Lake,
    q: str | None,
    label: tuple[str, str] | None,
    limit: int,
    cursor: str | None,
) -> ContentPage:
    """The contents whose name, caption, brand or product holds the words, by name.

    `label`: those alone that have this label (group, label). Raises InputError for a wrong cursor.
    """
    rows = lake.read_columns("contents", list(_READ)).to_pylist()
    read = {row["content_id"]: row for row in _taggings(lake)}
    words = (q or "").strip().casefold()
    found = [row for row in rows if row["content_id"] in read and _has(row, words)]
    labels, corrected = _labels(lake, read)
    if label is not None:
        group, name = label
        found = [row for row in found if name in labels.get(row["content_id"], {}).get(group, ())]
    page, following = page_of(found, _key, limit, cursor)
    items = tuple(
        ContentRow(
            **row,
            labels=labels.get(row["content_id"], {}),
            taxonomy_version=read[row["content_id"]]["taxonomy_version"],
            is_corrected=row["content_id"] in corrected,
        )
        for row in page
    )
    return ContentPage(items=items, total=len(found), next_cursor=following)


def _taggings(lake: Lake) -> list[dict[str, Any]]:
    names = ["content_id", "version", "taxonomy_version"]
    rows: list[dict[str, Any]] = lake.read_columns("taggings", names).to_pylist()
    return rows


def _has(row: Mapping[str, Any], words: str) -> bool:
    texts = (row["name"], row["caption"], row["brand"], row["product"], row["content_id"])
    return not words or any(words in (text or "").casefold() for text in texts)


def _key(row: Mapping[str, Any]) -> Key:
    return ((row["name"] or "").casefold(), row["content_id"])


def _labels(
    lake: Lake, read: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Labels], set[str]]:
    """The labels of each content, corrections applied, and which contents were corrected."""
    tags = lake.read_columns("tags", list(_TAG)).to_pylist()
    tags = [tag for tag in tags if read.get(tag["content_id"], {}).get("version") == tag["version"]]
    tags.sort(key=lambda tag: (tag["content_id"], not tag["primary"], tag["rank"]))
    labels: dict[str, Labels] = {}
    for tag in tags:
        of_content = labels.setdefault(tag["content_id"], {})
        known = of_content.get(tag["group"], ())
        of_content[tag["group"]] = (*dict.fromkeys((*known, tag["label"])),)
    given = corrections(lake)
    for each in given:
        labels.setdefault(each.content_id, {})[each.group] = each.labels
    return labels, {each.content_id for each in given}
