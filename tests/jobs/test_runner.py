"""Jobs are run by processes that can be killed; whatever they do, the job's end is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reelcast.database import database_url
from reelcast.job_runner import JobRunner
from reelcast.jobs import Job, JobQueue
from reelcast.settings import JobSettings
from tests.jobs.work import HANDLERS
from tests.support import NOW, fast_settings

PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobQueue]:
    """A queue with two workers."""
    settings = fast_settings(tmp_path_factory.mktemp("jobs"), jobs=JobSettings(workers=2))
    opened = JobQueue(database_url(settings))
    runner = JobRunner(settings, opened, HANDLERS)
    runner.start()
    yield opened
    runner.stop()
    opened.close()


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def ended(queue: JobQueue, kind: str, **asked: Any) -> Job:
    job = queue.add(kind, asked, NOW)
    until(lambda: not queue.get(job.job_id).is_open)
    return queue.get(job.job_id)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_job_is_done(queue: JobQueue) -> None:
    job = ended(queue, "count", to=3)
    assert (job.status, job.result, job.attempts) == ("done", {"counted": 3}, 1)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("refuse", ("InputError", 422, "nothing can be done with this: give something else")),
        ("break_down", ("ReelcastError", 500, "a fault of ours; the server's log says where")),
        ("crash", ("ReelcastError", 500, "the process of the job ended by itself (exit 9)")),
        ("unheard", ("MismatchError", 409, "this release has no work of kind 'unheard'")),
    ],
)
def test_a_failure_is_told(queue: JobQueue, kind: str, kept: tuple[str, int, str]) -> None:
    job = ended(queue, kind)
    assert job.status == "failed"
    assert job.problem is not None
    assert (job.problem.type, job.problem.status) == kept[:2]
    assert job.problem.detail.startswith(kept[2])


def test_cancelling_ends_the_job_and_all_that_it_started(queue: JobQueue, tmp_path: Path) -> None:
    note = tmp_path / "note"
    job = queue.add("sleep", {"note": str(note)}, NOW)
    until(lambda: note.exists() and len(note.read_text().split()) == 2)
    until(lambda: queue.get(job.job_id).done == 1)
    pids = [int(pid) for pid in note.read_text().split()]
    queue.cancel(job.job_id, NOW)
    until(lambda: queue.get(job.job_id).status == "cancelled")
    until(lambda: not any(map(is_alive, pids)))


def test_stopping_the_server_gives_the_job_back_and_ends_its_process(tmp_path: Path) -> None:
    settings = fast_settings(tmp_path, jobs=JobSettings(workers=1))
    queue = JobQueue(database_url(settings))
    runner = JobRunner(settings, queue, HANDLERS)
    note = tmp_path / "note"
    job = queue.add("sleep", {"note": str(note)}, NOW)
    runner.start()
    until(lambda: note.exists() and len(note.read_text().split()) == 2)
    runner.stop()
    assert (queue.get(job.job_id).status, queue.get(job.job_id).attempts) == ("queued", 0)
    assert not any(is_alive(int(pid)) for pid in note.read_text().split())
    queue.close()
