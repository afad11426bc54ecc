"""The web API: each route validates, calls one function of inference, and returns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.concurrency import run_in_threadpool

import reelcast
from api.bodies import add_schemas
from api.doors import Doors
from api.guards import add_guards
from api.problems import add_problems
from api.routes_ahead import add_ahead_routes
from api.routes_campaigns import CampaignAsked, add_campaign_routes
from api.routes_contents import LabelsAsked, add_content_routes
from api.routes_creators import add_creator_routes
from api.routes_drafts import add_draft_routes
from api.routes_forecasts import add_forecast_routes
from api.routes_imports import add_import_routes
from api.routes_jobs import add_job_routes
from api.routes_ledger import Link, add_ledger_routes
from api.routes_library import add_library_routes
from api.routes_overrides import add_override_routes
from api.routes_plans import CeilingsAsked, ChoiceAsked, add_plan_routes
from api.uploads import sweep
from api.work import ImportAsked
from inference.ahead import Ahead
from inference.compare_records import CompareRequest
from inference.ledger_serving import Keeping
from inference.overrides import OverrideAsked
from inference.serving import Renewal, Serving
from measurement.learnings import Learning
from reelcast.plans import CampaignPlan
from reelcast.records import ForecastRequest
from reelcast.rosters import RosterPlan
from reelcast.settings import Settings
from reelcast.tracks import UpdateRequest

RENEW_S = 30.0
_BODIES = (
    *(ForecastRequest, UpdateRequest, CampaignPlan, CompareRequest),
    *(Link, LabelsAsked, ImportAsked, CampaignAsked, Learning, OverrideAsked),
    *(RosterPlan, ChoiceAsked, CeilingsAsked),
)
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
    doors = Doors.of(settings, Serving(settings), Keeping(settings), now)
    app = FastAPIOffline(
        title="reelcast",
        version=reelcast.__version__,
        description=_ABOUT,
        lifespan=lambda _: _running(doors),
        generate_unique_id_function=lambda route: route.name,
    )
    add_guards(app, settings, now, host)
    add_problems(app)
    _add_forecasting(app, doors)
    _add_data(app, doors)
    add_schemas(app, *_BODIES)
    app.state.doors = doors
    return app


def _running(doors: Doors) -> AbstractAsyncContextManager[None]:
    """What runs behind the routes, from the server's start to its end."""
    serving, keeping, doing = doors.serving, doors.keeping, doors.doing

    def renew() -> None:
        serving.renew()
        keeping.refresh()

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        await run_in_threadpool(serving.renew)
        await run_in_threadpool(keeping.start)
        renewal = Renewal(renew, RENEW_S)
        renewal.start()
        await run_in_threadpool(sweep, doors.settings)
        doing.start()
        yield
        renewal.stop()
        await run_in_threadpool(doing.stop)
        await run_in_threadpool(keeping.stop)
        doors.close()

    return running()


def _add_forecasting(app: FastAPI, doors: Doors) -> None:
    """Add the routes that ask the model, and those of what it said."""
    serving, keeping, now = doors.serving, doors.keeping, doors.now
    add_forecast_routes(app, serving, keeping, now)
    add_ledger_routes(app, keeping, now)
    add_ahead_routes(app, Ahead(serving.current, keeping, keeping.ledger), now)
    add_draft_routes(app, doors.creative, now)
    add_plan_routes(app, doors.settings, doors.planner, now)


def _add_data(app: FastAPI, doors: Doors) -> None:
    """Add the routes of what is brought in, kept, and measured of it."""
    settings, now = doors.settings, doors.now
    add_job_routes(app, doors.doing.queue, now)
    add_content_routes(app, settings, doors.doing, now)
    add_creator_routes(app, doors.catalog)
    add_override_routes(app, doors)
    add_import_routes(app, settings, doors.doing, now)
    add_campaign_routes(app, doors.lake, now)
    add_library_routes(app, doors.lake, now)
