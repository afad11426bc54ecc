"""Frames -> how much the picture moves: mean optical flow, three times a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from content_tagging.media.frame import U8, Frame
from content_tagging.picture.compare import change, unexplained, view_of
from reelcast.packages import require

VERSION = "motion-dis-1"
EVERY_S = 1 / 3
PAIR_S = 0.08  # the second frame of a pair comes so much later, or the next one after
OTHER_CHANGE, OTHER_SCENE = 6.0, 0.55  # change and unexplained of a pair with a cut between


@dataclass(frozen=True, slots=True)
class _Start:
    time_s: float
    small: U8


class Motion:
    """An extractor: (at_s, mean optical flow in frame widths per second), in order.

    A pair of frames with a cut between has no flow and is left out.
    """

    def __init__(self) -> None:
        self._due_s = 0.0
        self._start: _Start | None = None
        self._found: list[tuple[float, float]] = []

    def see(self, frame: Frame) -> None:
        if self._start is None:
            if frame.time_s >= self._due_s:
                self._start = _Start(frame.time_s, frame.small)
        elif frame.time_s - self._start.time_s >= PAIR_S:
            self._measure(self._start, frame)

    def result(self) -> tuple[tuple[float, float], ...]:
        return tuple(self._found)

    def _measure(self, start: _Start, frame: Frame) -> None:
        if _same_scene(start.small, frame.small):
            per_s = flow(start.small, frame.small) / (frame.time_s - start.time_s)
            self._found.append((start.time_s, round(per_s, 4)))
        while self._due_s <= start.time_s:
            self._due_s += EVERY_S
        again = frame.time_s >= self._due_s
        self._start = _Start(frame.time_s, frame.small) if again else None


def flow(first: U8, second: U8) -> float:
    """Mean length of the optical flow between two frames, in frame widths (Kroeger and others,
    "Fast Optical Flow using Dense Inverse Search", 2016).

    One thread: the flow found depends on how rows are shared among threads.
    """
    cv2 = require("cv2")
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        gray = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (first, second)]
        if np.array_equal(*gray):
            return 0.0
        field = search.calc(*gray, None)
    finally:
        cv2.setNumThreads(threads)
    return float(np.hypot(field[..., 0], field[..., 1]).mean(dtype=np.float64) / first.shape[1])


def _same_scene(first: U8, second: U8) -> bool:
    a, b = view_of(first), view_of(second)
    return change(a, b) < OTHER_CHANGE or unexplained(a, b) < OTHER_SCENE
