"""A plan made: the forecasts of all its candidates' posts asked, and their futures drawn once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from features.panel import I64
from inference.campaign import (
    ENGAGING,
    Models,
    campaign_samples,
    in_order,
    requests_of,
    sales_of,
)
from inference.plan import Plan
from reelcast.errors import InputError
from reelcast.plans import CampaignPlan, Deliverable
from reelcast.records import ForecastRequest, ForecastResponse
from reelcast.rosters import Candidate, RosterPlan

Ask = Callable[[ForecastRequest], ForecastResponse]


def make_plan(asked: RosterPlan, ask: Ask, now: datetime, models: Models | None = None) -> Plan:
    """The plan's forecasts asked and its futures drawn; the same input gives the same plan.

    Raises InputError for two candidates of one name, and as forecasts do.
    """
    models = models or Models()
    campaign, candidate, place = _campaign(asked, now)
    answers = [ask(request) for request, _ in requests_of(campaign)]
    drawn = campaign_samples(campaign, answers, models.dependence, models.sampler)
    selling = sales_of(campaign, answers, drawn, models)
    counts = dict(drawn.counts)
    if all(name in counts for name in ENGAGING):
        counts["engagements"] = np.sum([counts[name] for name in ENGAGING], axis=0)
    counts |= {} if selling is None else selling.counts
    kept = ("views", "engagements", "clicks", "conversions", "revenue")
    plan = Plan(
        asked=asked,
        names=_names(asked.candidates),
        candidate=candidate,
        place=place,
        fee=np.array([one.fee for one in asked.candidates], np.float64),
        samples={n: np.ascontiguousarray(counts[n].T, np.float32) for n in kept if n in counts},
        forecasts=tuple(in_order(campaign, answers)),
        model=answers[0].model,
        conversions=models.conversions.version,
        dependence=models.dependence,
        words={**models.means, **({} if selling is None else selling.words)},
        notes=() if selling is None else selling.notes,
    )
    plan.metric(asked.maximise)
    if asked.target is not None:
        plan.metric(asked.target.metric)
    return plan


def _campaign(asked: RosterPlan, now: datetime) -> tuple[CampaignPlan, I64, I64]:
    """A deliverable for each slot of each candidate, and whose it is and the how-manieth."""
    whose = [(i, j) for i, one in enumerate(asked.candidates) for j in range(one.slots)]
    campaign = CampaignPlan(
        campaign_id=asked.name,
        deliverables=tuple(_deliverable(asked, i, j, now) for i, j in whose),
        selling=asked.selling,
        draws=asked.draws,
        seed=asked.seed,
    )
    candidate, place = (np.array(of, np.int64) for of in zip(*whose, strict=True))
    return campaign, candidate, place


def _deliverable(asked: RosterPlan, i: int, j: int, now: datetime) -> Deliverable:
    one = asked.candidates[i]
    own = {"horizon_days": asked.horizon_days}
    brief = one.brief.model_copy(update={**own, "post_at": planned_at(asked, one, j, now)})
    return Deliverable(
        creator=one.creator, brief=brief, fee=one.fee, format=one.format, hook=one.hook
    )


def planned_at(asked: RosterPlan, one: Candidate, place: int, now: datetime) -> datetime:
    """When a candidate's post goes out: its brief's time, else evenly between the plan's dates."""
    if one.brief.post_at is not None and one.slots == 1:
        return one.brief.post_at
    start = asked.starts_at or now
    span = timedelta(0) if asked.ends_at is None else asked.ends_at - start
    return start + span * (place / max(one.slots - 1, 1))


def _names(candidates: tuple[Candidate, ...]) -> tuple[str, ...]:
    """Each candidate's name: label, else id, else handle, else its place."""
    names = tuple(
        one.creator.label or one.creator.creator_id or one.creator.handle or f"candidate {i + 1}"
        for i, one in enumerate(candidates)
    )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"two candidates are called {', '.join(twice)}: give each a label")
    return names
