"""The ledger: what was forecast against what came, how often intervals held, where it leans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from starlette.requests import Request

from api.doors import Doors
from api.web.markup import (
    Column,
    attribute,
    fact,
    facts,
    note,
    paragraph,
    section,
    table,
    text,
)
from api.web.pieces import at_work, choice, empty, form, show
from content_tagging.report.facts import words_of
from inference.drawings_time import Outcome, predicted_against_actual
from inference.ledger import LedgerReport, Pair
from inference.ledger_freeze import REPLAY
from inference.ledger_scores import FEWEST, RECENT, Slice
from inference.wording import count, interval, share

MOST_DRAWN, _LATEST = 400, 25


async def show_page(doors: Doors, request: Request) -> None:
    """Show the report for one count."""
    report = await at_work(doors.keeping.report, doors.now(), MOST_DRAWN)
    show(_facts(report, doors.settings.ledger.enabled))
    if not report.outcomes:
        empty(
            "No forecast has an outcome yet",
            "Forecasts are kept as they are made (a dossier, `reelcast forecast`, the API). Import "
            "newer exports once the posts have been out for their window: they are set against "
            "each other by creator and time of posting.",
        )
        return
    await _Report(report).build()


class _Report:
    """The report for one chosen count."""

    def __init__(self, report: LedgerReport) -> None:
        self.report = report
        self.targets = tuple(dict.fromkeys(of.target for of in report.slices))
        self.target = "views" if "views" in self.targets else self.targets[0]

    async def build(self) -> None:
        form(choice("Count", "target", {name: name for name in self.targets}, self.target),
             self.chosen, at_once=True)  # fmt: skip
        self.body = show("")
        await self.chosen({"target": self.target})

    async def chosen(self, fields: dict[str, str]) -> None:
        if fields.get("target") in self.targets:
            self.target = fields["target"]
        pairs = [pair for pair in self.report.latest if pair.target == self.target]
        own = [of for of in self.report.slices if of.target == self.target]
        self.body.content = (
            _said(self.report) + _scatter(pairs, self.target) + _slices(own) + _latest(pairs)
            + _campaigns(self.report)
        )  # fmt: skip


def _facts(report: LedgerReport, is_on: bool) -> str:
    state = "on: intervals follow outcomes" if report.adaptive else "off"
    said = "Nothing new is kept: set ledger.enabled."
    off = "" if is_on else note("warn", "The ledger is off", said)
    return off + facts(
        (
            fact("Forecasts kept", count(report.forecasts), "each as it was made",
                 "Every forecast of the API and the command line, and of dossiers here; rows are "
                 "chained by hash, and the database refuses to change one."),
            fact("With an outcome", count(report.outcomes), "counts of posts that came due"),
            fact("Taken in just now", count(report.newly_joined), "from the lake"),
            fact("Adaptive step", state, "setting ledger.adaptive"),
        )
    )  # fmt: skip


def _said(report: LedgerReport) -> str:
    drifts = [note("warn", f"Drift of {each.target}", each.words) for each in report.drift]
    return "".join(drifts or [_no_drift(report)]) + "".join(
        paragraph(f"{words}.") for words in report.notes
    )


def _no_drift(report: LedgerReport) -> str:
    tested = max((of.n for of in report.slices if of.by == "window"), default=0)
    if tested < FEWEST:
        return paragraph(f"Drift is looked for from {FEWEST} outcomes of one count and window on.")
    said = (
        f"In the latest outcomes of each count and window ({FEWEST} to {RECENT} of them) neither "
        "the share inside the 80% interval nor that above the median is off by more than chance "
        "explains."
    )
    return note("good", "No drift", said)


def _scatter(pairs: Sequence[Pair], target: str) -> str:
    outcomes = [Outcome(p.median, p.low, p.high, p.actual, p.held) for p in pairs]
    held = sum(pair.held for pair in pairs)
    said = (
        f"The latest {len(pairs):,} outcomes, {held / max(len(pairs), 1):.0%} inside their 80% "
        "interval. Right of the line too high, left of it too low; hollow marks lie outside."
    )
    return section(
        "Predicted against actual",
        paragraph(said),
        f'<div class="broad">{predicted_against_actual(outcomes, target)}</div>',
        f'<div class="narrow">{predicted_against_actual(outcomes, target, 340)}</div>',
    )


_SLICES = (
    Column("Part"),
    Column("By"),
    Column("Outcomes", True, source="Counts that came due; a post counts once for each window. "
           "Below: of how many posts and creators."),
    Column("80% interval held", True, source="Share of outcomes inside their 80% interval as it "
           "was shown, with its 95% interval: a creator's outcomes hang together, and count as far "
           "as they are independent. 80% was promised."),
    Column("Bias", True, source="The mean of log actual less log median, as a factor, with its 95% "
           "interval, creators taken as wholes: above 1 forecasts were too low. Of one creator "
           "alone the interval holds for that creator only."),
    Column("Sum of means over sum of actuals", True),
)  # fmt: skip


def _slices(slices: Sequence[Slice]) -> str:
    rows = [
        (
            text(words_of(of.name)),
            text(of.by),
            f"{of.n:,}<small>{_behind(of)}</small>",
            f"{share(of.coverage_80)}<small>{share(of.coverage_interval[0])} to "
            f"{share(of.coverage_interval[1])}</small>",
            _bias(of),
            "" if of.total_ratio is None else f"{of.total_ratio:.2f}",
        )
        for of in slices
    ]
    return section(
        "Coverage and bias by tier, format and window",
        table("Coverage and bias", _SLICES, rows),
    )


def _behind(of: Slice) -> str:
    posts = f"{of.posts:,} post{'s' * (of.posts != 1)}"
    return f"{posts} of {of.creators:,} creator{'s' * (of.creators != 1)}"


def _bias(of: Slice) -> str:
    low, high = of.bias_interval
    if of.posts < 2:
        return f"{np.exp(of.bias_log):.2f} times<small>one post</small>"
    return f"{np.exp(of.bias_log):.2f} times<small>{np.exp(low):.2f} to {np.exp(high):.2f}</small>"


def _latest(pairs: Sequence[Pair]) -> str:
    rows = [
        (
            f'<span title="{attribute(pair.post_id)}">{text(pair.post_id[-14:])}</span>',
            text(pair.due_at[:10]),
            text(pair.window),
            text(pair.tier),
            f"{count(pair.median)}<small>{text(interval(pair.low, pair.high))}</small>",
            count(pair.actual),
            "yes" if pair.held else "no",
            text(pair.made_at[:10] + (" (replayed)" if pair.source == REPLAY else "")),
        )
        for pair in pairs[:_LATEST]
    ]
    columns = (
        Column("Post"), Column("Due"), Column("Window"), Column("Tier"),
        Column("Forecast", True), Column("Actual", True), Column("Inside 80%"), Column("Made"),
    )  # fmt: skip
    return section("The latest outcomes", table("The latest outcomes", columns, rows))


def _campaigns(report: LedgerReport) -> str:
    if not report.campaigns:
        return ""
    rows = [
        (
            text(of.campaign_id or "without a name"),
            text(of.target),
            f"{of.posts:,}",
            f"{count(of.p50)}<small>{text(interval(of.p10, of.p90))}</small>",
            count(of.actual),
            "yes" if of.held else "no",
        )
        for of in report.campaigns
    ]
    columns = (
        Column("Campaign"), Column("Count"), Column("Posts", True), Column("Forecast", True),
        Column("Actual", True), Column("Inside P10 to P90"),
    )  # fmt: skip
    return section("Campaigns", table("Campaigns", columns, rows))
