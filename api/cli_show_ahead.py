"""What the commands of paths, updates, campaigns and the ledger print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from api.cli_show import compact, out, print_json, talk

if TYPE_CHECKING:
    from inference.ledger import LedgerReport
    from reelcast.plans import CampaignForecast, Cost
    from reelcast.tracks import PathResponse, UpdateResponse, Window


def _table(title: str, first: str, others: Sequence[str]) -> Table:
    table = Table(title=escape(title), title_justify="left", box=SIMPLE)
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _numbers(window: Window) -> list[str]:
    q = window.quantiles
    return [compact(q["q50"]), f"{compact(q['q10'])} - {compact(q['q90'])}", compact(window.mean)]


def show_paths(made: PathResponse, as_json: bool) -> None:
    """For each creator and target a row per window."""
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    for path in made.paths:
        name = path.label or path.creator_id or "inline"
        table = _table(f"{name}, before posting", "", ("window", "median", "80% interval", "mean"))
        for target, windows in path.targets.items():
            for window in windows:
                table.add_row(target, window.window, *_numbers(window))
        out.print(table)
        _say(path.notes)


def show_update(made: UpdateResponse, as_json: bool) -> None:
    """A row per target and window, before posting and now; then the warnings."""
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    title = f"{made.post_id or made.creator_id or 'the post'}, {made.age_days:.1f} days old"
    others = ("window", "before posting", "median now", "80% interval", "mean")
    table = _table(title, "", others)
    for target, of in made.targets.items():
        for before, now in zip(of.before, of.now, strict=True):
            table.add_row(target, now.window, compact(before.quantiles["q50"]), *_numbers(now))
    out.print(table)
    for of in made.targets.values():
        out.print(f"{of.warning.state}: {of.warning.words}", highlight=False, markup=False)
    if made.forecast_id is not None:
        _say([f"held against the ledger's forecast {made.forecast_id}"])
    _say(made.notes)


def show_campaign(made: CampaignForecast, as_json: bool) -> None:
    """A row per total, then what they rest on."""
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    name = made.campaign_id or "campaign"
    title = f"{name}: {made.posts} posts of {len(made.parts)} deliverables"
    table = _table(title, "total", ("P10", "P50", "P90", "mean", "goal", "chance"))
    reaches = {"reach (assumed)": made.reach, "qualified reach (assumed)": made.qualified_reach}
    for target, of in {**made.totals, **made.follows, **reaches}.items():
        if of is None:
            continue
        chance = "" if of.chance is None else f"{of.chance:.0%}"
        goal = "" if of.goal is None else compact(of.goal)
        four = (compact(value) for value in (of.p10, of.p50, of.p90, of.mean))
        table.add_row(target, *four, goal, chance)
    out.print(table)
    _show_costs(made.costs)
    _say((made.dependence.words, *made.assumptions))
    sold = {**made.totals, **made.follows}
    _say([f"{name}: {of.words}" for name, of in sold.items() if of.words])


def _show_costs(costs: Mapping[str, Cost]) -> None:
    """A row per cost; `-` where so many futures have no result."""
    if not costs:
        return
    table = _table("", "cost", ("P10", "P50", "P90", "of the means"))
    for name, of in costs.items():
        four = (_money(value, of.unit) for value in (of.p10, of.p50, of.p90, of.mean))
        table.add_row(name, *four)
    out.print(table)


def _money(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if unit == "ratio" else f"{value:,.4g} {unit}"


def show_ledger(made: LedgerReport, as_json: bool) -> None:
    """A row per slice, then drift in words."""
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    if not made.slices:
        _say([_no_outcome(made)])
        return
    title = f"{made.forecasts:,} forecasts kept, {made.outcomes:,} of their counts came due"
    others = ("slice", "n", "posts", "creators", "held", "95%", "bias", "95%", "ratio")
    table = _table(title, "target", others)
    table.padding = (0, 0)  # all of it in 80 columns: long names of slices fold, nothing else
    table.columns[0].no_wrap, table.columns[1].no_wrap = True, False
    table.columns[1].overflow = "fold"
    for of in made.slices:
        name = of.name if of.by == "all" else f"{of.by} {of.name}"
        low, high = of.coverage_interval
        bias = "-" if of.posts < 2 else "{:+.2f}, {:+.2f}".format(*of.bias_interval)
        table.add_row(
            of.target,
            escape(name),
            *(f"{n:,}" for n in (of.n, of.posts, of.creators)),
            f"{of.coverage_80:.0%}",
            f"{low * 100:.0f}-{high:.0%}",
            f"{of.bias_log:+.2f}",
            bias,
            "-" if of.total_ratio is None else f"{of.total_ratio:.2f}",
        )
    out.print(table)
    talk.print(
        "held: share of outcomes inside their 80% interval. bias: mean of log(1 + actual) less "
        "log(1 + median); above 0 forecasts were too low. ratio: sum of means over sum of "
        "actuals. n: outcomes, a post once a window; intervals take creators as wholes (one "
        "creator: they hold for that one only).",
        highlight=False,
    )
    _say(made.notes)
    for of_campaign in made.campaigns:
        name = of_campaign.campaign_id or "campaign"
        out.print(
            f"{name}: {compact(of_campaign.actual)} {of_campaign.target}, forecast "
            f"{compact(of_campaign.p10)} to {compact(of_campaign.p90)}",
            highlight=False,
            markup=False,
        )
    _say([of.words for of in made.drift], "drift: ")
    for step in made.steps:
        applied = "applied" if made.adaptive else "not applied (ledger.adaptive is off)"
        words = f"{step.target} at {step.window}: intervals {step.stretch:.2f} times as wide"
        talk.print(f"adaptive step: {words}, {applied}", highlight=False, markup=False)


def _no_outcome(made: LedgerReport) -> str:
    if not made.forecasts:
        return (
            "The ledger holds no forecast yet: those of `reelcast forecast`, `reelcast trajectory` "
            "and the API are kept, unless ledger.enabled is off"
        )
    return (
        f"None of the {made.forecasts:,} forecasts kept has an outcome yet: import newer exports "
        "once their posts have been out for as long as was asked; they are joined by creator and "
        "time of posting, or by `reelcast ledger link`"
    )


def _say(words: Sequence[str], before: str = "") -> None:
    for line in words:
        talk.print(f"{before}{line}", highlight=False, markup=False)
