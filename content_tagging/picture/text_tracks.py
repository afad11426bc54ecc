"""Lines of text followed over time: what was read at each look, joined where it is one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

Box = tuple[float, float, float, float]  # left, top, width, height; shares of the frame

ALIKE = 0.75  # similarity of two readings of one line
SHORT = 4  # characters; shorter texts are one line only where equal
NEAR = 0.25  # of the frame, the farthest that a moving line comes between two looks
FORGET_LOOKS = 2  # looks that a line may be missed in


@dataclass(frozen=True, slots=True)
class Reading:
    """One line at one look."""

    text: str
    confidence: float
    box: Box


@dataclass(slots=True)
class Track:
    """A line over time: between the last look without it and the first look without it."""

    before_s: float
    first_s: float
    last_s: float
    after_s: float | None
    readings: list[Reading] = field(default_factory=list)
    missed: int = 0

    @property
    def last(self) -> Reading:
        return self.readings[-1]


class LineTracker:
    """Joins readings into tracks, look by look."""

    def __init__(self) -> None:
        self._open: list[Track] = []
        self._closed: list[Track] = []
        self._look_s: float | None = None

    @property
    def shown(self) -> Sequence[Track]:
        """Tracks seen at the last look."""
        return [track for track in self._open if track.missed == 0]

    def see(self, at_s: float, readings: Sequence[Reading]) -> None:
        """Take in the readings of a look."""
        left = dict(enumerate(readings))
        for track in self._open:
            if track.missed == 0:
                track.after_s = at_s
            track.missed += 1
        for _, track_at, reading_at in sorted(_pairs(self._open, readings)):
            track = self._open[track_at]
            if reading_at in left and track.missed:
                track.readings.append(left.pop(reading_at))
                track.last_s, track.after_s, track.missed = at_s, None, 0
        before_s = at_s if self._look_s is None else self._look_s
        self._open += [Track(before_s, at_s, at_s, None, [of]) for of in left.values()]
        self._closed += [track for track in self._open if track.missed > FORGET_LOOKS]
        self._open = [track for track in self._open if track.missed <= FORGET_LOOKS]
        self._look_s = at_s

    def see_same(self, at_s: float) -> None:
        """Take in a look that shows what the last one did."""
        for track in self.shown:
            track.last_s = at_s
        self._look_s = at_s

    def tracks(self) -> list[Track]:
        """All tracks, in the order of their first look."""
        return sorted([*self._closed, *self._open], key=lambda track: track.first_s)


def similarity(a: str, b: str) -> float:
    """How alike two texts are, letter case and spaces aside: 0 to 1.

    >>> similarity("Stop doing this", "STOP DOINGTHIS")
    1.0
    """
    a, b = letters(a), letters(b)
    if a == b:
        return 1.0
    return 0.0 if min(len(a), len(b)) < SHORT else SequenceMatcher(None, a, b, False).ratio()


def letters(text: str) -> str:
    """The text's letters and digits alone, lower case."""
    return "".join(filter(str.isalnum, text.casefold()))


def grows(short: str, long: str) -> bool:
    """Whether `long` is `short` and more: a caption that appears word by word.

    >>> grows("I can", "I can not"), grows("I can", "I cannot"), grows("I can", "I can")
    (True, False, False)
    """
    first, second = words(short), words(long)
    return 0 < len(first) < len(second) and second[: len(first)] == first


def words(text: str) -> list[str]:
    """The words of a text in lower case, marks left out."""
    found = (letters(word) for word in text.split())
    return [word for word in found if word]


def overlap(a: Box, b: Box) -> float:
    """Shared area of two boxes by the area of both (IoU).

    >>> overlap((0, 0, 0.5, 0.5), (0, 0, 0.5, 0.25))
    0.5
    """
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(wide, 0) * max(high, 0)
    both = a[2] * a[3] + b[2] * b[3] - shared
    return shared / both if both > 0 else 0.0


def same_row(a: Box, b: Box) -> bool:
    """Whether each box's middle is within the other's height."""
    distance = abs(a[1] + a[3] / 2 - b[1] - b[3] / 2)
    return distance < min(a[3], b[3]) / 2


def _pairs(
    tracks: Sequence[Track], readings: Sequence[Reading]
) -> Iterable[tuple[float, int, int]]:
    """Track and reading that may be one line, with a cost: lower is likelier."""
    for track_at, track in enumerate(tracks):
        for reading_at, reading in enumerate(readings):
            cost = _cost(track.last, reading)
            if cost is not None:
                yield cost, track_at, reading_at


def _cost(last: Reading, now: Reading) -> float | None:
    shared, alike = overlap(last.box, now.box), similarity(last.text, now.text)
    if alike >= ALIKE and (shared > 0.2 or _moved(last.box, now.box)):
        return 2 - alike - shared
    if shared > 0 and same_row(last.box, now.box) and _grown(last, now):
        return 3 - shared
    return None


def _grown(last: Reading, now: Reading) -> bool:
    """Whether one is the beginning of the other: word by word, or typed letter by letter."""
    if grows(last.text, now.text) or grows(now.text, last.text):
        return True
    fixed = abs(last.box[0] - now.box[0]) < now.box[3] / 2
    return fixed and letters(now.text).startswith(letters(last.text))


def _moved(a: Box, b: Box) -> bool:
    """Whether a box of about this size is close by."""
    alike = 0.6 < a[3] / b[3] < 1.7 if b[3] else False
    return alike and abs(a[0] - b[0]) < NEAR and abs(a[1] - b[1]) < NEAR
