"""Export files dropped on the first page: what each holds, what failed, then into the lake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from api.doors import Doors
from api.uploads import find_upload
from api.web.dropping import drop
from api.web.jobs import follow
from api.web.markup import Column, bullets, note, paragraph, table, text
from api.web.pages.creators import show_section
from api.web.pieces import at_work, entry, form, listen, show
from api.work import ImportAsked, import_options
from ingest.preview import Preview, preview
from reelcast.errors import InputError, NotFoundError, ReelcastError
from reelcast.jobs import Job

_SHOWN = 3  # rows of each table
_FIELDS = {
    "creator": "Whose account",
    "platform": "Platform",
    "observed-at": "Counted at (UTC)",
    "timezone": "Time zone of times without one",
    "year": "Year of dates without one",
}


class Importing:
    """The place to drop files on, and a card for each file."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.said: dict[str, str] = {}
        self.cards: list[_Card] = []

    def build(self) -> None:
        from nicegui import ui

        with show_section("Import export files"):
            show(
                "<p>Drop the files that TikTok Studio, Apify, yt-dlp, Instagram or YouTube gave "
                "you: you see what was recognised before anything is imported.</p>"
            )
            drop("Drop export files here, or choose them", "/v1/imports", self.took, multiple=True)
            with ui.element("details"):
                with ui.element("summary"):
                    show("What the files do not say: whose account, when counted")
                form(_options(), self.say)
            self.all = listen(show(""), self.import_all)
            self.place = ui.element("div")

    async def say(self, fields: dict[str, str]) -> None:
        """Keep what the files do not say, and look at each again."""
        self.said = fields
        for card in self.cards:
            await card.look(self.said)
        self.offer_all()

    def offer_all(self) -> None:
        """Offer to import all at once where two or more files are ready."""
        n = sum(card.is_ready for card in self.cards)
        self.all.content = (
            f'<p class="actions"><button type="button" class="main" data-act="all">Import all '
            f"{n} files</button></p>"
            if n > 1
            else ""
        )

    async def import_all(self, act: str, value: str) -> None:
        """Import each file that is ready, by a job of its own."""
        if act != "all":
            return
        for card in self.cards:
            if card.is_ready:
                await card.start()

    async def took(self, answer: dict[str, Any]) -> None:
        """Show what a file holds."""
        with self.place:
            card = _Card(self.doors, answer, self.offer_all)
        self.cards.append(card)
        await card.look(self.said)
        self.offer_all()


class _Card:
    """One uploaded file: seen, then imported."""

    def __init__(self, doors: Doors, answer: dict[str, Any], started: Callable[[], None]) -> None:
        from nicegui import ui

        self.told_started = started
        self.doors, self.id_, self.file = doors, str(answer["import_id"]), str(answer["file"])
        self.asked = ImportAsked()
        self.is_ready = self.is_started = False
        with ui.element("div").classes("card"):
            self.shown = listen(show(f"<h3>{text(self.file)}</h3>"), self.acted)
            self.place = ui.element("div")

    async def look(self, said: dict[str, str]) -> None:
        """Show what would be imported, or why nothing can be."""
        if self.is_started:
            return
        self.is_ready = False
        try:
            self.asked = asked_of(said)
            made = await at_work(self._preview)
        except ReelcastError as exc:
            self.shown.content = f"<h3>{text(self.file)}</h3>" + note(
                "bad", exc.title, _of_the_form(str(exc))
            )
        else:
            self.shown.content = preview_html(made)
            self.is_ready = True

    def _preview(self) -> Preview:
        path = find_upload(self.id_, self.doors.settings)
        if path is None:
            raise NotFoundError(f"{self.file} was imported already, or removed: drop it again")
        return preview(path, import_options(self.doors.settings, self.asked))

    async def acted(self, act: str, value: str) -> None:
        """Import the file, once however often the button is pressed."""
        if act == "import" and self.is_ready:
            await self.start()

    async def start(self) -> None:
        """Import the file by a job."""
        self.is_ready, self.is_started = False, True
        self.told_started()
        path = find_upload(self.id_, self.doors.settings)
        if path is None:
            self.shown.content = note("bad", "Not there", "the file was imported already")
            return
        self.shown.content = f"<h3>{text(self.file)}</h3>"
        given = {**self.asked.model_dump(mode="json"), "path": str(path)}
        job = await at_work(self.doors.doing.add, "import", given, self.doors.now())
        self.place.clear()
        with self.place:
            await follow(self.doors, job, f"Importing {self.file}", self.imported)

    async def imported(self, job: Job) -> None:
        """Say what came of it, and what to do next."""
        assert job.result is not None
        self.shown.content = f"<h3>{text(self.file)}</h3>{_outcome(job.result)}"


