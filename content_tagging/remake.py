"""Makes tags anew from stored signals: a changed taxonomy, tagger or head decodes no video again.

Tags made earlier stay under their version. A remake that is killed has changed nothing that is
read: the present version of a content is named last, and the next run goes on with the others.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from content_tagging.batch.outcomes import Asked, Failure, attempt
from content_tagging.contents import keep_tags, signals_in
from content_tagging.reader import Reader, Unread
from reelcast.store import Lake

LOT = 1000  # contents read, tagged and merged at once
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Remade:
    """What a remake did: contents whose tags were made anew, and those that had them."""

    made: int
    known: int
    failures: tuple[Failure, ...]
    seconds: float


def remake(lake: Lake, reader: Reader, progress: Progress | None = None) -> Remade:
    """Read measures and tags anew for each content that does not have those of this reader."""
    started = time.monotonic()
    stale, known = _stale(lake, reader)
    failures: list[Failure] = []
    for at in range(0, len(stale), LOT):
        rows = lake.read_keys("contents", stale[at : at + LOT]).to_pylist()
        unread = list(_readable(rows, failures))
        keep_tags(lake, reader.read(unread))
        if progress is not None:
            progress(min(at + LOT, len(stale)), len(stale))
    made = len(stale) - len(failures)
    return Remade(made, known, tuple(failures), time.monotonic() - started)


def _stale(lake: Lake, reader: Reader) -> tuple[list[str], int]:
    """Contents that this reader would read under another version, and how many others."""
    taggings = lake.read_columns("taggings", ["content_id", "version"]).to_pylist()
    present = {row["content_id"]: row["version"] for row in taggings}
    rows = lake.read_columns("contents", ["content_id", "caption", "versions"]).to_pylist()
    stale = [
        row["content_id"]
        for row in rows
        if present.get(row["content_id"])
        != reader.tags_version(json.loads(row["versions"]), row["caption"])
    ]
    return sorted(stale), len(rows) - len(stale)


def _readable(rows: Sequence[dict[str, Any]], failures: list[Failure]) -> Iterator[Unread]:
    """The rows as the reader takes them; those of another release go to `failures`."""
    for row in rows:
        asked = Asked(content_id=row["content_id"], path=Path(row["name"]))
        signals = attempt(asked, partial(signals_in, row))
        if isinstance(signals, Failure):
            failures.append(signals)
        else:
            versions = json.loads(row["versions"])
            yield Unread(row["name"], row["caption"], signals, versions)
