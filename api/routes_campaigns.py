"""The routes of campaigns: kept, listed, attributed, measured, reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import NOT_MODIFIED, tagged, tagged_bytes
from api.bodies import json_body, read_json
from api.problems import RESPONSES
from api.routes_jobs import Cursor, Limit
from inference.documents_html import html_of
from inference.documents_pdf import pdf_of
from inference.reporting import report_of
from measurement import campaigns
from measurement.always_on import MONTHS, AlwaysOn, always_on
from measurement.attribute import attribute
from measurement.results import Attribution, CampaignMeasured
from measurement.run import measure
from reelcast.campaigns import Campaign
from reelcast.paging import page_of
from reelcast.records import Record
from reelcast.store import Lake

_MEDIA = {"html": "text/html", "pdf": "application/pdf"}
KEPT = {**RESPONSES, **NOT_MODIFIED}


class CampaignAsked(Campaign):
    """A campaign as agreed; what is left out follows from its type."""


class CampaignSaved(Record):
    """A campaign as it is kept now, and what was noted."""

    campaign: Campaign
    notes: tuple[str, ...] = Field(description="e.g. targets that stay as first set")


class CampaignPage(Record):
    """Campaigns in order of their start, and the cursor of the next page."""

    items: tuple[Campaign, ...]
    total: int
    next_cursor: str | None


def add_campaign_routes(app: FastAPI, lake: Lake, now: Callable[[], datetime]) -> None:
    """Add /v1/campaigns: kept, attributed, measured, reported; and GET /v1/always-on."""
    _add_kept(app, lake, now)
    _add_measured(app, lake, now)
    _add_months(app, lake, now)


def _add_kept(app: FastAPI, lake: Lake, now: Callable[[], datetime]) -> None:
    """Add what was agreed: list, keep, one."""

    @app.get("/v1/campaigns", response_model=CampaignPage, responses=KEPT)
    def list_campaigns(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """The lake's campaigns in order of their start."""
        found = campaigns.load_all(lake)
        page, following = page_of(
            found, lambda of: (of.starts_at.timestamp(), of.campaign_id), limit, cursor
        )
        made = CampaignPage(items=tuple(page), total=len(found), next_cursor=following)
        return tagged(request, made)

    @app.post(
        "/v1/campaigns",
        response_model=CampaignSaved,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(CampaignAsked)},
    )
    async def save_campaign(request: Request) -> Response:
        """Keep a campaign: objectives, targets, and the posts that are paid for."""
        asked = read_json(CampaignAsked, await request.body())
        saved = await run_in_threadpool(campaigns.save, lake, asked, now())
        stored = await run_in_threadpool(campaigns.load, lake, asked.campaign_id)
        made = CampaignSaved(campaign=stored, notes=tuple(saved.notes))
        return Response(made.model_dump_json(), media_type="application/json")

    @app.get("/v1/campaigns/{campaign_id}", response_model=Campaign, responses=KEPT)
    def get_campaign(request: Request, campaign_id: str) -> Response:
        """A campaign as it was agreed."""
        return tagged(request, campaigns.load(lake, campaign_id))


def _add_measured(app: FastAPI, lake: Lake, now: Callable[[], datetime]) -> None:
    """Add what a campaign brought: attribution, measures, report."""

    @app.get(
        "/v1/campaigns/{campaign_id}/attribution", response_model=Attribution, responses=RESPONSES
    )
    def get_attribution(campaign_id: str) -> Response:
        """Who brought the orders: methods side by side, each order once, and the range."""
        made = attribute(lake, campaign_id, now())
        return Response(made.model_dump_json(), media_type="application/json")

    @app.get(
        "/v1/campaigns/{campaign_id}/measures",
        response_model=CampaignMeasured,
        responses=RESPONSES,
    )
    def get_measures(campaign_id: str) -> Response:
        """What its posts did and brought, by creator, with targets and peers."""
        made = measure(lake, campaign_id, now())
        return Response(made.model_dump_json(), media_type="application/json")

    @app.get(
        "/v1/campaigns/{campaign_id}/report",
        response_class=Response,
        responses={**KEPT, 200: {"content": {media: {} for media in _MEDIA.values()}}},
    )
    def get_campaign_report(
        request: Request,
        campaign_id: str,
        format: Annotated[Literal["html", "pdf"], Query(description="html or pdf")] = "html",
    ) -> Response:
        """The report as a document, with what it finds; reading it changes nothing."""
        document = report_of(lake, measure(lake, campaign_id, now()))
        body = pdf_of(document) if format == "pdf" else html_of(document).encode()
        return tagged_bytes(request, body, _MEDIA[format])


def _add_months(app: FastAPI, lake: Lake, now: Callable[[], datetime]) -> None:
    """Add a brand's always-on view."""

    @app.get("/v1/always-on", response_model=AlwaysOn, responses=KEPT)
    def get_always_on(
        request: Request,
        brand: Annotated[str, Query(max_length=200, description="as its campaigns name it")],
        months: Annotated[int, Query(ge=1, le=120, description="this one included")] = MONTHS,
    ) -> Response:
        """A brand's revenue by creator, engagement and followers, month by month."""
        return tagged(request, always_on(lake, brand, now(), months))
