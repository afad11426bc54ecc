"""The planner: candidates and a budget become a roster; sliders ask what if; a plan is frozen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request

from api.doors import Doors
from api.web.labels import kept
from api.web.markup import text
from api.web.pages.creators import brief_of, number, show_section
from api.web.pages.planner_roster import Roster
from api.web.parts_candidates import candidate_table, found_table
from api.web.pieces import (
    at_work,
    choice,
    entry,
    form,
    lines,
    listen,
    moved,
    opens,
    say,
    show,
    told,
    typed,
)
from api.web.planner_form import FORM, new_fields, plan_form, plan_of
from inference.candidates import read_candidates
from inference.directory import names_of
from inference.plan_document import name_in
from inference.plan_store import list_plans
from inference.ranking import Ranking, RankingQuery
from reelcast.errors import InputError
from reelcast.records import CreatorQuestion
from reelcast.rosters import MOST_CANDIDATES, Candidate
from reelcast.salt import read_salt

FOUND = 10
_MOST_ROWS = 100_000  # letters of pasted rows


async def show_page(doors: Doors, request: Request) -> None:
    """Show the planner; what was typed before in this browser is there again."""
    await _Planner(doors).build()


class _Planner:
    """One open planner: the fields, the candidates, and the roster made of them."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.fields = new_fields(doors.now())
        self.candidates: dict[str, Candidate] = {}
        self.names: dict[str, str] = {}
        self.sought: dict[str, str] = {}
        self.found: Ranking | None = None

    async def build(self) -> None:
        from nicegui import ui

        show(_ABOUT)
        await ui.context.client.connected()
        await self.take_up()
        with show_section("1. What the campaign is for"):
            typed(form(plan_form(self.fields), self.choose, name=FORM), self.typed)
        with show_section("2. Whom it may book"):
            await self.build_candidates()
        self.roster = Roster(self.doors, lambda: self.names, self.draw_plans)
        self.roster.build()
        self.plans = show("")
        await self.draw_plans()

    async def build_candidates(self) -> None:
        known = await at_work(self.doors.ranker.find, RankingQuery(), self.doors.now())
        form(_search(known), self.search, at_once=True)
        self.hits = listen(show(""), self.acted)
        with opens("Paste rows from a spreadsheet"):
            form(_PASTE, self.paste)
        self.list = moved(listen(show(""), self.acted), self.set)
        show(
            f'<p class="actions"><button class="main" form="{FORM}">Choose the roster</button></p>'
        )
        self.draw_candidates()

    async def take_up(self) -> None:
        """What this browser kept of the plan that was being made, and of names."""
        from nicegui import ui

        salt = read_salt(self.doors.settings)
        self.names = names_of(await kept(), None, salt)
        draft = await ui.run_javascript("rcDraft()", timeout=5.0)
        fields, candidates, names = _draft(str(draft or ""))
        self.fields |= fields
        self.candidates |= candidates
        self.names |= names

    def keep(self) -> None:
        """Keep the plan in this browser."""
        from nicegui import ui

        each = [one.model_dump(mode="json") for one in self.candidates.values()]
        names = {id_: self.names[id_] for id_ in self.candidates if id_ in self.names}
        draft = json.dumps({"fields": self.fields, "candidates": each, "names": names})
        ui.run_javascript(f"rcDraft({json.dumps(draft)})")

    def draw_candidates(self) -> None:
        if self.candidates:
            currency = self.fields.get("currency", "").upper()
            self.list.content = candidate_table(self.candidates, self.names, currency)
        else:
            self.list.content = _NOBODY
        if self.found is not None:
            self.hits.content = found_table(self.found, FOUND, self.candidates)

    async def search(self, fields: dict[str, str]) -> None:
        """Find creators of the lake."""
        self.sought |= fields
        await told(self._search(fields))

    async def _search(self, fields: dict[str, str]) -> None:
        query = RankingQuery(
            text=fields.get("q", "").strip()[:5000],
            names=" ".join(self.names.values())[:50_000],
            platform=fields.get("platform") or None,
            tier=fields.get("tier") or None,
            niche=fields.get("niche") or None,
            brief=brief_of({"window": self.fields.get("window", "")}),
        )
        self.found = await at_work(self.doors.ranker.find, query, self.doors.now())
        self.names |= names_of(query.text, query.platform, read_salt(self.doors.settings))
        self.draw_candidates()

    async def paste(self, fields: dict[str, str]) -> None:
        """Read pasted rows as candidates."""
        read = await told(self._read(fields.get("rows", "")[:_MOST_ROWS]))
        if read is not None:
            say(f"{read} candidates read", "good")

    async def _read(self, rows: str) -> int:
        known = self.doors.serving.current().panel.creator_ids
        read = read_candidates(rows, set(known), read_salt(self.doors.settings))
        self.names |= read.handles
        for one in read.candidates:
            self.candidates[one.creator.creator_id or one.creator.label or ""] = one
        self.draw_candidates()
        self.keep()
        return len(read.candidates)

    async def acted(self, act: str, value: str) -> None:
        """Add a creator, or take one out."""
        if act == "remove":
            self.candidates.pop(value, None)
        elif act == "add" and len(self.candidates) < MOST_CANDIDATES:
            one = await told(self._new(value))
            if one is not None:
                self.candidates[value] = one
        self.draw_candidates()
        self.keep()

    async def _new(self, creator_id: str) -> Candidate:
        person = CreatorQuestion(creator_id=creator_id)
        fee = number(self.sought, "fee")
        if fee is None:
            raise InputError("say the fee of one post first: beside the search")
        return Candidate(creator=person, fee=fee, slots=int(number(self.sought, "slots") or 1))

    async def set(self, what: str, name: str, value: str) -> None:
        """Change a candidate's fee or posts as it is typed."""
        one = self.candidates.get(name)
        if one is None or not value:
            return
        changed = await told(_changed(one, what, value, name_in(name, self.names)))
        if changed is not None:
            self.candidates[name] = changed
            self.keep()

    async def typed(self, fields: dict[str, str]) -> None:
        """Keep what was typed, before anything is asked."""
        self.fields |= fields
        self.keep()
        self.draw_candidates()

    async def choose(self, fields: dict[str, str]) -> None:
        """Draw the plan's futures and choose the roster."""
        self.fields |= fields
        self.keep()
        await told(self._choose())

    async def _choose(self) -> None:
        now = self.doors.now()
        await self.roster.make(plan_of(self.fields, list(self.candidates.values()), now), now)

    async def draw_plans(self) -> None:
        """The plans that are frozen."""
        rows = await at_work(list_plans, self.doors.settings)
        self.plans.content = _plans(rows)