def asked_of(said: dict[str, str]) -> ImportAsked:
    """What the form says of all files. Raises InputError naming what is wrong."""
    known = {name: value.strip() for name, value in said.items() if value.strip()}
    if (
        "observed_at" in known
        and "+" not in known["observed_at"]
        and "Z" not in known["observed_at"]
    ):
        known["observed_at"] += "+00:00"
    try:
        return ImportAsked.model_validate(known)
    except ValidationError as exc:
        first = exc.errors()[0]
        raise InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from exc


def _of_the_form(words: str) -> str:
    """The words with a field of the form in the place of the command's option.

    >>> _of_the_form("names no account: give --creator with its handle")
    'names no account: give "Whose account" (above) with its handle'
    """
    for option, label in _FIELDS.items():
        words = words.replace(f"--{option}", f'"{label}" (above)')
    return words


def _options() -> str:
    return (
        entry(_FIELDS["creator"], "creator", placeholder="@handle, where the export names none")
        + entry(_FIELDS["platform"], "platform", placeholder="where the export names none")
        + entry(_FIELDS["observed-at"], "observed_at", "", "datetime-local")
        + entry(_FIELDS["timezone"], "timezone", placeholder="Europe/Berlin")
        + entry(_FIELDS["year"], "year", placeholder="2026")
        + "<button>Look again</button>"
    )


def preview_html(made: Preview) -> str:
    """What was recognised, which columns are read and which are not, first rows, what failed."""
    used = [(text(name), text(", ".join(of))) for name, of in made.used.items()]
    columns = (Column("Becomes"), Column("Read from"))
    failed = made.rows_failed + made.rows_flagged
    state = (
        note("warn", f"{failed:,} of the first {made.rows_read:,} rows have something unusable",
             "They are listed with their reason; all others are imported.")
        if failed
        else note("good", f"The first {made.rows_read:,} rows can all be used", "")
    )  # fmt: skip
    unused = (
        paragraph(f"Columns that are not read: {', '.join(made.unused)}.", "soft")
        if made.unused
        else ""
    )
    return (
        f"<h3>{text(made.file)}</h3><p>Recognised as <b>{text(made.format)}</b>: {text(made.why)}"
        f"</p>{state}"
        f"{bullets(map(_of_the_form, made.notes)) if made.notes else ''}"
        f"<details><summary>Columns that are read ({len(used)})</summary>"
        f"{table(f'Columns of {made.file}', columns, used)}{unused}</details>"
        f"{_first_rows(made)}{_failures(made)}"
        '<p class="actions"><button type="button" class="main" data-act="import">Import this file'
        "</button></p>"
    )


def _first_rows(made: Preview) -> str:
    parts = []
    for name, rows in made.tables.items():
        known = (
            [key for key in rows[0] if any(row[key] is not None for row in rows)] if rows else []
        )
        cells = [[text("" if row[key] is None else row[key]) for key in known] for row in rows]
        if known:
            columns = [Column(key) for key in known]
            parts.append(table(f"First rows of {name}", columns, cells[:_SHOWN]))
            parts[-1] = f"<h4>{text(name)}</h4>{parts[-1]}"
    return f"<details><summary>First rows</summary>{''.join(parts)}</details>" if parts else ""


def _failures(made: Preview) -> str:
    if not made.failures:
        return ""
    rows = [
        (str(f.get("line") or ""), text(f.get("column") or ""), text(f.get("value") or ""),
         text(f.get("reason") or ""))
        for f in made.failures
    ]  # fmt: skip
    columns = (Column("Line"), Column("Column"), Column("Value"), Column("Why it is left out"))
    return table(f"What failed in {made.file}", columns, rows)


def _outcome(result: dict[str, Any]) -> str:
    said = [
        f"{name}: {of['inserted']:,} new, {of['updated']:,} changed, {of['unchanged']:,} the same"
        for name, of in result["tables"].items()
    ]
    told = note("good", "Imported", "; ".join(said) or "nothing new")
    return (
        f"{told}<p>Creators show it within half a minute. Train again to learn from "
        "it: <code>reelcast train</code>.</p>"
    )
