"""How far the cut detector's limits depend on the labelled videos: each video judged by limits
that were chosen on the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from content_tagging.media.frame import Frame
from content_tagging.picture import shots
from content_tagging.picture.compare import spread, unexplained, view_of
from content_tagging.picture.fades import Fades
from content_tagging.picture.shots import AROUND, Step

GRID: dict[str, tuple[float, ...]] = {
    "change": (4.0, 6.0, 9.0),
    "weight": (0.4, 0.8, 1.6),
    "ratio": (2.0, 3.0, 4.5),
    "spread": (0.55, 0.7, 0.85),
    "unexplained": (0.45, 0.55, 0.65),
    "lasting": (0.3, 0.4, 0.5),
}
Counts = dict[str, int]
Count = Callable[[Sequence[float], dict[str, Any], Sequence[Frame]], Counts]


def leave_one_out(
    videos: dict[str, list[Frame]], labels: dict[str, Any], count: Count
) -> dict[str, Any]:
    """The counts of each video by the limits that were best on the others, and those limits.

    Of limits that are equally good the middle is taken: the mean place in the grid.
    """
    settings = list(product(*GRID.values()))
    table = {name: measures(frames) for name, frames in videos.items()}
    fades = {name: _fades(frames) for name, frames in videos.items()}

    def counted(name: str, limits: tuple[float, ...]) -> Counts:
        rows, times = table[name]
        hard = [t for row, t in zip(rows, times, strict=True) if np.all(row >= limits)]
        soft = [
            fade.end_s
            for fade in fades[name]
            if not any(
                fade.start_s - shots.MERGE_S <= at <= fade.end_s + shots.MERGE_S for at in hard
            )
        ]
        return count([*hard, *soft], labels[name], videos[name])

    by = {name: [counted(name, limits) for limits in settings] for name in videos}
    places = np.array(list(product(*(range(len(values)) for values in GRID.values()))))
    chosen, results = {}, []
    for name in videos:
        errors = sum(
            np.array([of["wrong"] + of["missed"] for of in by[other]])
            for other in videos
            if other != name
        )
        middle = places[errors == np.min(errors)].mean(axis=0).round().astype(int)
        limits = tuple(values[at] for values, at in zip(GRID.values(), middle, strict=True))
        chosen[name] = dict(zip(GRID, limits, strict=True))
        results.append(by[name][settings.index(limits)])
    return {"counts": results, "limits": chosen}


def measures(frames: Sequence[Frame]) -> tuple[np.ndarray[Any, Any], list[float]]:
    """(n, 6) float64 in the order of GRID of each step that could be a cut, and its time."""
    steps: list[Step] = []
    for frame in frames:
        view = view_of(frame.small)
        steps.append(shots.step_of(steps[-1].view if steps else view, view, frame))
    rows, times = [], []
    for i, step in enumerate(steps):
        low = max(0, i - AROUND)
        window, at = steps[low : i + AROUND + 1], i - low
        loose = step.change >= GRID["change"][0] and step.weight >= GRID["weight"][0]
        if i and loose and shots.is_peak(window, at):
            before = steps[i - 1].view
            rows.append(
                (
                    step.change,
                    step.weight,
                    shots.ratio(window, at),
                    spread(before, step.view),
                    unexplained(before, step.view),
                    shots.lasting(window, at),
                )
            )
            times.append(step.time_s)
    return np.array(rows).reshape(-1, len(GRID)), times


def _fades(frames: Sequence[Frame]) -> list[Any]:
    fades = Fades()
    for frame in frames:
        fades.see(frame.time_s, view_of(frame.small))
    return fades.result()
