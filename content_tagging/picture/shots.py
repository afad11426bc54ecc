"""Frames -> cuts: hard ones where a frame has nothing to do with the one before, and fades.

A hard cut is a change between two frames that (1) is large, in colours at each place and
overall; (2) stands out from the changes around it, which fast motion does not; (3) is not the
same scene moved, lit otherwise or under new text; (4) lasts, which a flash does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from content_tagging.media.frame import Frame
from content_tagging.picture.compare import (
    View,
    change,
    recoloured,
    spread,
    unexplained,
    view_of,
)
from content_tagging.picture.fades import Fades
from content_tagging.records import Cut

VERSION = "shots-1"
AROUND = 5  # changes looked at on either side
PEAK = 2  # no larger change within so many frames
FLASH = 3  # frames that a flash may last
LEAST_WEIGHT = 0.05  # of a still scene
MERGE_S = 0.5  # a fade this close to a hard cut is the same change of shot


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a change between two frames is a cut. Each lies in the gap between the least
    that cuts show and the most that motion, light, flashes and new text show."""

    change: float = 6.0  # mean colour difference
    weight: float = 0.8  # the same times the share of new colours
    ratio: float = 3.0  # weight over that of the frames around
    spread: float = 0.7
    unexplained: float = 0.55
    lasting: float = 0.40


@dataclass(frozen=True, slots=True)
class Step:
    """A frame and its change from the one before."""

    time_s: float
    view: View
    change: float
    weight: float


class Shots:
    """An extractor: the cuts of a video, in order."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._steps: deque[Step] = deque(maxlen=2 * AROUND + 1)
        self._fades = Fades()
        self._hard_s: list[float] = []
        self._ahead = 0  # steps in the window that were not judged yet

    def see(self, frame: Frame) -> None:
        view = view_of(frame.small)
        self._steps.append(step_of(self._steps[-1].view if self._steps else view, view, frame))
        self._fades.see(frame.time_s, view)
        self._ahead += 1
        if self._ahead > AROUND:
            self._judge()

    def result(self) -> tuple[Cut, ...]:
        while self._ahead:
            self._judge()
        hard = [Cut(at_s=at_s, kind="hard") for at_s in self._hard_s]
        fades = [
            Cut(at_s=fade.end_s, kind="fade")
            for fade in self._fades.result()
            if not any(fade.start_s - MERGE_S <= at <= fade.end_s + MERGE_S for at in self._hard_s)
        ]
        return tuple(sorted((*hard, *fades), key=lambda cut: cut.at_s))

    def _judge(self) -> None:
        steps = list(self._steps)
        at = len(steps) - self._ahead
        self._ahead -= 1
        if is_cut(steps, at, self._limits):
            self._hard_s.append(steps[at].time_s)


def step_of(before: View, view: View, frame: Frame) -> Step:
    """The step to a frame from the view before it."""
    differs = change(before, view)
    return Step(frame.time_s, view, differs, differs * recoloured(before, view))


def is_cut(steps: Sequence[Step], at: int, limits: Limits) -> bool:
    """Whether a shot begins at step `at` of those around it; the costly questions come last."""
    step = steps[at]
    return (
        at > 0
        and step.change >= limits.change
        and step.weight >= limits.weight
        and is_peak(steps, at)
        and ratio(steps, at) >= limits.ratio
        and spread(steps[at - 1].view, step.view) >= limits.spread
        and unexplained(steps[at - 1].view, step.view) >= limits.unexplained
        and lasting(steps, at) >= limits.lasting
    )


def is_peak(steps: Sequence[Step], at: int) -> bool:
    """Whether no step near weighs more."""
    near = steps[max(0, at - PEAK) : at + PEAK + 1]
    return steps[at].weight >= max(step.weight for step in near)


def ratio(steps: Sequence[Step], at: int) -> float:
    """The step's weight over the median of those around: a second cut there does not raise it."""
    around = [step.weight for i, step in enumerate(steps) if i != at]
    return steps[at].weight / (float(np.median(around)) + LEAST_WEIGHT) if around else 0.0


def lasting(steps: Sequence[Step], at: int) -> float:
    """The least unexplained between a frame before and one after, at most a flash apart: low
    where the scene before comes back, or came back with this step."""
    after = [(at - 1, at + k) for k in range(1, FLASH + 1) if at + k < len(steps)]
    earlier = [(at - 1 - k, at) for k in range(1, FLASH + 1) if at - 1 - k >= 0]
    pairs = [(steps[i].view, steps[j].view) for i, j in (*after, *earlier)]
    return min((unexplained(a, b) for a, b in pairs), default=1.0)
