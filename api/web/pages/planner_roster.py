"""The roster of an open plan: chosen, moved by sliders, handed out, frozen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from api.doors import Doors
from api.web.markup import note
from api.web.pages.creators import number
from api.web.parts_planner import (
    RosterView,
    ceiling_table,
    roster_table,
    row_cells,
    shared_axis,
    totals_html,
)
from api.web.pieces import (
    at_work,
    choice,
    entry,
    fill,
    form,
    listen,
    moved,
    opens,
    say,
    show,
    told,
)
from inference.documents_pdf import pdf_of
from inference.plan import Plan, ceiling, totals
from inference.plan import moved as moved_totals
from inference.plan_document import Names, RosterShown, roster_document
from inference.plan_sheets import csv_of, roster_rows, xlsx_of
from inference.roster import choose
from reelcast.errors import InputError
from reelcast.rosters import Chosen, RosterPlan, RosterTotals

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Roster:
    """The plan in memory, the posts chosen and the fees as they were moved."""

    def __init__(
        self, doors: Doors, names: Callable[[], Names], frozen: Callable[[], Awaitable[None]]
    ) -> None:
        self.doors, self.names, self.frozen = doors, names, frozen
        self.chosen: Chosen | None = None
        self.view: RosterView | None = None
        self.posts: dict[str, int] = {}
        self.fees: dict[str, float] = {}
        self.changed: set[str] = set()  # moved since the view was drawn
        self.asked = 0
        self.made_at = doors.now()

    def build(self) -> None:
        """The places of the roster, empty until one is made."""
        from nicegui import ui

        self.section = ui.element("section")
        self.section.set_visibility(False)
        with self.section:
            show("<h2>3. The roster</h2>")
            self.verdict = show("")
            self.totals = show("")
            self.metric = form("", self.show_metric, at_once=True)
            self.table = moved(show(""), self.slid)
            listen(show(_OUT), self.acted)
            with opens("The highest fee that meets a cost per result"):
                form(_CEILING, self.ceilings)
                self.highest = show("")

    async def make(self, asked: RosterPlan, now: datetime) -> None:
        """Draw the plan's futures and choose; both take seconds, and are told while they last."""
        self.section.set_visibility(True)
        self.verdict.content = _WORKING
        try:
            plan = await at_work(self.doors.planner.make, asked, now)
            self.chosen = await at_work(choose, plan)
        finally:
            self.verdict.content = ""
        self.made_at = now
        self.fees = {}
        await self.draw(plan, asked.maximise)

    async def draw(self, plan: Plan, metric: str) -> None:
        """Draw the roster as it was chosen."""
        assert self.chosen is not None
        self.posts = dict(self.chosen.posts)
        all_ = {
            name: one.slots for name, one in zip(plan.names, plan.asked.candidates, strict=True)
        }
        most = (await at_work(totals, plan, all_)).creators
        axis = shared_axis(metric, most)
        self.view = RosterView(plan, self.chosen.totals, {}, metric, axis, self.names())
        self.highest.content = ""
        self.show_all()

    def show_all(self) -> None:
        """Everything anew; `n` makes each drawing one that the browser has not seen."""
        view, chosen = self.view, self.chosen
        assert view is not None
        assert chosen is not None
        self.changed.clear()
        self.asked += 1
        n = self.asked
        kind, title = ("good", "Chosen") if chosen.feasible else ("bad", "The budget is too small")
        self.verdict.content = note(kind, title, chosen.words[:1].upper() + chosen.words[1:])
        body = totals_html(view)
        self.totals.content = f'<div id="r-totals" data-n="{n}" aria-live="polite">{body}</div>'
        self.metric.content = _metric_choice(view)
        self.table.content = f'<div data-n="{n}"><h3>By creator</h3>{roster_table(view)}</div>'

    async def slid(self, what: str, at: str, value: str) -> None:
        """Answer a slider: the row and the totals follow, read off the samples drawn before."""
        view = self.view
        if view is None or not at.isdigit() or int(at) >= len(view.plan.names):
            return
        self.asked += 1
        mine = self.asked
        made = await told(self._moved(view, what, view.plan.names[int(at)], value))
        if made is not None and mine == self.asked:
            await self.follow(made)

    async def _moved(self, view: RosterView, what: str, name: str, value: str) -> RosterTotals:
        amount = number({what: value}, what) or 0.0
        if what == "posts":
            self.posts[name] = int(amount)
        else:
            self.fees[name] = amount
        self.changed.add(name)
        given = (dict(self.posts), dict(self.fees), frozenset(self.changed))
        return await at_work(moved_totals, view.plan, view.made, *given)

    async def follow(self, made: RosterTotals) -> None:
        """Fill in what sliders changed."""
        assert self.view is not None
        view = self.view = replace(self.view, made=made, fees=dict(self.fees))
        cells = {"r-totals": totals_html(view)}
        for name in self.changed:
            cells |= row_cells(view, view.plan.names.index(name))
        self.changed.clear()
        await fill(cells)

    async def acted(self, act: str, value: str) -> None:
        """Hand the roster out, choose again under the moved fees, or freeze it."""
        if self.view is None:
            return
        if act == "again":
            await told(self.again())
        elif act == "freeze":
            await told(self.freeze())
        else:
            await self.hand_out(act)

    async def again(self) -> None:
        """Choose anew under the fees as they were moved."""
        assert self.view is not None
        plan = self.view.plan
        self.chosen = await at_work(choose, plan, fees=dict(self.fees))
        self.posts = dict(self.chosen.posts)
        made = await at_work(totals, plan, dict(self.posts), dict(self.fees))
        self.view = replace(self.view, made=made, fees=dict(self.fees))
        self.show_all()

    async def freeze(self) -> None:
        """Freeze the plan as it stands, and show it among those frozen."""
        assert self.view is not None
        now = self.doors.now()
        kept = await at_work(
            self.doors.planner.freeze, self.view.plan, dict(self.posts), now, dict(self.fees)
        )
        say(f"Frozen as {kept.name or kept.plan_id}: it stands below", "good")
        await self.frozen()

    async def hand_out(self, kind: str) -> None:
        """The roster as CSV, XLSX or PDF."""
        from nicegui import ui

        assert self.view is not None
        view = self.view
        rows = roster_rows(view.made, self.names())
        name = f"roster-{view.plan.asked.name or 'plan'}"
        if kind == "csv":
            ui.download(csv_of(rows).encode(), f"{name}.csv", "text/csv")
        elif kind == "xlsx":
            made = await at_work(xlsx_of, "Roster", rows, self.made_at)
            ui.download(made, f"{name}.xlsx", XLSX)
        elif kind == "pdf":
            made = await at_work(pdf_of, roster_document(self.shown(view)))
            ui.download(made, f"{name}.pdf", "application/pdf")

    def shown(self, view: RosterView) -> RosterShown:
        """The roster as a document has it."""
        assert self.chosen is not None
        as_chosen = self.posts == self.chosen.posts and not self.fees
        plan = view.plan
        return RosterShown(
            name=plan.asked.name,
            words=self.chosen.words if as_chosen else "changed by hand from the roster chosen",
            made_at=self.made_at,
            horizon_days=plan.asked.horizon_days,
            model=plan.model,
            totals=view.made,
            rests_on=(*plan.notes, f"How posts move together: {plan.dependence.words}"),
            names=self.names(),
        )

    async def show_metric(self, fields: dict[str, str]) -> None:
        """Show another count by creator."""
        metric = fields.get("metric", "views")
        if self.view is None or metric not in self.view.made.totals:
            return
        plan = self.view.plan
        all_ = {
            name: one.slots for name, one in zip(plan.names, plan.asked.candidates, strict=True)
        }
        most = (await at_work(totals, plan, all_)).creators
        self.view = replace(self.view, metric=metric, axis=shared_axis(metric, most))
        self.show_all()

    async def ceilings(self, fields: dict[str, str]) -> None:
        """The highest fee of each candidate at a cost per result."""
        await told(self._ceilings(fields.get("each", "")))

    async def _ceilings(self, each: str) -> None:
        assert self.view is not None
        plan, metric = self.view.plan, self.view.metric
        try:
            cost = float(each)
        except ValueError as exc:
            raise InputError(f"{each!r} is no cost: write e.g. 30") from exc
        found = [ceiling(plan, name, metric, cost) for name in plan.names]  # type: ignore[arg-type]
        self.highest.content = ceiling_table(found, self.names())


def _metric_choice(view: RosterView) -> str:
    counts = {name: name for name in view.made.totals}
    return f"<form>{choice('Show by creator', 'metric', counts, view.metric)}</form>"


_WORKING = (
    '<div role="status"><p>Drawing futures of all posts, then choosing. This takes seconds.</p>'
    '<progress aria-label="Choosing"></progress></div>'
)
_OUT = (
    '<p class="actions"><button type="button" class="main" data-act="freeze">Freeze the plan'
    '</button><button type="button" data-act="again">Choose again under these fees</button>'
    '<button type="button" data-act="csv">CSV</button>'
    '<button type="button" data-act="xlsx">XLSX</button>'
    '<button type="button" data-act="pdf">PDF</button></p>'
)
_CEILING = (
    entry("Cost per result", "each", "", "number", min="0", step="any", hint="of the count shown")
    + "<button>Show the highest fees</button>"
)
