"""Forecasts, responses and ledgers made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from features.panel import Panel, panel_from
from inference.ledger_freeze import freeze
from inference.ledger_store import Entry
from inference.quantiles import SCORES
from reelcast.records import (
    QUANTILE_COLUMNS,
    Brief,
    CreatorQuestion,
    Forecast,
    ForecastRequest,
    ForecastResponse,
    Grade,
    ModelName,
    TargetForecast,
)
from tests.support import NOW, table_of

MODEL = ModelName(
    created_at="2026-01-01T00:00:00+00:00",
    data_version="posts@1",
    code_version="0.1.0",
    history="as_of",
    hindsight=(),
    tested_posts=100,
)
CREATOR = "c0123456789abcdef"


def target(median: float = 1000.0, sd: float = 1.0) -> TargetForecast:
    """A log-normal forecast."""
    values = np.expm1(np.log1p(median) + SCORES * sd).tolist()
    return TargetForecast(
        quantiles=dict(zip(QUANTILE_COLUMNS, values, strict=True)),
        mean=median * float(np.exp(sd**2 / 2)),
        baselines={"last5_median": median},
    )


def forecast(post_at: datetime = NOW, **given: Any) -> Forecast:
    said: dict[str, Any] = {
        "creator_id": CREATOR,
        "label": "Ana Maria",
        "tier": "micro",
        "followers": 20_000,
        "n_history": 12,
        "horizon_days": 7.0,
        "post_at": post_at,
        "grade": Grade(grade="B", reason="12 posts"),
        "targets": {"views": target()},
        "measured_coverage": {"views": 0.8},
    }
    return Forecast(**{**said, **given})


def response(*forecasts: Forecast) -> ForecastResponse:
    return ForecastResponse(model=MODEL, forecasts=forecasts)


def asked(n: int = 1, person: CreatorQuestion | None = None, **brief: Any) -> ForecastRequest:
    one = person or CreatorQuestion(creator_id=CREATOR)
    return ForecastRequest(creators=(one,) * n, brief=Brief(horizon_days=7, **brief))


def entries_of(
    made: Forecast, at: datetime = NOW, changes: Sequence[dict[str, Any]] = (), **brief: Any
) -> list[Entry]:
    return freeze(asked(**brief), (MODEL, [made]), (at, "test"), "salt", changes)


def panel_with(posts: dict[str, datetime], counts: Sequence[tuple[str, float, int]]) -> Panel:
    """Posts of CREATOR by id, and their views: (post id, age in days, count)."""
    return panel_from(
        table_of(
            "posts",
            [
                {"post_id": name, "creator_id": CREATOR, "published_at": at}
                for name, at in posts.items()
            ],
        ),
        table_of(
            "post_observations",
            [
                {"post_id": name, "observed_at": posts[name] + timedelta(days=age), "views": views}
                for name, age, views in counts
            ],
        ),
        table_of("creator_observations", []),
    )
