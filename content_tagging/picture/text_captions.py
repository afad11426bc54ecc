"""Captions told from other text on screen: they say what is spoken, while it is spoken.

Both ways: a line's words are spoken while it shows, and little else is spoken then. A short text
that sums up a sentence ("40% OFF TODAY") fails the second. And a video with captions has them
throughout: one line that is read aloud is a text of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from content_tagging.picture.text_tracks import words
from content_tagging.records import TextLine, Transcript, Word

VERSION = "captions/2"
SLACK_S = 0.8  # captions run ahead of the words, or behind
SAID = 0.6  # share of a line's words that are spoken while it shows
COVERED = 0.5  # share of what is spoken while a line shows that it, and those beside it, say
CAPTIONED = 0.4  # share of all that is spoken that captions show, in a video with captions
TOGETHER_S = 0.3  # lines that come and go within this are one caption
SHOWN = 0.4  # share of a line's time in which these words are spoken: a title stays longer
LEAST_WORD_S = 0.01  # some engines give words no length
BAND = 0.06  # of the frame's height between lines of one place
BAND_LEAST = 3  # lines in a place from which a place is judged
BAND_SAID = 0.5  # share of the words of such a place that are spoken


def mark_captions(lines: Sequence[TextLine], transcript: Transcript) -> tuple[TextLine, ...]:
    """The lines, those that repeat what is said marked as captions.

    Transcripts err, so where a video has captions a line also counts that stands in a place of
    captions mostly, and of which at least one word is spoken while it shows.
    """
    spoken = _spoken(transcript)
    said = {at: _said(line, spoken) for at, line in enumerate(lines) if line.kind == "overlay"}
    repeated = {at: share * len(words(lines[at].text)) for at, share in said.items()}
    marked = {
        at
        for at, share in said.items()
        if share >= SAID and _covers(lines[at], lines, repeated, spoken)
    }
    if sum(repeated[at] for at in marked) < CAPTIONED * len(spoken):
        return tuple(lines)
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


def _covers(
    line: TextLine, lines: Sequence[TextLine], repeated: dict[int, float], spoken: Sequence[Word]
) -> bool:
    """Whether this line and those that come and go with it repeat most of what is spoken then."""
    shown = sum(count for at, count in repeated.items() if _together(line, lines[at]))
    return shown >= COVERED * sum(_share_within(word, line) for word in spoken)


def _together(a: TextLine, b: TextLine) -> bool:
    return max(abs(a.start_s - b.start_s), abs(a.end_s - b.end_s)) <= TOGETHER_S


def _share_within(word: Word, line: TextLine) -> float:
    """The share of a word's time in which the line shows."""
    both_s = min(word.end_s, line.end_s) - max(word.start_s, line.start_s)
    return min(1.0, max(0.0, both_s) / max(word.end_s - word.start_s, LEAST_WORD_S))


def _is_caption_place(line: TextLine, lines: Sequence[TextLine], said: dict[int, float]) -> bool:
    """Whether most words of the lines at this line's height are spoken while they show."""
    place = {at: len(words(lines[at].text)) for at in said if _beside(line, lines[at])}
    total = sum(place.values())
    matched = sum(said[at] * count for at, count in place.items())
    return len(place) >= BAND_LEAST and matched >= BAND_SAID * total


def _beside(a: TextLine, b: TextLine) -> bool:
    return abs(a.box[1] + a.box[3] / 2 - b.box[1] - b.box[3] / 2) < BAND
