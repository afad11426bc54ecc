"""The library: what was learned, found by its words, and what is usual, with n."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import ValidationError
from starlette.requests import Request

from api.doors import Doors
from api.web.markup import Column, address, link, paragraph, table, text
from api.web.pages.creators import show_section
from api.web.pieces import at_work, choice, entry, form, lines, say, show, told
from inference.report_cells import amount, metric_name
from inference.wording import count
from measurement import learnings
from measurement.benchmarks import MIN_POSTS, By, Usual, benchmarks
from measurement.learnings import Found, Learning, effect_words
from reelcast.errors import InputError

SHOWN = 50
_GROUPS = {name: name for name in get_args(By)}


async def show_page(doors: Doors, request: Request) -> None:
    """Show learnings and benchmarks; `?q=` searches, `?by=` groups."""
    query = request.query_params
    await _Library(doors, query.get("q", "")[:500], query.get("by", "tier")).build()


class _Library:
    """One open library."""

    def __init__(self, doors: Doors, words: str, by: str) -> None:
        self.doors, self.words = doors, words
        self.by = by if by in _GROUPS else "tier"

    async def build(self) -> None:
        with show_section("Learnings"):
            form(_search(self.words), self.search)
            self.list = show("")
        with show_section("Save a finding"):
            form(_NEW, self.add)
        with show_section("What is usual"):
            show(paragraph(_USUAL, "soft"))
            form(choice("By", "by", _GROUPS, self.by), self.group, at_once=True)
            self.usual = show("")
        await self.draw()
        await self.group({"by": self.by})

    async def draw(self) -> None:
        found = await at_work(learnings.search, self.doors.lake, self.words)
        self.list.content = _learnings(found, self.words)

    async def search(self, fields: dict[str, str]) -> None:
        """Find by all of the words, or their stems."""
        from nicegui import ui

        self.words = fields.get("q", "")[:500]
        await self.draw()
        ui.navigate.history.replace(address("/library", {"q": self.words, "by": self.by}))

    async def add(self, fields: dict[str, str]) -> None:
        """Save a finding."""
        if await told(self._add(fields)):
            self.words = ""
            await self.draw()

    async def _add(self, fields: dict[str, str]) -> bool:
        posts = tuple(fields.get("posts", "").replace(",", " ").split())
        try:
            one = Learning(
                title=fields.get("title", "").strip(),
                text=fields.get("text", "").strip(),
                campaign_id=fields.get("campaign", "").strip() or None,
                post_ids=posts,
            )
        except ValidationError as exc:
            raise InputError("say the finding in a line of 3 to 200 letters") from exc
        saved = await at_work(learnings.add, self.doors.lake, [one], self.doors.now())
        say("Saved" if saved.inserted else "Known already", "good")
        return True

    async def group(self, fields: dict[str, str]) -> None:
        """Show what is usual by another group."""
        by: Any = fields.get("by", "tier")
        self.by = by if by in _GROUPS else "tier"
        found = await at_work(benchmarks, self.doors.lake, self.by)
        self.usual.content = _benchmarks(found, self.by)


def _search(words: str) -> str:
    return entry(
        "Search", "q", words, "search", hint="all words must be found; none: the latest"
    ) + ('<button class="main">Search</button>')


def _learnings(found: Sequence[Found], words: str) -> str:
    if not found and words.strip():
        return '<p role="status">Nothing is found: use fewer words, or their beginnings.</p>'
    if not found:
        said = "No finding yet. Save one below, or keep those of a campaign's report."
        return f'<p role="status">{said}</p>'
    rows = [
        (
            f"{text(one.title)}<small>{text(one.text)}</small>",
            _effect(one),
            "" if one.n is None else f"{one.n:,}",
            link(f"/campaigns/{one.campaign_id}", one.campaign_id) if one.campaign_id else "",
            text(one.source),
            f"{one.at:%-d %b %Y}",
        )
        for one in found[:SHOWN]
    ]
    columns = (
        Column("Finding"),
        Column("Effect", True, source="With its interval, where it is a number."),
        Column("n", True, source="Posts or orders behind it."),
        Column("Campaign"),
        Column("Found by"),
        Column("Saved"),
    )
    said = f'<p role="status">{len(found):,} findings'
    said += f", the first {SHOWN} shown</p>" if len(found) > SHOWN else "</p>"
    return said + table("Learnings", columns, rows)


def _effect(one: Found) -> str:
    value, between = effect_words(one)
    name = metric_name(one.metric) if value and one.metric else ""
    return f"{value}<small>{text(name)} {between}</small>" if value else ""


def _benchmarks(found: Sequence[Usual], by: str) -> str:
    if not found:
        said = (
            f"No group of {by} has {MIN_POSTS} counted posts yet: import posts with their views"
            + (", and tag their videos." if by in ("format", "hook", "theme") else ".")
        )
        return f'<p role="status">{said}</p>'
    rows = [
        (
            text(of.name.replace("_", " ")),
            text(metric_name(of.metric)),
            _value(of, of.low),
            _value(of, of.median),
            _value(of, of.high),
            f"{of.posts:,}",
            f"{of.creators:,}",
        )
        for of in found
    ]
    columns = (
        Column(by.capitalize()),
        Column("Metric"),
        Column("Quarter below", True),
        Column("Median", True),
        Column("Quarter above", True),
        Column("Posts (n)", True),
        Column("Creators", True),
    )
    return table(f"What is usual by {by}", columns, rows)


def _value(of: Usual, value: float) -> str:
    if of.unit == "share":
        return amount(value, "share")
    return f"{value:.2f} x" if of.unit == "times own median" else count(value)


_USUAL = (
    "Quartiles over the lake's posts, each with its latest count; groups of fewer than "
    f"{MIN_POSTS} posts are left out. Relative views are views over the median of the creator's "
    "own posts. Creators who post more weigh more: their number stands beside."
)
_NEW = "".join(
    (
        entry("Finding in one line", "title", "", maxlength="200"),
        entry("Campaign", "campaign", "", placeholder="its id, if it is from one"),
        entry("Posts", "posts", "", placeholder="ids, e.g. tiktok:7700"),
        lines("What it rests on", "text", "", 2, "in words; names and addresses are taken out"),
        "<button>Save the finding</button>",
    )
)
