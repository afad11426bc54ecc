"""A body larger than allowed is refused before it is read, told or not told its length."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from api.limits import BodyLimit
from tests.api.doors import URL, problem

MB = 1_000_000


def test_ten_megabytes_are_refused(client: TestClient) -> None:
    answer = client.post(URL, content=b" " * 10 * MB)
    assert problem(answer, 413) == "the body is larger than 5,000,000 bytes: ask in parts"


def test_ten_megabytes_in_chunks_are_refused(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(10):
            yield b" " * MB

    assert "larger than 5,000,000 bytes" in problem(client.post(URL, content=chunks()), 413)


def test_a_small_body_in_chunks_is_answered(client: TestClient) -> None:
    answer = client.post(URL, content=iter([b'{"creators":', b' [{"posts": []}]}']))
    assert answer.status_code == 200


def test_a_body_of_just_the_limit_is_read(client: TestClient) -> None:
    body = b'{"creators": [{"posts": []}]}'
    assert client.post(URL, content=body.ljust(5 * MB)).status_code == 200
    assert client.post(URL, content=body.ljust(5 * MB + 1)).status_code == 413


class Chunks:
    """An endless body of chunks, counting how many are asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> Message:
        self.asked += 1
        return {"type": "http.request", "body": b"x" * 10, "more_body": True}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that sends back the body that it reads."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def sent_by(
    receive: Any, headers: list[tuple[bytes, bytes]], limit: int, path: str = "/v1/forecasts"
) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": headers}
    asyncio.run(BodyLimit(echo, limit, 10 * limit)(scope, receive, send))
    return sent


def test_an_endless_body_is_read_only_up_to_the_limit() -> None:
    chunks = Chunks()
    assert sent_by(chunks, [], 95)[0]["status"] == 413
    assert chunks.asked == 10


def test_a_told_length_above_the_limit_is_not_read_at_all() -> None:
    chunks = Chunks()
    assert sent_by(chunks, [(b"content-length", b"96")], 95)[0]["status"] == 413
    assert chunks.asked == 0


def test_chunks_reach_the_application_whole_and_in_order() -> None:
    messages = [
        {"type": "http.request", "body": b"one ", "more_body": True},
        {"type": "http.request", "body": b"two", "more_body": False},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    assert sent_by(receive, [], 95)[1]["body"] == b"one two"


async def one_body() -> Message:
    return {"type": "http.request", "body": b"x" * 500, "more_body": False}


def test_a_file_that_is_uploaded_may_be_larger_up_to_a_limit_of_its_own() -> None:
    path = "/_nicegui/client/1/upload/2"
    assert sent_by(one_body, [(b"content-length", b"500")], 95, path)[0]["status"] == 200
    assert sent_by(one_body, [(b"content-length", b"951")], 95, path)[0]["status"] == 413
