"""The report's time axis: pixels for seconds, lanes for what overlaps, times of frames. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

FULL_PX = 1000  # a timeline as wide as the page, where the video is short enough
MIN_PX_PER_S, MAX_PX_PER_S = 64.0, 110.0
MAX_WIDTH_PX = 12_000
COLUMNS = 1000  # of the grid, at most
FINEST_S = 0.1
STEPS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300)
TICK_PX = 90
Part = tuple[int, float, float]  # a shot's number, start and end of the part, s


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds as pixels and as columns of a grid.

    >>> scale = Scale(10.0)
    >>> scale.width_px, scale.px(2.5), scale.columns, scale.column(2.5)
    (1000, 250.0, 100, 26)
    """

    duration_s: float

    @property
    def width_px(self) -> int:
        rate = min(max(FULL_PX / self._seconds, MIN_PX_PER_S), MAX_PX_PER_S)
        return round(min(rate * self._seconds, MAX_WIDTH_PX))

    @property
    def columns(self) -> int:
        return max(1, min(COLUMNS, round(self._seconds / FINEST_S)))

    @property
    def _seconds(self) -> float:
        return max(self.duration_s, 0.5)

    def px(self, time_s: float) -> float:
        """Where a time stands, kept within the video."""
        within = min(max(time_s, 0.0), self._seconds)
        return round(within / self._seconds * self.width_px, 1)

    def seconds(self, width_px: float) -> float:
        """The time that takes so many pixels."""
        return width_px / self.width_px * self._seconds

    def column(self, time_s: float) -> int:
        """The grid line where a time stands, from 1."""
        return 1 + round(self.px(time_s) / self.width_px * self.columns)

    def ticks_s(self) -> list[float]:
        """Round times that are far enough apart to be read.

        >>> Scale(3.0).ticks_s()
        [0, 1, 2, 3]
        """
        step = next((s for s in STEPS_S if s >= self.seconds(TICK_PX)), STEPS_S[-1])
        return [step * number for number in range(int(self._seconds / step) + 1)]


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each span, spans in order of start, so that none overlaps another in its row.

    >>> lanes([(0, 4), (1, 2), (2, 3), (4, 5)])
    [0, 1, 1, 0]
    """
    ends: list[float] = []
    rows = []
    for start_s, end_s in spans:
        row = next((n for n, end in enumerate(ends) if end <= start_s), len(ends))
        ends[row : row + 1] = [end_s]
        rows.append(row)
    return rows


def shots_of(cuts_s: Sequence[float], duration_s: float) -> list[tuple[float, float]]:
    """Start and end of each shot.

    >>> shots_of([2.0], 5.0)
    [(0.0, 2.0), (2.0, 5.0)]
    """
    edges = [0.0, *sorted(at for at in cuts_s if 0 < at < duration_s), duration_s]
    return list(pairwise(edges))


def parts_of(shots: Sequence[tuple[float, float]], longest_s: float) -> list[Part]:
    """The shots from 1, long ones in equal parts of `longest_s` at most.

    >>> parts_of([(0.0, 2.0), (2.0, 8.0)], 4.0)
    [(1, 0.0, 2.0), (2, 2.0, 5.0), (2, 5.0, 8.0)]
    """
    parts: list[Part] = []
    for number, (start_s, end_s) in enumerate(shots, 1):
        count = max(1, ceil((end_s - start_s) / longest_s))
        edges = [start_s + (end_s - start_s) * part / count for part in range(count + 1)]
        parts += [(number, *edge) for edge in pairwise(edges)]
    return parts


def evenly(duration_s: float, count: int) -> list[float]:
    """The middles of `count` equal parts of the video.

    >>> evenly(4.0, 2)
    [1.0, 3.0]
    """
    return [round((number + 0.5) * duration_s / count, 3) for number in range(count)]
