"""A roster, and a frozen plan against what came, as documents for pages and paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inference.documents import (
    Block,
    Bullets,
    Cell,
    Document,
    Figure,
    Grid,
    Heading,
    Number,
    Paragraph,
)
from inference.drawings import Bar, interval_bars
from inference.plan_sheets import named
from inference.wording import UNKNOWN, count, money, share, short_id, window
from reelcast.plans import Cost, Total
from reelcast.records import ModelName
from reelcast.rosters import CreatorTotals, Followed, FollowedWindow, FrozenPlan, RosterTotals

COUNTS = ("views", "engagements", "clicks", "conversions")
COST_NAMES = {
    "cpv": "cost per 1,000 views",
    "cpe": "cost per engagement",
    "cpc": "cost per click",
    "cpa": "cost per action",
    "roas": "revenue over fees",
}
_EACH = {"cpv": 1000}  # results that a cost is told for, where not of one
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RosterShown:
    """What a roster's document is made of; `names` stand for pseudonyms."""

    name: str | None
    words: str
    made_at: datetime
    horizon_days: float
    model: ModelName
    totals: RosterTotals
    rests_on: tuple[str, ...]
    names: Names = field(default_factory=dict)


def roster_document(of: RosterShown) -> Document:
    """The roster: what it brings in total and by creator, what it costs, what that rests on."""
    return Document(
        title=f"Plan {of.name}" if of.name else "Plan",
        subtitle=f"counts {window(of.horizon_days)} after each post, amounts in "
        f"{of.totals.currency}",
        made_at=of.made_at,
        blocks=tuple(_roster(of)),
    )


def _roster(of: RosterShown) -> Iterator[Block]:
    made, after = of.totals, f"{window(of.horizon_days)} after each post"
    model = f"model of {of.model.created_at[:10]} on data {of.model.data_version}"
    yield Heading("The roster")
    yield Paragraph(of.words, "lead")
    yield Paragraph(booked(made))
    yield Heading("In total")
    bars = total_bars(made.totals)
    if bars:
        unit = f"total, {after}"
        yield Figure(interval_bars(bars, unit), f"P10 to P90, line: P50; {after}", unit)
    method = f"{made.posts} posts drawn together by the {model}, {after}"
    head = ("total", "P10", "P50", "P90", "mean", "rests on")
    rows = tuple(_total_row(name, t, (made.currency, method)) for name, t in made.totals.items())
    yield Grid(f"Totals {after}", head, rows, (1.2, 1, 1.5, 1, 1, 2))
    yield Grid("Cost per result", ("cost", "P10", "P50", "P90", "at the mean"), tuple(
        (COST_NAMES[name], *cost_cells(name, cost)) for name, cost in made.costs.items()
    ))  # fmt: skip
    yield Heading("By creator")
    yield _creators(of)
    said = [f"{name}: {t.words}" for name, t in made.totals.items() if t.words]
    if said or of.rests_on:
        yield Heading("To know when reading this")
        yield Bullets((*said, *of.rests_on))


def booked(made: RosterTotals) -> str:
    """How many posts for how much, and the chance of the target, in words."""
    said = (
        f"{made.posts} posts of {len(made.creators)} creators for "
        f"{money(made.cost, made.currency)} of {money(made.budget, made.currency)}"
    )
    goals = [(name, of) for name, of in made.totals.items() if of.goal is not None]
    for name, of in goals:
        said += f"; {share(of.chance)} chance of {count(of.goal)} {name} or more"
    return said + "."


def _total_row(name: str, of: Total, by: tuple[str, str]) -> tuple[str | Number, ...]:
    currency, method = by
    p10, p50, p90, mean = total_cells(name, of, currency)
    middle = Number(p50, f"{p10} to {p90} (80%)", method)
    return (name, p10, middle, p90, mean, in_short(of.words))


def in_short(words: str | None) -> str:
    """What a total rests on, without the sources in brackets.

    >>> in_short("prior, no own data: .3% of views (a vendor's figures)"), in_short(None)
    ('prior, no own data: .3% of views', 'the forecasts of its posts')
    """
    return "the forecasts of its posts" if words is None else words.partition(" (")[0]


def total_cells(name: str, of: Total, currency: str) -> tuple[str, ...]:
    """P10, P50, P90 and mean with their unit."""
    values = (of.p10, of.p50, of.p90, of.mean)
    return tuple(money(v, currency) if name == "revenue" else count(v) for v in values)


def cost_cells(name: str, of: Cost, has_unit: bool = True) -> tuple[str, ...]:
    """P10, P50, P90 and the cost at the mean; a share of futures without result has none."""
    unit = ("x" if of.unit == "ratio" else of.unit) if has_unit else ""
    each = _EACH.get(name, 1)
    values = (of.p10, of.p50, of.p90, of.mean)
    return tuple(UNKNOWN if v is None else money(v * each, unit) for v in values)


