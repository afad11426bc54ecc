"""The quote that speaks for a tag, and when it is said or shown."""

from __future__ import annotations

from collections.abc import Sequence

from content_tagging.records import Modality
from content_tagging.tags.reading import Line, Reading
from content_tagging.tags.rules import Hit
from content_tagging.tags.wording import Wording, first_words, words
from reelcast.records import Record

QUOTE_WORDS = 16


class Evidence(Record):
    """Where a tag was read: a quote with its time, null where the time is not known."""

    modality: Modality | None = None
    quote: str | None = None
    start_s: float | None = None
    end_s: float | None = None


def evidence_of(
    reading: Reading, wording: Wording, hits: Sequence[Hit], group: str, label: str
) -> Evidence:
    """The first wording that speaks for the label; without one, what is shown or said first."""
    for hit in hits:
        if hit.group == group and hit.label == label:
            return at_place(reading, hit.place, _around(wording, hit))
    return opening_of(reading, wording)


def opening_of(reading: Reading, wording: Wording, modality: Modality | None = None) -> Evidence:
    """The opening words of the modality, or of the first that has any."""
    texts: tuple[tuple[Modality, str], ...] = (
        ("on_screen", wording.on_screen),
        ("spoken", wording.spoken),
        ("caption", wording.caption or " ".join(wording.tags)),
    )
    for place, text in texts:
        if text and modality in (None, place):
            return at_place(reading, place, first_words(text, QUOTE_WORDS))
    return Evidence()


def at_place(reading: Reading, place: Modality, quote: str) -> Evidence:
    """The quote with the times of the line that shares most words with it."""
    of_place = {"on_screen": reading.on_screen, "spoken": reading.spoken}
    lines = of_place.get(place, ())
    line = _line_of(lines, quote)
    return Evidence(
        modality=place,
        quote=quote,
        start_s=line.start_s if line else None,
        end_s=line.end_s if line else None,
    )


def _line_of(lines: Sequence[Line], quote: str) -> Line | None:
    asked = set(words(quote))
    shared = [len(asked & set(words(line.text))) for line in lines]
    most = max(shared, default=0)
    return lines[shared.index(most)] if most else None


def _around(wording: Wording, hit: Hit) -> str:
    """The hit's words in their sentence, 16 words at most."""
    if hit.place == "caption":
        text = " ".join((wording.caption, *wording.tags)).strip()
    else:
        text = wording.spoken if hit.place == "spoken" else wording.on_screen
    start = max((text.rfind(mark, 0, hit.at) + 1 for mark in ".!?\n"), default=0)
    if len(text[start : hit.at].split()) > QUOTE_WORDS // 2:
        start = hit.at
    return first_words(text[start:].strip(), QUOTE_WORDS)
