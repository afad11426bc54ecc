"""One creator: the dossier on a page, its PDF, and a place to decide against the figures."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import ValidationError
from starlette.requests import Request

from api.doors import Doors
from api.web.labels import kept
from api.web.markup import address, text
from api.web.pages.creators import brief_of, number, show_section
from api.web.parts_creators import COUNTS, WINDOW_CHOICES
from api.web.pieces import at_work, choice, entry, form, lines, listen, say, show, told
from inference.directory import names_of
from inference.documents_html import html_of, sections_html
from inference.documents_pdf import pdf_of
from inference.dossier import Dossier, DossierQuery
from inference.dossier_document import document_of
from inference.overrides import DECISIONS, Decision, Override
from inference.wording import short_id
from reelcast.errors import InputError
from reelcast.plans import Selling
from reelcast.records import CreatorQuestion, ForecastRequest
from reelcast.salt import read_salt


def query_of(creator_id: str, fields: dict[str, str]) -> DossierQuery:
    """The question that a form or an address means. Raises InputError naming what is wrong."""
    target: Any = fields.get("target") or "views"
    if target not in COUNTS:
        raise InputError(f"{target!r} is no count: {', '.join(COUNTS)}")
    return DossierQuery(
        creator=CreatorQuestion(creator_id=creator_id, label=fields.get("label") or None),
        brief=brief_of(fields),
        target=target,
        fee=number(fields, "fee"),
        most_per_1000=number(fields, "cpm"),
        most_per_action=number(fields, "cpa"),
        selling=selling_of(fields),
    )


def selling_of(fields: dict[str, str]) -> Selling | None:
    """What the post is to sell; None where no brand is named."""
    brand = fields.get("brand", "").strip()
    if not brand:
        return None
    worth = number(fields, "worth")
    currency = fields.get("currency", "").strip().upper() or "USD"
    try:
        return Selling(brand=brand, aov=worth or None, currency=currency)
    except ValidationError as exc:
        raise InputError("brand: at most 200 letters; currency: three, e.g. EUR") from exc


async def show_page(doors: Doors, request: Request) -> None:
    """Show the dossier."""
    creator_id = request.path_params["creator_id"]
    await _Creator(doors, creator_id, dict(request.query_params)).build()


class _Creator:
    """One open dossier."""

    def __init__(self, doors: Doors, creator_id: str, fields: dict[str, str]) -> None:
        self.doors, self.id_, self.fields = doors, creator_id, fields
        self.made: Dossier | None = None

    async def build(self) -> None:
        self.made = await self._ask()
        self.title = show("")
        with show_section("What is asked"):
            form(_asked(self.fields), self.sent, at_once=True)
        self.doors_out = listen(show(_OUT), self.acted)
        self.body = show("")
        with show_section("Decide against the figures"):
            show(_WHY)
            form(_override(), self.decided)
        self.draw()
        self.name_it(await kept())

    async def _ask(self) -> Dossier:
        query = query_of(self.id_, self.fields)
        return await at_work(self.doors.dossiers.of, query, self.doors.now())

    async def sent(self, fields: dict[str, str]) -> None:
        self.fields |= fields
        await self.renew()

    async def renew(self) -> None:
        from nicegui import ui

        made = await told(self._ask())
        if made is not None:
            self.made = made
            self.draw()
            shown = {name: value for name, value in self.fields.items() if name != "label"}
            ui.navigate.history.replace(address(f"/creators/{self.id_}", shown))

    def name_it(self, names: str) -> None:
        """Put the handle that this browser keeps in place of the pseudonym."""
        known = names_of(names, None, read_salt(self.doors.settings))
        if self.id_ in known and self.made is not None:
            self.fields["label"] = known[self.id_]
            self.made = self.made.model_copy(update={"label": known[self.id_]})
            self.draw()

    def draw(self) -> None:
        assert self.made is not None
        name = self.made.label or short_id(self.id_)
        of = self.made
        known = " · ".join(filter(None, (of.platform, f"{of.forecast.tier} tier", of.niche)))
        self.title.content = (
            f'<p class="lead"><b>{text(name)}</b> <span class="soft">{text(known)}</span> '
            f'<a href="/creators">All creators</a></p>'
        )
        self.body.content = sections_html(document_of(of).blocks)

    async def acted(self, act: str, value: str) -> None:
        """Hand the dossier out, or keep its forecast in the ledger."""
        from nicegui import ui

        assert self.made is not None
        document = document_of(self.made)
        name = f"dossier-{short_id(self.id_)}"
        if act == "pdf":
            await self.keep()
            ui.download(await at_work(pdf_of, document), f"{name}.pdf", "application/pdf")
        elif act == "html":
            await self.keep()
            ui.download(html_of(document).encode(), f"{name}.html", "text/html")
        elif act == "keep":
            forecast_id = await self.keep()
            say(f"Kept in the ledger as {forecast_id}" if forecast_id else "The ledger is off",
                "good" if forecast_id else "bad")  # fmt: skip

    async def keep(self) -> str | None:
        """The id under which the ledger keeps the forecast that is shown."""
        query = query_of(self.id_, self.fields)
        now = self.doors.now()
        asked = ForecastRequest(creators=(query.creator,), brief=query.brief)
        answer = await at_work(self.doors.serving.current().respond, asked, now)
        return self.doors.keeping.keep(asked, answer, now).forecasts[0].forecast_id

    async def decided(self, fields: dict[str, str]) -> None:
        """Keep a decision with its reason."""
        if await told(self._keep_override(fields)):
            say("Kept, with its reason", "good")
            await self.renew()

    async def _keep_override(self, fields: dict[str, str]) -> bool:
        given = override_of(self.id_, fields)
        await at_work(self.doors.overrides.keep, given, self.doors.now())
        return True


def override_of(creator_id: str, fields: dict[str, str]) -> Override:
    """The decision that the form means. Raises InputError naming what is missing."""
    decision: Any = fields.get("decision", "")
    expected = number(fields, "expected")
    if decision not in get_args(Decision):
        raise InputError("choose what you decide")
    if decision == "expect" and expected is None:
        raise InputError("say how many views you expect instead")
    if decision != "expect" and expected is not None:
        raise InputError("views go with `expect another count` alone: empty the box, or choose it")
    try:
        return Override(
            creator_id=creator_id,
            decision=decision,
            expected_views=expected,
            reason=fields.get("reason", "").strip(),
        )
    except ValidationError as exc:
        raise InputError("give a reason of three letters or more: others will read it") from exc


def _asked(fields: dict[str, str]) -> str:
    def number_box(label: str, name: str) -> str:
        return entry(label, name, fields.get(name, ""), "number", min="0", step="any")

    counts = {name: name for name in COUNTS}
    return "".join(
        (
            lines("Draft caption", "caption", fields.get("caption", ""), 2),
            choice("Count", "target", counts, fields.get("target", "views")),
            choice("Window", "window", WINDOW_CHOICES, fields.get("window", "30")),
            number_box("Fee for one post", "fee"),
            number_box("Target cost per 1,000", "cpm"),
            number_box("Target cost per action", "cpa"),
            entry("Sells for brand", "brand", fields.get("brand", ""), placeholder="may be empty"),
            number_box("Worth of an order", "worth"),
            entry("Currency", "currency", fields.get("currency", ""), placeholder="USD"),
            '<button class="main">Forecast</button>',
        )
    )


def _override() -> str:
    return "".join(
        (
            choice("Decision", "decision", {"": "choose", **dict(DECISIONS.items())}),
            entry("Views instead", "expected", "", "number", min="0", step="any"),
            lines("Reason", "reason", "", 2, "others will read it beside the forecast"),
            "<button>Keep the decision</button>",
        )
    )


_OUT = (
    '<p class="actions"><button type="button" class="main" data-act="pdf">Dossier as PDF</button>'
    '<button type="button" data-act="html">As one HTML file</button>'
    '<button type="button" data-act="keep">Keep this forecast in the ledger</button></p>'
)
_WHY = (
    "<p>The figures do not know everything: fit, tone, a community's health. What you decide "
    "stands beside the forecast with its reason and is kept; the forecast stays as it is.</p>"
)
