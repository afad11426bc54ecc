"""The list of creators with a forecast for a draft: search, filter, sort, compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from starlette.requests import Request

from api.doors import Doors
from api.web.labels import label_form, names_kept
from api.web.markup import address, section, text
from api.web.parts_creators import (
    LEGEND,
    MOST_COMPARED,
    PAGE,
    comparison,
    creator_table,
    query_form,
)
from api.web.pieces import at_work, form, listen, say, show, told
from inference.ranking import Ranking, RankingQuery, Sort
from inference.wording import window
from reelcast.errors import InputError
from reelcast.records import Brief

_FIELDS = ("caption", "target", "window", "fee", "q", "platform", "tier", "niche", "stage")
_SORTS: tuple[str, ...] = get_args(Sort)


def query_of(fields: Mapping[str, str]) -> RankingQuery:
    """The question that a form or an address means. Raises InputError naming what is wrong."""
    sort = fields.get("sort", "median")
    return RankingQuery(
        text=fields.get("q", "").strip(),
        platform=fields.get("platform") or None,
        tier=fields.get("tier") or None,
        niche=fields.get("niche") or None,
        stage=fields.get("stage") or None,
        brief=brief_of(fields),
        target=_target(fields.get("target") or "views"),
        fee=number(fields, "fee"),
        sort=sort if sort in _SORTS else "median",
        descending=fields.get("order", "down") != "up",
    )


def brief_of(fields: Mapping[str, str]) -> Brief:
    """The draft that a form or an address means."""
    days = number(fields, "window") or 30.0
    if not 1 <= days <= 365:
        raise InputError(f"a window of {days:g} days: give 1 to 365")
    caption = fields.get("caption", "").strip()
    if len(caption) > 5000:
        raise InputError("the caption has more than 5,000 characters: shorten it")
    return Brief(caption=caption or None, horizon_days=days)


def number(fields: Mapping[str, str], name: str) -> float | None:
    """A field's number; None where it is empty."""
    given = fields.get(name, "").strip()
    try:
        value = float(given) if given else None
    except ValueError as exc:
        raise InputError(f"{name} {given!r} is no number: write e.g. 250.5") from exc
    if value is not None and not 0 <= value <= 10**9:
        raise InputError(f"{name} {given}: give a number from 0 to a billion")
    return value


def _target(name: str) -> Any:
    from reelcast.tables import TARGETS

    if name not in TARGETS:
        raise InputError(f"{name!r} is no count: {', '.join(TARGETS)}")
    return name


async def show_page(doors: Doors, request: Request) -> None:
    """Show the list; it is renewed in place, and the address says what is shown."""
    fields = dict(request.query_params)
    await _List(doors, fields).build()


class _List:
    """One open list: what was asked, what is ticked."""

    def __init__(self, doors: Doors, fields: dict[str, str]) -> None:
        self.doors, self.fields = doors, fields
        self.picked = [id_ for id_ in fields.get("pick", "").split(",") if id_][:MOST_COMPARED]
        self.made: Ranking | None = None
        self.most = PAGE

    async def build(self) -> None:
        query = query_of(self.fields)
        self.made = await at_work(self.doors.ranker.find, query, self.doors.now())
        with show_section("What is asked"):
            form(query_form(query, self.made), self.sent, at_once=True)
        self.status = show("")
        self.list = listen(show(""), self.acted)
        self.beside = show("")
        label_form(self.renamed)
        self.draw(query)
        await names_kept(self.renamed)

    async def sent(self, fields: dict[str, str]) -> None:
        self.fields |= fields
        await self.renew()

    async def renamed(self, names: str) -> None:
        self.fields["names"] = names
        await self.renew()

    async def acted(self, act: str, value: str) -> None:
        """Sort by a column, the other way at the second click; tick a row; show more rows."""
        if act == "sort":
            is_again = self.fields.get("sort", "median") == value
            down = self.fields.get("order", "down") == "down"
            self.fields |= {"sort": value, "order": "up" if is_again and down else "down"}
        elif act == "more":
            self.most += PAGE
        elif act == "pick" and value in self.picked:
            self.picked.remove(value)
        elif act == "pick" and len(self.picked) >= MOST_COMPARED:
            say(f"{MOST_COMPARED} are ticked already: untick one first")
        elif act == "pick":
            self.picked.append(value)
        await self.renew()

    async def renew(self) -> None:
        """Ask again, and draw what came."""
        from nicegui import ui

        async def asked() -> RankingQuery:
            query = query_of(self.fields)
            named = query.model_copy(update={"names": self.fields.get("names", "")})
            self.made = await at_work(self.doors.ranker.find, named, self.doors.now())
            return named

        query = await told(asked())
        if query is not None:
            self.draw(query)
            ui.navigate.history.replace(self.address())

    def draw(self, query: RankingQuery) -> None:
        made = self.made
        assert made is not None
        self.status.content = f'<p role="status">{text(_status(made))}</p>{_notes(made)}'
        self.list.content = section(
            "Creators", creator_table(made, query, self.picked, self.most), LEGEND
        )
        self.beside.content = comparison(made, self.picked)

    def address(self) -> str:
        names = (*_FIELDS, "sort", "order")
        shown = {name: self.fields.get(name, "") for name in names}
        return address("/creators", {**shown, "pick": ",".join(self.picked)})


def _status(made: Ranking) -> str:
    after = window(made.horizon_days)
    words = f"{len(made.rows):,} creators, {made.target} {after} after posting"
    if not made.rows:
        return "No creator matches: empty the search, or choose fewer filters."
    if made.left_out:
        words += f"; {made.left_out:,} more match: choose more filters to see them"
    return words


def _notes(made: Ranking) -> str:
    """What the figures rest on where that is little, folded: they concern a few rows."""
    if not made.notes:
        return ""
    each = "".join(f"<li>{text(words)}</li>" for words in made.notes)
    return f"<details><summary>Some figures rest on few counts</summary><ul>{each}</ul></details>"


def show_section(title: str) -> Any:
    """A part of the page that live pieces are put into."""
    from nicegui import ui

    part = ui.element("section")
    with part:
        show(f"<h2>{text(title)}</h2>")
    return part