def _creators(of: RosterShown) -> Grid:
    made = of.totals
    metrics = tuple(made.totals)
    costs = [name for name in ("cpa", "cpv") if name in made.costs][:1]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            name_in(one.name, of.names),
            f"{one.posts} of {one.slots}",
            money(one.cost, made.currency),
            *(_own(name, one, (made.currency, of)) for name in metrics),
            *(_cost(name, one.costs.get(name)) for name in costs),
        )
        for one in made.creators
    )
    head = ("creator", "posts", "fees", *metrics, *(COST_NAMES[name] for name in costs))
    widths = (1.7, 0.8, 1, *(1 for _ in metrics), *(1.2 for _ in costs))
    return Grid("P50 of each creator's posts, P10 to P90 beneath", head, rows, widths)


def _own(name: str, one: CreatorTotals, by: tuple[str, RosterShown]) -> Number:
    currency, of = by
    p10, p50, p90, _ = total_cells(name, one.totals[name], currency)
    method = f"the posts of one creator together, by the model of {of.model.created_at[:10]}"
    return Number(p50, f"{p10} to {p90}", method)


def _cost(name: str, of: Cost | None) -> str:
    if of is None or of.p50 is None:
        return UNKNOWN
    p10, p50, p90, _ = cost_cells(name, of)
    return f"{p50} ({p10} to {p90})"


def name_in(name: str, names: Names) -> str:
    """The name that stands for a candidate: a known handle, else the pseudonym's beginning."""
    return names.get(name) or (short_id(name) if len(name) > 16 else name)


def total_bars(totals: Mapping[str, Total]) -> list[Bar]:
    """Totals of counts to draw on one scale; amounts of money are not among them."""
    return [bar_of(name, totals[name]) for name in COUNTS if name in totals]


def bar_of(name: str, of: Total, actual: float | None = None) -> Bar:
    """P10 to P90 with P50, and what came where it is known."""
    return Bar(name, {"q10": of.p10, "q50": of.p50, "q90": of.p90}, actual)


def follow_document(plan: FrozenPlan, made: Followed, now: datetime, names: Names) -> Document:
    """A frozen plan against what came."""
    posts = "; ".join(f"{name_in(who, names)} x {n}" for who, n in plan.choice.items())
    blocks: list[Block] = [Heading("Warnings")]
    warnings = warnings_of(made, names)
    blocks.append(Bullets(tuple(warnings)) if warnings else Paragraph(NO_WARNING))
    blocks.append(Heading("Forecast against actual"))
    currency = plan.totals.currency
    blocks.append(_windows(made.windows, "by window", currency))
    if made.sold:
        blocks.append(_windows(made.sold, "of what was sold", currency))
    blocks += [Heading("What was frozen"), Paragraph(booked(plan.totals)), Paragraph(posts)]
    blocks.append(Paragraph(frozen_words(plan), "soft"))
    return Document(
        title=f"Plan {plan.name or plan.plan_id}",
        subtitle=f"frozen {plan.made_at:%-d %B %Y %H:%M} UTC, followed",
        made_at=now,
        blocks=tuple(blocks),
    )


NO_WARNING = "Nothing that was counted lies outside its P10 to P90."


def warnings_of(made: Followed, names: Names) -> list[str]:
    """What lies outside its P10 to P90, and counts that are missing, in words."""
    outside = [of.words for of in (*made.windows, *made.sold) if of.state in ("below", "above")]
    return [*outside, *(named(of.words, names) for of in made.posts), *made.notes]


def frozen_words(plan: FrozenPlan) -> str:
    """When and by which model a plan was frozen."""
    return (
        f"Frozen {plan.made_at:%-d %B %Y %H:%M} UTC by the model of {plan.model.created_at[:10]} "
        f"on data {plan.model.data_version}, with rates of sales of version {plan.conversions}. "
        f"How posts move together is known from: {plan.dependence.words}."
    )


def _windows(each: Sequence[FollowedWindow], caption: str, currency: str) -> Grid:
    rows = tuple(
        (
            of.window,
            of.target,
            total_cells(of.target, of.forecast, currency)[1],
            " to ".join(total_cells(of.target, of.forecast, currency)[::2]),
            came(of, currency),
            of.state,
            f"{of.counted} counted, {of.due} due",
        )
        for of in each
    )
    head = ("window", "count", "P50", "P10 to P90", "actual", "state", "posts")
    return Grid(f"Totals {caption}", head, rows, (0.8, 1.1, 1, 1.5, 1, 1.1, 1.5))


def came(of: FollowedWindow | None, currency: str) -> str:
    """What came, with its unit; not known before all posts are counted."""
    if of is None or of.actual is None:
        return UNKNOWN
    return money(of.actual, currency) if of.target == "revenue" else count(of.actual)
