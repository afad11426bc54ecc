"""Refuses a body that is too large, before it is read into memory."""

from __future__ import annotations

import contextlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import too_large
from reelcast.errors import TooLargeError

# beginnings of paths that take whole files, which go to a disk as they come
UPLOADS = ("/_nicegui/client/", "/v1/contents", "/v1/imports")


class BodyLimit:
    """ASGI middleware: 413 where Content-Length or the bytes that come exceed `limit`.

    Where whole files are uploaded `upload_limit` stands in its place.
    """

    def __init__(self, app: ASGIApp, limit: int, upload_limit: int) -> None:
        self.app, self.limit, self.upload_limit = app, limit, upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        is_upload = path.startswith(UPLOADS[0]) or path in UPLOADS[1:]
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
