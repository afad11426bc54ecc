"""All that a campaign brought: metrics by review, attribution, targets, peers and the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from measurement import campaigns
from measurement.attribute import Attributed, attributed
from measurement.attribution.claims import PlacedSlot
from measurement.attribution.credits import agreed_credits
from measurement.attribution.scope import conversions_of, has_worth
from measurement.cohorts import (
    Cohorts,
    cohorts_of,
    repeat_rate_of,
    trials_of,
    trials_paid_of,
)
from measurement.facts import Asked, Facts, credited, gather
from measurement.lead_quality import lead_scores
from measurement.measured import Measured
from measurement.over_posts import Under
from measurement.peers import OF_MONEY, OF_ORDERS, STAGE_METRIC, Judged, standings
from measurement.results import CampaignMeasured, PostMeasured, Slice, SliceBy, totals_at
from measurement.skew import Skew
from measurement.skew_slots import skew_of_slots
from measurement.slices import ATTRIBUTED, conversion_name, metrics_of, windows_of
from measurement.timeline import timeline
from measurement.verdicts import notes_on, objectives, targets
from measurement.whole import added, with_incremental, with_opinions
from reelcast.campaigns import Campaign, Deliverable, Stage
from reelcast.records import tier_of
from reelcast.store import Lake

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Named = tuple[SliceBy, str, I64]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed for each slot (n_slots,), in the order of the attribution's slots."""

    deliverables: Sequence[Deliverable]
    stages: Sequence[Stage]
    platforms: Sequence[str | None]
    tiers: Mapping[str, str]  # by creator
    campaigns: Mapping[str, Campaign]


@dataclass(frozen=True, slots=True)
class Measuring:
    """Everything that results are made of."""

    attributed: Attributed
    plan: Plan
    facts: Facts
    under: Under
    cohorts: Cohorts
    trials: Cohorts


def measure(lake: Lake, campaign_id: str, now: datetime) -> CampaignMeasured:
    """What all of the lake says of the campaign, ages and open windows judged at `now`.

    Raises NotFoundError for a campaign that the lake does not hold.
    """
    made = measuring(lake, campaign_id, now)
    scope = made.attributed.scope
    campaign = scope.campaign
    now_day = now.timestamp() / 86_400
    scores = lead_scores(lake, made.attributed)
    slices = [
        added(
            _slice(made, group),
            campaign.window_days,
            [
                *repeat_rate_of(made.cohorts, group[2], now_day),
                *trials_paid_of(made.trials, group[2], now_day),
                *scores.of(group[2]),
            ],
        )
        for group in _groups(made)
    ]
    slices = with_incremental(slices, made.attributed.attribution, campaign)
    slices = with_opinions(lake, slices, scope, now)
    windows = next(of.windows for of in slices if of.by == "campaign")
    whole = totals_at(windows, campaign.window_days)
    actual = made.attributed.published
    return CampaignMeasured(
        campaign=campaign,
        measured_at=now,
        objectives=objectives(campaign, whole),
        targets=targets(campaign, whole, actual),
        slices=tuple(slices),
        posts=tuple(_post(made, i) for i in scope.own),
        skew=_skew(lake, made),
        standings=standings(campaign_id, _judged(made)),
        attribution=made.attributed.attribution,
        timeline=timeline(lake, made.attributed, now),
        notes=(*notes_on(campaign, actual, now), *_of_cost(made)),
    )


def _skew(lake: Lake, made: Measuring) -> Skew:
    """What few of the campaign's posts hold of its views at its window."""
    scope = made.attributed.scope
    days = scope.campaign.window_days
    slots = [scope.slots[i] for i in scope.own]
    return skew_of_slots(lake, slots, made.facts.of[days]["views"][scope.own], days)


def _of_cost(made: Measuring) -> list[str]:
    """What to know of what the campaign cost."""
    own = set(made.attributed.scope.own.tolist())
    others = sorted({name for slot, name in made.facts.foreign_ads if slot in own})
    ours = made.attributed.scope.campaign.currency
    said = [f"ad spend in {', '.join(others)} is not added to {ours}"] if others else []
    shares = made.facts.share[made.attributed.scope.own]
    if shares.any() and not made.under.says_worth:
        said.append("creators' shares of revenue are not in the cost: no order has a value")
    return said


def measuring(lake: Lake, campaign_id: str, now: datetime) -> Measuring:
    """The attribution with the facts of every slot, those of other campaigns too."""
    every = campaigns.load_all(lake)
    made = attributed(lake, campaign_id, now)
    scope = made.scope
    plan = _plan(lake, every, made)
    names = conversions_of(scope.campaign)
    by_order = agreed_credits(scope.all_types, len(scope.slots), made.agreed.method).by_order
    worth = has_worth(scope.all_types, scope.campaign)
    orders = credited(scope.all_types, by_order, names, worth)
    reviews = sorted({*scope.campaign.review_days, scope.campaign.window_days})
    fees = np.array([one.fee for one in plan.deliverables], np.float64)
    shares = np.array([one.revenue_share for one in plan.deliverables], np.float64)
    facts = gather(
        lake, Asked(scope.slots, fees, shares, reviews, now, scope.campaign.currency), orders
    )
    counts = np.asarray(pc.is_in(scope.all_types["type"], pa.array(names)).to_numpy(), bool)
    cohorts = cohorts_of(scope.all_types.filter(pa.array(counts)), by_order[counts])
    label = ATTRIBUTED[made.agreed.method]
    under = Under(
        scope.campaign.currency, conversion_name(names), label, says_worth=scope.says_worth
    )
    trials = trials_of(scope.all_types, by_order)
    return Measuring(made, plan, facts, under, cohorts, trials)


