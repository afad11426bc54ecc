"""Which other sites' pages may ask: none, unless the settings name them."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem
from reelcast.errors import ScopeError

_SAFE = {"GET", "HEAD", "OPTIONS"}


class ForeignPages:
    """ASGI middleware: 403 for what another site's page sends with a visitor's browser.

    Such a page cannot read the answers, but it could post forms to a server on the same machine.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self.app, self._allowed = app, {origin.rstrip("/") for origin in allowed}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        acts = scope["type"] == "websocket" or scope.get("method") not in _SAFE
        if scope["type"] in ("http", "websocket") and acts and self._is_foreign(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            said = "a page of another site asks: name it in api.allow_origins if it may"
            await problem(ScopeError(said))(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_foreign(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is None:
            return False
        named = origin.decode("latin-1")
        host = headers.get(b"host", b"").decode("latin-1")
        return named not in self._allowed and urlsplit(named).netloc != host
