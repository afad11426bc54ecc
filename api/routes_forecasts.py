"""The routes of forecasts: asked most, so the quickest; the model behind them, and its health."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from api.bodies import json_body, read_json
from api.problems import RESPONSES
from inference.batching import Batcher
from inference.ledger_serving import Keeping
from inference.predictor import Predictor
from inference.serving import Serving
from reelcast.records import ForecastRequest, ForecastResponse

_LONG_BODY = 50_000  # bytes that take long enough to read to hold up the others


def add_forecast_routes(
    app: FastAPI, serving: Serving, keeping: Keeping, now: Callable[[], datetime]
) -> None:
    """Add POST /v1/forecasts, GET /v1/models/current and GET /health."""
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


def _answer(predictor: Predictor, keeping: Keeping, body: bytes, now: datetime) -> Response:
    """The response to a request that takes long, made off the event loop."""
    asked = read_json(ForecastRequest, body)
    answer = keeping.keep(asked, predictor.respond(asked, now), now)
    return Response(answer.model_dump_json(), media_type="application/json")
