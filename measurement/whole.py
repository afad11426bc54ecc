"""What is measured of a slice as a whole: incremental orders and returns, opinions, followers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from measurement import counts
from measurement.attribution.scope import Scope
from measurement.counts import incremental_orders
from measurement.measured import Measured, Provenance
from measurement.money import incremental_roas
from measurement.opinions import growth, lifts, sentiment
from measurement.results import Attribution, Estimate, Slice, totals_at
from measurement.slices import no_worth
from measurement.ugc import ugc_of
from reelcast.campaigns import Campaign
from reelcast.store import Lake


def with_incremental(
    slices: Sequence[Slice], attribution: Attribution, campaign: Campaign
) -> list[Slice]:
    """The slices of the campaign and of creators with orders of all signals, and their iROAS."""
    best = attribution.method("combined")
    of = {one.creator_id: one for one in best.by_creator}
    made = []
    for one in slices:
        found = best.total if one.by == "campaign" else of.get(one.name)
        if found is None or one.by not in ("campaign", "creator"):
            made.append(one)
            continue
        cost = one.fee + one.spend
        extra = _incremental(found, attribution.value_per_order, cost, campaign.currency)
        made.append(added(one, campaign.window_days, extra))
    return made


def with_opinions(lake: Lake, slices: Sequence[Slice], scope: Scope, now: datetime) -> list[Slice]:
    """Sentiment and followers by creator; sentiment, lift and others' posts of the campaign."""
    campaign = scope.campaign
    posts = {
        who: [s.post_id for s in (scope.slots[i] for i in scope.own) if s.creator_id == who]
        for who in scope.creators
    }
    first = {
        who: min(scope.slots[i].opens_at for i in scope.own if scope.slots[i].creator_id == who)
        for who in scope.creators
    }
    made = []
    for one in slices:
        extra: list[Measured] = []
        if one.by == "creator":
            extra = sentiment(lake, [name for name in posts[one.name] if name])
            start = campaign.local(first[one.name])
            extra += growth(lake, one.name, start, campaign.window_days)
        elif one.by == "campaign":
            extra = sentiment(lake, [name for of in posts.values() for name in of if name])
            extra += lifts(lake, campaign.campaign_id)
            extra += [ugc_of(lake, scope, now), _qualified(one, campaign.window_days)]
        made.append(added(one, campaign.window_days, extra))
    return made


def _qualified(one: Slice, days: int) -> Measured:
    """Qualified reach, which takes three estimates: what of them nothing imported says."""
    needs = [] if "reach" in totals_at(one.windows, days) else ["reach as the platform counts it"]
    needs += ["the share of the people reached who are in the target, and of those who are real"]
    why = f"needs {' and '.join(needs)}, which no import says; forecasts take them as assumptions"
    return counts.unknown("qualified_reach", "count", why, Provenance(basis="estimated"))


def _incremental(
    found: Estimate, value: float | None, cost: float, currency: str
) -> list[Measured]:
    if found.low is None or found.high is None:
        return []
    orders = incremental_orders(found.orders, (found.low, found.high), "all signals combined")
    if cost <= 0:
        return [orders]
    if value is None:
        of = Provenance(basis="modelled")
        return [orders, counts.unknown("iroas", "ratio", no_worth(currency), of)]
    return [orders, incremental_roas(orders, value, cost)]


def added(one: Slice, days: int, extra: Sequence[Measured]) -> Slice:
    """The slice with more metrics in its window of so many days."""
    if not extra:
        return one
    more = {made.metric: made for made in extra}
    windows = tuple(
        window.model_copy(update={"metrics": {**window.metrics, **more}})
        if (window.days, window.part) == (days, "total")
        else window
        for window in one.windows
    )
    return one.model_copy(update={"windows": windows})
