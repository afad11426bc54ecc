"""Tags openings without video: JSON lines in, JSON lines out, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from content_tagging.tags.answers import Answer
from content_tagging.tags.reading import Reading, reading_of_item
from content_tagging.tags.tagger import Tagger
from content_tagging.tags.taxonomy import ONE_ANSWER
from reelcast.errors import InputError, NotFoundError
from reelcast.records import Record
from reelcast.settings import Settings

BATCH = 1000
SHOWN_PROBABILITIES = ("hook", "format", "theme", "cta")
Progress = Callable[[int, int], None]


class Failure(Record):
    """A line that could not be read, and why."""

    line: int
    reason: str


class TextReport(Record):
    """What became of a file of items: read = tagged + failed."""

    read: int
    tagged: int
    failures: tuple[Failure, ...]
    version: str


def tag_items(
    path_in: Path, path_out: Path, settings: Settings, progress: Progress | None = None
) -> TextReport:
    """Tag `{id, caption, text_overlay, speech, duration_s}` lines; the report says which failed.

    Each line becomes `{id, hook, hooks, format, theme, cta, probabilities, abstained}`. `path_out`
    is written whole, at the end. Raises NotFoundError where there is no such file, or no
    folder to write to.
    """
    if not path_out.parent.is_dir():
        raise NotFoundError(f"there is no folder {path_out.parent}: make it, or name another")
    readings, failures = read_items(path_in)
    tagger = Tagger.from_settings(settings)
    draft = path_out.with_name(f"{path_out.name}.part")
    with draft.open("w", encoding="utf-8") as out:
        for at in range(0, len(readings), BATCH):
            part = readings[at : at + BATCH]
            for reading, answers in zip(part, tagger.answers(part), strict=True):
                out.write(json.dumps(answered(reading, answers), ensure_ascii=False) + "\n")
            if progress:
                progress(at + len(part), len(readings))
    draft.replace(path_out)
    return TextReport(
        read=len(readings) + len(failures),
        tagged=len(readings),
        failures=tuple(failures),
        version=tagger.version,
    )


def read_items(path: Path) -> tuple[list[Reading], list[Failure]]:
    """The readings of a file's lines, and the lines that are none; blank lines are no items."""
    readings, failures = [], []
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            reading = reading_of_item(_item(line))
            if reading.id in seen:
                raise InputError(f"id {reading.id!r} stands in line {seen[reading.id]} already")
        except InputError as exc:
            failures.append(Failure(line=number, reason=str(exc)))
            continue
        seen[reading.id] = number
        readings.append(reading)
    return readings, failures


def answered(reading: Reading, answers: dict[str, Answer]) -> dict[str, Any]:
    """A line of the answer: the best label of each group, all hooks and calls to action said, the
    probabilities, and the groups whose best label is not sure."""
    return {
        "id": reading.id,
        "hook": answers["hook"].labels[0],
        "hooks": list(answers["hook"].labels),
        "format": answers["format"].labels[0],
        "theme": answers["theme"].labels[0],
        "cta": list(answers["cta"].labels),
        "probabilities": {group: answers[group].probabilities for group in SHOWN_PROBABILITIES},
        "abstained": [group for group in ONE_ANSWER if answers[group].abstained],
    }


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except FileNotFoundError as exc:
        raise NotFoundError(f"there is no file {path}: give a file of JSON lines") from exc


def _item(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as exc:
        raise InputError(f"not JSON: {exc}") from exc
    if not isinstance(item, dict):
        raise InputError(f"a {type(item).__name__}, not an object with `id` and texts")
    return item
