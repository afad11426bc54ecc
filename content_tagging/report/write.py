"""Writes one page about one video: what was seen and heard, and the tags read from it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from content_tagging.contents import Content
from content_tagging.fix_list import FixThresholds, abcd_fix_list
from content_tagging.records import Signals, Tag
from content_tagging.report.facts import (
    fix_table,
    measure_table,
    notes_of,
    tag_table,
    unanswered,
    versions_table,
    words_of,
)
from content_tagging.report.frames import Picture, Wanted, pictures_at
from content_tagging.report.pieces import bullets, page, paragraph, seconds, section
from content_tagging.report.scale import Part, Scale, evenly, parts_of, shots_of
from content_tagging.report.storyboard import Panel, storyboard
from content_tagging.report.timeline import timeline
from content_tagging.tags.taxonomy import ONE_ANSWER
from content_tagging.timeline import opening_of
from reelcast.errors import StoreError
from reelcast.settings import TaggingSettings

STRIP_PX = 112
MOST_STRIP = 60
STORY_PX = 480
MOST_PANELS = 16
PANEL_S = 5.0  # longer shots are shown in parts, in longer parts where the video is long


def write_report(path: Path, content: Content, media: Path, settings: TaggingSettings) -> Path:
    """Write the page about `content`, whose file is `media`, to `path`, and return it.

    Raises MediaError where the file can no longer be read, StoreError where the page cannot be
    written.
    """
    signals = content.signals
    parts = _parts(signals)
    wanted = [*_strip_wishes(signals), *_story_wishes(parts[:MOST_PANELS])]
    pictures = pictures_at(media, wanted if signals.media.width_px else [], settings)
    strip = [each for each in pictures[: -len(parts[:MOST_PANELS])] if each is not None]
    html = page(
        f"reelcast: {content.name}",
        _head(content),
        _tiles(content.tags),
        _opening(signals),
        section(
            "Timeline",
            paragraph(
                "Everything on one time axis, which scrolls sideways where it is long.",
                "soft",
            ),
            timeline(signals, strip),
        ),
        _story(parts, pictures[-len(parts[:MOST_PANELS]) :], signals),
        _tags(content),
        _fixes(content),
        section("Measures", measure_table(content.measures)),
        _made(content),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, encoding="utf-8")
    except OSError as exc:
        raise StoreError(f"cannot write {path}: {exc.strerror}: name another file") from exc
    return path


def _strip_wishes(signals: Signals) -> list[Wanted]:
    """Frames side by side, as many as fit along the timeline."""
    media = signals.media
    if not media.width_px or not media.height_px:
        return []
    wide_px = STRIP_PX * media.width_px / media.height_px
    count = int(Scale(media.duration_s).width_px / max(wide_px, 1))
    times = evenly(media.duration_s, min(max(count, 1), MOST_STRIP))
    return [Wanted(at, at, STRIP_PX) for at in times]


def _parts(signals: Signals) -> list[Part]:
    duration_s = signals.media.duration_s
    shots = shots_of([cut.at_s for cut in signals.pictures.cuts], duration_s)
    return parts_of(shots, max(PANEL_S, duration_s / MOST_PANELS * 1.5))


def _story_wishes(parts: Sequence[Part]) -> list[Wanted]:
    """The middle of each, where its texts are mostly there."""
    return [Wanted((start + end) / 2, end, STORY_PX) for _, start, end in parts]


def _head(content: Content) -> str:
    media = content.signals.media
    size = f"{media.width_px} x {media.height_px} pixels" if media.width_px else "sound only"
    said = f"{seconds(media.duration_s)}, {size}. Taxonomy version {content.taxonomy_version}."
    caption = paragraph(f"Caption: {content.caption}", "soft") if content.caption else ""
    return f"<h1>{escape(content.name)}</h1>{paragraph(said, 'lead')}{caption}"


def _tiles(tags: Sequence[Tag]) -> str:
    tiles = "".join(_tile(group, tags) for group in (*ONE_ANSWER, "cta"))
    return f'<div class="tiles">{tiles}</div>'


def _tile(group: str, tags: Sequence[Tag]) -> str:
    own = [tag for tag in tags if tag.group == group]
    best = max(own, key=lambda tag: (tag.primary, tag.probability), default=None)
    said = "" if best is None else f"{best.probability:.0%}"
    answer = "<b>none found</b>" if best is None else f"<b>{escape(words_of(best.label))}</b>"
    if group in unanswered(tags):
        answer = '<b class="soft">not sure enough to say</b>'
        said = "" if best is None else f"likeliest: {escape(words_of(best.label))}, {said}"
    elif best is not None and best.evidence:
        said += f" <q>{escape(best.evidence)}</q>"
    return f'<div class="tile"><span>{group}</span>{answer}<span>{said}</span></div>'


def _opening(signals: Signals) -> str:
    """The words and texts of the first three seconds."""
    opening = opening_of(signals)
    facts = (
        ("Spoken", f"“{opening.spoken}”" if opening.spoken else "nothing"),
        ("On screen", "; ".join(opening.shown) or "nothing"),
        ("Shot changes", ", ".join(map(seconds, opening.cuts_s)) or "none"),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{escape(words)}</dd>" for name, words in facts)
    return section("The first 3 seconds", f"<dl>{listed}</dl>")


def _story(parts: Sequence[Part], pictures: Sequence[Picture | None], signals: Signals) -> str:
    if not signals.media.width_px:
        return ""
    made = [Panel(*part, picture) for part, picture in zip(parts, pictures, strict=False)]
    return section(
        "Shot by shot",
        paragraph("The middle of each shot or part of it; what was read there is framed.", "soft"),
        storyboard(made, signals, len(parts) - len(made)),
    )


def _tags(content: Content) -> str:
    left_open = unanswered(content.tags)
    words = f"Not sure enough to name one: {', '.join(left_open)}." if left_open else ""
    return section("Tags", tag_table(content.tags), paragraph(words, "soft") if words else "")


def _fixes(content: Content) -> str:
    said = (
        "Checked against the open ABCD rubric (Attention, Branding, Connection, Direction) and "
        "craft. Things to try, not laws: they go with what worked in advertising at large."
    )
    fixes = abcd_fix_list(content.measures, FixThresholds())
    return section("What to change", paragraph(said, "soft"), fix_table(fixes))


def _made(content: Content) -> str:
    return section(
        "How this was made",
        bullets(escape(note) for note in notes_of(content.signals)),
        "<details><summary>Detectors and their versions</summary>"
        f"{versions_table(content.signals, content.versions)}</details>",
        paragraph(f"Content {content.content_id}", "soft id"),
    )
