"""The roster as HTML: what it brings in total, a row with sliders for each candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.web.markup import Column, attribute, note, paragraph, source, table, text
from inference.drawings import Axis, inline_bar, interval_bars, log_axis
from inference.plan import Plan
from inference.plan_document import (
    COST_NAMES,
    Names,
    bar_of,
    booked,
    cost_cells,
    in_short,
    name_in,
    total_bars,
    total_cells,
)
from inference.wording import UNKNOWN, count, interval, money, window
from reelcast.rosters import Ceiling, CreatorTotals, RosterTotals

COST_OF = {
    "views": "cpv",
    "engagements": "cpe",
    "clicks": "cpc",
    "conversions": "cpa",
    "revenue": "roas",
}
_BAR_PX = 220
_WIDE = 3.0  # times its median, from which a mean says little


@dataclass(frozen=True, slots=True)
class RosterView:
    """What is drawn of a plan: the posts chosen, the fees as moved, the count that is shown."""

    plan: Plan
    made: RosterTotals
    fees: Mapping[str, float]
    metric: str
    axis: Axis
    names: Names = field(default_factory=dict)

    def fee_of(self, at: int) -> float:
        """The fee of one post of a candidate."""
        return self.fees.get(self.plan.names[at], float(self.plan.fee[at]))

    def own(self, name: str) -> CreatorTotals | None:
        """A candidate's totals; None where none of its posts is chosen."""
        return next((one for one in self.made.creators if one.name == name), None)


def totals_html(view: RosterView) -> str:
    """The roster in total: what it brings on one scale, in figures, and what a result costs."""
    made = view.made
    if not made.posts:
        return note("warn", "No post is chosen", "Move a slider to the right to book a post.")
    after = f"{window(view.plan.asked.horizon_days)} after each post"
    bars = total_bars(made.totals)
    drawn = (
        f'<div class="broad">{interval_bars(bars, f"total, {after}")}</div>'
        f'<div class="narrow">{interval_bars(bars, f"total, {after}", 340)}</div>'
    )
    goal = [name for name, of in made.totals.items() if of.goal is not None]
    rows = [
        (
            f"{text(name)}{_rests_on(name, of.words)}",
            *total_cells(name, of, made.currency),
            _goal(name, made) if name in goal else "",
        )
        for name, of in made.totals.items()
    ]
    costs = [
        (text(COST_NAMES[name]), *cost_cells(name, cost), "") for name, cost in made.costs.items()
    ]  # fmt: skip
    columns = (
        Column("Total"),
        Column("P10", True, source="Of ten futures, nine bring at least this much."),
        Column("P50", True, source="Half of the futures bring more, half less."),
        Column("P90", True, source="Of ten futures, one brings more than this."),
        Column("Mean", True, source="What to set a budget by: sums of posts follow their means."),
        Column("Target", True),
    )
    figures = table(f"Totals {after}", columns, [*rows, *costs])
    return f'{_booked(made)}{drawn}<p class="legend"><span>bar: P10 to P90</span><span>line: P50' \
           f"</span><span>{text(after)}</span></p>{figures}{_wide(made)}"  # fmt: skip


def _wide(made: RosterTotals) -> str:
    """A warning where a mean says little, since few very good futures make most of it."""
    wide = [name for name, of in made.totals.items() if of.mean > _WIDE * max(of.p50, 1.0)]
    if not wide:
        return ""
    said = (
        f"A few very good futures make most of the mean of {', '.join(wide)}. Set no budget by it: "
        "go by P10 and P50 until the brand has data of its own."
    )
    return note("warn", "Not much is known yet", said)


def _rests_on(name: str, words: str | None) -> str:
    """What a total rests on: in short, and whole on asking where there is more to say."""
    short = in_short(words)
    more = source(f"rests-{name}", words) if words and words != short else ""
    return f"{more}<small>{text(short)}</small>"


def _booked(made: RosterTotals) -> str:
    over = made.cost - made.budget
    said = paragraph(booked(made), "lead")
    if over <= 0:
        return said
    return said + note("warn", "Over the budget", f"by {money(over, made.currency)}")


def _goal(name: str, made: RosterTotals) -> str:
    of = made.totals[name]
    assert of.goal is not None
    assert of.chance is not None
    return f"{count(of.goal)}<small>reached in {of.chance:.0%} of futures</small>"


def shared_axis(metric: str, most: Sequence[CreatorTotals]) -> Axis:
    """The log scale of all creators' bars, wide enough for one post and for all of them."""
    ends = [v for one in most for v in (one.totals[metric].p10, one.totals[metric].p90)]
    one_post = [one.totals[metric].p10 / one.posts for one in most if one.posts]
    return log_axis([*ends, *one_post], 8, _BAR_PX - 8)


