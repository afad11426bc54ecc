"""What the commands of campaigns print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING

from api.cli_show import compact, out, print_json, show_table, talk

if TYPE_CHECKING:
    from measurement.always_on import AlwaysOn
    from measurement.calendar import Entry, Overlap
    from measurement.measured import Measured
    from measurement.results import Attribution, CampaignMeasured, MethodResult
    from measurement.skew import Skew
    from reelcast.campaigns import Campaign


_SHORT = {"engagement_rate_by_views": "engagement"}


def show_definition(of: Campaign) -> None:
    """What was agreed, in lines; then a row per deliverable."""
    second = f", then {of.secondary}" if of.secondary else ""
    targets = ", ".join(f"{name} {value:g}" for name, value in of.targets.items()) or "none"
    budget = "" if of.budget is None else f", budget {of.budget:,.0f} {of.currency}"
    when = f"{_at(of, of.starts_at)} to {_at(of, of.ends_at)}"
    for line in (
        f"{of.campaign_id}: {of.type} of {of.brand}, {when}{budget}",
        f"objective: {of.primary}{second}; stage: {of.stage}; window: {of.window_days} d; "
        f"attribution: {of.attribution}",
        f"targets, set {of.local(of.set_at):%F}: {targets}",
    ):
        out.print(line, highlight=False, markup=False)
    rows = [
        (one.creator_id, str(one.slot), one.platform or "", f"{one.fee:,.0f}",
         "" if one.planned_at is None else f"{of.local(one.planned_at):%F %H:%M}",
         one.post_id or "", one.promo_code or "", one.link or "")
        for one in of.deliverables
    ]  # fmt: skip
    planned = f"planned ({of.timezone})"
    head = ("creator", "slot", "platform", "fee", planned, "post", "code", "link")
    show_table(None, head, rows, False)


def _at(of: Campaign, moment: datetime) -> str:
    """The day by the campaign's clocks, with its hour where it does not begin at midnight."""
    here = of.local(moment)
    return f"{here:%F}" if here.time() == time() else f"{here:%F %H:%M} {of.timezone}"


def show_calendar(
    of: Campaign, entries: Sequence[Entry], found: Sequence[Overlap], as_json: bool
) -> None:
    """A row per post in order of time, by the campaign's clocks, then the overlaps."""
    if as_json:
        from dataclasses import asdict

        print_json({"posts": list(map(asdict, entries)), "overlaps": list(map(asdict, found))})
        return
    rows = [
        (f"{of.local(one.at):%F %H:%M}", one.creator_id, str(one.slot),
         "published" if one.is_published else "planned", f"{of.local(one.window_ends_at):%F %H:%M}")
        for one in entries
    ]  # fmt: skip
    show_table(None, (f"at ({of.timezone})", "creator", "slot", "", "window ends"), rows, False)
    for one in found:
        pair = " and ".join(
            f"{entry.campaign_id}/{entry.creator_id} slot {entry.slot}"
            for entry in (one.first, one.second)
        )
        words = f"warning: windows of {pair} overlap by {one.hours:.0f} h: {one.why}"
        talk.print(words, highlight=False, markup=False)


def named(of: Campaign) -> dict[str, str]:
    """What a creator is shown as, by id: the code, by which a planner knows them, then the id."""
    codes = {one.creator_id: one.promo_code for one in of.deliverables if one.promo_code}
    return {who: f"{code} ({who})" for who, code in codes.items()}


def show_attribution(made: Attribution, of: Campaign, as_json: bool) -> None:
    """A row per method, then the range by creator, then what was odd."""
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    names = named(of)
    period = ""
    if made.scope_from is not None and made.scope_to is not None:
        period = f", {of.local(made.scope_from):%F} to {of.local(made.scope_to):%F}"
    title = f"{made.campaign_id}: {made.orders:,} orders ({', '.join(made.conversions)}){period}"
    out.print(title, highlight=False, markup=False)
    rows = [_method_row(one, made.headline) for one in made.methods]
    show_table(None, ("method", "orders", "90%", f"revenue, {made.currency}"), rows, False)
    ranges = [
        (
            names.get(one.creator_id or "", one.creator_id or "all"),
            f"{one.floor:,.0f}",
            *map(_whole, (one.best, one.low, one.ceiling)),
        )
        for one in made.ranges
    ]
    show_table(None, ("creator", "floor", "best", "low", "ceiling"), ranges, False)
    for one in made.methods:
        why = f"not used: {one.refused}" if one.refused else one.words
        talk.print(f"{one.method}: {why}", highlight=False, markup=False)
    talk.print(f"lag: {made.lag.said}{_median(made)}", highlight=False, markup=False)
    for each in made.noted:
        talk.print(f"{each.n:,} {each.said} ({each.reason})", highlight=False, markup=False)


