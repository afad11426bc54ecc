"""The routes of what lies ahead: paths before posting, updates after it, campaigns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.bodies import json_body, read_json
from api.problems import RESPONSES
from inference.ahead import Ahead
from reelcast.plans import CampaignForecast, CampaignPlan
from reelcast.records import ForecastRequest
from reelcast.tracks import PathResponse, UpdateRequest, UpdateResponse


def add_ahead_routes(app: FastAPI, ahead: Ahead, now: Callable[[], datetime]) -> None:
    """Add POST /v1/trajectories, /v1/trajectories/update and /v1/campaigns/forecast."""

    @app.post(
        "/v1/trajectories",
        response_model=PathResponse,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(ForecastRequest)},
    )
    async def trajectories(request: Request) -> Response:
        """Forecast the next post at 24 h, 72 h, 7 d and 30 d."""
        asked = read_json(ForecastRequest, await request.body())
        made = await run_in_threadpool(ahead.paths, asked, now())
        return Response(made.model_dump_json(), media_type="application/json")

    @app.post(
        "/v1/trajectories/update",
        response_model=UpdateResponse,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(UpdateRequest)},
    )
    async def update(request: Request) -> Response:
        """Forecast a post that is out from what it has counted, and warn where it runs off."""
        asked = read_json(UpdateRequest, await request.body())
        made = await run_in_threadpool(ahead.update, asked, now())
        return Response(made.model_dump_json(), media_type="application/json")

    @app.post(
        "/v1/campaigns/forecast",
        response_model=CampaignForecast,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(CampaignPlan)},
    )
    async def campaign(request: Request) -> Response:
        """Forecast a campaign's totals: P10, P50, P90, mean, and the chance of each goal."""
        plan = read_json(CampaignPlan, await request.body())
        made = await run_in_threadpool(ahead.campaign, plan, now())
        return Response(made.model_dump_json(), media_type="application/json")
