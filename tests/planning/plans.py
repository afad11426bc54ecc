"""Plans of candidates whose forecasts are made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from inference.plan import Plan
from inference.plan_make import make_plan
from reelcast.records import ForecastRequest, ForecastResponse
from reelcast.rosters import RosterPlan
from tests.ledger.made import forecast, response, target
from tests.support import NOW

Ask = Callable[[ForecastRequest], ForecastResponse]


def asking(medians: dict[str, float]) -> Ask:
    """Answers with a forecast of the creator's median views and some likes, comments, shares."""

    def ask(request: ForecastRequest) -> ForecastResponse:
        made = []
        for person in request.creators:
            median = medians[str(person.creator_id)]
            counts = {"views": target(median), "likes": target(median / 20)}
            counts |= {"comments": target(median / 200), "shares": target(median / 200)}
            made.append(
                forecast(
                    post_at=request.brief.post_at or NOW,
                    creator_id=person.creator_id,
                    label=person.label,
                    horizon_days=request.brief.horizon_days,
                    targets=counts,
                )
            )
        return response(*made)

    return ask


MEDIANS = {"ana": 40_000.0, "ben": 20_000.0, "cem": 8_000.0, "dot": 3_000.0}
FEES = {"ana": 900.0, "ben": 300.0, "cem": 150.0, "dot": 40.0}


def asked(**others: Any) -> RosterPlan:
    """Four candidates with two slots each."""
    given: dict[str, Any] = {
        "budget": 1000,
        "candidates": [
            {"creator": {"creator_id": name}, "fee": FEES[name], "slots": 2} for name in MEDIANS
        ],
        "selling": {"brand": "Brindle"},
        "starts_at": NOW,
        "ends_at": NOW + timedelta(days=10),
        "draws": 1000,
        **others,
    }
    return RosterPlan.model_validate(given)


def plan_of(**others: Any) -> Plan:
    return make_plan(asked(**others), asking(MEDIANS), NOW)
