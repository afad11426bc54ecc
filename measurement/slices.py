"""Metrics of posts taken together: sums of what is known, each with its basis and interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from measurement import counts, money, people, rates
from measurement.facts import Facts
from measurement.measured import Measured, Provenance
from measurement.results import Part, Window
from reelcast.errors import InputError
from reelcast.tables import TARGETS

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
ATTRIBUTED = {
    "reconciled": "codes, else links, each order once: at least",
    "last_click": "last click by UTM link: at least",
    "promo_code": "promo codes: at least",
}
DATED = "orders by their own date, within the window after their post"
NAMES = {"install": "installs", "lead": "leads"}  # of conversions, where they are not purchases
COST = {"installs": money.CPI, "leads": money.CPL, "purchases": money.CPA}
OF_REVENUE = (money.ROAS, money.REVENUE_PER_VIEW, money.RPM)
NO_WORTH = "no order has a value in the campaign's currency: import values, or give its aov"
Column = Callable[[str], F64]


@dataclass(frozen=True, slots=True)
class Under:
    """What holds for all slices of a campaign: currency, and what its conversions are called."""

    currency: str
    conversions: str  # purchases, installs, leads
    attributed: str  # how orders are credited, in words
    says_worth: bool = True  # whether any order of the campaign has a value
    units: I64 | None = None  # (k,) of the chosen slots: what a bootstrap draws, None: slots


def conversion_name(conversions: tuple[str, ...]) -> str:
    """What the campaign's conversions are called among metrics.

    >>> conversion_name(("lead", "signup")), conversion_name(("purchase",))
    ('leads', 'purchases')
    """
    return NAMES.get(conversions[0], "purchases")


def windows_of(facts: Facts, chosen: I64, under: Under) -> tuple[Window, ...]:
    """Each review of the chosen slots (k,): in all, and organic and paid apart where known."""
    parts: list[Part] = ["total"]
    if facts.has_ads[chosen].any():
        parts += ["organic", "paid"]
    made = [
        Window(
            window=window_name(days),
            days=days,
            part=part,
            posts=len(chosen),
            reached=int(facts.reached[days][chosen].sum()),
            metrics=metrics_of(facts, chosen, (days, part), under),
        )
        for days in facts.of
        for part in parts
    ]
    return tuple(one for one in made if one.metrics)


def window_name(days: int) -> str:
    """24 h, 72 h, then days.

    >>> window_name(1), window_name(3), window_name(28)
    ('24 h', '72 h', '28 d')
    """
    return f"{days * 24} h" if days <= 3 else f"{days} d"


def metrics_of(
    facts: Facts, chosen: I64, review: tuple[int, Part], under: Under
) -> dict[str, Measured]:
    """The metrics of one review and part, those that nothing says left out."""
    days, part = review
    columns = facts.of[days]
    under = replace(under, units=_units(facts, chosen))
    rough = bool(facts.estimated[days][chosen].any())
    young = int((~facts.reached[days][chosen]).sum())
    so_far = f", {young} of {len(chosen)} posts so far" if young else ""
    of = Provenance(
        basis="estimated" if rough else "counted",
        window=f"{window_name(days)} after posting{so_far}",
    )

    def column(name: str) -> F64:
        return columns[name][chosen]

    suffix = "" if part == "total" else f"_{part}"
    made = [*_of_platform(column, suffix, of)]
    cost = _cost(facts.paid(chosen, days), column("spend"), part)
    made += _of_money(column, (cost, part), under, of)
    if part == "total":
        made += _of_site(column, of) + _of_orders(column, cost, under, of)
    if part == "paid":
        made += _of_ads(column, under, of)
    return {one.metric: one for one in made}


def _units(facts: Facts, chosen: I64) -> I64 | None:
    """The creator of each slot, for posts of one are alike; None where all are of one."""
    names = [facts.slots[i].creator_id for i in chosen]
    number = {name: at for at, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], np.int64) if len(number) > 1 else None


def _of_platform(column: Column, suffix: str, of: Provenance) -> list[Measured]:
    """Counts and rates of the platform."""
    made = []
    for name in (*TARGETS, "reach"):
        of_name = column(f"{name}{suffix}")
        if np.isfinite(of_name).any():
            made.append(_summed(name, of_name, of))
    views = column(f"views{suffix}")
    singles = {
        "likes": rates.like_rate,
        "comments": rates.comment_rate,
        "shares": rates.share_rate,
        "saves": rates.save_rate,
    }
    for name, rate in singles.items():
        made += _rate(partial(rate, of=of), column(f"{name}{suffix}"), views)
    engaged = sum((column(f"{n}{suffix}") for n in ("likes", "comments", "shares")), np.zeros(1))
    made += _rate(
        lambda n, v: rates.engagement_rate_by_views(n, 0, 0, v, of), np.asarray(engaged), views
    )
    with_saves = np.asarray(engaged + column(f"saves{suffix}"))
    made += _rate(
        lambda n, v: rates.engagement_rate_with_saves(n, 0, 0, 0, v, of), with_saves, views
    )
    if not suffix:
        full = np.round(column("completion_rate") * views)
        made += _rate(lambda n, v: rates.completion_rate(n, v, of), full, views)
        watched, seen = _known(column("avg_watch_s") * views, views)
        if len(seen):
            made.append(rates.average_watch_s(float(watched.sum()), int(seen.sum()), of))
    return made


def _summed(name: str, of_posts: F64, of: Provenance) -> Measured:
    """The sum over posts; its note says where a post is unknown, and that reach is no union."""
    known, n = int(np.isfinite(of_posts).sum()), len(of_posts)
    said = [f"of {known} of {n} posts, others unknown"] if known < n else []
    if name == "reach" and known > 1:
        said.append("summed over posts: who saw two counts twice")
    made = counts.count(name, float(np.nansum(of_posts)), of)
    return made.model_copy(update={"note": "; ".join(said) or None})


def _of_site(column: Column, of: Provenance) -> list[Measured]:
    """Visits that the links brought."""
    of = of.model_copy(update={"source": "site analytics, whole days"})
    made = [
        counts.count(name, float(np.nansum(column(name))), of)
        for name in ("clicks", "sessions")
        if np.isfinite(column(name)).any()
    ]
    clicks, of_clicks = _clicks(column, of)
    made += _rate(
        lambda n, v: rates.click_through_rate(n, None, v, of_clicks), clicks, column("views")
    )
    engaged, sessions = _known(column("engaged_s"), column("sessions"))
    if len(sessions) and sessions.sum():
        made.append(rates.session_s(float(engaged.sum()), int(sessions.sum()), of))
    return made


def _clicks(column: Column, of: Provenance) -> tuple[F64, Provenance]:
    """Clicks; landing sessions, named so and called an estimate, where no clicks are counted."""
    clicks = column("clicks")
    if np.isfinite(clicks).any() or not np.isfinite(column("sessions")).any():
        return clicks, of
    said = {"basis": "estimated", "source": "landing sessions stand in for clicks"}
    return column("sessions"), of.model_copy(update=said)


def _of_orders(column: Column, cost: F64, under: Under, of: Provenance) -> list[Measured]:
    """Conversions that are credited, their worth and their cost."""
    of = of.model_copy(update={"basis": "counted", "source": under.attributed})
    orders = column("orders")
    clicks, of_clicks = _clicks(column, of.model_copy(update={"source": "last click"}))
    name = under.conversions
    made = [
        counts.count(name, float(orders.sum()), of),
        *_of_revenue(column, cost, under, of),
        *_ratio(COST[name], (cost, orders), under, of, DATED),
        *_rate(
            lambda n, v: rates.conversion_rate(n, v, of_clicks), column("orders_by_link"), clicks
        ),
    ]
    new, known = column("orders_by_new"), column("orders_by_known")
    if known.sum():
        made.append(people.new_customer_share(int(new.sum()), int(known.sum()), of))
    trials = column("trials")
    if trials.sum():
        made += [
            counts.count("trials", float(trials.sum()), of),
            *_ratio(money.COST_PER_TRIAL, (cost, trials), under, of),
        ]
    return made


def _of_revenue(column: Column, cost: F64, under: Under, of: Provenance) -> list[Measured]:
    """Revenue and what it is of cost and views: not known where no order has a value."""
    orders, worth, revenue = column("orders"), column("orders_of_worth"), column("revenue")
    n, known = int(orders.sum()), int(worth.sum())
    if not known and (n or not under.says_worth):
        return [
            counts.unknown("revenue", under.currency, NO_WORTH, of),
            *(money.unknown(ratio, under.currency, NO_WORTH, of) for ratio in OF_REVENUE),
        ]
    some = f"{known:,} of {n:,} orders have a value, others add none" if known < n else None
    total = counts.count("revenue", float(revenue.sum()), of, under.currency)
    return [
        total.model_copy(update={"note": some}),
        *_ratio(money.ROAS, (revenue, cost), under, of, f"attributed by {under.attributed}"),
        *_ratio(money.REVENUE_PER_VIEW, (revenue, column("views")), under, of),
        *_ratio(money.RPM, (revenue, column("views")), under, of),
    ]


def _of_money(
    column: Column, of_cost: tuple[F64, Part], under: Under, of: Provenance
) -> list[Measured]:
    """What a view, an engagement and a click cost: fees for organic delivery, spend for paid."""
    cost, part = of_cost
    suffix = "" if part == "total" else f"_{part}"
    engaged = sum((column(f"{n}{suffix}") for n in ("likes", "comments", "shares")), np.zeros(1))
    made = [
        *_ratio(money.CPV, (cost, column(f"views{suffix}")), under, of),
        *_ratio(money.CPE, (cost, np.asarray(engaged)), under, of),
    ]
    if part == "total":
        clicks, of_clicks = _clicks(column, of)
        made += _ratio(money.CPC, (cost, clicks), under, of_clicks)
    if part != "paid":
        made += _ratio(money.CPM_OF_VIEWS, (cost, column(f"views{suffix}")), under, of)
    return made


def _of_ads(column: Column, under: Under, of: Provenance) -> list[Measured]:
    """What the ad platform counts: its conversions are its own claim, not the credited orders."""
    of = of.model_copy(update={"basis": "counted", "source": "ad platform, whole days"})
    shown, clicks, spend = column("impressions"), column("ad_clicks"), column("spend")
    made = [
        counts.count(name, float(np.nansum(of_name)), of, unit)
        for name, of_name, unit in (
            ("impressions", shown, "count"),
            ("clicks", clicks, "count"),
            ("spend", spend, under.currency),
            ("platform_conversions", column("ad_conversions"), "count"),
            ("platform_revenue", column("ad_revenue"), under.currency),
        )
        if np.isfinite(of_name).any()
    ]
    made += _rate(lambda n, v: rates.click_through_rate(n, v, 0, of), clicks, shown)
    made += _ratio(money.CPM, (spend, shown), under, of)
    made += _ratio(money.CPC, (spend, clicks), under, of)
    note = "the ad platform's own attribution"
    return made + _ratio(money.ROAS, (column("ad_revenue"), spend), under, of, note)


def _cost(fee: F64, spend: F64, part: Part) -> F64:
    if part == "organic":
        return fee
    return spend if part == "paid" else np.asarray(fee + np.nan_to_num(spend))


def _rate(made: Callable[[int, int], Measured], part: F64, whole: F64) -> list[Measured]:
    """The rate over the posts that know both; without a value, and why, where counts contradict."""
    a, b = _known(part, whole)
    if not len(b) or not b.sum():
        return []
    try:
        return [made(round(a.sum()), round(b.sum()))]
    except InputError as exc:  # more successes than trials: two sources that do not fit
        ends = {"value": None, "low": None, "high": None, "note": str(exc)}
        return [made(0, round(b.sum())).model_copy(update=ends)]


def _ratio(
    of_ratio: money.Ratio,
    pair: tuple[F64, F64],
    under: Under,
    of: Provenance,
    note: str | None = None,
) -> list[Measured]:
    over, below = _known(*pair)
    if not len(below) or not below.sum():
        return []
    if under.units is not None:
        _, unit = np.unique(under.units[_both(*pair)], return_inverse=True)
        over, below = (np.bincount(unit, of_slot).astype(np.float64) for of_slot in (over, below))
    return [money.per_unit(of_ratio, over, below, under.currency, of, note)]


def _known(a: F64, b: F64) -> tuple[F64, F64]:
    both = _both(a, b)
    return a[both], b[both]


def _both(a: F64, b: F64) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(a) & np.isfinite(b), bool)
