"""The routes of creators: the list, and one with its history."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query, Request
from starlette.responses import Response

from api.answers import NOT_MODIFIED, tagged
from api.problems import RESPONSES
from api.routes_jobs import Cursor, Limit
from inference.catalog import Catalog, CreatorFilter, CreatorHistory, CreatorPage, SortBy, Tier
from reelcast.campaigns import Stage

Words = Annotated[
    str | None, Query(max_length=200, description="a handle, an id's beginning, or a niche")
]
Short = Annotated[str | None, Query(max_length=200)]


def add_creator_routes(app: FastAPI, catalog: Catalog) -> None:
    """Add GET /v1/creators and /v1/creators/{creator_id}."""

    @app.get("/v1/creators", response_model=CreatorPage, responses={**RESPONSES, **NOT_MODIFIED})
    def list_creators(
        request: Request,
        q: Words = None,
        platform: Short = None,
        tier: Tier | None = None,
        niche: Short = None,
        stage: Stage | None = None,
        sort: SortBy = "-followers",
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Response:
        """The lake's creators: searched, filtered, sorted."""
        asked = CreatorFilter(
            q=q, platform=platform, tier=tier, niche=niche, stage=stage, sort=sort
        )
        return tagged(request, catalog.page(asked, limit, cursor))

    @app.get(
        "/v1/creators/{creator_id}",
        response_model=CreatorHistory,
        responses={**RESPONSES, **NOT_MODIFIED},
    )
    def get_creator(
        request: Request,
        creator_id: str,
        posts: Annotated[int, Query(ge=0, le=2000, description="latest posts at most")] = 100,
    ) -> Response:
        """One creator with its posts' last counts and its followers over time."""
        return tagged(request, catalog.one(creator_id, posts))
