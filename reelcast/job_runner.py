"""Runs jobs beside a server: a thread takes one, a child process of its own does the work.

The child can be killed, takes no time from the server's requests, and its memory goes with it. It
leads a process group, so that what it starts ends with it; it ends by itself where the server does.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from reelcast.errors import ReelcastError
from reelcast.jobs import JobProblem, JobQueue, Taken
from reelcast.plain import plain
from reelcast.settings import Settings

log = logging.getLogger(__name__)

Progress = Callable[[int, int | None], None]
Handler = Callable[[Settings, dict[str, Any], Progress], dict[str, Any]]
_LOOK_S = 1.0  # between looks for a job, where nobody said that there is one
_TELL_S = 0.3  # between two messages of a child's progress
_RETRY_S = 5.0  # after a failure of the database
_END_S = 5.0  # that a child has to end when it is asked to
_RAISED = 1  # how Python ends a process that raised what nobody caught
FAULT = "a fault of ours; the server's log says where"

Outcome = dict[str, Any] | JobProblem | None
Ended = tuple[Literal["ended", "lost", "stopped"], Outcome]


class JobRunner:
    """Threads that take jobs, from `start` to `stop`; `handlers` are importable, by kind."""

    def __init__(
        self, settings: Settings, queue: JobQueue, handlers: Mapping[str, Handler]
    ) -> None:
        self._settings, self._queue, self._handlers = settings, queue, dict(handlers)
        self._stopped = threading.Event()
        self._news = threading.Event()
        self._name = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}"
        self._threads = [
            threading.Thread(target=self._run, args=(f"{self._name}:{n}",), daemon=True)
            for n in range(settings.jobs.workers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look for a job at once."""
        self._news.set()

    def stop(self) -> None:
        """End the children; their jobs go back to the queue."""
        self._stopped.set()
        self._news.set()
        for thread in self._threads:
            thread.join(timeout=3 * _END_S)

    def _run(self, worker: str) -> None:
        while not self._stopped.is_set():
            try:
                taken = self._queue.take(worker, self._settings.jobs.lease_s, _now())
                if taken is not None:
                    self._work(taken, worker)
                    continue
            except ReelcastError as exc:
                log.warning("jobs cannot be taken, tried again: %s", exc)
                self._stopped.wait(_RETRY_S)
            self._news.wait(_LOOK_S)
            self._news.clear()

    def _work(self, taken: Taken, worker: str) -> None:
        if taken.kind not in self._handlers:
            known = ", ".join(self._handlers)
            detail = f"this release has no work of kind {taken.kind!r}: {known}"
            outcome = JobProblem(type="MismatchError", status=409, detail=detail)
            self._queue.end(taken.job_id, worker, _now(), outcome)
            return
        with _child_of(self._handlers[taken.kind], self._settings, taken) as (process, messages):
            how, came = self._follow(taken, worker, (process, messages))
        if how == "stopped":
            self._queue.release(taken.job_id, worker)
        elif how == "ended":
            self._queue.end(taken.job_id, worker, _now(), came)

    def _follow(self, taken: Taken, worker: str, child: tuple[BaseProcess, Connection]) -> Ended:
        """Keep the lease while the child works; what it came to."""
        process, messages = child
        lease_s = self._settings.jobs.lease_s
        progress: tuple[int, int | None] = (0, None)
        beaten = told = time.monotonic()
        news = False
        while True:
            if self._stopped.is_set():
                return "stopped", None
            try:
                if messages.poll(0.2):
                    said, *rest = messages.recv()
                    if said != "progress":
                        process.join(_END_S)
                        return "ended", _outcome(said, rest)
                    progress, news = (rest[0], rest[1]), True
            except (EOFError, OSError):
                process.join(_END_S)
                return "ended", _crash(process.exitcode)
            at = time.monotonic()
            if at - beaten > lease_s / 3 or (news and at - told > _TELL_S):
                answer = self._beat(taken, worker, lease_s, progress)
                if answer == "lost":
                    log.warning("job %s was taken over by another server", taken.job_id)
                    return "lost", None
                if answer == "cancelled":
                    return "ended", None
                beaten = told = at
                news = False

    def _beat(
        self, taken: Taken, worker: str, lease_s: float, progress: tuple[int, int | None]
    ) -> Literal["go on", "cancelled", "lost"]:
        """As the queue says; while the database is down, the work goes on."""
        until = _now() + timedelta(seconds=lease_s)
        try:
            return self._queue.beat(taken.job_id, worker, until, progress)
        except ReelcastError as exc:
            log.warning("the lease of job %s cannot be renewed: %s", taken.job_id, exc)
            return "go on"


def _now() -> datetime:
    return datetime.now(UTC)


def _outcome(said: str, rest: list[Any]) -> dict[str, Any] | JobProblem:
    if said == "done":
        result: dict[str, Any] = rest[0]
        return result
    return JobProblem(type=rest[0], status=rest[1], detail=rest[2])


def _crash(exitcode: int | None) -> JobProblem:
    """Why the process ended without an answer; Python writes what it raised to standard error."""
    if exitcode == _RAISED:
        return JobProblem(type="ReelcastError", status=500, detail=FAULT)
    detail = (
        f"the process of the job ended by itself (exit {exitcode}): it may have run out of "
        "memory; ask again in smaller parts"
    )
    return JobProblem(type="ReelcastError", status=500, detail=detail)


@contextlib.contextmanager
def _child_of(handler: Handler, settings: Settings, taken: Taken) -> Any:
    """The child process and its messages; gone, with all that it started, at the end."""
    spawn = multiprocessing.get_context("spawn")
    messages, sending = spawn.Pipe(duplex=False)
    process = spawn.Process(
        target=_child, args=(handler, settings, taken.asked, sending), name=taken.job_id
    )
    process.start()
    sending.close()
    try:
        yield process, messages
    finally:
        _end(process)
        messages.close()


def _end(process: BaseProcess) -> None:
    """End the child's whole group, where any of it still runs; wait for the child."""
    pid = process.pid
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if pid is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, sign)
        if process.is_alive():
            process.terminate() if sign == signal.SIGTERM else process.kill()
            process.join(_END_S)
    process.close()


def _child(
    handler: Handler, settings: Settings, asked: dict[str, Any], sending: Connection
) -> None:
    """Do the work and say what came of it; this runs in a process of its own."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides what a ctrl-c ends
    threading.Thread(target=_end_with_server, daemon=True).start()
    told = 0.0

    def progress(done: int, total: int | None) -> None:
        nonlocal told
        if time.monotonic() - told > _TELL_S or done == total:
            told = time.monotonic()
            sending.send(("progress", done, total))

    try:
        sending.send(("done", handler(settings, asked, progress)))
    except ReelcastError as exc:
        sending.send(("failed", type(exc).__name__, exc.status, plain(str(exc))))


def _end_with_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os.killpg(0, signal.SIGKILL)
