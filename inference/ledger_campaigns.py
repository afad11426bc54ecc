"""Campaigns in the ledger: totals as forecast, beside what their posts came to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from inference.ledger_store import Entry, canonical
from reelcast.plans import CampaignForecast
from reelcast.records import ModelName, Record

CAMPAIGN = "campaign"


class CampaignOutcome(Record):
    """A campaign's forecast total beside its actual one; all of its posts have been counted."""

    campaign_id: str | None
    made_at: str
    target: str
    posts: int
    p10: float
    p50: float
    p90: float
    mean: float
    actual: float
    held: bool


def campaign_entry(made: CampaignForecast, model: ModelName, now: datetime) -> Entry:
    """The ledger's entry of a campaign's totals; its posts' forecasts have entries of their own."""
    body: dict[str, Any] = {
        "made_at": now.isoformat(),
        "model": model.model_dump(mode="json"),
        **made.model_dump(mode="json", exclude={"parts"}),
        "parts": [
            {"forecast_id": part.forecast_id, "posts": part.posts, "creator_id": part.creator_id}
            for part in made.parts
        ],
        "creator_id": None,
    }
    digest = hashlib.sha256(canonical(body)).hexdigest()
    return Entry(CAMPAIGN, f"k{digest[:24]}", body)


def campaign_outcomes(entries: Sequence[Entry], actuals: Sequence[Entry]) -> list[CampaignOutcome]:
    """Of each campaign's last forecast whose posts, one a deliverable, were all counted.

    Where two deliverables were joined to one post its count is not taken twice: no outcome.
    """
    bodies = [entry.body for entry in actuals]
    actual = {(of["forecast_id"], of["target"]): (of["post_id"], of["count"]) for of in bodies}
    last = {(e.body["campaign_id"] or e.entry_id): e.body for e in entries}
    return [
        _outcome(body, target, total)
        for body in last.values()
        for target in body["totals"]
        if (total := _total(body, target, actual)) is not None
    ]


def _total(
    body: Mapping[str, Any], target: str, actual: Mapping[tuple[str, str], tuple[str, float]]
) -> float | None:
    if any(part["posts"] > 1 for part in body["parts"]):
        return None
    found = [actual.get((part["forecast_id"], target)) for part in body["parts"]]
    count_of_post = dict(each for each in found if each is not None)
    return sum(count_of_post.values()) if len(count_of_post) == len(found) else None


def _outcome(body: Mapping[str, Any], target: str, actual: float) -> CampaignOutcome:
    total = body["totals"][target]
    return CampaignOutcome(
        campaign_id=body["campaign_id"],
        made_at=body["made_at"],
        target=target,
        posts=body["posts"],
        p10=total["p10"],
        p50=total["p50"],
        p90=total["p90"],
        mean=total["mean"],
        actual=actual,
        held=total["p10"] <= actual <= total["p90"],
    )
