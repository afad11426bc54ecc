"""Freezes a plan: its chosen posts forecast at each window, all of it kept as it was decided."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

import numpy as np

from inference.campaign import Models, campaign_samples, requests_of, total_of
from inference.horizons import name_of
from inference.ledger_store import canonical
from inference.plan import Fees, Plan, totals
from inference.plan_make import planned_at
from reelcast.errors import InputError
from reelcast.plans import CampaignPlan, Deliverable, Total
from reelcast.records import Forecast, ForecastRequest, ForecastResponse
from reelcast.rosters import FrozenPlan, FrozenPost
from training.trajectories import WINDOWS_DAYS

Keep = Callable[[ForecastRequest, str], ForecastResponse]  # asked for a plan of this id, and kept


def freeze(
    plan: Plan,
    choice: Mapping[str, int],
    keep: Keep,
    now: datetime,
    models: Models | None = None,
    fees: Fees | None = None,
) -> FrozenPlan:
    """The plan as decided: each chosen post's forecasts at 24 h, 72 h, 7 d and 30 d are kept.

    Raises InputError where no post is chosen.
    """
    rows = np.flatnonzero(plan.posts_of(choice)).tolist()
    if not rows:
        raise InputError("no post is chosen: a plan without posts cannot be frozen")
    plan_id = _id(plan, choice, now)
    name = plan.asked.name or plan_id
    posts = [_deliverable(plan, row, now) for row in rows]
    windows: dict[str, dict[str, Total]] = {}
    ids: dict[str, list[str | None]] = {}
    for days in WINDOWS_DAYS:
        at_window, forecasts = _at_window(plan, posts, days, (keep, name, models or Models()))
        windows[name_of(days)] = at_window
        ids[name_of(days)] = [forecast.forecast_id for forecast in forecasts]
    return FrozenPlan(
        plan_id=plan_id,
        name=plan.asked.name,
        made_at=now,
        model=plan.model,
        conversions=plan.conversions,
        asked_sha256=_sha256(plan),
        dependence=plan.dependence,
        choice={n: k for n, k in choice.items() if k},
        totals=totals(plan, choice, fees),
        windows=windows,
        posts=tuple(
            FrozenPost(
                name=plan.names[plan.candidate[row]],
                creator_id=plan.forecasts[row].creator_id,
                planned_at=post.brief.post_at or now,
                forecast_ids={window: of[at] for window, of in ids.items()},
            )
            for at, (row, post) in enumerate(zip(rows, posts, strict=True))
        ),
    )


def _deliverable(plan: Plan, row: int, now: datetime) -> Deliverable:
    one = plan.asked.candidates[plan.candidate[row]]
    at = planned_at(plan.asked, one, int(plan.place[row]), now)
    return Deliverable(
        creator=one.creator, brief=one.brief.model_copy(update={"post_at": at}), fee=one.fee
    )


def _at_window(
    plan: Plan, posts: list[Deliverable], days: float, by: tuple[Keep, str, Models]
) -> tuple[dict[str, Total], list[Forecast]]:
    """Totals of the posts so many days after posting, and their forecasts."""
    keep, name, models = by
    at = [
        post.model_copy(update={"brief": post.brief.model_copy(update={"horizon_days": days})})
        for post in posts
    ]
    campaign = CampaignPlan(deliverables=tuple(at), draws=plan.asked.draws, seed=plan.asked.seed)
    requests = requests_of(campaign)
    answers = [keep(request, name) for request, _ in requests]
    placed: dict[int, Forecast] = {}
    for (_, positions), answer in zip(requests, answers, strict=True):
        placed |= zip(positions, answer.forecasts, strict=True)
    drawn = campaign_samples(campaign, answers, models.dependence, models.sampler)
    return {n: _total(*total_of(of)) for n, of in drawn.totals().items()}, [
        placed[i] for i in range(len(at))
    ]


def _total(p10: float, p50: float, p90: float, mean: float) -> Total:
    return Total(p10=round(p10, 1), p50=round(p50, 1), p90=round(p90, 1), mean=round(mean, 1))


def _sha256(plan: Plan) -> str:
    return hashlib.sha256(canonical(plan.asked.model_dump(mode="json"))).hexdigest()


def _id(plan: Plan, choice: Mapping[str, int], now: datetime) -> str:
    said = {"asked": _sha256(plan), "choice": dict(choice), "at": now.isoformat()}
    return f"p{hashlib.sha256(canonical(said)).hexdigest()[:24]}"
