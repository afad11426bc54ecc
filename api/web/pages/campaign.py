"""One campaign: what it brought, by every method side by side, as a page and as a document."""

from __future__ import annotations

from starlette.requests import Request

from api.doors import Doors
from api.web.labels import kept
from api.web.markup import text
from api.web.pieces import at_work, listen, say, show
from inference.directory import names_of
from inference.documents import renamed
from inference.documents_html import html_of, sections_html
from inference.documents_pdf import pdf_of
from inference.reporting import keep_findings, report_of
from inference.wording import short_id
from measurement.campaigns import load
from measurement.run import measure
from reelcast.salt import read_salt


async def show_page(doors: Doors, request: Request) -> None:
    """Measure the campaign while the page says so, then show its report."""
    from nicegui import ui

    campaign_id = request.path_params["campaign_id"]
    lake = doors.lake
    of = await at_work(load, lake, campaign_id)
    show(
        f'<p class="lead"><b>{text(of.campaign_id)}</b> <span class="soft">{text(of.brand)}</span> '
        '<a href="/campaigns">All campaigns</a></p>'
    )
    told = show(_MEASURING)
    await ui.context.client.connected()
    measured = await at_work(measure, lake, campaign_id, doors.now())
    names = names_of(await kept(), None, read_salt(doors.settings))
    known = {short_id(id_): name for id_, name in names.items()}
    document = renamed(await at_work(report_of, lake, measured), known)

    async def acted(act: str, value: str) -> None:
        name = f"campaign-{campaign_id}"
        if act == "pdf":
            ui.download(await at_work(pdf_of, document), f"{name}.pdf", "application/pdf")
        elif act == "html":
            ui.download(html_of(document).encode(), f"{name}.html", "text/html")
        elif act == "keep":
            new = await at_work(keep_findings, lake, measured)
            say(f"{new} findings are new in the library" if new else "All are there", "good")

    told.content = ""
    listen(show(_OUT), acted)
    show(f'<p class="soft">{text(document.subtitle)}</p>{sections_html(document.blocks)}')


_MEASURING = (
    '<div role="status"><p>Measuring: orders are joined with posts, links and codes.</p>'
    '<progress aria-label="Measuring"></progress></div>'
)
_OUT = (
    '<p class="actions"><button type="button" class="main" data-act="pdf">Report as PDF</button>'
    '<button type="button" data-act="html">As one HTML file</button>'
    '<button type="button" data-act="keep">Keep its findings in the library</button></p>'
)
