"""One frozen plan: what was decided, and after launch what came, with early warnings."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from api.doors import Doors
from api.web.labels import kept
from api.web.markup import Column, bullets, note, paragraph, section, table, text
from api.web.pages.planner_roster import XLSX
from api.web.pieces import at_work, listen, show
from inference.directory import names_of
from inference.documents_pdf import pdf_of
from inference.drawings import Bar, inline_bar, interval_bars, log_axis
from inference.plan_document import (
    NO_WARNING,
    Names,
    bar_of,
    booked,
    came,
    follow_document,
    frozen_words,
    name_in,
    total_bars,
    total_cells,
    warnings_of,
)
from inference.plan_sheets import csv_of, followed_rows, xlsx_of
from inference.plan_store import find_plan
from inference.wording import count
from reelcast.rosters import Followed, FollowedWindow, FrozenPlan
from reelcast.salt import read_salt

_BAR_PX = 220
_SALES = ("clicks", "conversions", "revenue")


async def show_page(doors: Doors, request: Request) -> None:
    """Show the plan, what came of it so far, and what lies outside."""
    from nicegui import ui

    plan_id = request.path_params["plan_id"]
    now = doors.now()
    plan = await at_work(find_plan, doors.settings, plan_id)
    made = await at_work(doors.planner.follow, plan.plan_id, now)
    names = names_of(await kept(), None, read_salt(doors.settings))

    async def acted(act: str, value: str) -> None:
        name = f"plan-{plan.name or plan.plan_id}"
        if act == "pdf":
            paper = await at_work(pdf_of, follow_document(plan, made, now, names))
            ui.download(paper, f"{name}.pdf", "application/pdf")
        elif act == "csv":
            ui.download(csv_of(followed_rows(made, names)).encode(), f"{name}.csv", "text/csv")
        elif act == "xlsx":
            book = await at_work(xlsx_of, "Followed", followed_rows(made, names), now)
            ui.download(book, f"{name}.xlsx", XLSX)

    show(_title(plan) + _warnings(made, names))
    show(_followed(made, plan))
    listen(show(_OUT), acted)
    show(_frozen(plan, names))


def _title(plan: FrozenPlan) -> str:
    return (
        f'<p class="lead"><b>{text(plan.name or plan.plan_id)}</b> <span class="soft">frozen '
        f'{plan.made_at:%-d %B %Y %H:%M} UTC</span> <a href="/planner">The planner</a></p>'
    )


def _warnings(made: Followed, names: Names) -> str:
    said = warnings_of(made, names)
    counted = any(of.counted for of in made.windows)
    if said:
        return section("Early warnings", f'<div class="note warn">{bullets(said)}</div>')
    if not counted:
        waits = "No post of the plan is counted yet: import what was counted after launch."
        return section("Early warnings", paragraph(waits))
    return section("Early warnings", note("good", "On its path", NO_WARNING))


def _followed(made: Followed, plan: FrozenPlan) -> str:
    """A table per count: its windows on one scale."""
    parts = []
    targets = dict.fromkeys(("views", *(of.target for of in made.windows)))
    for target in targets:
        each = [of for of in made.windows if of.target == target]
        parts.append(f"<h3>{text(target.capitalize())}, all posts together</h3>")
        parts.append(_windows(each, target, plan))
    said = (
        "A window's total is told once all its posts are counted; a post that runs off its own "
        "path is warned of at its first window."
    )
    legend = (
        '<p class="legend"><span>bar: P10 to P90 as frozen</span><span>line: P50</span>'
        "<span>diamond: what came</span></p>"
    )
    return section(
        "Forecast against actual", paragraph(said, "soft"), legend, *parts, _sales(made, plan)
    )


def _windows(each: Sequence[FollowedWindow], target: str, plan: FrozenPlan) -> str:
    axis = log_axis(
        [v for of in each for v in (of.forecast.p10, of.forecast.p90, of.actual)], 8, _BAR_PX - 8
    )
    rows = []
    for of in each:
        bar = bar_of(of.window, of.forecast, of.actual)
        rows.append(
            (
                text(of.window),
                inline_bar(bar, axis),
                f"{count(of.forecast.p50)}<small>{count(of.forecast.p10)} to "
                f"{count(of.forecast.p90)}</small>",
                count(of.forecast.mean),
                came(of, plan.totals.currency),
                _state(of),
                f"{of.counted} of {len(plan.posts)}<small>{of.due} due</small>",
            )
        )
    columns = (
        Column("After posting"),
        Column(f"{target}, one scale"),
        Column("P50", True, source="As frozen; beneath it P10 to P90."),
        Column("Mean", True),
        Column("Actual", True, source="The total of all posts, once each is counted."),
        Column("State"),
        Column("Posts counted"),
    )
    return table(f"{target} by window", columns, rows)


def _state(of: FollowedWindow) -> str:
    kind = {"below": "bad", "above": "warn", "as expected": "good"}.get(of.state, "")
    return f'<span class="state {kind}">{text(of.state)}</span>'


def _sales(made: Followed, plan: FrozenPlan) -> str:
    """Clicks, conversions and revenue: what came, else what was forecast and what is awaited."""
    totals = {name: of for name, of in plan.totals.totals.items() if name in _SALES}
    if not totals:
        return ""
    actual = {of.target: of for of in made.sold}
    currency = plan.totals.currency
    rows = []
    for name, of in totals.items():
        sold = actual.get(name)
        p10, p50, p90, mean = total_cells(name, of, currency)
        state = "waiting" if sold is None else _state(sold)
        rows.append(
            (text(name), f"{p50}<small>{p10} to {p90}</small>", mean, came(sold, currency), state)
        )
    columns = (
        Column("Sold"),
        Column("P50", True),
        Column("Mean", True),
        Column("Actual", True),
        Column("State"),
    )
    said = (
        f"Told once the campaign {plan.name!r} is in the lake and the windows of its posts closed."
        if plan.name
        else "The plan has no campaign's name: what was sold cannot be found."
    )
    return f"<h3>What was sold</h3>{paragraph(said, 'soft')}" + table(
        "What was sold", columns, rows
    )


def _frozen(plan: FrozenPlan, names: Names) -> str:
    made = plan.totals
    rows = [
        (
            text(name_in(post.name, names)),
            f"{post.planned_at:%-d %B %Y %H:%M} UTC",
            "kept" if all(post.forecast_ids.values()) else "not kept: the ledger was off",
        )
        for post in plan.posts
    ]
    columns = (Column("Post of"), Column("Planned"), Column("Its forecasts"))
    bars: list[Bar] = total_bars(made.totals)
    drawn = (
        f'<div class="broad">{interval_bars(bars, "total as frozen")}</div>'
        f'<div class="narrow">{interval_bars(bars, "total as frozen", 340)}</div>'
    )
    return section(
        "What was frozen",
        paragraph(booked(made)),
        drawn,
        table("Posts", columns, rows),
        paragraph(frozen_words(plan), "soft"),
    )


_OUT = (
    '<p class="actions"><button type="button" class="main" data-act="pdf">As PDF</button>'
    '<button type="button" data-act="csv">CSV</button>'
    '<button type="button" data-act="xlsx">XLSX</button></p>'
)
