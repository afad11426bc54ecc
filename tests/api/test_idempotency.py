"""A POST with an Idempotency-Key is done once, however often it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.idempotency import Idempotency
from reelcast.errors import ConflictError
from reelcast.idempotency import KEPT_S, STUCK_S, KeptAnswer, KeptAnswers
from reelcast.settings import JobSettings
from tests.api.doors import client_of, problem, reelcast_of
from tests.support import NOW, fast_settings

VIDEO = b"RIFF not really"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = fast_settings(tmp_path_factory.mktemp("once"), jobs=JobSettings(workers=0))
    with client_of(settings) as serving:
        yield serving


def test_the_same_upload_again_gets_the_same_job(client: TestClient) -> None:
    reelcast = reelcast_of(client)
    first = reelcast.upload_content(("a.mp4", VIDEO), idempotency_key="one")
    again = reelcast.upload_content(("a.mp4", VIDEO), idempotency_key="one")
    other = reelcast.upload_content(("a.mp4", VIDEO), idempotency_key="two")
    assert first.job == again.job
    assert other.job.job_id != first.job.job_id


def test_a_kept_answer_says_so_and_keeps_its_headers(client: TestClient) -> None:
    answers = [
        client.post(
            "/v1/contents", files={"file": ("a.mp4", VIDEO)}, headers={"idempotency-key": "three"}
        )
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert "idempotent-replayed" not in answers[0].headers
    assert answers[1].headers["idempotent-replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(client: TestClient) -> None:
    headers = {"idempotency-key": "four"}
    client.post("/v1/contents", files={"file": ("a.mp4", VIDEO)}, headers=headers)
    other = client.post("/v1/contents", files={"file": ("a.mp4", b"other")}, headers=headers)
    assert "came with another body before" in problem(other, 409)


def test_a_request_that_was_refused_may_be_mended(client: TestClient) -> None:
    headers = {"idempotency-key": "five"}
    wrong = client.post("/v1/contents", files={"file": ("a.exe", VIDEO)}, headers=headers)
    right = client.post("/v1/contents", files={"file": ("a.mp4", VIDEO)}, headers=headers)
    assert (wrong.status_code, right.status_code) == (422, 202)


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_1_to_200_characters(client: TestClient, key: str) -> None:
    answer = client.post("/v1/forecasts", content=b"{}", headers={"idempotency-key": key})
    assert "Idempotency-Key has 1 to 200 characters" in problem(answer, 422)


@pytest.fixture
def kept(empty_database: str) -> Iterator[KeptAnswers]:
    opened = KeptAnswers(empty_database)
    yield opened
    opened.close()


ANSWER = KeptAnswer("f" * 64, 202, (("location", "/v1/jobs/j1"),), b'{"a": 1}')


def test_an_answer_is_kept_for_a_day(kept: KeptAnswers) -> None:
    assert kept.begin("k", NOW) is None
    kept.keep("k", ANSWER)
    assert kept.begin("k", NOW + timedelta(seconds=KEPT_S - 1)) == ANSWER
    assert kept.begin("k", NOW + timedelta(seconds=KEPT_S + 1)) is None


def test_a_request_at_work_is_not_done_twice(kept: KeptAnswers) -> None:
    kept.begin("k", NOW)
    with pytest.raises(ConflictError, match="still at work"):
        kept.begin("k", NOW)
    assert kept.begin("k", NOW + timedelta(seconds=STUCK_S + 1)) is None


def test_a_request_that_failed_is_forgotten(kept: KeptAnswers) -> None:
    kept.begin("k", NOW)
    kept.forget("k")
    assert kept.begin("k", NOW) is None


def test_a_bug_of_the_application_frees_the_key(kept: KeptAnswers) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("bug")

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: object) -> None:
        pass

    scope = {
        "type": "http", "method": "POST", "path": "/x", "query_string": b"",
        "headers": [(b"idempotency-key", b"k")],
    }  # fmt: skip
    guarded = Idempotency(broken, kept, lambda: NOW)
    for _ in range(2):
        with pytest.raises(KeyError):
            asyncio.run(guarded(scope, receive, send))  # type: ignore[arg-type]
