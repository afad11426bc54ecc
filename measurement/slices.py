"""Metrics of posts taken together: sums of what is known, each with its basis and interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from measurement import counts, money, people, rates
from measurement.facts import Facts
from measurement.measured import Measured, Provenance
from measurement.over_posts import Under, known, rate, ratio, summed, units_of
from measurement.results import Part, Window
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
Column = Callable[[str], F64]


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


def no_worth(currency: str) -> str:
    """Why revenue is not known.

    >>> no_worth("EUR")
    'no order has a value in EUR'
    """
    return f"no order has a value in {currency}"


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
    under = replace(under, units=units_of(facts, chosen))
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
    made = [*_of_platform(column, suffix, under, of)]
    cost = _cost(facts.paid(chosen, days), column("spend"), part)
    made += _of_money(column, (cost, part), under, of)
    if part == "total":
        made += _of_site(column, under, of) + _of_orders(column, cost, under, of)
    if part == "paid":
        made += _of_ads(column, under, of)
    return {one.metric: one for one in made}


def _of_platform(column: Column, suffix: str, under: Under, of: Provenance) -> list[Measured]:
    """Counts and rates of the platform."""
    made = []
    for name in (*TARGETS, "reach"):
        of_name = column(f"{name}{suffix}")
        if np.isfinite(of_name).any():
            made.append(summed(name, of_name, of))
    views = column(f"views{suffix}")
    singles = {
        "likes": rates.like_rate,
        "comments": rates.comment_rate,
        "shares": rates.share_rate,
        "saves": rates.save_rate,
    }
    for name, one in singles.items():
        made += rate(partial(one, of=of), (column(f"{name}{suffix}"), views), under)
    engaged = sum((column(f"{n}{suffix}") for n in ("likes", "comments", "shares")), np.zeros(1))
    made += rate(
        lambda n, v: rates.engagement_rate_by_views(n, 0, 0, v, of),
        (np.asarray(engaged), views),
        under,
    )
    with_saves = np.asarray(engaged + column(f"saves{suffix}"))
    made += rate(
        lambda n, v: rates.engagement_rate_with_saves(n, 0, 0, 0, v, of), (with_saves, views), under
    )
    if not suffix:
        full = np.round(column("completion_rate") * views)
        made += rate(lambda n, v: rates.completion_rate(n, v, of), (full, views), under)
        watched, seen = known(column("avg_watch_s") * views, views)
        if len(seen):
            made.append(rates.average_watch_s(float(watched.sum()), int(seen.sum()), of))
    return made


def _of_site(column: Column, under: Under, of: Provenance) -> list[Measured]:
    """Visits that the links brought."""
    of = of.model_copy(update={"source": "site analytics, whole days"})
    made = [
        counts.count(name, float(np.nansum(column(name))), of)
        for name in ("clicks", "sessions")
        if np.isfinite(column(name)).any()
    ]
    clicks, of_clicks = _clicks(column, of)
    made += rate(
        lambda n, v: rates.click_through_rate(n, None, v, of_clicks),
        (clicks, column("views")),
        under,
    )
    engaged, sessions = known(column("engaged_s"), column("sessions"))
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
        *ratio(COST[name], (cost, orders), under, of, DATED),
        *rate(
            lambda n, v: rates.conversion_rate(n, v, of_clicks),
            (column("orders_by_link"), clicks),
            under,
        ),
    ]
    new, told = column("orders_by_new"), column("orders_by_known")
    if told.sum():
        made.append(people.new_customer_share(int(new.sum()), int(told.sum()), of))
    trials = column("trials")
    if trials.sum():
        made += [
            counts.count("trials", float(trials.sum()), of),
            *ratio(money.COST_PER_TRIAL, (cost, trials), under, of),
        ]
    return made


def _of_revenue(column: Column, cost: F64, under: Under, of: Provenance) -> list[Measured]:
    """Revenue and what it is of cost and views: not known where no order has a value."""
    orders, worth, revenue = column("orders"), column("orders_of_worth"), column("revenue")
    n, valued = int(orders.sum()), int(worth.sum())
    if not valued and (n or not under.says_worth):
        why = no_worth(under.currency)
        return [
            counts.unknown("revenue", under.currency, why, of),
            *(money.unknown(each, under.currency, why, of) for each in OF_REVENUE),
        ]
    some = f"{valued:,} of {n:,} orders have a value, others add none" if valued < n else None
    total = counts.count("revenue", float(revenue.sum()), of, under.currency)
    return [
        total.model_copy(update={"note": some}),
        *ratio(money.ROAS, (revenue, cost), under, of, f"attributed by {under.attributed}"),
        *ratio(money.REVENUE_PER_VIEW, (revenue, column("views")), under, of),
        *ratio(money.RPM, (revenue, column("views")), under, of),
    ]


def _of_money(
    column: Column, of_cost: tuple[F64, Part], under: Under, of: Provenance
) -> list[Measured]:
    """What a view, an engagement and a click cost: fees for organic delivery, spend for paid."""
    cost, part = of_cost
    suffix = "" if part == "total" else f"_{part}"
    engaged = sum((column(f"{n}{suffix}") for n in ("likes", "comments", "shares")), np.zeros(1))
    made = [
        *ratio(money.CPV, (cost, column(f"views{suffix}")), under, of),
        *ratio(money.CPE, (cost, np.asarray(engaged)), under, of),
    ]
    if part == "total":
        clicks, of_clicks = _clicks(column, of)
        made += ratio(money.CPC, (cost, clicks), under, of_clicks)
    if part != "paid":
        made += ratio(money.CPM_OF_VIEWS, (cost, column(f"views{suffix}")), under, of)
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
    made += rate(lambda n, v: rates.click_through_rate(n, v, 0, of), (clicks, shown), under)
    made += ratio(money.CPM, (spend, shown), under, of)
    made += ratio(money.CPC, (spend, clicks), under, of)
    note = "the ad platform's own attribution"
    return made + ratio(money.ROAS, (column("ad_revenue"), spend), under, of, note)


def _cost(fee: F64, spend: F64, part: Part) -> F64:
    if part == "organic":
        return fee
    return spend if part == "paid" else np.asarray(fee + np.nan_to_num(spend))
