"""What stands before every route: keys, limits, other sites' pages, requests done once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from api.access import Access, KeyHolder, is_guarded
from api.idempotency import Idempotency
from api.limits import BodyLimit
from api.login import add_login
from api.origins import ForeignPages
from api.rates import Rates
from reelcast.database import database_url
from reelcast.idempotency import KeptAnswers
from reelcast.keys import KeyRing
from reelcast.settings import Settings

_FORM_BYTES = 100_000  # what a form holds beside its file


def add_guards(app: FastAPI, settings: Settings, now: Callable[[], datetime], host: str) -> None:
    """Add them, the innermost first; a server on loopback has no keys and no rates."""
    of = settings.api
    app.add_middleware(Idempotency, kept=KeptAnswers(database_url(settings)), now=now)
    with_form = of.max_upload_bytes + _FORM_BYTES
    app.add_middleware(BodyLimit, limit=of.max_body_bytes, upload_limit=with_form)
    if is_guarded(of, host):
        keys = KeyHolder(KeyRing(database_url(settings)))
        add_login(app, keys)
        app.add_middleware(Access, keys=keys, rates=Rates(of.requests_per_s, of.burst))
    app.add_middleware(ForeignPages, allowed=of.allow_origins)
    if of.allow_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=of.allow_origins,
            allow_methods=["*"],
            allow_headers=["authorization", "x-api-key", "content-type", "idempotency-key"],
            expose_headers=["etag", "location", "retry-after"],
        )
