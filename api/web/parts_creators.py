"""The parts of the creators' list as HTML: the form, the table with its bars, the comparison."""

from __future__ import annotations

from collections.abc import Sequence

from api.web.markup import Column, attribute, link, paragraph, section, source, table, text
from api.web.pieces import choice, entry, lines
from inference.attention import signed
from inference.costs import Cost
from inference.drawings import Axis, Bar, inline_bar, interval_bars, log_axis
from inference.ranking import Ranked, Ranking, RankingQuery
from inference.wording import (
    UNKNOWN,
    count,
    interval,
    interval80,
    money,
    share,
    short_id,
    window,
)

WINDOW_CHOICES = {"1": "24 hours", "3": "72 hours", "7": "7 days", "28": "28 days", "30": "30 days"}
COUNTS = ("views", "likes", "comments", "shares", "saves")
MOST_COMPARED = 5
PAGE = 25  # rows shown at first, and with each "more"
_BAR_PX, _BROAD_PX = 180, 300  # beside costs, and without them


def query_form(query: RankingQuery, made: Ranking) -> str:
    """What is asked: the draft, the window, the fee, and which creators."""
    brief, all_ = query.brief, {"": "all"}
    choices = made.choices
    parts = (
        lines("Draft caption", "caption", brief.caption or "", 2, "as posted; may stay empty"),
        choice("Count", "target", {name: name for name in COUNTS}, query.target),
        choice("Window", "window", WINDOW_CHOICES, f"{brief.horizon_days:g}"),
        entry("Fee for one post", "fee", "" if query.fee is None else f"{query.fee:g}", "number",
              min="0", step="any", placeholder="for costs"),
        entry("Search", "q", query.text, placeholder="@handle or id"),
        choice("Platform", "platform", all_ | _same(choices.platforms), query.platform or ""),
        choice("Tier", "tier", all_ | _same(choices.tiers), query.tier or ""),
        choice("Niche", "niche", all_ | _same(choices.niches), query.niche or ""),
        choice("Stage", "stage", all_ | _same(choices.stages), query.stage or ""),
        '<button class="main">Forecast</button>',
    )  # fmt: skip
    return "".join(parts)


def _same(names: Sequence[str]) -> dict[str, str]:
    return {name: name for name in names}


def creator_table(made: Ranking, query: RankingQuery, picked: Sequence[str], most: int) -> str:
    """The first `most` rows, each with its forecast on a scale that all rows share.

    Without a fee there are no costs, and the scale is as wide as their columns would be.
    """
    pays = query.fee is not None
    axis = log_axis(
        [
            value
            for row in made.rows
            for value in (row.forecast.quantiles["q10"], row.forecast.quantiles["q90"])
        ],
        8,
        (_BAR_PX if pays else _BROAD_PX) - 8,
    )
    rows = [
        (
            _who(row, query, row.creator_id in picked),
            _size(row),
            _drawn(row, axis, pays),
            f"{count(row.forecast.quantiles['q50'])}"
            f"<small>{text(interval80(row.forecast.quantiles))}</small>",
            count(row.forecast.mean),
            count(row.forecast.baselines.get("last5_median")),
            *((_cost(row.cost), _cost(row.cost_of_action)) if pays else ()),
            _audience(row),
            _grade(row),
            "?" if row.held is None else share(row.held),
        )
        for row in made.rows[:most]
    ]
    unit = f"{made.target}, {window(made.horizon_days)} after posting"
    order = (query.sort, query.descending)
    left = len(made.rows) - len(rows)
    more = (
        f'<p class="actions"><button type="button" data-act="more">Show {min(left, PAGE)} more'
        f"</button><span>{left:,} are not shown</span></p>"
        if left > 0
        else ""
    )
    return table(f"Creators: {unit}", _columns(made, query), rows, order) + more


def _tested(made: Ranking) -> str:
    words = made.on_means
    return "" if words is None else f" {words[0].upper()}{words[1:]}."


def _columns(made: Ranking, query: RankingQuery) -> tuple[Column, ...]:
    target, after = made.target, window(made.horizon_days)
    costs = () if query.fee is None else _cost_columns(target, money(query.fee))
    model = f"model of {made.model.created_at[:10]} on data {made.model.data_version}"
    return (
        Column("Creator"),
        Column("Tier, followers", sorts_by="followers"),
        Column(f"{target}, one scale", source="A thin bar: the 80% interval. Thick: 50%. Line: "
               "median. Red diamond: the median of the last five posts. All rows share one log "
               "scale."),
        Column(f"Median {target}", True, "median", f"Forecast of the {model}, {after} after "
               "posting; beneath it the 80% interval."),
        Column("Mean", True, "mean", "The mean of the forecast's samples: what to add up for a "
               "budget. It lies above the median, since a few posts go far." + _tested(made)),
        Column("Last 5", True, "last5", f"The naive forecast: the median {target} of the creator's "
               "last five posts, grown to the same window."),
        *costs,
        Column("Audience", True, "audience", "What the creator's views lost or gained in 90 days "
               "against the usual trend of creators here, over the last year; beneath it the 95% "
               "interval. ?: not enough posts to say."),
        Column("Data", False, "grade", "A: 20 recent posts or more in a tier whose intervals held. "
               "D: nothing of the creator's own is known. The i tells each reason."),
        Column("Held", True, None, "The share of test posts of this tier that lay inside their 80% "
               "interval; ? below 100 such posts."),
    )  # fmt: skip


