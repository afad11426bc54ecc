"""The text on screen, line by line, with when and where each line shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from content_tagging.media.frame import U8, Frame
from content_tagging.picture import text_change, text_lines
from content_tagging.picture.text_change import Look
from content_tagging.picture.text_reading import Quads, TextReader, cut, engine_version
from content_tagging.picture.text_tracks import Box, LineTracker, Reading, overlap
from content_tagging.records import TextLine

VERSION = "1"
LOOK_S = 0.24  # least time between two looks; of denser samples some are left out
SEARCH_S = 0.75  # least time between two searches for more while all known lines stay
SAME_BOX = 0.8  # overlap of two boxes of one line
SURE = 0.9  # confidence from which a reading is kept while its letters stay
DOUBTFUL = 0.5  # confidence below which a reading is no text


@dataclass(frozen=True, slots=True)
class _Known:
    """A line as the last look showed it."""

    box_px: tuple[int, int, int, int]  # left, top, right, bottom in the look's picture
    grey: U8
    text: str
    confidence: float


class OnScreenText:
    """Reads sampled frames whose text has changed; `result` is the lines in reading order."""

    def __init__(self, reader: TextReader | None = None) -> None:
        self._reader = reader or TextReader()
        self._tracker = LineTracker()
        self._look: Look | None = None
        self._known: list[_Known] = []
        self._looked_s: float | None = None
        self._searched_s = 0.0

    def see(self, frame: Frame) -> None:
        if frame.picture is None or self._too_soon(frame.time_s):
            return
        self._looked_s = frame.time_s
        now = text_change.look(frame.picture)
        if self._nothing_new(now, frame.time_s):
            self._tracker.see_same(frame.time_s)
            return
        self._known = self._read(frame.picture, now)
        self._look, self._searched_s = now, frame.time_s
        readings = [_reading(known, now) for known in self._known if known.confidence >= DOUBTFUL]
        self._tracker.see(frame.time_s, [of for of in readings if of.text])

    def result(self) -> tuple[TextLine, ...]:
        return text_lines.lines(self._tracker.tracks(), self._looked_s or 0.0)

    def _too_soon(self, at_s: float) -> bool:
        return self._looked_s is not None and at_s - self._looked_s < LOOK_S

    def _nothing_new(self, now: Look, at_s: float) -> bool:
        """Whether the text is as before, or at least the known lines shortly after a search."""
        if self._look is None:
            return False
        if not text_change.text_changed(self._look, now):
            return True
        rested = at_s - self._searched_s >= SEARCH_S
        return bool(self._known) and not rested and all(self._stays(of, now) for of in self._known)

    def _stays(self, known: _Known, now: Look) -> bool:
        grey = _cut(now.grey, known.box_px)
        return known.confidence >= SURE and text_change.same_ink(known.grey, grey)

    def _read(self, picture: U8, now: Look) -> list[_Known]:
        """The lines of a look; those whose letters have stayed are not read again."""
        if not now.letters.any():
            return []
        scale = np.divide(picture.shape[1::-1], now.grey.shape[::-1]).astype(np.float32)
        return [
            self._stayed(quad, now) or self._read_line(picture, quad, scale, now)
            for quad in self._reader.detect(now.picture)
        ]

    def _stayed(self, quad: Quads, now: Look) -> _Known | None:
        box = _box_px(quad, now.grey)
        for known in self._known:
            same_box = overlap(_sides(known.box_px), _sides(box)) > SAME_BOX
            if same_box and self._stays(known, now):
                return replace(known, grey=_cut(now.grey, known.box_px))
        return None

    def _read_line(self, picture: U8, quad: Quads, scale: Quads, now: Look) -> _Known:
        text, confidence = self._reader.read(cut(picture, quad * scale))
        box = _box_px(quad, now.grey)
        return _Known(box, _cut(now.grey, box), text, confidence)


def version() -> str:
    """What read the text, for the record of detectors and the keys of caches."""
    return f"onscreen-text-{VERSION}+{engine_version()}"


def _box_px(quad: Quads, grey: U8) -> tuple[int, int, int, int]:
    height, width = grey.shape
    (left, top), (right, bottom) = np.floor(quad.min(axis=0)), np.ceil(quad.max(axis=0))
    return (
        int(np.clip(left, 0, width - 1)),
        int(np.clip(top, 0, height - 1)),
        int(np.clip(right, 1, width)),
        int(np.clip(bottom, 1, height)),
    )


def _cut(grey: U8, box_px: tuple[int, int, int, int]) -> U8:
    left, top, right, bottom = box_px
    return grey[top:bottom, left:right]


def _sides(box_px: tuple[int, int, int, int]) -> Box:
    left, top, right, bottom = box_px
    return left, top, right - left, bottom - top


def _reading(known: _Known, now: Look) -> Reading:
    height, width = now.grey.shape
    left, top, wide, high = _sides(known.box_px)
    box = (left / width, top / height, wide / width, high / height)
    return Reading(known.text, known.confidence, box)
