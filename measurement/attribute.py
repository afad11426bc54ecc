"""Attribution of one campaign over the lake: methods side by side, each order once, the range."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from measurement import campaigns
from measurement.attribution import daily
from measurement.attribution.claims import claims_of, placed_slots, unplaced
from measurement.attribution.combine import Signal
from measurement.attribution.credits import NOBODY, Credits, credit, leakage, reconcile
from measurement.attribution.holdout import broken, lift_of, read_tests
from measurement.attribution.lag import lag_curve
from measurement.attribution.post_spikes import sizes_of, spikes
from measurement.attribution.scope import Scope, conversions_of, noted, period, scope_of
from measurement.attribution.side_by_side import (
    Drawn,
    combined,
    counted,
    leaks,
    modelled,
    of_total,
    refused,
)
from measurement.attribution.survey import survey_orders
from measurement.orders import orders_of
from measurement.results import Attribution, Lag, MethodResult, Noted
from reelcast.campaigns import Campaign
from reelcast.errors import InputError, NotEnoughDataError
from reelcast.store import Lake

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Attributed:
    """The attribution with what other measures of the campaign are made of."""

    attribution: Attribution
    scope: Scope
    published: dict[str, datetime]
    agreed: Credits  # by the campaign's own method where that credits orders, else reconciled


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every method reads."""

    lake: Lake
    scope: Scope
    orders: pa.Table
    now: datetime
    calendar: daily.Calendar


def attribute(lake: Lake, campaign_id: str, now: datetime) -> Attribution:
    """Who brought the campaign's orders; open windows are judged at `now`. Raises NotFoundError."""
    return attributed(lake, campaign_id, now).attribution


def attributed(lake: Lake, campaign_id: str, now: datetime) -> Attributed:
    """The attribution, with each order's credit."""
    campaign = campaigns.load(lake, campaign_id)
    every = campaigns.load_all(lake)
    published = campaigns.published_at(lake, every)
    slots = placed_slots(every, published)
    orders = orders_of(lake, campaign.brand)
    claiming = [slot for slot in slots if slot.sells_for(campaign.brand)]
    scope = scope_of(campaign, slots, claims_of(orders, claiming, campaign.aov))
    calendar, odd = _calendar(campaign)
    asked = _Asked(lake, scope, orders, now, calendar)
    proven = _proven(scope)
    floor = scope.by_creator(proven["reconciled"].orders[scope.own].astype(np.float64))
    models, signals, more = _models(asked)
    views = scope.by_creator(_sizes(asked)[scope.own]) if len(scope.own) else None
    best, ranges = combined(scope, floor, signals, views)
    start, end = period(campaign, slots)
    by_order = proven["reconciled"].by_order
    ours = int(np.isin(by_order, scope.own).sum())
    nobody = int((by_order == NOBODY).sum())
    attribution = Attribution(
        campaign_id=campaign_id,
        currency=campaign.currency,
        conversions=conversions_of(campaign),
        scope_from=start,
        scope_to=end,
        orders=scope.claims.num_rows,
        revenue=scope.revenue(
            float(scope.claims["net"].to_numpy().sum()),
            scope.claims.num_rows,
            float(scope.worth.sum()),
        ),
        value_per_order=scope.value_per_order,
        headline=campaign.attribution,
        methods=(*(counted(scope, of) for of in proven.values()), *models, best),
        to_this_campaign=ours,
        to_other_campaigns=scope.claims.num_rows - ours - nobody,
        to_nobody=nobody,
        ranges=ranges,
        leakage=leaks(scope, leakage(scope.claims, len(slots))),
        lag=_lag(scope, by_order, now),
        noted=(*noted(scope, orders, unplaced(campaign, published)), *more, *odd),
    )
    return Attributed(
        attribution, scope, published, proven.get(campaign.attribution, proven["reconciled"])
    )


def _proven(scope: Scope) -> dict[str, Credits]:
    """Credits by links and codes: each order once, and by either alone."""
    claims, n_slots = scope.claims, len(scope.slots)
    return {
        "reconciled": reconcile(claims, n_slots),
        "last_click": credit(claims, n_slots, "last_click"),
        "promo_code": credit(claims, n_slots, "promo_code"),
    }


