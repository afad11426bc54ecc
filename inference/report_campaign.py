"""A campaign's report as a document: its objective first, each number with its method. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from inference.documents import (
    Block,
    Bullets,
    Document,
    Figure,
    Grid,
    Heading,
    Paragraph,
)
from inference.drawings_campaign import METHOD_NAMES, lag_chart, methods, timeline
from inference.report_cells import (
    measured_cell,
    metric_name,
    orders_cell,
    revenue_cell,
)
from inference.report_compared import beside_usual, creators, metrics_at_window
from inference.report_skew import skew_blocks
from inference.wording import count, money, short_id
from measurement.benchmarks import Usual
from measurement.learnings import Found
from measurement.results import CampaignMeasured, Range, Slice

FUNNEL = (
    "views", "engagement_rate_by_views", "save_rate", "ctr_of_views", "conversion_rate",
    "cpa", "cpi", "cpl", "roas",
)  # fmt: skip
STAGES = ("awareness", "consideration", "conversion", "loyalty")


def campaign_report(
    measured: CampaignMeasured, usual: Sequence[Usual] = (), learnings: Sequence[Found] = ()
) -> Document:
    """The whole report. `usual`: what is usual in the lake; `learnings`: this campaign's."""
    of = measured.campaign
    about = (
        f"{of.brand}, {of.type.replace('_', ' ')}, {of.local(of.starts_at):%-d %B %Y} to "
        f"{of.local(of.ends_at):%-d %B %Y} ({of.timezone}), {len(of.deliverables)} posts, "
        f"sales count for {of.window_days} days after each"
    )
    blocks = [
        *_headline(measured),
        *_funnel(measured),
        *skew_blocks(measured.skew, _at_window(measured)),
        *_attribution(measured),
        *creators(measured),
        *beside_usual(measured, usual),
        *_over_time(measured),
        *_learned(measured, learnings),
    ]
    return Document(f"Campaign {of.campaign_id}", about, measured.measured_at, tuple(blocks))


def _headline(measured: CampaignMeasured) -> list[Block]:
    of = measured.campaign
    blocks: list[Block] = []
    for result in measured.objectives:
        blocks.append(Heading(f"{result.rank.capitalize()} objective: {_said(result.objective)}"))
        if result.rank == "primary":
            blocks.append(Paragraph(_lead(measured), "lead"))
        rows = [(metric_name(m), measured_cell(v)) for m, v in result.metrics.items()]
        if rows:
            caption = f"What shows it, {of.window_days} days after each post"
            blocks.append(Grid(caption, ("metric", "value"), tuple(rows)))
    if measured.targets:
        rows3 = [
            (metric_name(t.metric), f"{t.target:,.6g}", "not known" if t.value is None else
             f"{t.value:,.6g}", t.said)
            for t in measured.targets
        ]  # fmt: skip
        head = ("metric", "target", "value", "verdict")
        blocks.append(Grid("Targets", head, tuple(rows3)))
    return blocks


def _lead(measured: CampaignMeasured) -> str:
    """The campaign in a sentence or two: the best estimate, its range, its floor, its cost."""
    made = measured.attribution
    whole = _whole(measured)
    what = " and ".join(f"{name}s" for name in made.conversions)
    if whole is None or not made.orders:
        return f"No {what} are known in the campaign's windows: import orders, or judge by reach."
    spend = sum(one.spend for one in measured.posts)
    cost = sum(one.fee for one in measured.posts) + spend
    said = f"At least {count(whole.floor)} {what} are proven by link or code."
    if whole.best is not None and whole.low is not None and whole.ceiling is not None:
        said = (
            f"About {count(whole.best)} {what} came by the campaign, between {count(whole.low)} "
            f"and {count(whole.ceiling)} ({whole.level:.0%}); at least {count(whole.floor)} are "
            "proven by link or code."
        )
    best = whole.best or whole.floor
    if cost and best:
        each = money(cost / best, made.currency)
        what = "Fees and ad spend" if spend else "Fees"
        said += f" {what} of {money(cost, made.currency)} are {each} for each of these."
    return said


