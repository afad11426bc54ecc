"""The project's own openings, with their labels: what the shipped heads learn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content_tagging.tags.reading import Reading, reading_of_item
from content_tagging.tags.taxonomy import GROUPS
from reelcast.errors import InputError

FOLDER = Path(__file__).parents[1] / "corpus"
TOPIC_WEIGHT = 0.5  # a phrase, beside an opening's 1


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
    """The openings of every file, by file name and line, then the topics of themes."""
    files = sorted(folder.glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [*(example_of(json.loads(line)) for line in lines), *load_topics(folder)]


def load_topics(folder: Path = FOLDER) -> list[Example]:
    """What videos of each theme are about, as examples that have a theme and nothing else."""
    found = []
    for line in (folder / "topics.txt").read_text("utf-8").splitlines():
        theme, phrases = line.split(": ", 1)
        for at, phrase in enumerate(phrases.split("; ")):
            reading = Reading(id=f"topic-{theme}-{at}", caption=phrase)
            found.append(Example(reading, {"theme": (theme,)}, TOPIC_WEIGHT, source="topic"))
    return found


def example_of(item: Mapping[str, Any]) -> Example:
    """The example of an item with its labels; the first of a group is the primary one."""
    labels: dict[str, tuple[str, ...]] = {}
    for group in GROUPS:
        given = item.get(group) or ()
        labels[group] = (given,) if isinstance(given, str) else tuple(given)
    labels["hook"] = tuple(dict.fromkeys((*labels["hook"], *item.get("hooks", ()))))
    labels = {group: given for group, given in labels.items() if given}
    if not labels:
        raise InputError(f"{item.get('id')} has no labels: {', '.join(GROUPS)}")
    return Example(reading=reading_of_item(item), labels=labels)


def corpus_sha256(folder: Path = FOLDER) -> str:
    """The sha256 over the files' names and bytes: what a manifest says it learned from."""
    digest = hashlib.sha256()
    for file in sorted((*folder.glob("*.jsonl"), *folder.glob("*.txt"))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
