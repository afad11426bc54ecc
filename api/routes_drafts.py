"""The routes of drafts: comparisons, and what content goes with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from api.bodies import add_asking
from api.problems import RESPONSES
from inference.compare_records import CompareRequest, CompareResponse
from inference.creative import Creative, EffectsResponse
from reelcast.records import Target


def add_draft_routes(app: FastAPI, creative: Creative, now: Callable[[], datetime]) -> None:
    """Add POST /v1/comparisons and GET /v1/effects."""
    comparison = (CompareRequest, CompareResponse)
    add_asking(app, "/v1/comparisons", comparison, creative.compare, now)

    @app.get("/v1/effects", response_model=EffectsResponse, responses=RESPONSES)
    def effects(target: Target = "views") -> EffectsResponse:
        """What hook, format, theme, call to action and each measure go with, and how surely."""
        return creative.effects(target)
