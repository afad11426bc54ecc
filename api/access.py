"""Who may ask for what: API keys with scopes, and how often. A server on loopback has no keys."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem
from api.rates import Rates
from reelcast.errors import AccessError, RateError, ReelcastError, ScopeError
from reelcast.keys import ApiKey, KeyRing, digest_of
from reelcast.settings import ApiSettings

log = logging.getLogger(__name__)

COOKIE = "reelcast_key"
PAGES = ("read", "forecast", "tag", "write")  # a page does all of these for who sees it
_FRESH_S = 5.0  # how long a look at the keys holds: a revoked one ends within it

_FORECASTS = ("/v1/forecasts", "/v1/trajectories", "/v1/comparisons", "/v1/campaigns/forecast")
# the first that a path begins with; what is not listed needs `write`, a GET `read`
SCOPE_OF_POST: dict[str, str] = {
    "/v1/plans/freeze": "write",
    **dict.fromkeys(_FORECASTS, "forecast"),
    "/v1/plans": "forecast",
    "/v1/contents": "tag",
}


def is_guarded(settings: ApiSettings, host: str) -> bool:
    """Whether callers need a key: as the settings say; `auto`: unless only this machine hears.

    >>> [is_guarded(ApiSettings(), host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0")]
    [False, False, False, True]
    """
    if settings.keys != "auto":
        return settings.keys == "required"
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def scopes_of(method: str, path: str) -> tuple[str, ...]:
    """The scopes that a request needs.

    >>> scopes_of("GET", "/v1/creators"), scopes_of("POST", "/v1/contents"), scopes_of("GET", "/")
    (('read',), ('tag',), ('read', 'forecast', 'tag', 'write'))
    """
    if path in ("/docs", "/redoc", "/openapi.json"):
        return ("read",)
    if not path.startswith("/v1/"):
        return PAGES
    if method in ("GET", "HEAD", "OPTIONS"):
        return ("read",)
    if method == "POST":
        for beginning, scope in SCOPE_OF_POST.items():
            if path == beginning or path.startswith(beginning + "/"):
                return (scope,)
    return ("write",)


class KeyHolder:
    """The valid keys, looked up again every few seconds."""

    def __init__(self, ring: KeyRing, clock: Callable[[], float] = time.monotonic) -> None:
        self._ring, self._clock = ring, clock
        self._valid: dict[str, ApiKey] = {}
        self._looked_s: float | None = None

    async def find(self, secret: str) -> ApiKey | None:
        """The valid key that this is, None where it is none."""
        now_s = self._clock()
        if self._looked_s is None or now_s - self._looked_s > _FRESH_S:
            self._valid = await run_in_threadpool(self._ring.valid)
            self._looked_s = now_s
        return self._valid.get(digest_of(secret))


class Access:
    """ASGI middleware: 401 without a valid key, 403 without the scope, 429 beyond the rate.

    A key comes as `Authorization: Bearer KEY`, as `X-API-Key`, or, from a browser, as a cookie that
    /login sets.
    """

    def __init__(
        self,
        app: ASGIApp,
        keys: KeyHolder,
        rates: Rates,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self._keys, self._rates, self._clock = app, keys, rates, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"] == "/health":
            await self.app(scope, receive, send)
            return
        try:
            await self._check(scope)
        except ReelcastError as exc:
            await _refuse(exc, scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _check(self, scope: Scope) -> None:
        """Raises AccessError, ScopeError, RateError; StoreError where keys cannot be read."""
        secret = _secret_in(scope)
        key = None if secret is None else await self._keys.find(secret)
        address = (scope.get("client") or ("unknown",))[0]
        wait_s = self._rates.wait_s(address if key is None else key.key_id, self._clock())
        if wait_s > 0:
            raise RateError(f"too many requests: ask again in {wait_s:.1f} s", wait_s)
        if scope["path"] == "/login":
            return
        if key is None:
            said = "this server needs an API key" if secret is None else "the API key is not valid"
            raise AccessError(
                f"{said}: send `Authorization: Bearer KEY`; `reelcast keys create` makes one"
            )
        needed = scopes_of(scope.get("method", "GET"), scope["path"])
        lacking = ", ".join(name for name in needed if not key.may(name))
        if lacking:
            raise ScopeError(f"the key {key.key_id} lacks the scope {lacking}: ask for one with it")


def _secret_in(scope: Scope) -> str | None:
    headers: dict[bytes, str] = {name: value.decode("latin-1") for name, value in scope["headers"]}
    kind, _, bearer = headers.get(b"authorization", "").partition(" ")
    if kind.lower() == "bearer" and bearer.strip():
        return bearer.strip()
    if b"x-api-key" in headers:
        return headers[b"x-api-key"].strip()
    try:
        cookie = SimpleCookie(headers.get(b"cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return None if cookie is None else str(cookie.value)


async def _refuse(error: ReelcastError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": error.title})
        return
    accepts = dict(scope["headers"]).get(b"accept", b"")
    if error.status == 401 and scope["method"] == "GET" and b"text/html" in accepts:
        await RedirectResponse("/login", 303)(scope, receive, send)
        return
    await problem(error)(scope, receive, send)
