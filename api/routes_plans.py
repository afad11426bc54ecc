"""The routes of plans: a roster under a budget, what-if, frozen, and followed after launch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, Request
from pydantic import Field
from starlette.responses import Response

from api.answers import NOT_MODIFIED, tagged
from api.bodies import add_asking
from api.problems import RESPONSES
from api.routes_jobs import Cursor, Limit
from inference.plan_desk import PlanDesk
from inference.plan_store import find_plan, list_plans
from inference.planner import Planner
from reelcast.paging import page_of
from reelcast.records import Record
from reelcast.rosters import Ceiling, Chosen, Followed, FrozenPlan, Metric, RosterPlan, RosterTotals
from reelcast.settings import Settings

Name = Annotated[str, Field(max_length=200)]


class ChoiceAsked(Record):
    """A plan, the posts chosen by candidate, and fees that differ from the plan's."""

    plan: RosterPlan
    posts: dict[Name, Annotated[int, Field(ge=0, le=20)]] = Field(max_length=500)
    fees: dict[Name, Annotated[float, Field(ge=0, le=1e12)]] = Field(
        default_factory=dict, max_length=500
    )


class CeilingsAsked(Record):
    """A plan, and what one result may cost."""

    plan: RosterPlan
    metric: Metric = "views"
    cost_per_result: float = Field(gt=0, le=1e9)


class Ceilings(Record):
    """The highest fee of each candidate."""

    items: tuple[Ceiling, ...]


class PlanName(Record):
    """A frozen plan in a list."""

    plan_id: str
    name: str | None
    made_at: str


class PlanPage(Record):
    """Frozen plans, the latest first, and the cursor of the next page."""

    items: tuple[PlanName, ...]
    total: int
    next_cursor: str | None


def add_plan_routes(
    app: FastAPI, settings: Settings, planner: Planner, now: Callable[[], datetime]
) -> None:
    """Add /v1/plans: choose, totals, ceilings, frozen ones and how they go."""
    desk = PlanDesk(planner)

    def totals(asked: ChoiceAsked, at: datetime) -> RosterTotals:
        """What a choice of posts would bring, also under other fees."""
        return desk.totals(asked.plan, asked.posts, at, asked.fees)

    def ceilings(asked: CeilingsAsked, at: datetime) -> Ceilings:
        """The highest fee of each candidate at which a result costs as asked."""
        found = desk.ceilings(asked.plan, asked.metric, asked.cost_per_result, at)
        return Ceilings(items=tuple(found))

    def freeze(asked: ChoiceAsked, at: datetime) -> FrozenPlan:
        """Freeze a plan as decided: its posts' forecasts at each window are kept in the ledger."""
        return desk.freeze(asked.plan, asked.posts, at, asked.fees)

    add_asking(app, "/v1/plans", (RosterPlan, Chosen), desk.choose, now)
    add_asking(app, "/v1/plans/totals", (ChoiceAsked, RosterTotals), totals, now)
    add_asking(app, "/v1/plans/ceilings", (CeilingsAsked, Ceilings), ceilings, now)
    add_asking(app, "/v1/plans/freeze", (ChoiceAsked, FrozenPlan), freeze, now)
    _add_frozen(app, settings, planner, now)


def _add_frozen(
    app: FastAPI, settings: Settings, planner: Planner, now: Callable[[], datetime]
) -> None:
    kept = {**RESPONSES, **NOT_MODIFIED}

    @app.get("/v1/plans", response_model=PlanPage, responses=kept)
    def list_frozen_plans(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """Frozen plans, the latest first."""
        named = ("plan_id", "name", "made_at")
        found = [PlanName(**dict(zip(named, row, strict=True))) for row in list_plans(settings)]
        page, following = page_of(found, lambda one: (-_at(one), one.plan_id), limit, cursor)
        made = PlanPage(items=tuple(page), total=len(found), next_cursor=following)
        return tagged(request, made)

    @app.get("/v1/plans/{plan_id}", response_model=FrozenPlan, responses=kept)
    def get_plan(request: Request, plan_id: str) -> Response:
        """A frozen plan by its id, or the last one of this name."""
        return tagged(request, find_plan(settings, plan_id))

    @app.get("/v1/plans/{plan_id}/followed", response_model=Followed, responses=RESPONSES)
    def follow_plan(plan_id: str) -> Response:
        """A frozen plan against what was counted since: window by window, with early warnings."""
        made = planner.follow(plan_id, now())
        return Response(made.model_dump_json(), media_type="application/json")


def _at(plan: PlanName) -> float:
    return datetime.fromisoformat(plan.made_at).timestamp()
