"""The web API: each route validates, calls one function of inference, and returns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

import reelcast
from api.bodies import add_schemas, json_body, read_json
from api.doors import Doors
from api.guards import add_guards
from api.problems import RESPONSES, add_problems
from api.routes_ahead import add_ahead_routes
from api.routes_campaigns import CampaignAsked, add_campaign_routes
from api.routes_contents import LabelsAsked, add_content_routes
from api.routes_creators import add_creator_routes
from api.routes_drafts import add_draft_routes
from api.routes_imports import add_import_routes
from api.routes_jobs import add_job_routes
from api.routes_ledger import Link, add_ledger_routes
from api.routes_library import add_library_routes
from api.routes_plans import CeilingsAsked, ChoiceAsked, add_plan_routes
from api.uploads import sweep
from api.work import ImportAsked
from inference.ahead import Ahead
from inference.batching import Batcher
from inference.compare_records import CompareRequest
from inference.ledger_serving import Keeping
from inference.planner import Planner
from inference.predictor import Predictor
from inference.serving import Renewal, Serving
from measurement.learnings import Learning
from reelcast.plans import CampaignPlan
from reelcast.records import ForecastRequest, ForecastResponse
from reelcast.rosters import RosterPlan
from reelcast.settings import Settings
from reelcast.tracks import UpdateRequest

RENEW_S = 30.0
_BODIES = (
    *(ForecastRequest, UpdateRequest, CampaignPlan, CompareRequest),
    *(Link, LabelsAsked, ImportAsked, CampaignAsked, Learning),
    *(RosterPlan, ChoiceAsked, CeilingsAsked),
)
_LONG_BODY = 50_000  # bytes that take long enough to read to hold up the others
_ABOUT = """
Forecasts what a creator's next post will do: quantiles with their measured coverage, the naive
baselines beside them, a data grade, and why. Errors are problem+json.
"""


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings, now: Callable[[], datetime] = _now, host: str = "127.0.0.1"
) -> FastAPI:
    """The application; the model loads when it starts and is renewed while it runs.

    `host` is the address that it will listen on: by default, callers need keys beyond loopback.
    """
    serving = Serving(settings)
    keeping = Keeping(settings)
    doors = Doors.of(settings, serving, keeping, now)
    doing = doors.doing

    def renew() -> None:
        serving.renew()
        keeping.refresh()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(serving.renew)
        await run_in_threadpool(keeping.start)
        renewal = Renewal(renew, RENEW_S)
        renewal.start()
        await run_in_threadpool(sweep, settings)
        doing.start()
        yield
        renewal.stop()
        await run_in_threadpool(doing.stop)
        await run_in_threadpool(keeping.stop)
        doors.close()

    app = FastAPIOffline(
        title="reelcast",
        version=reelcast.__version__,
        description=_ABOUT,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    add_guards(app, settings, now, host)
    add_problems(app)
    _add_routes(app, serving, keeping, now)
    add_ledger_routes(app, keeping, now)
    add_ahead_routes(app, Ahead(serving.current, keeping, keeping.ledger), now)
    add_draft_routes(app, doors.creative, now)
    add_job_routes(app, doing.queue, now)
    add_content_routes(app, settings, doing, now)
    add_creator_routes(app, doors.catalog)
    add_import_routes(app, settings, doing, now)
    add_campaign_routes(app, doors.lake, now)
    add_library_routes(app, doors.lake, now)
    add_plan_routes(app, settings, Planner(serving.current, keeping, keeping.ledger, settings), now)
    add_schemas(app, *_BODIES)
    app.state.doors = doors
    return app


def _answer(predictor: Predictor, keeping: Keeping, body: bytes, now: datetime) -> Response:
    """The response to a request that takes long, made off the event loop."""
    asked = read_json(ForecastRequest, body)
    answer = keeping.keep(asked, predictor.respond(asked, now), now)
    return Response(answer.model_dump_json(), media_type="application/json")


def _add_routes(
    app: FastAPI, serving: Serving, keeping: Keeping, now: Callable[[], datetime]
) -> None:
    batcher = Batcher(now)

    @app.post(
        "/v1/forecasts",
        response_model=ForecastResponse,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(ForecastRequest)},
    )
    async def forecasts(request: Request) -> Response:
        """Forecast the next post of one or many creators, from the lake or from posts given."""
        body = await request.body()
        predictor = serving.current()
        if len(body) > _LONG_BODY:
            return await run_in_threadpool(_answer, predictor, keeping, body, now())
        asked = read_json(ForecastRequest, body)
        if not predictor.is_quick(asked):
            return await run_in_threadpool(_answer, predictor, keeping, body, now())
        answer = keeping.keep(asked, await batcher.submit(predictor, asked), now())
        return Response(answer.model_dump_json(), media_type="application/json")

    # Asked most, and reads and writes its own JSON: it goes past the framework's dependencies.
    app.router.routes.insert(0, Route("/v1/forecasts", forecasts, methods=["POST"]))

    @app.get("/v1/models/current", responses=RESPONSES)
    async def current_model() -> dict[str, Any]:
        """The model card as data: what it learned from, how it was tested, where it fails."""
        return serving.current().card

    @app.get("/health")
    def health() -> dict[str, Any]:
        """Whether the server can forecast, with which model, and on which data."""
        return {**serving.health(), "ledger": keeping.health()}
