"""The parts of a campaign's report that compare: creators, and rates beside what is usual. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from inference.documents import Block, Grid, Heading, Paragraph
from inference.report_cells import amount, measured_cell, metric_name
from inference.wording import count, money, share, short_id
from measurement.benchmarks import Usual
from measurement.measured import Measured
from measurement.results import CampaignMeasured, Estimate, Range, Slice

OWN_METRICS = ("engagement_rate_by_views", "save_rate")


def creators(measured: CampaignMeasured) -> list[Block]:
    """Each creator's orders as a range, what they cost, and the place among peers of the stage."""
    ranges = {of.creator_id: of for of in measured.attribution.ranges}
    proven = measured.attribution.method("reconciled")
    by_creator = {of.creator_id: of for of in proven.by_creator}
    rows = [
        (
            short_id(of.name),
            str(of.posts),
            money(of.fee, measured.campaign.currency),
            measured_cell(metrics_at_window(of, measured).get("views")),
            _range_words(ranges.get(of.name)),
            _own(by_creator.get(of.name), of.fee, measured),
        )
        for of in measured.slices
        if of.by == "creator"
    ]
    head = ("creator", "posts", "fee", "views", "orders", "fee per proven order")
    blocks: list[Block] = [
        Heading("Creators"),
        Grid("By creator", head, tuple(rows)),
        Paragraph(
            "Creators are judged against others booked for the same stage of the funnel, never "
            "across stages; small differences are chance.",
            "soft",
        ),
    ]
    if measured.standings:
        standing = [
            (short_id(of.creator_id), of.stage, metric_name(of.metric), of.said)
            for of in measured.standings
        ]
        peers = ("creator", "stage", "measure", "against peers")
        blocks.append(Grid("Against peers of the stage", peers, tuple(standing)))
    return blocks


def _own(proven: Estimate | None, fee: float, measured: CampaignMeasured) -> str:
    if proven is None or not proven.orders:
        return "no proven order"
    return f"at most {money(fee / proven.orders, measured.campaign.currency)}"


def beside_usual(measured: CampaignMeasured, usual: Sequence[Usual]) -> list[Block]:
    """The campaign's rates beside what is usual, with how many posts say so."""
    whole = next((of for of in measured.slices if of.by == "campaign"), None)
    if whole is None or not usual:
        return []
    own = metrics_at_window(whole, measured)
    reached = {of.platform for of in measured.posts} | {of.tier for of in measured.posts}
    rows = [
        (
            metric_name(of.metric),
            f"{of.by}: {of.name}" if of.by != "all" else "all posts",
            measured_cell(own.get(of.metric)),
            _quartiles(of),
            f"{of.posts:,} posts of {of.creators:,} creators",
        )
        for of in usual
        if of.metric in own and of.metric != "views" and of.by != "creator"
        if of.by not in ("platform", "tier") or of.name in reached
    ]
    head = ("metric", "group", "campaign", "usual: median (middle half)", "rests on")
    grid = [Grid("All posts that are imported", head, tuple(rows))] if rows else []
    blocks: list[Block] = [*_own_history(measured, usual), *grid]
    return [Heading("Beside what is usual"), *blocks] if blocks else []


def _own_history(measured: CampaignMeasured, usual: Sequence[Usual]) -> list[Block]:
    """Each creator's rates in the campaign beside those of all their posts."""
    of_creator = {
        s.name: metrics_at_window(s, measured) for s in measured.slices if s.by == "creator"
    }
    rows = [
        (
            short_id(of.name),
            metric_name(of.metric),
            measured_cell(of_creator[of.name].get(of.metric)),
            _quartiles(of),
            f"{of.posts:,} posts",
        )
        for of in usual
        if of.by == "creator" and of.name in of_creator and of.metric in OWN_METRICS
    ]
    head = ("creator", "metric", "campaign", "own: median (middle half)", "rests on")
    caption = "Beside their own history, the campaign's posts among it"
    return [Grid(caption, head, tuple(rows))] if rows else []


def _quartiles(of: Usual) -> str:
    return f"{_usual(of, of.median)} ({_usual(of, of.low)} to {_usual(of, of.high)})"


def metrics_at_window(of: Slice, measured: CampaignMeasured) -> dict[str, Measured]:
    """A slice's totals at the campaign's window, else at the latest review there is."""
    totals = [w for w in of.windows if w.part == "total"]
    own = [w for w in totals if w.days == measured.campaign.window_days]
    return (own or totals[-1:])[0].metrics if totals else {}


def _range_words(of: Range | None) -> str:
    if of is None:
        return "not known"
    if of.best is None or of.low is None or of.ceiling is None:
        return f"at least {count(of.floor)}"
    return f"{count(of.best)} ({count(of.low)} to {count(of.ceiling)}, {of.level:.0%})"


def _usual(of: Usual, value: float) -> str:
    return (
        share(value)
        if of.unit == "share" and value >= 0.1
        else amount(value, "share" if of.unit == "share" else "ratio")
    )
