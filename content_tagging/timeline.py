"""Words and spans on the time axis of a video. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content_tagging.records import Segment, Signals, TextLine, Transcript, Word

START_S = 3.0  # the opening, where the hook is
NEAR_S = 1.0  # a text may come this much before or after its words
TOGETHER_S = 0.3  # rows of one text appear within this time
UNHEARD = "none"  # the engine of a transcript that nobody made
_APOSTROPHES = re.compile(r"(?<=\w)['\u2019](?=\w)")
_TOKEN = re.compile(r"[^\W_]+")


def tokens(text: str) -> list[str]:
    """The words of a text, without case, signs and apostrophes.

    >>> tokens("Don't stop: 40% OFF!")
    ['dont', 'stop', '40', 'off']
    """
    return _TOKEN.findall(_APOSTROPHES.sub("", text.casefold()))


def words_known(transcript: Transcript) -> bool:
    """Whether words were listened for: True also where there was nothing to hear."""
    return transcript.status == "no_sound" or transcript.engine != UNHEARD


def spoken_words(transcript: Transcript) -> list[Word]:
    """All words with their times; a segment without word times is spread evenly over its span.

    >>> segment = Segment(start_s=2, end_s=4, text="use my code now")
    >>> heard = Transcript(status="speech", engine="captions", segments=(segment,))
    >>> [(word.text, word.start_s) for word in spoken_words(heard)]
    [('use', 2.0), ('my', 2.5), ('code', 3.0), ('now', 3.5)]
    """
    return [word for segment in transcript.segments for word in segment.words or _spread(segment)]


def _spread(segment: Segment) -> list[Word]:
    said = segment.text.split()
    each_s = (segment.end_s - segment.start_s) / max(len(said), 1)
    starts = [segment.start_s + rank * each_s for rank in range(len(said))]
    return [
        Word(start_s=start_s, end_s=start_s + each_s, text=text)
        for start_s, text in zip(starts, said, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first seconds say, show and cut."""

    spoken: str
    shown: tuple[str, ...]
    cuts_s: tuple[float, ...]


def opening_of(signals: Signals) -> Opening:
    """The words that begin, the texts that show (no watermarks) and the cuts in the first 3 s."""
    words = [word for word in spoken_words(signals.transcript) if word.start_s < START_S]
    lines = [line for line in signals.pictures.lines if line.start_s < START_S]
    return Opening(
        " ".join(word.text.strip() for word in words),
        tuple(line.text for line in lines if line.kind != "watermark"),
        tuple(cut.at_s for cut in signals.pictures.cuts if cut.at_s < START_S),
    )


def share_spoken(lines: Sequence[TextLine], words: Iterable[Word]) -> float:
    """Share of the lines' words that are spoken while they show, or a second before or after.

    >>> line = TextLine(start_s=0, end_s=2, text="3 money habits", box=(0, 0, 1, 0.1),
    ...                 confidence=1, kind="overlay")
    >>> heard = [Word(start_s=0.2, end_s=0.5, text="money"), Word(start_s=9, end_s=9.4, text="3")]
    >>> round(share_spoken([line], heard), 2)
    0.33
    """
    start_s, end_s = min(each.start_s for each in lines), max(each.end_s for each in lines)
    shown = [token for line in lines for token in tokens(line.text)]
    near = {
        token
        for word in words
        if word.end_s > start_s - NEAR_S and word.start_s < end_s + NEAR_S
        for token in tokens(word.text)
    }
    return sum(token in near for token in shown) / len(shown) if shown else 0.0


def shown_together(lines: Iterable[TextLine]) -> list[list[TextLine]]:
    """The lines in groups that appear at the same time: an overlay of several rows is one text."""
    groups: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda each: each.start_s):
        if groups and line.start_s - groups[-1][0].start_s < TOGETHER_S:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def holds_name(text: str, name: str) -> bool:
    """Whether some words of a text, written together or apart, are the name.

    >>> holds_name("the Quiet One headphones", "QuietOne"), holds_name("quietly", "quiet")
    (True, False)
    """
    said, sought = tokens(text), "".join(tokens(name))
    for first in range(len(said)):
        joined = ""
        for token in said[first:]:
            joined += token
            if joined == sought:
                return True
            if len(joined) >= len(sought):
                break
    return False


def total_s(spans: Sequence[tuple[float, float]]) -> float:
    """Seconds under the spans, overlaps counted once.

    >>> total_s([(0, 2), (1, 3), (5, 6)])
    4.0
    """
    seconds, reached = 0.0, float("-inf")
    for start_s, end_s in sorted(spans):
        seconds += max(0.0, end_s - max(start_s, reached))
        reached = max(reached, end_s)
    return seconds
