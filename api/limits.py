"""Refuses a body that is too large, before it is read into memory."""

from __future__ import annotations

import contextlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import too_large
from reelcast.errors import TooLargeError

UPLOADS = ("/v1/contents", "/v1/imports")  # paths whose bodies hold a file, and go to a disk
_FORM_BYTES = 100_000  # what a form holds beside its file


class BodyLimit:
    """ASGI middleware: 413 where Content-Length or the bytes that come exceed `limit`.

    The body of an upload may have `upload_limit` bytes and a form around them.
    """

    def __init__(self, app: ASGIApp, limit: int, upload_limit: int = 0) -> None:
        self.app, self.limit = app, limit
        self.upload_limit = upload_limit + _FORM_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_upload = scope.get("path") in UPLOADS
        limit = self.upload_limit if is_upload else self.limit
        length = dict(scope["headers"]).get(b"content-length", b"")
        if length.isdigit():
            if int(length) > limit:
                await too_large(limit)(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        elif is_upload:
            await self._counted(scope, receive, send)
        else:
            await self._chunked(scope, receive, send)

    async def _chunked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A body of unknown length: read it up to the limit, then hand it on."""
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > self.limit:
                await too_large(self.limit)(scope, receive, send)
                return
            if message["type"] != "http.request" or not message.get("more_body"):
                break

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self.app(scope, replay, send)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An upload of unknown length: handed on as it comes, until it is too much."""
        size, started = 0, False

        async def counting() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.upload_limit:
                raise TooLargeError("the upload is too large")
            return message

        async def sending(message: Message) -> None:
            nonlocal started
            if size <= self.upload_limit or started:
                started = True
                await send(message)

        with contextlib.suppress(TooLargeError):
            await self.app(scope, counting, sending)
        if size > self.upload_limit and not started:
            await too_large(self.upload_limit)(scope, receive, send)
