"""The routes of the library: learnings, and what is usual."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import NOT_MODIFIED, tagged
from api.bodies import json_body, read_json
from api.problems import RESPONSES
from api.routes_jobs import Cursor, Limit
from measurement import learnings
from measurement.benchmarks import By, Usual, benchmarks
from measurement.learnings import Found, Learning
from reelcast.paging import page_of
from reelcast.records import Record
from reelcast.store import Lake

Id = Annotated[str | None, Query(max_length=200)]


class LearningPage(Record):
    """Learnings, best first, and the cursor of the next page."""

    items: tuple[Found, ...]
    total: int
    next_cursor: str | None


class LearningSaved(Record):
    """The finding's id, and whether it is new."""

    id: str
    is_new: bool


class Benchmarks(Record):
    """What is usual: quartiles of each metric in each group, with how many stand behind them."""

    items: tuple[Usual, ...]


def add_library_routes(app: FastAPI, lake: Lake, now: Callable[[], datetime]) -> None:
    """Add GET and POST /v1/learnings, and GET /v1/benchmarks."""
    kept = {**RESPONSES, **NOT_MODIFIED}

    @app.get("/v1/learnings", response_model=LearningPage, responses=kept)
    def list_learnings(
        request: Request,
        q: Annotated[str, Query(max_length=500, description="all words must be found")] = "",
        campaign_id: Id = None,
        post_id: Id = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Response:
        """Findings by their words, best first; without words the latest."""
        found = learnings.search(lake, q, campaign_id, (post_id,) if post_id else ())
        ranked = list(enumerate(found))
        page, following = page_of(ranked, lambda one: (float(one[0]),), limit, cursor)
        items = tuple(one for _, one in page)
        return tagged(request, LearningPage(items=items, total=len(found), next_cursor=following))

    @app.post(
        "/v1/learnings",
        response_model=LearningSaved,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(Learning)},
    )
    async def add_learning(request: Request) -> Response:
        """Save a finding with its evidence; the same one again changes nothing."""
        asked = read_json(Learning, await request.body())
        saved = await run_in_threadpool(learnings.add, lake, [asked], now())
        made = LearningSaved(id=asked.learning_id, is_new=bool(saved.inserted))
        return Response(made.model_dump_json(), media_type="application/json")

    @app.get("/v1/benchmarks", response_model=Benchmarks, responses=kept)
    def list_benchmarks(request: Request, by: By = "all", creator_id: Id = None) -> Response:
        """What is usual in each group of at least 5 posts, of all or of one creator's own."""
        return tagged(request, Benchmarks(items=tuple(benchmarks(lake, by, creator_id))))
