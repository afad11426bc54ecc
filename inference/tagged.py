"""What the lake's tagged videos show: labels as they are read now, corrections applied."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content_tagging.contents import corrections
from reelcast.store import Lake

_COLUMNS = ("content_id", "version", "rank", "group", "label", "probability", "primary")


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a content; `probability` None: unknown, taken as certain."""

    group: str
    label: str
    probability: float | None
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Read:
    """How one content is read now: its labels, and its measures by name (None: unknown)."""

    labels: tuple[Label, ...]
    measures: Mapping[str, float | None]


def posts_shown(lake: Lake) -> dict[str, str]:
    """The content that each post shows, by the post's id."""
    rows = lake.read("post_contents").to_pylist()
    return {row["post_id"]: row["content_id"] for row in rows}


def read_of(lake: Lake, content_ids: Sequence[str]) -> dict[str, Read]:
    """How contents are read now, by id; those that were never tagged are left out."""
    wanted = set(content_ids)
    if not wanted:
        return {}
    present = {
        row["content_id"]: row
        for row in lake.read("taggings").to_pylist()
        if row["content_id"] in wanted
    }
    corrected: dict[str, dict[str, list[Label]]] = {}
    for said in corrections(lake):
        labels = [Label(said.group, of, 1.0, at == 0) for at, of in enumerate(said.labels)]
        corrected.setdefault(said.content_id, {})[said.group] = labels
    found: dict[str, list[Label]] = {content_id: [] for content_id in present}
    for row in lake.read_columns("tags", list(_COLUMNS)).sort_by("rank").to_pylist():
        of = present.get(row["content_id"])
        said_of = corrected.get(row["content_id"], {})
        if of is not None and of["version"] == row["version"] and row["group"] not in said_of:
            found[row["content_id"]].append(_label(row))
    for content_id, groups in corrected.items():
        if content_id in found:
            found[content_id] += [label for labels in groups.values() for label in labels]
    return {
        content_id: Read(tuple(labels), _measures(present[content_id]["measures"]))
        for content_id, labels in found.items()
    }


def primary_labels(lake: Lake, group: str) -> dict[str, str]:
    """The primary label of a group of each post whose video was tagged, by the post's id."""
    shown = posts_shown(lake)
    read = read_of(lake, list(shown.values()))
    primary = {
        content_id: label.label
        for content_id, of in read.items()
        for label in of.labels
        if label.group == group and label.is_primary
    }
    return {post: primary[content] for post, content in shown.items() if content in primary}


def _label(row: Mapping[str, Any]) -> Label:
    return Label(row["group"], row["label"], row["probability"], bool(row["primary"]))


def _measures(text: str | None) -> dict[str, float | None]:
    values = json.loads(text or "{}").items()
    return {name: None if value is None else float(value) for name, value in values}