def _models(asked: _Asked) -> tuple[list[MethodResult], list[Signal], list[Noted]]:
    """Spike, survey and holdout: their results, the signals they give, and what is odd."""
    results, signals, found = [], [], []
    spike, odd = _spike(asked)
    survey = _survey(asked)
    for made in (spike, survey):
        if isinstance(made, Drawn):
            name = "spike" if made is spike else "survey"
            results.append(modelled(asked.scope, name, made))  # type: ignore[arg-type]
            told = made.draws if made.loose_draws is None else made.loose_draws
            signals.append(Signal.of_draws(name, told))
        else:
            results.append(made)
    result, signal, more = _holdout(asked)
    found = [*odd, *_without_order(asked), *more]
    return [*results, result], [*signals, *signal], found


def _spike(asked: _Asked) -> tuple[Drawn | MethodResult, list[Noted]]:
    scope, zone = asked.scope, asked.scope.campaign.zone
    dated = scope.every.filter(pc.is_valid(scope.every["at"]))
    start, end = period(scope.campaign, scope.slots)
    if start is None or end is None or not dated.num_rows:
        return refused("spike", "no order with a time, or no post with one"), []
    numbers = daily.day_numbers(dated["at"], zone)
    span = daily.span_of(numbers, start, end, asked.now, zone)
    if not len(span):
        return refused("spike", "no whole day with orders lies about the posts"), []
    days = daily.days_of(numbers, span, asked.calendar, _other_views(asked))
    try:
        made = spikes(scope, days, span, _sizes(asked))
    except NotEnoughDataError as exc:
        return refused("spike", str(exc)), []
    return made, _suspected(asked, span)


def _survey(asked: _Asked) -> Drawn | MethodResult:
    scope = asked.scope
    rows = asked.lake.read("survey_responses")
    dated = scope.claims.filter(pc.is_valid(scope.claims["at"]))
    inside = pc.is_in(rows["order_hash"], dated["order_hash"])
    answers = rows.filter(pc.and_(inside, pc.is_valid(rows["answer"]))).sort_by("response_id")
    if not answers.num_rows:
        return refused("survey", "no answer belongs to an order in the campaign's windows")
    said = {row["order_hash"]: row for row in answers.to_pylist()}
    name = scope.campaign.campaign_id
    named = [r["creator_id"] for r in said.values() if r["campaign_id"] in (None, name)]
    counts = np.array([named.count(who) for who in scope.creators], np.int64)
    try:
        made = survey_orders(counts, len(said), dated.num_rows)
    except InputError as exc:
        return refused("survey", str(exc))
    details = {"response_rate": made.response_rate, "answers": float(len(said))}
    return Drawn(made.mean, made.draws, details=details)


def _without_order(asked: _Asked) -> list[Noted]:
    """Answers of the campaign's time that name no order: nothing tells whose buyers they are."""
    start, end = period(asked.scope.campaign, asked.scope.slots)
    if start is None:
        return []
    rows = asked.lake.read_columns("survey_responses", ["at", "order_hash", "answer"])
    inside = pc.and_(pc.greater_equal(rows["at"], start), pc.less(rows["at"], end))
    loose = pc.and_(pc.is_null(rows["order_hash"]), pc.is_valid(rows["answer"]))
    n = rows.filter(pc.and_(pc.fill_null(inside, True), loose)).num_rows
    said = "survey answers name no order: left out; export the order number with them"
    return [Noted(reason="answer_without_order", n=n, said=said)] if n else []


def _holdout(asked: _Asked) -> tuple[MethodResult, list[Signal], list[Noted]]:
    """The test with the smallest error among the campaign's, and holdouts that were not held."""
    rows = asked.lake.read("holdouts")
    mine = rows.filter(pc.equal(rows["campaign_id"], asked.scope.campaign.campaign_id))
    tests = read_tests(mine)
    if not tests:
        return refused("holdout", "no test is imported for this campaign"), [], []
    odd = [words for one in tests for words in broken(one)]
    found = [Noted(reason="holdout_not_held", n=len(odd), said="; ".join(odd[:5]))] if odd else []
    lifts, why = [], ""
    for one in tests:
        try:
            lifts.append(lift_of(one))
        except NotEnoughDataError as exc:
            why = str(exc)
    if not lifts:
        return refused("holdout", why), [], found
    best = min(lifts, key=lambda lift: lift.error)
    said = f"{best.method}, {best.said}"
    result = of_total(asked.scope, best.orders, best.error, said, float(len(tests)))
    covariance = np.array([[max(best.error, 1e-9) ** 2]])
    signal = Signal("holdout", np.array([best.orders]), covariance, only_total=True)
    return result, [signal], found


