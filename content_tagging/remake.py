"""Makes tags anew from stored signals: a changed taxonomy, tagger or head decodes no video again.

Tags made earlier stay under their version. A remake that is killed has changed nothing that is
read: the present version of a content is named last, and the next run goes on with the others.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from content_tagging.batch.outcomes import Asked, Failure, attempt
from content_tagging.contents import About, Tagging, about_in, keep_tags, signals_in
from content_tagging.media.threads import bound_threads
from content_tagging.reader import Reader, Unread
from reelcast.store import Lake

LOT = 500  # contents read, tagged and merged at once
Progress = Callable[[int, int | None], None]
_readers: list[Reader] = []  # in a worker: its own


@dataclass(frozen=True, slots=True)
class Remade:
    """What a remake did: contents whose tags were made anew, and those that had them."""

    made: int
    known: int
    failures: tuple[Failure, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Lot:
    """Contents read anew, and those that could not be."""

    taggings: tuple[Tagging, ...]
    failures: tuple[Failure, ...]


def remake(
    lake: Lake, load: Callable[[], Reader], workers: int, progress: Progress | None = None
) -> Remade:
    """Read measures and tags anew for each content that does not have those of the reader that
    `load` makes; more than one lot is read in `workers` processes, each with a reader of its own.
    """
    started = time.monotonic()
    reader = load()
    stale, known = _stale(lake, reader)
    done, failures = 0, list[Failure]()
    for lot in _read_all(lake, stale, reader, load, workers):
        keep_tags(lake, lot.taggings)
        failures += lot.failures
        done += len(lot.taggings) + len(lot.failures)
        if progress is not None:
            progress(done, len(stale))
    return Remade(done - len(failures), known, tuple(failures), time.monotonic() - started)


def _stale(lake: Lake, reader: Reader) -> tuple[list[str], int]:
    """Contents that this reader would read under another version, and how many others."""
    taggings = lake.read_columns("taggings", ["content_id", "version"]).to_pylist()
    present = {row["content_id"]: row["version"] for row in taggings}
    columns = ["content_id", "versions", *About.model_fields]
    rows = lake.read_columns("contents", columns).to_pylist()
    stale = [
        row["content_id"]
        for row in rows
        if present.get(row["content_id"])
        != reader.tags_version(json.loads(row["versions"]), about_in(row))
    ]
    return sorted(stale), len(rows) - len(stale)


def _read_all(
    lake: Lake, stale: Sequence[str], reader: Reader, load: Callable[[], Reader], workers: int
) -> Iterator[Lot]:
    """The contents in lots, in order."""
    lots = [stale[at : at + LOT] for at in range(0, len(stale), LOT)]
    if workers < 2 or len(lots) < 2:
        yield from (_read(lake, reader, lot) for lot in lots)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(lots)), spawn, _start, (load,)) as pool:
        yield from pool.map(partial(_read_in_worker, lake), lots)


def _start(load: Callable[[], Reader]) -> None:
    bound_threads(1)
    _readers.append(load())


def _read_in_worker(lake: Lake, content_ids: Sequence[str]) -> Lot:
    return _read(lake, _readers[0], content_ids)


def _read(lake: Lake, reader: Reader, content_ids: Sequence[str]) -> Lot:
    unread: list[Unread] = []
    failures: list[Failure] = []
    for row in lake.read_keys("contents", content_ids).to_pylist():
        asked = Asked(content_id=row["content_id"], path=Path(row["name"]))
        signals = attempt(asked, partial(signals_in, row))
        if isinstance(signals, Failure):
            failures.append(signals)
        else:
            versions = json.loads(row["versions"])
            unread.append(Unread(row["name"], about_in(row), signals, versions))
    read = tuple(content.tagging for content in reader.read(unread))
    return Lot(read, tuple(failures))
