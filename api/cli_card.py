"""The card of one content: what it is, its opening, its tags with evidence, what to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from content_tagging.contents import Content
from content_tagging.fix_list import PARTS, FixThresholds, abcd_fix_list
from content_tagging.records import Signals, Tag
from content_tagging.report.facts import (
    MODALITIES,
    notes_of,
    ordered,
    unanswered,
    value_of,
    words_of,
)
from content_tagging.report.pieces import span
from content_tagging.tags.taxonomy import GROUPS, ONE_ANSWER, nothing
from content_tagging.timeline import opening_of

ID_SHOWN = 12
TOLD_WHERE_NOTHING = (*ONE_ANSWER, "cta")
QUOTE_CHARACTERS = 90
TOGETHER = "\u00a0"  # a space at which no line breaks
KEY_MEASURES = {
    "first_cut_s": "first cut",
    "cuts_per_s": "cuts",
    "words_in_3s": "first 3 s",
    "speech_rate_wpm": "pace",
    "speech_ratio": "speech",
    "music_ratio": "music",
    "people_ratio": "frames with a face",
    "text_area": "under text",
    "loudness_lufs": "loudness",
    "time_to_cta_s": "call to action at",
}


def card(content: Content) -> Group:
    """What `reelcast tag` prints about one content, as wide as the terminal."""
    return Group(
        Rule(Text(content.name, "bold"), align="left", style="dim"),
        _pad(Text(_what(content), "dim")),
        *_part("First 3 seconds", _rows(_opening(content.signals))),
        *_part("Tags", _tags(content.tags)),
        *_part("What to change", _rows(_fixes(content))),
        *_part("Measures", Text(_measures(content))),
        *_part("Notes", _notes(content.signals)),
    )


def _what(content: Content) -> str:
    media = content.signals.media
    size = f"{media.width_px} x {media.height_px}" if media.width_px else "sound only"
    codecs = ", ".join(filter(None, (media.video_codec, media.audio_codec or "no sound")))
    name = content.content_id[:ID_SHOWN]
    return f"{media.duration_s:.1f} s · {size} · {codecs} · content {name}"


def _part(title: str, body: RenderableType) -> Iterator[RenderableType]:
    yield Text(f"\n{title}", "bold")
    yield _pad(body)


def _pad(body: RenderableType) -> Padding:
    return Padding(body, (0, 0, 0, 2))


def _rows(rows: Iterable[tuple[str, str]]) -> Table:
    """Names beside words that wrap."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for name, words in rows:
        grid.add_row(Text(name, "dim"), Text(words))
    return grid


def _opening(signals: Signals) -> Iterator[tuple[str, str]]:
    opening = opening_of(signals)
    yield "spoken", f"“{opening.spoken}”" if opening.spoken else "nothing"
    yield "on screen", "; ".join(opening.shown) or "nothing"
    yield "cuts", ", ".join(f"{at:.1f} s" for at in opening.cuts_s) or "none"


def _tags(tags: Sequence[Tag]) -> RenderableType:
    """A row for each tag, the primary one of a group in bold, and which groups are left open."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for justify in ("left", "left", "right", "left"):
        grid.add_column(justify=justify, no_wrap=True)
    grid.add_column()
    left_open = unanswered(tags)
    for group in GROUPS:
        own = [_tag_cells(tag) for tag in ordered(tags) if tag.group == group and _is_told(tag)]
        if group in left_open:
            own = [(Text("not sure enough to say", "italic"),), *own]
        for rank, cells in enumerate(own):
            grid.add_row(Text("" if rank else group, "dim"), *cells)
    return grid


def _is_told(tag: Tag) -> bool:
    """All but what says that nothing of a minor group applies."""
    return tag.label != nothing(tag.group) or tag.group in TOLD_WHERE_NOTHING


def _tag_cells(tag: Tag) -> tuple[Text, ...]:
    quote = f"“{_short(tag.evidence)}”" if tag.evidence else ""
    return (
        Text(words_of(tag.label), "bold" if tag.primary else ""),
        Text(f"{tag.probability:.0%}"),
        Text(_where(tag), "dim"),
        Text(quote),
    )


def _where(tag: Tag) -> str:
    """Where and when: "spoken 0.5-2.5 s"."""
    when = span(tag.start_s, tag.end_s).replace(" to ", "-")
    return " ".join(filter(None, (MODALITIES.get(tag.modality or ""), when)))


def _short(quote: str) -> str:
    """A quote cut at a word where it is long.

    >>> _short("a" * 60 + " " + "b" * 60) == "a" * 60 + " ..."
    True
    """
    if len(quote) <= QUOTE_CHARACTERS:
        return quote
    return quote[: QUOTE_CHARACTERS + 1].rsplit(None, 1)[0] + " ..."


def _fixes(content: Content) -> Iterator[tuple[str, str]]:
    fixes = abcd_fix_list(content.measures, FixThresholds())
    if not fixes:
        yield "nothing", "Every threshold that could be checked is met."
    for fix in fixes:
        yield PARTS[fix.part], fix.words


def _measures(content: Content) -> str:
    known = {name: content.measures.get(name) for name in KEY_MEASURES}
    told = [
        f"{KEY_MEASURES[name]}: {value_of(name, value)}"
        for name, value in known.items()
        if value is not None
    ]
    return " · ".join(words.replace(" ", TOGETHER) for words in told)


def _notes(signals: Signals) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0))
    for note in notes_of(signals):
        grid.add_row("-", Text(note))
    return grid
