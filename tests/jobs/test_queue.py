"""The table of jobs, on SQLite and on PostgreSQL: each job is one worker's at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from reelcast.errors import ConflictError, NotFoundError
from reelcast.jobs import MAX_ATTEMPTS, JobProblem, JobQueue
from tests.support import NOW

LEASE_S = 30.0
LATER = NOW + timedelta(seconds=LEASE_S + 1)


@pytest.fixture
def queue(empty_database: str) -> Iterator[JobQueue]:
    opened = JobQueue(empty_database)
    yield opened
    opened.close()


def test_a_new_job_waits(queue: JobQueue) -> None:
    job = queue.add("tag", {"path": "a.mp4"}, NOW)
    assert queue.get(job.job_id) == job
    assert (job.status, job.attempts, job.created_at) == ("queued", 0, NOW)


def test_an_unknown_job_is_not_found(queue: JobQueue) -> None:
    with pytest.raises(NotFoundError, match="no job 'j1'"):
        queue.get("j1")


def test_the_oldest_job_is_taken_first_and_once(queue: JobQueue) -> None:
    second = queue.add("tag", {}, NOW + timedelta(seconds=1))
    first = queue.add("tag", {"n": 1}, NOW)
    taken = [queue.take(f"w{n}", LEASE_S, NOW) for n in range(3)]
    assert [each and each.job_id for each in taken] == [first.job_id, second.job_id, None]
    assert taken[0] is not None
    assert taken[0].asked == {"n": 1}


def test_workers_that_take_at_once_take_different_jobs(queue: JobQueue) -> None:
    ids = {queue.add("tag", {}, NOW).job_id for _ in range(8)}
    taken: list[str] = []

    def take(worker: str) -> None:
        while (got := queue.take(worker, LEASE_S, NOW)) is not None:
            taken.append(got.job_id)

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(ids)


def test_a_job_is_free_when_its_lease_runs_out(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.take("dead", LEASE_S, NOW)
    assert queue.take("other", LEASE_S, NOW + timedelta(seconds=LEASE_S - 1)) is None
    again = queue.take("other", LEASE_S, LATER)
    assert again is not None
    assert queue.get(job.job_id).attempts == 2


def test_a_beat_keeps_the_lease_and_the_progress(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.take("one", LEASE_S, NOW)
    assert queue.beat(job.job_id, "one", LATER + timedelta(seconds=9), (3, 10)) == "go on"
    assert queue.take("other", LEASE_S, LATER) is None
    kept = queue.get(job.job_id)
    assert (kept.done, kept.total) == (3, 10)


def test_a_worker_whose_job_was_taken_over_keeps_nothing(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.take("slow", LEASE_S, NOW)
    queue.take("other", LEASE_S, LATER)
    assert queue.beat(job.job_id, "slow", LATER, (1, 1)) == "lost"
    assert not queue.end(job.job_id, "slow", LATER, {"by": "slow"})
    assert queue.end(job.job_id, "other", LATER, {"by": "other"})
    done = queue.get(job.job_id)
    assert (done.status, done.result, done.ended_at) == ("done", {"by": "other"}, LATER)


def test_a_problem_is_kept(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.take("one", LEASE_S, NOW)
    problem = JobProblem(type="MediaError", status=422, detail="no video")
    queue.end(job.job_id, "one", NOW, problem)
    failed = queue.get(job.job_id)
    assert (failed.status, failed.problem) == ("failed", problem)


def test_a_waiting_job_is_cancelled_at_once(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    assert queue.cancel(job.job_id, NOW).status == "cancelled"
    assert queue.take("one", LEASE_S, NOW) is None


def test_the_worker_of_a_running_job_is_told_to_stop(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.take("one", LEASE_S, NOW)
    assert queue.cancel(job.job_id, NOW).status == "running"
    assert queue.beat(job.job_id, "one", LATER, (0, None)) == "cancelled"
    queue.end(job.job_id, "one", NOW, None)
    assert queue.get(job.job_id).status == "cancelled"


def test_a_cancelled_job_of_a_dead_worker_is_not_taken_up(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.take("dead", LEASE_S, NOW)
    queue.cancel(job.job_id, NOW)
    assert queue.take("other", LEASE_S, LATER) is None
    assert queue.get(job.job_id).status == "cancelled"


def test_an_ended_job_cannot_be_cancelled(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.cancel(job.job_id, NOW)
    with pytest.raises(ConflictError, match="cancelled already"):
        queue.cancel(job.job_id, NOW)


def test_a_job_under_which_servers_end_again_and_again_is_given_up(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    at = NOW
    for attempt in range(MAX_ATTEMPTS):
        assert queue.take(f"w{attempt}", LEASE_S, at) is not None
        at += timedelta(seconds=LEASE_S + 1)
    assert queue.take("last", LEASE_S, at) is None
    failed = queue.get(job.job_id)
    assert failed.status == "failed"
    assert failed.problem is not None
    assert "the server ended 3 times" in failed.problem.detail


def test_a_released_job_waits_as_if_never_taken(queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    queue.take("one", LEASE_S, NOW)
    queue.release(job.job_id, "one")
    assert (queue.get(job.job_id).status, queue.get(job.job_id).attempts) == ("queued", 0)


def test_jobs_are_listed_newest_first_in_pages(queue: JobQueue) -> None:
    ids = [queue.add("tag", {}, NOW + timedelta(seconds=n)).job_id for n in range(3)]
    page = queue.latest(2)
    assert [job.job_id for job in page] == [ids[2], ids[1]]
    last = page[-1]
    rest = queue.latest(2, (last.created_at.timestamp(), last.job_id))
    assert [job.job_id for job in rest] == [ids[0]]
