"""Typed hooks and scripts of one creator against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.doors import Doors
from api.web.markup import Column, note, paragraph, section, table, text
from api.web.pages.creators import show_section
from api.web.parts_creators import COUNTS, WINDOW_CHOICES
from api.web.pieces import at_work, choice, entry, form, lines, show
from content_tagging.records import Tag
from content_tagging.report.facts import told as told_tags
from content_tagging.report.facts import words_of
from content_tagging.tags.tagger import Tagger
from inference.compare_records import CompareRequest, CompareResponse
from inference.drawings import Bar, interval_bars
from inference.typed import typed_tags
from inference.wording import count, interval80, share, window
from reelcast.errors import InputError, ReelcastError
from reelcast.records import Brief, CreatorQuestion

LETTERS = "ABCDE"


@dataclass(frozen=True, slots=True)
class Made:
    """The comparison, and what the tagger reads in each draft's words."""

    answer: CompareResponse
    tags: list[tuple[Tag, ...]]
    drafts: tuple[Brief, ...]


class HookDuel:
    """The form, and what came of it."""

    def __init__(self, doors: Doors, fields: dict[str, str], videos: dict[str, str]) -> None:
        self.doors, self.fields, self.videos = doors, fields, videos
        self._tagger: Tagger | None = None

    async def build(self) -> None:
        with show_section("Hooks and scripts against each other"):
            show(
                "<p>Type two to five hooks or scripts and name a creator: how likely does each do "
                "better than each other as that creator's next post?</p>"
            )
            form(_form(self.fields, self.videos), self.sent)
            self.place = show('<div role="status"></div>')

    async def sent(self, fields: dict[str, str]) -> None:
        self.place.content = '<p role="status">Comparing ...</p>'
        try:
            made = await self._compare(fields)
        except ReelcastError as exc:
            self.place.content = note("bad", exc.title, str(exc))
        else:
            self.place.content = result_html(made, fields)

    async def _compare(self, fields: dict[str, str]) -> Made:
        asked = request_of(fields)
        answer = await at_work(self.doors.creative.compare, asked, self.doors.now())
        if self._tagger is None:
            self._tagger = await at_work(Tagger.from_settings, self.doors.settings)
        tags = await at_work(typed_tags, self._tagger, asked.drafts)
        return Made(answer, tags, asked.drafts)


def request_of(fields: dict[str, str]) -> CompareRequest:
    """The question that the form means. Raises InputError naming what is missing."""
    days = float(fields.get("window") or 30)
    drafts = {letter: _draft(letter, fields, days) for letter in LETTERS}
    given = {letter: draft for letter, draft in drafts.items() if draft is not None}
    if len(given) < 2:
        raise InputError("type at least two hooks, one in each box, or choose watched videos")
    creator = fields.get("creator", "").strip()
    if not creator:
        raise InputError("name a creator: @handle, or an id from the list of creators")
    target: Any = fields.get("target") or "views"
    return CompareRequest(
        creator=_creator(creator, fields.get("platform") or "tiktok"),
        drafts=tuple(given.values()),
        names=tuple(given),
        targets=(target,),
    )


def _draft(letter: str, fields: dict[str, str], days: float) -> Brief | None:
    """What one box holds: words, a watched video, or both; None where it is empty."""
    kind = "script" if fields.get("kind") == "script" else "caption"
    words, video = fields.get(f"draft{letter}", "").strip(), fields.get(f"video{letter}") or None
    if not words and video is None:
        return None
    return Brief.model_validate({kind: words or None, "content_id": video, "horizon_days": days})


def _creator(named: str, platform: str) -> CreatorQuestion:
    if named.startswith("@"):
        return CreatorQuestion(handle=named, platform=platform, label=named)
    return CreatorQuestion(creator_id=named)


def _form(fields: dict[str, str], videos: dict[str, str]) -> str:
    platforms = {name: name for name in ("tiktok", "instagram", "youtube")}
    kinds = {"caption": "hook or caption", "script": "spoken script"}
    boxes = [_box(letter, fields, videos) for letter in LETTERS]
    counts = {name: name for name in COUNTS}
    return (
        entry("Creator", "creator", fields.get("creator", ""), placeholder="@handle or id")
        + choice("Platform of the handle", "platform", platforms)
        + choice("What is typed", "kind", kinds)
        + choice("Count", "target", counts)
        + choice("Window", "window", WINDOW_CHOICES, "30")
        + "".join(boxes[:3])
        + f'<details class="field wide"><summary>Two more</summary>{"".join(boxes[3:])}</details>'
        + '<button class="main">Compare</button>'
    )


def _box(letter: str, fields: dict[str, str], videos: dict[str, str]) -> str:
    typed = lines(letter, f"draft{letter}", fields.get(f"draft{letter}", ""), 2)
    if not videos:
        return typed
    chosen = fields.get(f"video{letter}", "")
    watched = choice(
        f"{letter} as a video", f"video{letter}", {"": "words alone", **videos}, chosen
    )
    return f'<div class="field wide draft">{typed}{watched}</div>'


def result_html(made: Made, fields: dict[str, str]) -> str:
    """Each against each, the best's chance, the intervals, and the tags of the words."""
    answer = made.answer
    target = answer.duels[0].target
    after = window(float(fields.get("window") or 30))
    duels = [
        (
            text(f"{duel.first} against {duel.second}"),
            share(duel.chance),
            f"{duel.times:.2f} times",
            text(duel.words),
        )
        for duel in answer.duels
    ]
    columns = (
        Column("Drafts"),
        Column("Chance that the first gets more", True, source="From joint samples of both drafts: "
               "they share what is not known of the creator's week; a forecast difference counts "
               "as far as such differences came true on the test posts."),
        Column("Typical difference", True),
        Column("In words"),
    )  # fmt: skip
    bars = [Bar(draft.name, draft.quantiles[target], None) for draft in answer.drafts]
    unit = f"{target}, {after} after posting"
    return section(
        f"Which does better: {target}",
        table("Each draft against each other", columns, duels),
        paragraph(f"How far it tells posts apart: {answer.evidence[target]}.", "soft"),
        f'<div class="broad">{interval_bars(bars, unit)}</div>',
        f'<div class="narrow">{interval_bars(bars, unit, 340)}</div>',
        _each(made, target),
    )  # fmt: skip


def _each(made: Made, target: str) -> str:
    columns = (
        Column("Draft"), Column("Words"), Column("Chance to be the best", True),
        Column(f"Median {target}", True), Column("What the tagger reads"),
    )  # fmt: skip
    rows = [
        (
            text(draft.name),
            text((brief.caption or brief.script or "as the video says")[:200]),
            share(draft.chance_best[target]),
            f"{count(draft.quantiles[target]['q50'])}"
            f"<small>{text(interval80(draft.quantiles[target]))}</small>",
            text(
                "; ".join(
                    f"{tag.group}: {words_of(tag.label)} ({tag.probability:.0%})"
                    for tag in told_tags(tags)
                    if tag.primary
                )
                or ("see the video's page" if brief.content_id else "nothing sure")
            ),
        )
        for draft, brief, tags in zip(made.answer.drafts, made.drafts, made.tags, strict=True)
    ]
    return table("Drafts one by one", columns, rows)
