"""The quote that speaks for a tag, and when it is said or shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from content_tagging.records import Modality
from content_tagging.tags.reading import Line, Reading
from content_tagging.tags.rules import Hit
from content_tagging.tags.taxonomy import nothing
from content_tagging.tags.wording import Wording, first_words, plain, words
from reelcast.records import Record

QUOTE_WORDS = 16


class Evidence(Record):
    """Where a tag was read: a quote with its time, null where the time is not known."""

    modality: Modality | None = None
    quote: str | None = None
    start_s: float | None = None
    end_s: float | None = None


def evidence_of(
    reading: Reading,
    wording: Wording,
    hits: Sequence[Hit],
    what: tuple[str, str],
    place: Modality | None = None,
) -> Evidence:
    """The first wording that speaks for `what`, a group and its label; without one, what is shown
    or said first, in `place` where it is given. Nothing speaks for the label of no other."""
    if what[1] == nothing(what[0]):
        return Evidence()
    for hit in hits:
        if (hit.group, hit.label) == what:
            return at_place(reading, hit.place, _around(wording, hit))
    return opening_of(reading, wording, place)


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
    """The quote with the time from the line where it starts to the one where it ends."""
    of_place = {"on_screen": reading.on_screen, "spoken": reading.spoken}
    lines = _lines_of(of_place.get(place, ()), words(quote))
    return Evidence(
        modality=place,
        quote=quote,
        start_s=lines[0].start_s if lines else None,
        end_s=lines[-1].end_s if lines else None,
    )


def _lines_of(lines: Sequence[Line], quote: list[str]) -> Sequence[Line]:
    """The lines over which the longest start of the quote runs, the first time it does."""
    said = [(word, at) for at, line in enumerate(lines) for word in words(plain(line.text))]
    longest, first = 0, 0
    for start in range(len(said)):
        pairs = zip(said[start:], quote, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0][0] == pair[1], pairs))
        if same > longest:
            longest, first = same, start
    return lines[said[first][1] : said[first + longest - 1][1] + 1] if longest else ()


def _around(wording: Wording, hit: Hit) -> str:
    """The hit's words in their sentence, 16 words at most."""
    by_place = {"spoken": wording.spoken, "on_screen": wording.on_screen}
    text = by_place.get(hit.place, wording.posted)
    start = max((text.rfind(mark, 0, hit.at) + 1 for mark in ".!?\n"), default=0)
    if len(text[start : hit.at].split()) > QUOTE_WORDS // 2:
        start = hit.at
    ends = [at + 1 for mark in ".!?" if (at := text.find(mark, hit.at + len(hit.quote) - 1)) >= 0]
    return first_words(text[start : min(ends, default=len(text))].strip(), QUOTE_WORDS)