def _cost_columns(target: str, fee: str) -> tuple[Column, ...]:
    return (
        Column(f"Cost per 1,000 {target}", True, "cost", f"The fee over the forecast {target} at "
               f"a fee of {fee}, times 1,000; beneath it over the interval's ends."),
        Column("Cost per action", True, None, "The fee over likes, comments and shares together "
               f"at a fee of {fee}, from joint samples."),
    )  # fmt: skip


def _who(row: Ranked, query: RankingQuery, is_picked: bool) -> str:
    name = row.label or short_id(row.creator_id)
    brief = query.brief
    there = link(
        f"/creators/{row.creator_id}", name,
        caption=brief.caption, window=f"{brief.horizon_days:g}", target=query.target,
        fee=None if query.fee is None else f"{query.fee:g}",
    )  # fmt: skip
    tick = " checked" if is_picked else ""
    return (
        f'<span class="check who"><input type="checkbox" data-act="pick" '
        f'data-value="{attribute(row.creator_id)}" aria-label="Compare {attribute(name)}"{tick}>'
        f"{there}</span><small>{text(row.platform)}"
        f"{' · ' + text(row.niche) if row.niche else ''}</small>"
    )


def _drawn(row: Ranked, axis: Axis, pays: bool) -> str:
    bar = inline_bar(bar_of(row), axis)
    return bar if pays else f'<span class="roomy">{bar}</span>'


def _size(row: Ranked) -> str:
    followers = "followers not known" if row.followers is None else f"{count(row.followers)}"
    return f"{text(row.tier)}<small>{followers}</small>"


def _cost(cost: Cost | None) -> str:
    if cost is None:
        return "<small>give a fee</small>"
    if cost.typical is None:
        return UNKNOWN
    upper = "no limit" if cost.high is None else money(cost.high)
    return f"{money(cost.typical)}<small>{money(cost.low)} to {upper}</small>"


def _audience(row: Ranked) -> str:
    of = row.attention
    if of.change is None or of.low is None or of.high is None:
        return UNKNOWN
    return f"{signed(of.change)}<small>{signed(of.low)} to {signed(of.high)}</small>"


def _grade(row: Ranked) -> str:
    letter = row.grade.grade
    why = source(f"g-{row.creator_id}", row.grade.reason)
    return f'<span class="grade {letter}">{letter}</span>{why}'


def bar_of(row: Ranked) -> Bar:
    """A row's forecast to draw."""
    name = row.label or short_id(row.creator_id)
    return Bar(name, row.forecast.quantiles, row.forecast.baselines.get("last5_median"))


def comparison(made: Ranking, picked: Sequence[str]) -> str:
    """The chosen creators side by side."""
    rows = [row for row in made.rows if row.creator_id in picked]
    if len(rows) < 2:
        said = "Tick two to five creators to see them side by side."
        return section("Compare", paragraph(said, "soft"))
    unit = f"{made.target}, {window(made.horizon_days)} after posting"
    bars = [bar_of(row) for row in rows]
    drawn = (
        f'<div class="broad">{interval_bars(bars, unit)}</div>'
        f'<div class="narrow">{interval_bars(bars, unit, 340)}</div>'
    )
    columns = (
        Column("Figure"),
        *(Column(row.label or short_id(row.creator_id), True) for row in rows),
    )
    facts = (
        ("Median", [count(row.forecast.quantiles["q50"]) for row in rows]),
        ("80% interval", [interval80(row.forecast.quantiles) for row in rows]),
        ("50% interval", [_half(row) for row in rows]),
        ("Mean", [count(row.forecast.mean) for row in rows]),
        ("Last-5 median", [count(row.forecast.baselines.get("last5_median")) for row in rows]),
        ("Cost per 1,000", [_cost(row.cost) for row in rows]),
        ("Cost per action", [_cost(row.cost_of_action) for row in rows]),
        ("Followers", [count(row.followers) for row in rows]),
        ("Earlier posts", [f"{row.n_history:,}" for row in rows]),
        ("Audience in 90 days", [text(row.attention.words) for row in rows]),
        ("Data grade", [_grade_words(row) for row in rows]),
        ("80% intervals held", [share(row.held) for row in rows]),
    )  # fmt: skip
    cells = [(text(name), *values) for name, values in facts]
    return section("Compare", drawn, LEGEND, table(f"Side by side: {unit}", columns, cells))


def _grade_words(row: Ranked) -> str:
    return f'{row.grade.grade}<small class="why">{text(row.grade.reason)}</small>'


def _half(row: Ranked) -> str:
    return interval(row.forecast.quantiles["q25"], row.forecast.quantiles["q75"])


LEGEND = (
    '<p class="legend"><span>thin bar: 80% interval</span><span>thick bar: 50%</span>'
    "<span>line: median</span><span>diamond: median of the last five posts</span></p>"
)