def _method_row(one: MethodResult, headline: str) -> tuple[str, ...]:
    name = f"{one.method} (agreed)" if one.method == headline else one.method
    if one.total is None:
        return (name, "-", "", "-")
    least = "at least " if one.at_least else ""
    ends = "" if one.total.low is None else f"{one.total.low:,.0f} to {one.total.high:,.0f}"
    return (name, f"{least}{one.total.orders:,.0f}", ends, _amount(one.total.revenue))


def _amount(value: float | None) -> str:
    return "not known" if value is None else f"{value:,.0f}"


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _median(made: Attribution) -> str:
    days = made.lag.median_days
    return "" if days is None else f"; half came within {days:.1f} days of their post"


def show_measured(made: CampaignMeasured, as_json: bool) -> None:
    """Objectives first, then targets, a row per creator at the campaign's window, peers, notes."""
    from measurement.results import totals_at

    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    days, known = made.campaign.window_days, named(made.campaign)
    for one in made.objectives:
        said = ", ".join(f"{name} {number(of)}" for name, of in one.metrics.items())
        words = f"{one.rank}: {one.objective}: {said or 'nothing in the lake says it'}"
        out.print(words, highlight=False, markup=False)
    for target in made.targets:
        out.print(f"target {target.metric}: {target.said}", highlight=False, markup=False)
    kinds = [name for name in ("purchases", "installs", "leads") if _has(made, name)]
    names = ("views", "engagement_rate_by_views", "clicks", *kinds, "revenue", "roas")
    rows = []
    words = f"{days} d after each post; money in {made.campaign.currency}"
    out.print(words, highlight=False, markup=False)
    for each in made.slices:
        of = totals_at(each.windows, days)
        numbers = [number(of[name]) if name in of else "-" for name in names]
        name = known.get(each.name, each.name)
        rows.append((each.by, name, str(each.posts), *numbers))
    show_table(None, ("by", "", "posts", *(_SHORT.get(n, n) for n in names)), rows, False)
    out.print(f"views: {skew_words(made.skew)}", highlight=False, markup=False)
    for standing in made.standings:
        name = known.get(standing.creator_id, standing.creator_id)
        talk.print(f"{name}: {standing.said}", highlight=False, markup=False)
    for note in made.notes:
        talk.print(note, highlight=False, markup=False)


def skew_words(of: Skew) -> str:
    """What few posts hold, and the total without what is beyond their bounds."""
    if not of.flagged:
        return of.words
    cut = f"{compact(of.winsorised)} with these cut to that bound, {compact(of.without)} without"
    return f"{of.words}; {compact(of.total)} in all, {cut}"


def number(of: Measured) -> str:
    """A measured number with its interval in few characters."""
    if of.value is None:
        return "not known"
    if of.unit == "share":
        return f"{of.value:.2%}"
    return compact(of.value) if of.value >= 1000 else f"{of.value:,.4g}"


def _has(made: CampaignMeasured, name: str) -> bool:
    return any(name in window.metrics for each in made.slices for window in each.windows)


def show_always_on(made: AlwaysOn, as_json: bool) -> None:
    """A row per month and creator that has anything to show."""
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    rows = [
        (f"{one.month:%Y-%m}", one.creator_id or "all", str(one.orders), _amount(one.revenue),
         _whole(one.revenue_rolling), str(one.posts), compact(one.views),
         "-" if one.engagement_rate is None else number(one.engagement_rate),
         "-" if one.net_followers is None else f"{one.net_followers:+,}")
        for one in made.months
        if one.creator_id is None or one.orders or one.posts
    ]  # fmt: skip
    month, revenue = f"month ({made.timezone})", f"revenue, {made.currency}"
    head = (month, "creator", "orders", revenue, "3 months", "posts", "views")
    show_table(None, (*head, "engagement", "followers"), rows, False)
    for note in made.notes:
        talk.print(note, highlight=False, markup=False)
