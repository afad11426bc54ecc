"""Jobs over HTTP: listed, followed, cancelled; and taken up again by a server that was killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.client import ProblemError, Reelcast
from reelcast.database import database_url
from reelcast.jobs import JobQueue
from reelcast.settings import JobSettings, Settings
from reelcast.store import Lake
from tests.api.doors import client_of, ended, problem, reelcast_of
from tests.cli.command import FAST
from tests.cli.test_server import port_of
from tests.support import NOW, fast_settings
from tests.tagging.clips import Clip, write_clip


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an empty home whose server takes no jobs."""
    return fast_settings(tmp_path_factory.mktemp("idle"), jobs=JobSettings(workers=0))


@pytest.fixture(scope="module")
def client(idle: Settings) -> Iterator[TestClient]:
    with client_of(idle) as serving:
        yield serving


@pytest.fixture
def queue(idle: Settings) -> Iterator[JobQueue]:
    opened = JobQueue(database_url(idle))
    yield opened
    opened.close()


def test_jobs_are_listed_in_pages_newest_first(client: TestClient, queue: JobQueue) -> None:
    ids = [queue.add("tag", {}, NOW).job_id for _ in range(3)]
    reelcast, found, cursor = reelcast_of(client), [], None
    while True:
        page = reelcast.list_jobs(limit=2, cursor=cursor)
        found += [job.job_id for job in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert set(ids) <= set(found)
    assert len(found) == len(set(found))


def test_a_waiting_job_is_cancelled_once(client: TestClient, queue: JobQueue) -> None:
    reelcast, job = reelcast_of(client), queue.add("tag", {}, NOW)
    assert reelcast.cancel_job(job.job_id).status == "cancelled"
    with pytest.raises(ProblemError, match=r"409 .* is cancelled already"):
        reelcast.cancel_job(job.job_id)


def test_an_unknown_job_is_a_problem(client: TestClient) -> None:
    for answer in (client.get("/v1/jobs/j1"), client.get("/v1/jobs/j1/events")):
        assert "there is no job 'j1'" in problem(answer, 404)


@pytest.mark.parametrize("cursor", ["WzFd", "WyJhIiwiYiJd", "x"])
def test_a_cursor_of_another_list_is_refused(client: TestClient, cursor: str) -> None:
    answer = client.get("/v1/jobs", params={"cursor": cursor})
    assert "this list gave no such cursor" in problem(answer, 422)


def test_events_end_with_the_job(client: TestClient, queue: JobQueue) -> None:
    job = queue.add("tag", {}, NOW)
    while queue.get(job.job_id).status == "queued":  # those of other tests go before
        queue.take("w", 30, NOW)
    assert queue.end(job.job_id, "w", NOW, {"made": 1})
    with client.stream("GET", f"/v1/jobs/{job.job_id}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = list(answer.iter_lines())
    assert lines[0] == "event: job"
    assert json.loads(lines[1].removeprefix("data: "))["result"] == {"made": 1}


@contextmanager
def serving(home: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server of the home, as a process of its own."""
    variables = {
        **FAST,
        "REELCAST_HOME": str(home),
        "REELCAST_JOBS__LEASE_S": "5",
        "REELCAST_TAGGING__TRANSCRIBER": "none",
        "REELCAST_TAGGING__WORKERS": "1",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
            stdout=out, stderr=out, env={**os.environ, **variables},
        )  # fmt: skip
    try:
        yield process, port_of(process, log)
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_job_survives_the_kill_of_its_server_and_is_done_once(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "long.mp4", Clip(seconds=10.0, frames_per_s=30))
    home = tmp_path / "home"
    with serving(home, tmp_path / "first") as (process, port):
        reelcast = Reelcast(f"http://127.0.0.1:{port}")
        with clip.open("rb") as file:
            job_id = reelcast.upload_content(("long.mp4", file)).job.job_id
        until = time.monotonic() + 60
        while not (home / "cache" / "tagging").exists():  # a worker has begun to watch
            assert time.monotonic() < until, (tmp_path / "first").read_text()
            time.sleep(0.05)
        process.kill()
        process.wait()
        reelcast.close()
    with (
        serving(home, tmp_path / "second") as (_, port),
        Reelcast(f"http://127.0.0.1:{port}") as reelcast,
    ):
        assert reelcast.get_job(job_id).status == "running"
        seen = [job.status for job in reelcast.follow_job(job_id)]
        done = ended(reelcast, job_id)
    assert (done.status, done.attempts, seen[-1]) == ("done", 2, "done")
    lake = Lake(home / "lake")
    assert lake.read("contents").num_rows == 1
    assert lake.versions()["contents"] == 1  # made, then merged into once
