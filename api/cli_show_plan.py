"""What the planner's commands print and write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from api.cli_show import compact, out, print_json, talk

if TYPE_CHECKING:
    from reelcast.rosters import Ceiling, Chosen, Followed, FrozenPlan, RosterTotals


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A roster chosen, the fees' ceilings, the frozen plan if any, and what was left out."""

    chosen: Chosen
    ceilings: tuple[Ceiling, ...]
    frozen: FrozenPlan | None
    notes: tuple[str, ...]


def show_plan(shown: PlanShown, as_json: bool) -> None:
    """A row per creator, the total, and in words how good the roster is."""
    chosen = shown.chosen
    if as_json:
        print_json(
            {
                **chosen.model_dump(mode="json"),
                "ceilings": [of.model_dump(mode="json") for of in shown.ceilings],
                "plan_id": None if shown.frozen is None else shown.frozen.plan_id,
                "notes": list(shown.notes),
            }
        )
        return
    out.print(_roster(chosen.totals))
    out.print(_totals(chosen.totals))
    if shown.ceilings:
        out.print(_ceilings(shown.ceilings))
    said = [chosen.words, *shown.notes]
    said += [f"{name}: {of.words}" for name, of in chosen.totals.totals.items() if of.words]
    if shown.frozen is not None:
        said.append(f"frozen as {shown.frozen.plan_id}: `reelcast follow {shown.frozen.plan_id}`")
    for line in said:
        talk.print(line, highlight=False, markup=False)


def _table(title: str, first: str, others: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _roster(made: RosterTotals) -> Table:
    metrics = tuple(made.totals)
    title = f"roster: medians by creator, money in {made.currency}"
    table = _table(title, "creator", ("posts", "cost", *metrics, "grade"))
    for one in made.creators:
        counts = (compact(one.totals[name].p50) for name in metrics)
        posts = f"{one.posts} of {one.slots}"
        table.add_row(escape(one.name), posts, f"{one.cost:,.0f}", *counts, one.grade)
    return table


def _totals(made: RosterTotals) -> Table:
    title = f"{made.posts} posts for {made.cost:,.0f} of {made.budget:,.0f} {made.currency}"
    table = _table(title, "total", ("P10", "P50", "P90", "mean", "target", "chance"))
    for name, of in made.totals.items():
        four = (compact(value) for value in (of.p10, of.p50, of.p90, of.mean))
        goal = "" if of.goal is None else compact(of.goal)
        table.add_row(name, *four, goal, "" if of.chance is None else f"{of.chance:.0%}")
    for name, cost in made.costs.items():
        each = (cost.p10, cost.p50, cost.p90, cost.mean)
        table.add_row(name, *("-" if v is None else f"{v:,.3g}" for v in each), "", "")
    return table


def _ceilings(ceilings: tuple[Ceiling, ...]) -> Table:
    first = ceilings[0]
    title = f"highest fee of one post at which {first.metric} cost {first.cost_per_result:g} each"
    table = _table(title, "creator", ("holds in 90%", "50%", "10%", "at the mean"))
    for of in ceilings:
        table.add_row(escape(of.name), *(f"{v:,.0f}" for v in (of.p10, of.p50, of.p90, of.mean)))
    return table


def write_csv(path: Path, made: RosterTotals) -> None:
    """Write a row per creator, and the total's as the last."""
    from inference.plan_sheets import csv_of, roster_rows

    path.write_text(csv_of(roster_rows(made)), encoding="utf-8", newline="")


def show_followed(made: Followed, as_json: bool) -> None:
    """A row per window and count, then warnings."""
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    title = f"{made.name or made.plan_id}, frozen {made.made_at:%Y-%m-%d %H:%M}"
    table = _table(escape(title), "", ("window", "P10", "P50", "P90", "actual", "counted", "state"))
    for of in (*made.windows, *made.sold):
        ends = (compact(v) for v in (of.forecast.p10, of.forecast.p50, of.forecast.p90))
        actual = "-" if of.actual is None else compact(of.actual)
        table.add_row(of.target, of.window, *ends, actual, str(of.counted), of.state)
    out.print(table)
    for of in made.posts:
        out.print(f"{of.state}: {of.words}", highlight=False, markup=False)
    for note in made.notes:
        talk.print(note, highlight=False, markup=False)
