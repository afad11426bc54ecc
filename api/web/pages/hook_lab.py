"""The hook lab: a draft video is watched, typed hooks are set against each other."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from api.doors import Doors
from api.web.dropping import drop
from api.web.jobs import follow
from api.web.markup import Column, link, paragraph, section, table, text
from api.web.pages.creators import show_section
from api.web.pages.hooks_compare import HookDuel
from api.web.pieces import at_work, entry, show
from content_tagging.batch.items import SUFFIXES
from content_tagging.browse import ContentPage, browse
from content_tagging.report.facts import words_of
from content_tagging.report.pieces import seconds
from reelcast.jobs import Job

_SHOWN = 20


async def show_page(doors: Doors, request: Request) -> None:
    """Show a place to drop a draft, hooks to type, and the videos that were watched."""
    page = await at_work(browse, doors.lake, None, None, _SHOWN, None)
    _Draft(doors).build()
    videos = {each.content_id: each.name or each.content_id[:12] for each in page.items}
    await HookDuel(doors, dict(request.query_params), videos).build()
    show(_watched(page))


class _Draft:
    """A draft video on its way."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors

    def build(self) -> None:
        from nicegui import ui

        with show_section("A draft video"):
            show(
                "<p>Drop a video: it is watched and listened to on this machine, and its hook, "
                "format, theme and calls to action are named with what shows them.</p>"
            )
            fields = (
                entry("Caption", "caption", placeholder="of the post")
                + entry("Brand", "brand", placeholder="looked for in the first 5 s")
                + entry("Product", "product", placeholder="likewise")
            )
            drop(
                "Drop a draft video here, or choose it",
                "/v1/contents",
                self.took,
                ",".join(sorted(SUFFIXES)),
                fields=fields,
            )
            self.place = ui.element("div")

    async def took(self, answer: dict[str, Any]) -> None:
        """Follow the job that watches it, then open its page."""
        job = Job.model_validate(answer["job"])
        self.place.clear()
        with self.place:
            await follow(self.doors, job, "Watching the draft", self.watched)

    async def watched(self, job: Job) -> None:
        from nicegui import ui

        assert job.result is not None
        ui.navigate.to(f"/hook-lab/{job.result['content_id']}")


def _watched(page: ContentPage) -> str:
    if not page.items:
        said = "No video was watched yet: drop one above, or run `reelcast tag FOLDER`."
        return section("Watched videos", paragraph(said))
    rows = [
        (
            link(f"/hook-lab/{each.content_id}", each.name or each.content_id[:12]),
            "" if each.duration_s is None else seconds(each.duration_s),
            *(
                text(", ".join(words_of(label) for label in each.labels.get(group, ())[:2]))
                for group in ("hook", "format", "theme")
            ),
            "yes" if each.is_corrected else "",
        )
        for each in page.items
    ]
    columns = (
        Column("Video"), Column("Length", True), Column("Hook"), Column("Format"),
        Column("Theme"), Column("Corrected"),
    )  # fmt: skip
    more = page.total - len(rows)
    left = paragraph(f"{more:,} more are in the lake.", "soft") if more > 0 else ""
    return section("Watched videos", table("Watched videos", columns, rows), left)
