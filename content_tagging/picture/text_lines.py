"""Tracks made into lines: the best reading of each, marks of platforms and runs of captions folded.

All times are halves: a line begins between the last look without it and the first look with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from content_tagging.picture.text_marks import fold_marks
from content_tagging.picture.text_runs import fold_runs
from content_tagging.picture.text_tracks import Track, grows, letters
from content_tagging.records import TextLine

SURE = 0.7  # confidence that a line needs
SURE_ONCE = 0.85  # that a line seen at one look only needs
SURE_SHORT = 0.93  # that one or two letters need: corners and leaves look like such
SHORT = 2


def lines(tracks: Sequence[Track], end_s: float) -> tuple[TextLine, ...]:
    """The lines of a video, in reading order; `end_s` is when it was last looked at."""
    found = [_line(track) for track in tracks if _is_text(track)]
    return reading_order(fold_runs(fold_marks(found, end_s)))


def reading_order(found: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Lines by when they begin; what begins together from top to bottom, left to right."""
    by_start = sorted(found, key=lambda line: (line.start_s, line.box[1], line.box[0], line.text))
    ordered: list[TextLine] = []
    while by_start:
        first = by_start[0]
        row = [line for line in by_start if _one_row(first, line)]
        ordered += sorted(row, key=lambda line: (line.box[0], line.box[1], line.text))
        by_start = [line for line in by_start if line not in row]
    return tuple(ordered)


def best_text(track: Track) -> tuple[str, float]:
    """The text that most readings, weighed by confidence, agree on, and their mean confidence.

    A reading counts for the longer one that it has grown into.
    """
    votes: dict[str, list[float]] = defaultdict(list)
    for reading in track.readings:
        votes[reading.text].append(reading.confidence)
    weight = {text: sum(given) for text, given in votes.items()}
    support = {
        text: weight[text] + sum(weight[other] for other in votes if grows(other, text))
        for text in votes
    }
    best = max(sorted(votes), key=lambda text: (support[text], len(text)))
    return best, sum(votes[best]) / len(votes[best])


def _line(track: Track) -> TextLine:
    text, confidence = best_text(track)
    box = next(of.box for of in reversed(track.readings) if of.text == text)
    end_s = track.last_s if track.after_s is None else (track.last_s + track.after_s) / 2
    return TextLine(
        start_s=(track.before_s + track.first_s) / 2,
        end_s=end_s,
        text=text,
        box=box,
        confidence=confidence,
        kind="overlay",
    )


def _is_text(track: Track) -> bool:
    text, confidence = best_text(track)
    needed = SURE if track.last_s > track.first_s else SURE_ONCE
    if len(letters(text)) <= SHORT:
        needed = SURE_SHORT
    return confidence >= needed and bool(letters(text))


def _one_row(first: TextLine, line: TextLine) -> bool:
    """Whether a line begins with another and stands beside it."""
    middle = line.box[1] + line.box[3] / 2
    top, bottom = first.box[1], first.box[1] + first.box[3]
    return line.start_s == first.start_s and top <= middle <= bottom
