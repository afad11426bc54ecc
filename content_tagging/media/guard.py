"""Work on files in child processes that can be killed: one bad file ends in one typed error.

    with WorkerPool(settings, initializer=load_weights) as pool:
        futures = [pool.submit(read, path) for path in paths]
        for future in futures:
            future.result()  # or raises MediaError and its kinds, or what `read` raised

A worker that takes longer than `max_wall_s`, holds more than `max_memory_mb` or ends by itself is
replaced, and the others go on.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar

from content_tagging.media.memory import MEMORY_EXIT, refuse_leaps, watched
from content_tagging.media.threads import bound_threads, threads_of, workers_of
from reelcast.errors import MediaCrashError, MediaLimitError, ReelcastError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

P = ParamSpec("P")
T = TypeVar("T")
_failed_start: list[ReelcastError] = []  # in a worker: why its initializer gave up


class WorkerPool:
    """Processes that call functions on files, within the limits of the settings.

    `initializer` is called once in each new worker, with threads bounded already: load weights
    there. It and the functions must be importable by name. When the `with` block ends, pending
    work is finished; when it ends by an exception, workers are killed.
    """

    def __init__(
        self, settings: TaggingSettings, initializer: Callable[[], object] | None = None
    ) -> None:
        self.settings = settings
        self._pool = require("pebble").ProcessPool(
            max_workers=workers_of(settings),
            initializer=_start,
            initargs=(threads_of(settings), settings.max_memory_mb, initializer),
            context=multiprocessing.get_context("spawn"),
        )

    def submit(
        self,
        function: Callable[Concatenate[Path, P], T],
        path: Path,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """What `function(path, ...)` returns in a worker, or raises: its own errors,
        MediaLimitError (time, memory), MediaCrashError."""
        answer: Future[T] = Future()
        call = partial(function, path, *args, **kwargs)
        try:
            inner = self._pool.schedule(
                _work, (self.settings.max_memory_mb, call), timeout=self.settings.max_wall_s
            )
        except RuntimeError as exc:  # of a pool that broke down
            raise _broken_error(path) from exc
        inner.add_done_callback(partial(self._pass_on, answer, path))
        answer.add_done_callback(lambda given: inner.cancel() if given.cancelled() else None)
        return answer

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.close() if kind is None else self._pool.stop()
        self._pool.join()

    def _pass_on(self, answer: Future[Any], path: Path, inner: Future[Any]) -> None:
        if inner.cancelled() or not answer.set_running_or_notify_cancel():
            answer.cancel()
            return
        error = inner.exception()
        if error is None:
            answer.set_result(inner.result())
        else:
            answer.set_exception(self._typed(error, path))

    def _typed(self, error: BaseException, path: Path) -> BaseException:
        """Our error for what ended the work; an error that the function raised, as it is."""
        of = self.settings
        if isinstance(error, require("pebble").ProcessExpired):
            if error.exitcode == MEMORY_EXIT:
                return _memory_error(path, of.max_memory_mb)
            return MediaCrashError(
                f"{path}: the process that read it ended by itself (exit {error.exitcode}): the "
                "file is damaged in a way that its decoder does not survive; convert it, or leave "
                "it out"
            )
        if isinstance(error, TimeoutError):
            return MediaLimitError(
                f"{path}: not done after {of.max_wall_s:g} s: cut it shorter, or raise "
                "tagging.max_wall_s"
            )
        if isinstance(error, MemoryError):
            return _memory_error(path, of.max_memory_mb)
        return _broken_error(path) if isinstance(error, BrokenProcessPool) else error


def _memory_error(path: Path, max_mb: int) -> MediaLimitError:
    return MediaLimitError(
        f"{path}: needs more than {max_mb} MB of memory: make it smaller, or raise "
        "tagging.max_memory_mb"
    )


def _broken_error(path: Path) -> MediaCrashError:
    return MediaCrashError(
        f"{path}: not read, since the workers ended while they waited or started: see the log, "
        "and start again"
    )


def _start(threads: int, max_mb: int, initializer: Callable[[], object] | None) -> None:
    """Bound a new worker, then load what it needs; why that failed is said for each file."""
    bound_threads(threads)
    refuse_leaps(max_mb)
    if initializer is None:
        return
    try:
        initializer()
    except ReelcastError as exc:
        _failed_start.append(exc)


def _work(max_mb: int, call: Callable[[], T]) -> T:
    if _failed_start:
        raise _failed_start[0]
    with watched(max_mb):
        return call()
