"""One watched video: what was seen and heard, its tags to correct, what to change, a learning."""

from __future__ import annotations

from pydantic import ValidationError
from starlette.requests import Request

from api.doors import Doors
from api.uploads import find_upload
from api.web.markup import section
from api.web.pages.creators import number, show_section
from api.web.parts_content import correction_form, film, fixes, head, opening, tag_rows, words
from api.web.pieces import at_work, choice, entry, form, lines, say, show, told
from content_tagging.contents import Content, find, load
from content_tagging.correcting import correct_tags
from content_tagging.report.facts import told as told_tags
from content_tagging.report.strip import filmstrip
from content_tagging.tags.taxonomy import GROUPS
from measurement.learnings import Learning, add
from reelcast.errors import InputError, MediaError, NotFoundError


async def show_page(doors: Doors, request: Request) -> None:
    """Show the video."""
    await _Video(doors, request.path_params["content_id"]).build()


class _Video:
    """One open video."""

    def __init__(self, doors: Doors, named: str) -> None:
        self.doors, self.named = doors, named
        self.content: Content | None = None

    async def build(self) -> None:
        content = self.content = await at_work(self._load)
        show(head(content) + await at_work(self._film) + opening(content.signals))
        show(_report_link(content, self.doors))
        show(words(content.signals))
        with show_section("Tags"):
            self.tags = show(tag_rows(content))
            show("<h3>Correct a tag</h3>")
            form(correction_form(content), self.corrected)
        show(fixes(content))
        with show_section("Save a learning"):
            show(
                "<p>What did you find, and on which evidence? It goes into the library, where "
                "others find it.</p>"
            )
            form(_learning_form(), self.learned)

    def _load(self) -> Content:
        lake = self.doors.lake
        content_id = find(lake, self.named)
        found = load(lake, [content_id]).get(content_id)
        if found is None:
            raise NotFoundError(f"the video {self.named} has no tags: tag its file again")
        return found

    def _film(self) -> str:
        """The filmstrip, where the file is at hand and can still be read."""
        assert self.content is not None
        media = find_upload(self.content.content_id, self.doors.settings)
        if media is None:
            return film([])
        try:
            return film(filmstrip(media, self.content.signals, self.doors.settings.tagging))
        except MediaError as exc:
            return section("Filmstrip", f"<p>{exc}</p>")

    async def corrected(self, fields: dict[str, str]) -> None:
        """Keep the groups whose label was changed, and show the tags as they stand then."""
        content = self.content
        assert content is not None
        first = {tag.group: tag.label for tag in reversed(told_tags(content.tags))}
        changed = {
            group: (fields[group],)
            for group in GROUPS
            if fields.get(group) and fields[group] != first.get(group)
        }
        if await told(at_work(self._correct, changed, fields.get("reason") or None)):
            self.content = await at_work(self._load)
            self.tags.content = tag_rows(self.content)
            say("Kept as a label: the tagger learns from it when it is trained again", "good")

    def _correct(self, changed: dict[str, tuple[str, ...]], reason: str | None) -> bool:
        if not changed:
            raise InputError("choose another label in at least one group")
        assert self.content is not None
        now = self.doors.now()
        correct_tags(self.doors.lake, self.content.content_id, changed, now, reason)
        return True

    async def learned(self, fields: dict[str, str]) -> None:
        """Keep a finding."""
        if await told(at_work(self._learn, fields)):
            say("Kept in the library", "good")

    def _learn(self, fields: dict[str, str]) -> bool:
        assert self.content is not None
        learning = learning_of(fields, self.content)
        add(self.doors.lake, [learning], self.doors.now())
        return True


def learning_of(fields: dict[str, str], content: Content) -> Learning:
    """The finding that the form means. Raises InputError naming what is missing."""
    about = f"Video {content.name} ({content.content_id[:12]})."
    try:
        return Learning(
            title=fields.get("title", "").strip(),
            text=f"{fields.get('text', '').strip()}\n{about}".strip(),
            metric=fields.get("metric") or None,
            effect=number(fields, "effect"),
            low=number(fields, "low"),
            high=number(fields, "high"),
            n=None if (n := number(fields, "n")) is None else int(n),
            source="hook lab",
        )
    except ValidationError as exc:
        raise InputError("give the finding a title of 3 to 200 letters") from exc


def _learning_form() -> str:
    def box(label: str, name: str) -> str:
        return entry(label, name, "", "number", step="any", min="0")

    metrics = {"": "none", **{n: n for n in ("views", "likes", "shares", "saves", "completion")}}
    return (
        entry("Finding", "title", placeholder="in one sentence")
        + choice("Metric", "metric", metrics)
        + box("Effect, times", "effect")
        + box("From", "low")
        + box("To", "high")
        + box("Posts", "n")
        + lines("What it rests on", "text", "", 2)
        + "<button>Save the learning</button>"
    )


def _report_link(content: Content, doors: Doors) -> str:
    if find_upload(content.content_id, doors.settings) is None:
        return ""
    return (
        f'<p><a href="/v1/contents/{content.content_id}/report" target="_blank" rel="noopener">'
        "The whole report: timeline and storyboard (opens in a new tab)</a></p>"
    )
