"""Watches files in processes of this machine: the two tasks of a file run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from content_tagging.batch.outcomes import Asked, Failure, Heard, Looked, Watched, attempt
from content_tagging.batch.steps import listen_to, look_at
from content_tagging.media.guard import WorkerPool
from content_tagging.media.threads import workers_of
from reelcast.settings import TaggingSettings

AHEAD = 4  # files under way for each worker: none waits for work, and few wait in memory


class Tasks(NamedTuple):
    """The two tasks of a file: of (path, content_id, settings, cache folder)."""

    look: Callable[[Path, str, TaggingSettings, Path], Looked]
    listen: Callable[[Path, str, TaggingSettings, Path], Heard]


TASKS = Tasks(look_at, listen_to)


def watch_locally(
    asked: Iterable[Asked], settings: TaggingSettings, folder: Path, tasks: Tasks = TASKS
) -> Iterator[Watched | Failure]:
    """The outcome of each file, as they are done; `folder` is that of the step cache."""
    with WorkerPool(settings) as pool:
        yield from watch_in(pool, asked, folder, tasks)


def watch_in(
    pool: WorkerPool, asked: Iterable[Asked], folder: Path, tasks: Tasks = TASKS
) -> Iterator[Watched | Failure]:
    """The outcome of each file, as they are done, by the workers of a pool that stays."""
    most = AHEAD * workers_of(pool.settings)
    under_way: list[_Pair] = []
    for each in asked:
        arguments = (each.content_id, pool.settings, folder)
        looking = pool.submit(tasks.look, each.path, *arguments)
        listening = pool.submit(tasks.listen, each.path, *arguments)
        under_way.append(_Pair(each, looking, listening))
        while len(under_way) >= most:
            yield from _finished(under_way)
    while under_way:
        yield from _finished(under_way)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A file under way."""

    asked: Asked
    looking: Future[Looked]
    listening: Future[Heard]

    def done(self) -> bool:
        return self.looking.done() and self.listening.done()

    def watched(self) -> Watched:
        return Watched(
            content_id=self.asked.content_id,
            looked=self.looking.result(),
            heard=self.listening.result(),
        )


def _finished(under_way: list[_Pair]) -> Iterator[Watched | Failure]:
    """The outcomes of the files that are done, taken out of the list, after waiting for a task."""
    tasks: list[Future[Any]] = [
        task for pair in under_way for task in (pair.looking, pair.listening) if not task.done()
    ]
    wait(tasks, return_when=FIRST_COMPLETED)
    done = [pair for pair in under_way if pair.done()]
    for pair in done:
        under_way.remove(pair)
        yield attempt(pair.asked, pair.watched)
