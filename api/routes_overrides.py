"""The routes of what people decide about a creator, against the figures and beside them."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import NOT_MODIFIED, tagged
from api.bodies import json_body, read_json
from api.doors import Doors
from api.problems import RESPONSES
from api.routes_jobs import Cursor, Limit
from inference.overrides import KeptOverride, Override, OverrideAsked, decide
from reelcast.paging import page_of
from reelcast.records import Record


class OverridePage(Record):
    """A creator's overrides, the latest first, and the cursor of the next page."""

    items: tuple[KeptOverride, ...]
    total: int
    next_cursor: str | None


def add_override_routes(app: FastAPI, doors: Doors) -> None:
    """Add GET and POST /v1/creators/{creator_id}/overrides."""
    path = "/v1/creators/{creator_id}/overrides"

    @app.get(path, response_model=OverridePage, responses={**RESPONSES, **NOT_MODIFIED})
    def list_overrides(
        request: Request, creator_id: str, limit: Limit = 50, cursor: Cursor = None
    ) -> Response:
        """What people decided about a creator, with their reasons, the latest first."""
        found = doors.overrides.of(doors.catalog.row(creator_id).creator_id)
        page, following = page_of(
            found, lambda of: (-of.at.timestamp(), of.override_id), limit, cursor
        )
        made = OverridePage(items=tuple(page), total=len(found), next_cursor=following)
        return tagged(request, made)

    @app.post(
        path,
        response_model=KeptOverride,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(OverrideAsked)},
    )
    async def add_override(request: Request, creator_id: str) -> Response:
        """Keep a decision about a creator with its reason; the forecast stays as it is."""
        asked = read_json(OverrideAsked, await request.body())
        made = await run_in_threadpool(_decide, doors, creator_id, asked)
        return Response(made.model_dump_json(), media_type="application/json")


def _decide(doors: Doors, creator_id: str, asked: OverrideAsked) -> KeptOverride:
    known = doors.catalog.row(creator_id)
    given = Override(creator_id=known.creator_id, **asked.model_dump())
    return decide(doors.overrides, doors.keeping.ledger, given, doors.now())
