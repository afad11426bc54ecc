"""Refuses a body that is too large, before it is read into memory."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import too_large

UPLOADS = ("/_nicegui/client/",)  # beginnings of paths that take whole files


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
        length = dict(scope["headers"]).get(b"content-length", b"")
        limit = self.upload_limit if scope["path"].startswith(UPLOADS) else self.limit
        if length.isdigit():
            if int(length) > limit:
                await too_large(limit)(scope, receive, send)
            else:
                await self.app(scope, receive, send)
            return
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