async def _changed(one: Candidate, what: str, value: str, name: str) -> Candidate:
    """A candidate with another fee, or other posts; `must` follows where slots fall below it."""
    given = one.model_dump()
    amount = number({what: value}, what) or 0.0
    given[what] = amount if what == "fee" else int(amount)
    if what == "slots":
        given["must"] = min(given["must"], given["slots"])
    try:
        return Candidate.model_validate(given)
    except ValidationError as exc:
        said = exc.errors()[0]["msg"].removeprefix("Value error, ")
        raise InputError(f"{name}: {said}") from exc


def _draft(words: str) -> tuple[dict[str, str], dict[str, Candidate], dict[str, str]]:
    """Fields, candidates and names of a kept plan; nothing where it is none, or an older one."""
    try:
        given: Any = json.loads(words or "{}")
        each = [Candidate.model_validate(one) for one in given.get("candidates", [])]
        fields = {str(k): str(v) for k, v in dict(given.get("fields", {})).items()}
        names = {str(k): str(v) for k, v in dict(given.get("names", {})).items()}
    except (ValueError, TypeError, AttributeError):
        return {}, {}, {}
    return fields, {one.creator.creator_id or one.creator.label or "": one for one in each}, names


def _search(made: Ranking) -> str:
    all_: Mapping[str, str] = {"": "all"}
    of = made.choices
    return "".join(
        (
            entry("Search", "q", "", placeholder="@handle or id"),
            choice("Platform", "platform", {**all_, **{n: n for n in of.platforms}}),
            choice("Tier", "tier", {**all_, **{n: n for n in of.tiers}}),
            choice("Niche", "niche", {**all_, **{n: n for n in of.niches}}),
            entry("Fee for one post", "fee", "", "number", min="0", step="any"),
            entry("Posts at most", "slots", "1", "number", min="1", max="20"),
            "<button>Find creators</button>",
        )
    )


def _plans(rows: Any) -> str:
    if not rows:
        said = "None yet. A frozen plan is kept as it was decided and followed after launch."
        return f'<section><h2>Frozen plans</h2><p class="soft">{said}</p></section>'
    each = "".join(
        f'<li><a href="/planner/{text(plan_id)}">{text(name or plan_id)}</a> '
        f'<span class="soft">frozen {text(made_at[:16].replace("T", " "))} UTC</span></li>'
        for plan_id, name, made_at in rows
    )
    return f"<section><h2>Frozen plans</h2><ul>{each}</ul></section>"


_ABOUT = (
    "<p>Say what the campaign is for and whom it may book; get the roster that brings the most "
    "within the budget and meets the target as surely as you ask. What you type is kept in this "
    "browser; nothing else is kept until you freeze the plan.</p>"
)
_NOBODY = (
    '<div class="empty" role="status"><h3>No candidate yet</h3><p>Write the fee of one post, find '
    "creators, and add them; or paste rows from a spreadsheet.</p></div>"
)
_PASTE = (
    lines(
        "Rows", "rows", "", 5,
        "The first row names the columns: creator, fee, slots; also platform, must, followers, "
        "niche. A creator is a @handle or an id.",
    )
    + "<button>Read the rows</button>"
)  # fmt: skip
