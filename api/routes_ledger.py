"""The ledger's routes: predicted against actual, links to posts, and the chain's proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.bodies import json_body, read_json
from api.problems import RESPONSES
from inference.ledger import LedgerReport
from inference.ledger_join import link
from inference.ledger_serving import Keeping
from reelcast.records import Record


class Link(Record):
    """Which post a forecast was about."""

    forecast_id: str = Field(max_length=100)
    post_id: str = Field(max_length=200, description="as the lake keeps it, e.g. tiktok:7700")


Hash = Annotated[
    str | None,
    Query(pattern="^[0-9a-f]{64}$", description="a last row's hash, noted earlier"),
]


def add_ledger_routes(app: FastAPI, keeping: Keeping, now: Callable[[], datetime]) -> None:
    """Add GET /v1/ledger, GET /v1/ledger/proof and POST /v1/ledger/links."""

    @app.get("/v1/ledger", response_model=LedgerReport, responses=RESPONSES)
    def ledger() -> LedgerReport:
        """Predicted against actual: coverage and bias by tier, window and format, and drift."""
        return keeping.report(now())

    @app.get("/v1/ledger/proof", responses=RESPONSES)
    def proof(expect: Hash = None) -> dict[str, str | int | None]:
        """Whether the ledger's chain of hashes holds and has the one expected; its last hash."""
        verdict = keeping.ledger.verify(expect)
        return {"rows": verdict.rows, "head": verdict.head, "fault": verdict.fault}

    @app.post(
        "/v1/ledger/links",
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(Link)},
    )
    async def links(request: Request) -> Response:
        """Say which post a forecast was about, where creator and posting time do not."""
        given = read_json(Link, await request.body())
        await run_in_threadpool(link, keeping.ledger, given.forecast_id, given.post_id, now())
        return Response(given.model_dump_json(), media_type="application/json")