def roster_table(view: RosterView) -> str:
    """A row per candidate with its sliders; the cells that follow them have ids."""
    currency, metric = view.made.currency, view.metric
    after = window(view.plan.asked.horizon_days)
    rows = [
        (
            f'<span class="who">{text(name_in(name, view.names))}</span>'
            f'<small id="r{at}-grade">{row_cells(view, at)[f"r{at}-grade"]}</small>',
            _slider(view, at, "posts"),
            _slider(view, at, "fee"),
            *(
                f'<span id="r{at}-{key}">{row_cells(view, at)[f"r{at}-{key}"]}</span>'
                for key in ("bar", "p50", "mean", "cost", "each")
            ),
        )
        for at, name in enumerate(view.plan.names)
    ]
    unit = metric if metric != "revenue" else f"revenue, {currency}"
    scale = f"One log scale from {count(view.axis.low)} to {count(view.axis.high)} for all rows."
    each = COST_NAMES[COST_OF[metric]]
    columns = (
        Column("Creator"),
        Column("Posts"),
        Column(f"Fee of one post, {currency}"),
        Column(f"{unit}, one scale", source=f"Bar: P10 to P90. Line: P50. {scale}"),
        Column(f"P50, {after}", True, source="Beneath it P10 to P90, of all of the creator's "
               "chosen posts together."),
        Column("Mean", True),
        Column(f"Fees, {currency}", True),
        Column(each, True, source=f"{each}: beneath the P50 stand P10 to P90."),
    )  # fmt: skip
    said = paragraph("Posts at 0 drop a creator; to the right they add one.", "soft")
    return said + table(f"Roster by creator: {unit}, {after} after each post", columns, rows)


def _slider(view: RosterView, at: int, what: str) -> str:
    """A slider with its value beside it; the posts' one ends at the slots, the fee's at twice."""
    name, one = view.plan.names[at], view.plan.asked.candidates[at]
    own = view.own(name)
    if what == "posts":
        label, low, high, step = "Posts", one.must, one.slots, 1.0
        value = float(own.posts if own else 0)
    else:
        label, low = "Fee of one post", 0
        high = max(2 * float(view.plan.fee[at]), 100.0)  # type: ignore[assignment]
        step, value = max(high / 200, 1.0), view.fee_of(at)
    cell = f"r{at}-{what}"
    return (
        f'<span class="slide"><input type="range" id="{cell}-in" min="{low}" max="{high:g}" '
        f'step="{step:g}" value="{value:g}" data-set="{what}" data-value="{at}" '
        f'aria-label="{attribute(f"{label}, {name_in(name, view.names)}")}">'
        f'<output id="{cell}">{row_cells(view, at)[cell]}</output></span>'
    )


def row_cells(view: RosterView, at: int) -> dict[str, str]:
    """The cells of a candidate's row by their ids."""
    name, one = view.plan.names[at], view.plan.asked.candidates[at]
    own, currency = view.own(name), view.made.currency
    fee = money(view.fee_of(at))
    kept = {f"r{at}-fee": fee, f"r{at}-posts": f"{own.posts if own else 0} of {one.slots}"}
    if own is None:
        said = {"grade": "not booked", "bar": "", "p50": "", "mean": "", "cost": "", "each": ""}
        return kept | {f"r{at}-{key}": words for key, words in said.items()}
    total = own.totals[view.metric]
    p10, p50, p90, mean = total_cells(view.metric, total, currency)
    between = (
        f"{p10} to {p90}" if view.metric == "revenue" else interval(total.p10, total.p90)
    )  # fmt: skip
    cells = {
        "grade": f"data grade {own.grade}",
        "bar": f'<span class="slim">{inline_bar(bar_of(name, total), view.axis)}</span>',
        "p50": f"{p50}<small>{between}</small>",
        "mean": mean,
        "cost": money(own.cost),
        "each": _each(COST_OF[view.metric], own),
    }
    return kept | {f"r{at}-{key}": words for key, words in cells.items()}


def _each(name: str, own: CreatorTotals) -> str:
    cost = own.costs.get(name)
    if cost is None:
        return UNKNOWN
    low, _, high, _ = cost_cells(name, cost, has_unit=False)
    return f"{cost_cells(name, cost)[1]}<small>{low} to {high}</small>"


def ceiling_table(ceilings: Sequence[Ceiling], names: Names) -> str:
    """The highest fees of one post at which a result costs as asked."""
    first = ceilings[0]
    rows = [
        (text(name_in(of.name, names)), *(money(v, of.currency) for v in
         (of.p10, of.p50, of.mean)))
        for of in ceilings
    ]  # fmt: skip
    columns = (
        Column("Creator"),
        Column("Holds in 90% of futures", True),
        Column("In half of them", True),
        Column("At the mean", True, source=f"At this fee the mean of {first.metric} costs as "
               "asked."),
    )  # fmt: skip
    what = f"{first.cost_per_result:g} {first.currency} for each of its {first.metric}"
    return table(f"Highest fee of one post at {what}", columns, rows)