def _funnel(measured: CampaignMeasured) -> list[Block]:
    """A row for each stage; posts of one stage are never judged by another's measures."""
    stages = {of.name: of for of in measured.slices if of.by == "stage"}
    named = [stages[name] for name in STAGES if name in stages]
    of_stage = {of.name: metrics_at_window(of, measured) for of in named}
    shown = [m for m in FUNNEL if any(m in of for of in of_stage.values())]
    rows = [
        (of.name, str(of.posts), *(measured_cell(of_stage[of.name].get(m)) for m in shown))
        for of in named
    ]
    head = ("stage", "posts", *(metric_name(m) for m in shown))
    blocks: list[Block] = [Heading("Funnel by stage")]
    blocks.append(Grid(f"{measured.campaign.window_days} days after each post", head, tuple(rows)))
    paid = [s for s in measured.slices if s.by == "campaign" for w in s.windows if w.part == "paid"]
    if paid:
        blocks += _paid(measured, paid[0])
    return blocks


def _paid(measured: CampaignMeasured, whole: Slice) -> list[Block]:
    """Organic and paid apart, where they were counted apart."""
    of = {w.part: w.metrics for w in whole.windows if w.days == measured.campaign.window_days}
    names = [m for m in of.get("paid", {}) if of["paid"][m].value is not None]
    rows = [
        (metric_name(m), measured_cell(of.get("organic", {}).get(m)), measured_cell(of["paid"][m]))
        for m in names
    ]
    if not rows:
        return []
    return [
        Heading("Organic and paid apart", 3),
        Grid("Counted apart by the ad account", ("metric", "organic", "paid"), tuple(rows)),
    ]


def _at_window(measured: CampaignMeasured) -> str:
    return f"views, {measured.campaign.window_days} days after each post"


def _attribution(measured: CampaignMeasured) -> list[Block]:
    made = measured.attribution
    rows = [
        (
            METHOD_NAMES[of.method] + (" (agreed)" if of.method == made.headline else ""),
            orders_cell(of.total, of) if of.total else f"no number: {of.refused}",
            revenue_cell(of.total, of, made.currency) if of.total else "",
        )
        for of in made.methods
    ]
    blocks: list[Block] = [
        Heading("Who brought the orders"),
        Paragraph(
            f"{made.orders:,} orders in the campaign's windows: {made.to_this_campaign:,} are "
            f"credited to it by link or code, {made.to_other_campaigns:,} to other campaigns, "
            f"{made.to_nobody:,} to nobody. Methods see different parts; they are not to be added "
            "up."
        ),
        Grid("Methods side by side", ("method", "orders", "revenue"), tuple(rows)),
    ]
    if any(of.total for of in made.methods):
        caption = "Orders by method; “or more” where a method sees only a part"
        blocks.append(Figure(methods(made.methods), caption, caption))
    if made.leakage:
        leaks = [
            (short_id(of.creator_id), f"{of.code_orders:,}", measured_cell(of.index))
            for of in made.leakage
        ]
        head = ("creator", "orders by code", "share whose code travelled")
        blocks.append(Grid("Leakage of codes (an inference)", head, tuple(leaks)))
    if made.noted:
        blocks.append(Heading("What was odd in the data", 3))
        blocks.append(Bullets(tuple(f"{of.n:,}: {of.said}" for of in made.noted)))
    return blocks


def _over_time(measured: CampaignMeasured) -> list[Block]:
    blocks: list[Block] = []
    if measured.timeline:
        caption = (
            "All orders (light), those with the campaign's link or code (dark), a diamond where a "
            "post went out, brown where a promotion ran"
        )
        blocks += [
            Heading("Over time"),
            Figure(
                timeline(measured.timeline, measured.campaign.timezone),
                caption,
                "Orders a day with post markers",
            ),
        ]
    lag = measured.attribution.lag
    if lag.n:
        middle = "" if lag.median_days is None else f"; half within {lag.median_days:.1f} days"
        blocks.append(Figure(lag_chart(lag), f"{lag.said}{middle}", "When orders came"))
    return blocks


def _learned(measured: CampaignMeasured, learnings: Sequence[Found]) -> list[Block]:
    blocks: list[Block] = []
    if learnings:
        said = tuple(f"{of.title}. {of.text}".strip() for of in learnings)
        blocks += [Heading("What was learned"), Bullets(said)]
    if measured.notes:
        blocks += [Heading("To know when reading this"), Bullets(measured.notes)]
    return blocks


def _whole(measured: CampaignMeasured) -> Range | None:
    return next((of for of in measured.attribution.ranges if of.creator_id is None), None)


def _said(words: str) -> str:
    return words.replace("_", " ")
