"""Spans of time from a figure for each step: which steps are on, joined and rid of splinters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from content_tagging.records import Span


def spans_of(on: npt.NDArray[np.bool_], step_s: float) -> tuple[Span, ...]:
    """Start and end in seconds of each run of True.

    >>> spans_of(np.array([False, True, True, False, True]), 0.5)
    ((0.5, 1.5), (2.0, 2.5))
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    return tuple(
        (round(float(a * step_s), 3), round(float(b * step_s), 3))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )


def joined(spans: Iterable[Span], gap_s: float) -> tuple[Span, ...]:
    """The spans, those that lie `gap_s` or less apart made one.

    >>> joined([(0.0, 1.0), (1.2, 2.0), (3.0, 4.0)], 0.3)
    ((0.0, 2.0), (3.0, 4.0))
    """
    found: list[Span] = []
    for start_s, end_s in spans:
        if found and start_s - found[-1][1] <= gap_s:
            found[-1] = (found[-1][0], end_s)
        else:
            found.append((start_s, end_s))
    return tuple(found)


def at_least(spans: Iterable[Span], shortest_s: float) -> tuple[Span, ...]:
    """The spans that last `shortest_s` or longer.

    >>> at_least([(0.0, 0.1), (1.0, 3.0)], 0.5)
    ((1.0, 3.0),)
    """
    return tuple(span for span in spans if span[1] - span[0] >= shortest_s)


def hysteresis(
    figures: npt.NDArray[np.floating], on_from: float, off_below: float
) -> npt.NDArray[np.bool_]:
    """(n_steps,): on from a step that reaches `on_from` until one falls below `off_below`.

    >>> hysteresis(np.array([0.4, 0.6, 0.4, 0.3, 0.4]), 0.5, 0.35).tolist()
    [False, True, True, False, False]
    """
    marks = np.where(figures >= on_from, 1, np.where(figures < off_below, 0, -1))
    last = np.maximum.accumulate(np.where(marks >= 0, np.arange(len(marks)), -1))
    on: npt.NDArray[np.bool_] = (last >= 0) & (marks[np.maximum(last, 0)] == 1)
    return on


def clipped(spans: Sequence[Span], duration_s: float) -> tuple[Span, ...]:
    """The spans without what lies beyond the end.

    >>> clipped([(0.0, 1.0), (2.0, 4.0)], 3.0)
    ((0.0, 1.0), (2.0, 3.0))
    """
    within = ((start_s, min(end_s, duration_s)) for start_s, end_s in spans)
    return tuple(span for span in within if span[1] > span[0])
