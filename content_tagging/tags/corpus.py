"""The project's own openings, with their labels: what the shipped heads learn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content_tagging.tags.reading import Reading, reading_of_item
from content_tagging.tags.taxonomy import GROUPS
from reelcast.errors import InputError

FOLDER = Path(__file__).parents[1] / "corpus"


@dataclass(frozen=True, slots=True)
class Example:
    """A reading with labels; a group that is not in `labels` is unknown.

    `primary` names the one answer of hook, format, theme; `labels` all that count.
    """

    reading: Reading
    labels: Mapping[str, tuple[str, ...]]
    weight: float = 1.0
    source: str = "corpus"


def load_corpus(folder: Path = FOLDER) -> list[Example]:
    """The examples of every file, by file name and line."""
    files = sorted(folder.glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [example_of(json.loads(line)) for line in lines]


def example_of(item: Mapping[str, Any]) -> Example:
    """The example of an item with its labels; the first of a group is the primary one."""
    labels = {}
    for group in GROUPS:
        given = item.get("hooks", item.get("hook")) if group == "hook" else item.get(group)
        if given:
            labels[group] = (given,) if isinstance(given, str) else tuple(given)
    if not labels:
        raise InputError(f"{item.get('id')} has no labels: {', '.join(GROUPS)}")
    return Example(reading=reading_of_item(item), labels=labels)


def corpus_sha256(folder: Path = FOLDER) -> str:
    """The sha256 over the files' names and bytes: what a manifest says it learned from."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.jsonl")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def themes_of(examples: Sequence[Example]) -> list[str]:
    """The first theme of each example, "" where unknown."""
    return [example.labels.get("theme", ("",))[0] for example in examples]
