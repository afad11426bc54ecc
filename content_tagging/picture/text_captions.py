"""Captions told from other text on screen: they say what is spoken, while it is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from content_tagging.picture.text_tracks import words
from content_tagging.records import TextLine, Transcript, Word

SLACK_S = 0.8  # captions run ahead of the words, or behind
SAID = 0.6  # share of a line's words that are spoken while it shows
SHOWN = 0.4  # share of a line's time in which these words are spoken: a title stays longer
BAND = 0.06  # of the frame's height between lines of one place
BAND_LEAST = 3  # lines in a place from which a place is judged
BAND_SAID = 0.5  # share of the words of such a place that are spoken


def mark_captions(lines: Sequence[TextLine], transcript: Transcript) -> tuple[TextLine, ...]:
    """The lines, those that repeat what is said marked as captions.

    Transcripts err, so a line also counts where the lines of its place mostly are captions, and at
    least one of its words is spoken while it shows.
    """
    spoken = _spoken(transcript)
    said = {at: _said(line, spoken) for at, line in enumerate(lines) if line.kind == "overlay"}
    marked = {at for at, share in said.items() if share >= SAID}
    for at, share in said.items():
        if 0 < share < SAID and _is_caption_place(lines[at], lines, said):
            marked.add(at)
    return tuple(
        line.model_copy(update={"kind": "caption"}) if at in marked else line
        for at, line in enumerate(lines)
    )


def _spoken(transcript: Transcript) -> list[Word]:
    """Words with times; of a segment without, each word has the segment's."""
    return [
        Word(start_s=word.start_s, end_s=word.end_s, text=text)
        for segment in transcript.segments
        for word in segment.words
        or [Word(start_s=segment.start_s, end_s=segment.end_s, text=segment.text)]
        for text in words(word.text)
    ]


def _said(line: TextLine, spoken: Sequence[Word]) -> float:
    """The share of a line's words that are spoken in order while it shows; 0 where it stays on."""
    shown = words(line.text)
    near = [w for w in spoken if _while_shown(w, line)]
    matcher = SequenceMatcher(None, shown, [word.text for word in near], False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return 0.0
    first, last = near[blocks[0].b], near[blocks[-1].b + blocks[-1].size - 1]
    spoken_s = last.end_s - first.start_s + 2 * SLACK_S
    if spoken_s < SHOWN * (line.end_s - line.start_s):
        return 0.0
    return sum(block.size for block in blocks) / len(shown)


def _while_shown(word: Word, line: TextLine) -> bool:
    return word.end_s >= line.start_s - SLACK_S and word.start_s <= line.end_s + SLACK_S


def _is_caption_place(line: TextLine, lines: Sequence[TextLine], said: dict[int, float]) -> bool:
    """Whether most words of the lines at this line's height are spoken while they show."""
    place = {at: len(words(lines[at].text)) for at in said if _beside(line, lines[at])}
    total = sum(place.values())
    matched = sum(said[at] * count for at, count in place.items())
    return len(place) >= BAND_LEAST and matched >= BAND_SAID * total


def _beside(a: TextLine, b: TextLine) -> bool:
    return abs(a.box[1] + a.box[3] / 2 - b.box[1] - b.box[3] / 2) < BAND