def _plan(lake: Lake, every: Sequence[Campaign], made: Attributed) -> Plan:
    of = {
        (campaign.campaign_id, one.creator_id, one.slot): (one, campaign.stage_of(one))
        for campaign in every
        for one in campaign.deliverables
    }
    pairs = [of[slot.campaign_id, slot.creator_id, slot.slot] for slot in made.scope.slots]
    ids = sorted({slot.creator_id for slot in made.scope.slots})
    rows = lake.read_keys("creators", ids).to_pylist()
    platforms = {row["creator_id"]: row["platform"] for row in rows}
    return Plan(
        [one for one, _ in pairs],
        [stage for _, stage in pairs],
        [one.platform or platforms.get(one.creator_id) for one, _ in pairs],
        _tiers(lake, ids, made),
        {campaign.campaign_id: campaign for campaign in every},
    )


def _tiers(lake: Lake, creator_ids: Sequence[str], made: Attributed) -> dict[str, str]:
    """Tiers by followers as last counted before the creator's first post, else first after it."""
    first: dict[str, datetime] = {}
    for slot in made.scope.slots:
        first[slot.creator_id] = min(slot.opens_at, first.get(slot.creator_id, slot.opens_at))
    found: dict[str, int] = {}
    for row in lake.read_keys("creator_observations", creator_ids).to_pylist():
        who, followers = row["creator_id"], row["followers"]
        if followers is not None and (who not in found or row["observed_at"] <= first[who]):
            found[who] = followers
    return {who: tier_of(found.get(who)) for who in creator_ids}


def _groups(made: Measuring) -> list[Named]:
    """The campaign, its creators, platforms and stages with their slots."""
    own, plan = made.attributed.scope.own, made.plan
    found: list[Named] = [("campaign", made.attributed.scope.campaign.campaign_id, own)]
    keys: list[tuple[SliceBy, list[str]]] = [
        ("creator", [plan.deliverables[i].creator_id for i in own]),
        ("platform", [plan.platforms[i] or "unknown" for i in own]),
        ("stage", [plan.stages[i] for i in own]),
    ]
    for by, names in keys:
        for name in sorted(set(names)):
            found.append((by, name, own[[each == name for each in names]]))
    return found


def _slice(made: Measuring, group: Named) -> Slice:
    by, name, chosen = group
    return Slice(
        by=by,
        name=name,
        posts=len(chosen),
        fee=_fee(made.facts, chosen),
        spend=_spend(made.facts, chosen),
        windows=windows_of(made.facts, chosen, made.under),
    )


def _post(made: Measuring, index: int) -> PostMeasured:
    slot, plan = made.attributed.scope.slots[index], made.plan
    chosen = np.array([index], np.int64)
    return PostMeasured(
        creator_id=slot.creator_id,
        slot=slot.slot,
        platform=plan.platforms[index],
        stage=plan.stages[index],
        tier=plan.tiers[slot.creator_id],
        post_id=slot.post_id,
        at=slot.opens_at,
        is_published=slot.post_id in made.attributed.published,
        fee=_fee(made.facts, chosen),
        spend=_spend(made.facts, chosen),
        windows=windows_of(made.facts, chosen, made.under),
    )


def _fee(facts: Facts, chosen: I64) -> float:
    return float(facts.paid(chosen, max(facts.of)).sum())


def _spend(facts: Facts, chosen: I64) -> float:
    last = facts.of[max(facts.of)]["spend"][chosen]
    return float(np.nansum(last))


def _judged(made: Measuring) -> list[Judged]:
    """Every creator of every campaign by stage, at this campaign's window, where it means the same.

    Posts whose window is open are left out: they would be held against older ones.
    """
    days = made.attributed.scope.campaign.window_days
    groups: dict[tuple[str, str, Stage], list[int]] = {}
    for slot, stage in zip(made.attributed.scope.slots, made.plan.stages, strict=True):
        if _is_peer(made, slot, STAGE_METRIC[stage]):
            group = groups.setdefault((slot.creator_id, slot.campaign_id, stage), [])
            group += [slot.index] if made.facts.reached[days][slot.index] else []
    judged = []
    for (who, campaign_id, stage), chosen in groups.items():
        of = metrics_of(made.facts, np.array(chosen, np.int64), (days, "total"), made.under)
        value = _value(of, STAGE_METRIC[stage], made.under) if chosen else None
        judged.append(Judged(who, campaign_id, stage, value))
    return judged


def _is_peer(made: Measuring, slot: PlacedSlot, metric: str) -> bool:
    """Whether a metric of the slot means what it means in this campaign.

    Amounts are of one currency; orders are known of this brand alone, and of one kind.
    """
    ours, its = made.attributed.scope.campaign, made.plan.campaigns[slot.campaign_id]
    if metric in OF_MONEY and its.currency != ours.currency:
        return False
    same_orders = slot.sells_for(ours.brand) and conversions_of(its) == conversions_of(ours)
    return metric not in OF_ORDERS or same_orders


def _value(of: Mapping[str, Measured], metric: str, under: Under) -> float | None:
    """The metric's value; a cost per order is infinite where money was paid for none."""
    names = {"cpa": {"purchases": "cpa", "installs": "cpi", "leads": "cpl"}[under.conversions]}
    found = of.get(names.get(metric, metric))
    if found is not None and found.value is not None:
        return found.value
    none = metric == "cpa" and under.conversions in of and not of[under.conversions].value
    return float("inf") if none else None
