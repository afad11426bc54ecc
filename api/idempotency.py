"""POST requests with an Idempotency-Key are done once: the same again gets the kept answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem
from reelcast.errors import ConflictError, InputError, ReelcastError
from reelcast.idempotency import KeptAnswer, KeptAnswers

_KEPT = {"content-type", "location", "etag"}
_LONGEST = 200
_BOUNDARY = re.compile(rb'boundary="?([^";,]+)')
_MOST_BYTES = 1_000_000  # of an answer that is kept


class Idempotency:
    """ASGI middleware; requests without the header pass through untouched."""

    def __init__(self, app: ASGIApp, kept: KeptAnswers, now: Callable[[], datetime]) -> None:
        self.app, self._kept, self._now = app, kept, now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"idempotency-key")
        if given is None:
            await self.app(scope, receive, send)
            return
        try:
            await self._once(scope, receive, send, _key(scope, headers, given))
        except ReelcastError as exc:
            await problem(exc)(scope, receive, send)

    async def _once(self, scope: Scope, receive: Receive, send: Send, key: str) -> None:
        body = _Fingerprint(receive, dict(scope["headers"]).get(b"content-type", b""))
        known = await run_in_threadpool(self._kept.begin, key, self._now())
        if known is not None:
            await _replay(known, body)(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self.app(scope, body.receive, answer.send)
            await body.drain()
        finally:
            if answer.is_kept:
                made = KeptAnswer(body.hexdigest(), answer.status, answer.headers, answer.body)
                await run_in_threadpool(self._kept.keep, key, made)
            else:
                await run_in_threadpool(self._kept.forget, key)


def _key(scope: Scope, headers: dict[bytes, bytes], given: bytes) -> str:
    """The request's key: the caller's word, for this caller and path alone."""
    if not 0 < len(given) <= _LONGEST:
        raise InputError(f"Idempotency-Key has 1 to {_LONGEST} characters, e.g. a UUID")
    caller = headers.get(b"authorization") or headers.get(b"x-api-key") or b""
    parts = (caller, scope["path"].encode(), scope["query_string"], given)
    return hashlib.sha256(b"\n".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


async def _checked(known: KeptAnswer, body: _Fingerprint) -> None:
    await body.drain()
    if body.hexdigest() != known.fingerprint:
        raise ConflictError(
            "this Idempotency-Key came with another body before: use a new key for a new request"
        )


def _replay(known: KeptAnswer, body: _Fingerprint) -> ASGIApp:
    """The kept answer, where the body is the one that it was made for."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await _checked(known, body)
        headers = {**dict(known.headers), "Idempotent-Replayed": "true"}
        await Response(known.body, known.status, headers)(scope, receive, send)

    return answer


class _Fingerprint:
    """The sha256 of a body as it passes, without the boundary of a form, which is new each time."""

    def __init__(self, receive: Receive, content_type: bytes) -> None:
        self._receive = receive
        found = _BOUNDARY.search(content_type)
        self._boundary = found[1] if found else b""
        self._sha = hashlib.sha256()
        self._tail = b""
        self._ended = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._feed(message.get("body", b""))
            self._ended = not message.get("more_body", False)
        else:
            self._ended = True
        return message

    async def drain(self) -> None:
        """Read what nobody read."""
        while not self._ended:
            await self.receive()

    def hexdigest(self) -> str:
        whole = self._sha.copy()
        whole.update(self._tail)
        return whole.hexdigest()

    def _feed(self, chunk: bytes) -> None:
        if not self._boundary:
            self._sha.update(chunk)
            return
        text = (self._tail + chunk).replace(self._boundary, b"")
        keep = min(len(self._boundary) - 1, len(text))
        self._sha.update(text[: len(text) - keep])
        self._tail = text[len(text) - keep :]


class _Answer:
    """Passes an answer on and notes it, where it is a success and not too long."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.headers: tuple[tuple[str, str], ...] = ()
        self.body = b""
        self._ended = False

    @property
    def is_kept(self) -> bool:
        return self._ended and 200 <= self.status < 300 and len(self.body) <= _MOST_BYTES

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            named = ((k.decode("latin-1"), v.decode("latin-1")) for k, v in message["headers"])
            self.headers = tuple((name, value) for name, value in named if name.lower() in _KEPT)
        elif len(self.body) <= _MOST_BYTES:
            self.body += message.get("body", b"")
        if message["type"] == "http.response.body":
            self._ended = not message.get("more_body", False)
        await self._send(message)
