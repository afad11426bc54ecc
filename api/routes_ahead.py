"""The routes of what lies ahead: paths before posting, updates after it, campaigns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from api.bodies import add_asking
from inference.ahead import Ahead
from reelcast.plans import CampaignForecast, CampaignPlan
from reelcast.records import ForecastRequest
from reelcast.tracks import PathResponse, UpdateRequest, UpdateResponse


def add_ahead_routes(app: FastAPI, ahead: Ahead, now: Callable[[], datetime]) -> None:
    """Add POST /v1/trajectories, /v1/trajectories/update and /v1/campaigns/forecast."""
    paths, update, campaign = (
        (ForecastRequest, PathResponse),
        (UpdateRequest, UpdateResponse),
        (CampaignPlan, CampaignForecast),
    )
    add_asking(app, "/v1/trajectories", paths, ahead.paths, now)
    add_asking(app, "/v1/trajectories/update", update, ahead.update, now)
    add_asking(app, "/v1/campaigns/forecast", campaign, ahead.campaign, now)
