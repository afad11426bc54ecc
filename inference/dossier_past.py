"""The part of a dossier that looks back: history, habits, tags, indicators, decisions. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inference.attention import PER_DAYS, Attention, signed
from inference.authenticity import Indicator
from inference.documents import Block, Cell, Figure, Grid, Heading, Number
from inference.documents import Paragraph as Words
from inference.dossier import Dossier
from inference.drawings import Bar
from inference.drawings_time import Point, history
from inference.habits import Consistency, Kind, TagWork
from inference.overrides import DECISIONS
from inference.report_skew import skew_blocks
from inference.wording import (
    UNKNOWN,
    count,
    interval,
    share,
    window,
)

_POSTS_SHOWN = 10


def looking_back(dossier: Dossier) -> Iterator[Block]:
    """The parts in their order."""
    yield from _history(dossier)
    yield from _habits(dossier.habits, dossier)
    yield from _audience(dossier.attention)
    yield from _apart(dossier.kinds, dossier)
    yield from _tags(dossier.tags)
    yield from _alike(dossier)
    yield from _indicators(dossier.indicators)
    yield from _overrides(dossier)


def unit_of(dossier: Dossier) -> str:
    """What is counted, and when."""
    return f"{dossier.target}, {window(dossier.brief.horizon_days)} after posting"


def _history(dossier: Dossier) -> Iterator[Block]:
    yield Heading("History against the forecast")
    posts = dossier.history
    if not posts:
        yield Words("No earlier post with a known count.")
        return
    of = dossier.forecast.targets[dossier.target]
    points = [Point(p.published_at, p.at_window, p.is_sponsored is True) for p in posts]
    bar = Bar("next", of.quantiles, of.baselines.get("last5_median"))
    drawn = history(points, bar, unit_of(dossier))
    yield Figure(
        drawn,
        f"Each dot is a post (diamond: sponsored), its {dossier.target} at "
        f"{window(dossier.brief.horizon_days)} (counted nearest to then, grown to it by the curve "
        "where younger or older). Right: the next post's median, 50% and 80% interval, and the "
        "last-5 median (red diamond).",
        drawn.split('aria-label="', 1)[1].split('"', 1)[0],
    )
    if dossier.judged:
        held = sum(each.held for each in dossier.judged)
        yield Words(
            f"The ledger holds {len(dossier.judged)} earlier forecasts of this creator with an "
            f"outcome; {held} lay inside their 80% interval."
        )
        yield Grid(
            "Predicted against actual",
            ("Due", "Window", "Forecast median", "Actual", "Inside 80%"),
            tuple(
                (
                    each.due_at[:10],
                    each.window,
                    count(each.median),
                    count(each.actual),
                    "yes" if each.held else "no",
                )
                for each in dossier.judged[:_POSTS_SHOWN]
            ),
        )
    else:
        yield Words("The ledger holds no earlier forecast of this creator with an outcome.", "soft")


def _habits(habits: Consistency, dossier: Dossier) -> Iterator[Block]:
    yield Heading("Consistency")
    counted = f"counted from {habits.posts} posts"
    rows: list[tuple[Cell, ...]] = [
        (
            f"Typical spread of {dossier.target}",
            _or_unknown(habits.spread, "{:.1f} times the median", f"{counted}; robust"),
        ),
        (
            "Posts at three times their median or more",
            _winners(habits, counted),
        ),
        ("Posts a week", _or_unknown(habits.posts_per_week, "{:.1f}", "of the last 20 posts")),
        ("Days since the last post", _or_unknown(habits.days_since_last, "{:.0f}", "counted")),
        ("Last ten posts against the ten before", _change(habits)),
    ]
    yield Grid("How even the posts are", ("What", "Value"), tuple(rows))
    yield from skew_blocks(dossier.skew, unit_of(dossier))


def _winners(habits: Consistency, counted: str) -> Cell:
    if habits.winners is None or habits.winners_low is None or habits.winners_high is None:
        return UNKNOWN
    ends = f"{share(habits.winners_low)} to {share(habits.winners_high)} (95%)"
    return Number(share(habits.winners), ends, f"{counted}; against the median of ten before each")


def _change(habits: Consistency) -> Cell:
    if habits.change is None or habits.change_low is None or habits.change_high is None:
        return UNKNOWN
    ends = f"{habits.change_low:.2f} to {habits.change_high:.2f} (95%)"
    return Number(f"{habits.change:.2f} times", ends, "means of logs, Welch's interval")


def _audience(of: Attention | None) -> Iterator[Block]:
    yield Heading("Does the audience stay?")
    if of is None:
        yield Words("No earlier post: nothing is known of its audience over time.")
        return
    yield Words(f"Views: {of.words}.")
    if of.change is None or of.low is None or of.high is None:
        return
    method = (
        f"line through the log views of {of.posts} posts of {of.days:.0f} days, grown to 30 days "
        "each, less the usual line of creators here and shrunk to it"
    )
    usual: Cell = UNKNOWN if of.usual is None else signed(of.usual)
    value = Number(signed(of.change), f"{signed(of.low)} to {signed(of.high)} (95%)", method)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("This creator's views, against the usual", value),
        ("Usual among creators here", usual),
    )
    yield Grid(f"Change of views in {PER_DAYS:.0f} days", ("What", "Value"), rows)
    yield Words(
        "Posts counted once had longer to grow the older they are, so only what goes beyond the "
        "usual is this creator's.",
        "soft",
    )


def _or_unknown(value: float | None, words: str, method: str) -> Cell:
    return UNKNOWN if value is None else Number(words.format(value), None, method)


def _apart(each: Sequence[Kind], dossier: Dossier) -> Iterator[Block]:
    yield Heading("Organic and sponsored apart")
    method = f"median {unit_of(dossier)}; the middle 80% of posts"
    rows = tuple(
        (
            kind.kind,
            f"{kind.posts:,}",
            _of_kind(kind, method),
        )
        for kind in each
    )
    yield Grid("Posts by kind", ("Kind", "Posts", f"Median {dossier.target}"), rows)


def _of_kind(kind: Kind, method: str) -> Cell:
    if kind.median is None:
        return UNKNOWN
    if kind.low is None or kind.high is None:
        return Number(count(kind.median), "too few for a range", method)
    return Number(count(kind.median), interval(kind.low, kind.high), method)


def _tags(tags: Sequence[TagWork]) -> Iterator[Block]:
    yield Heading("Tags that go with more, for this creator")
    if not tags:
        yield Words(
            "No tag stands at three posts or more beside three without it: tag this creator's "
            "videos, or wait for more posts."
        )
        return
    method = (
        "mean of logs of posts with the tag against the creator's others, Welch's interval; "
        "association, not cause"
    )
    rows = tuple(
        (
            f"{tag.group}: {tag.label}",
            f"{tag.posts} of {tag.posts + tag.others}",
            Number(f"{tag.factor:.2f} times", f"{tag.low:.2f} to {tag.high:.2f} (95%)", method),
            "clear" if tag.is_clear else "not clear",
        )
        for tag in tags
    )
    yield Grid("Posts with a tag against the others", ("Tag", "Posts", "Effect", "Verdict"), rows)
    yield Words(f"Of {len(tags)} tags without any effect one in twenty would look clear.", "soft")


def _alike(dossier: Dossier) -> Iterator[Block]:
    if not dossier.forecast.comparables:
        return
    yield Heading("Comparable posts")
    rows = tuple(
        (
            f"{post.published_at:%d %b %Y}",
            f"{count(post.views)} views",
            "" if post.similarity is None else f"{post.similarity:.2f}",
            post.caption or "",
        )
        for post in dossier.forecast.comparables
    )
    head = ("Published", "Counted", "Likeness", "Caption")
    yield Grid("Past posts that are most like the draft", head, rows, (2, 2, 1.3, 6))


def _indicators(each: Sequence[Indicator]) -> Iterator[Block]:
    yield Heading("Authenticity: indicators, no verdict")
    yield Words(
        "Counts cannot show how many followers are real, so no share of false ones is given. "
        "Each figure stands beside other accounts of the tier; an unusual one is a question to ask."
    )
    rows = tuple(
        (
            of.name,
            UNKNOWN if of.value is None else f"{of.value:.3g}",
            UNKNOWN
            if of.low is None or of.high is None
            else Number(
                f"{of.low:.3g} to {of.high:.3g}", None, f"the middle 80% of {of.peers} peers"
            ),
            "ask" if of.is_unusual else "",
            of.words,
        )
        for of in each
    )
    head = ("Indicator", "This account", "Peers", "Ask?", "What it means")
    yield Grid("Indicators beside peers", head, rows, (3, 2, 2.6, 1, 7))


def _overrides(dossier: Dossier) -> Iterator[Block]:
    yield Heading("What people decided")
    if not dossier.overrides:
        yield Words("Nobody has set anything against the figures.", "soft")
        return
    rows = tuple(
        (
            f"{each.at:%d %b %Y %H:%M} UTC",
            DECISIONS[each.decision],
            "" if each.expected_views is None else f"{count(each.expected_views)} views",
            each.reason,
        )
        for each in dossier.overrides
    )
    yield Grid(
        "Overrides, with their reasons",
        ("When", "Decision", "Instead", "Reason"),
        rows,
        (3, 3, 2, 6),
    )