def _calendar(campaign: Campaign) -> tuple[daily.Calendar, list[Noted]]:
    years = range(campaign.starts_at.year - 1, campaign.ends_at.year + 2)
    known = daily.holidays_of(campaign.country, years)
    odd = []
    if known is None:
        said = f"no holidays are known of country {campaign.country}: none are taken into account"
        odd = [Noted(reason="holidays_unknown", n=1, said=said)]
    return daily.Calendar(known or frozenset(), frozenset(campaign.promo_days)), odd


def _suspected(asked: _Asked, span: range) -> list[Noted]:
    """Days that look like promotions and are not named as such."""
    ours = pa.array(sorted({slot.code for slot in asked.scope.slots if slot.code}), pa.string())
    dated = asked.orders.filter(pc.is_valid(asked.orders["at"]))
    codes = dated["codes"].combine_chunks()
    words = pc.utf8_upper(pc.utf8_trim_whitespace(pc.list_flatten(codes)))
    others = pc.and_(pc.is_valid(words), pc.invert(pc.is_in(words, ours)))
    has_other = np.zeros(dated.num_rows, bool)
    has_other[pc.list_parent_indices(codes).to_numpy()[np.asarray(others, bool)]] = True
    numbers = daily.day_numbers(dated["at"], asked.scope.campaign.zone)
    inside = (numbers >= span.start) & (numbers < span.stop)
    days = daily.suspected_promotions(numbers[inside], has_other[inside])
    left = [f"{day:%F}" for day in days if day not in asked.calendar.promotions]
    if not left:
        return []
    said = f"days look like promotions ({', '.join(left[:5])}): name them in promo_days"
    return [Noted(reason="suspected_promotion", n=len(left), said=said)]


def _other_views(asked: _Asked) -> dict[date, float]:
    """Views a day of accounts that no campaign pays: the brand's own, as its analytics count."""
    rows = asked.lake.read_columns("creator_days", ["creator_id", "day", "views"])
    paid = pa.array(sorted({slot.creator_id for slot in asked.scope.slots}), pa.string())
    own = rows.filter(
        pc.and_(pc.invert(pc.is_in(rows["creator_id"], paid)), pc.is_valid(rows["views"]))
    )
    summed = own.group_by("day").aggregate([("views", "sum")]).to_pylist()
    return {row["day"]: float(row["views_sum"]) for row in summed}


def _sizes(asked: _Asked) -> F64:
    """The latest views (n_slots,) of each slot's post, the median where unknown."""
    slots = asked.scope.slots
    ids = sorted({slot.post_id for slot in slots if slot.post_id})
    seen = asked.lake.read_keys("post_observations", ids)
    latest: dict[str, float] = {}
    for row in seen.select(["post_id", "observed_at", "views"]).to_pylist():
        if row["views"] is not None:
            latest[row["post_id"]] = float(row["views"])
    return sizes_of([latest.get(slot.post_id or "") for slot in slots])


def _lag(scope: Scope, by_order: I64, now: datetime) -> Lag:
    """The curve over posts whose window is over, over all posts where none is yet."""
    closed = [i for i in scope.own if scope.slots[i].closes_at <= now]
    chosen = np.array(closed if closed else scope.own, np.int64)
    mask = np.isin(by_order, chosen)
    opens = np.array([slot.opens_at.timestamp() for slot in scope.slots], np.float64)
    at = scope.claims["at"].filter(pa.array(mask)).cast(pa.int64()).to_numpy() / 1e6
    lag = (at - opens[by_order[mask]]) / 86_400
    window = scope.campaign.window_days
    whole = f"posts whose {window} d are over" if closed else "posts whose windows are still open"
    return Lag(
        n=len(lag),
        median_days=float(np.median(lag)) if len(lag) else None,
        days=tuple(range(1, window + 1)),
        share=tuple(lag_curve(lag, window).tolist()),
        said=f"{len(lag)} credited orders of {len(chosen)} {whole}",
    )
