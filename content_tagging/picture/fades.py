"""Views -> fades: through black or white, and dissolves from one picture into the next."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from content_tagging.picture.compare import F32, View, unexplained

BLACK, WHITE = 10.0, 245.0  # lightness of an empty picture, at most or at least
EVEN = 8.0  # contrast of an empty picture, at most
SAME_DEPTH = 1.0  # a difference in lightness that is noise
EVERY_S = 0.1  # how often a dissolve is looked for
SPANS = (4, 8, 16)  # of a dissolve, in such steps
APART = 8.0  # colour difference of a dissolve's ends, at least
WIDE = 0.5  # share of the picture that differs by as much
ALIKE = 0.7  # correlation of the ends' lightness: more is one picture growing darker or lighter
UNLIKE = 0.55  # what is unexplained between the ends, at least
BLEND_ERROR = 0.08  # share of their difference that a mixture of both leaves over, at most
MIDDLE = (0.2, 0.8)  # weight of the later picture in a true mixture


@dataclass(frozen=True, slots=True)
class Fade:
    """From where the earlier shot begins to go until where the later one begins."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class _Empty:
    """A stretch of empty pictures: its start, and when it was as empty as `depth` last."""

    since_s: float
    deepest_s: float
    depth: float


class Fades:
    """The fades of a video, from its views in order."""

    def __init__(self) -> None:
        self._found: list[Fade] = []
        self._empty: _Empty | None = None
        self._after_picture = self._after_contrast = False
        self._samples: deque[tuple[float, View]] = deque(maxlen=max(SPANS) + 1)

    def see(self, time_s: float, view: View) -> None:
        self._see_empty(time_s, view)
        if not self._samples or time_s - self._samples[-1][0] >= EVERY_S - 1e-6:
            self._samples.append((time_s, view))
            self._see_dissolve()

    def result(self) -> list[Fade]:
        return self._found

    def _see_empty(self, time_s: float, view: View) -> None:
        """A stretch of empty pictures between two shots is a fade. The next shot begins where the
        picture was emptiest last."""
        depth = self._depth(view)
        if depth is None:
            if self._empty is not None:
                self._add(Fade(self._empty.since_s, self._empty.deepest_s))
            self._empty, self._after_picture = None, True
            self._after_contrast = view.contrast > EVEN
        elif self._empty is not None:
            deeper = depth >= self._empty.depth - SAME_DEPTH
            self._empty = _Empty(
                self._empty.since_s,
                time_s if deeper else self._empty.deepest_s,
                max(depth, self._empty.depth),
            )
        elif self._after_picture:
            self._empty = _Empty(time_s, time_s, depth)

    def _depth(self, view: View) -> float | None:
        """How black or white an empty picture is; None for a picture. White is empty only after
        a picture with contrast: a white card is a shot."""
        if view.contrast > EVEN:
            return None
        if view.lightness <= BLACK:
            return -view.lightness
        return view.lightness if view.lightness >= WHITE and self._after_contrast else None

    def _see_dissolve(self) -> None:
        samples = list(self._samples)
        for span in SPANS:
            if len(samples) > span:
                middle = dissolve(tuple(view for _, view in samples[-span - 1 :]))
                if middle is not None:
                    self._add(Fade(samples[-span - 1][0], samples[-span - 1 + middle][0]))
                    return

    def _add(self, fade: Fade) -> None:
        """Keep it unless it is the last one, seen again."""
        reach_s = max(SPANS) * EVERY_S
        if not self._found or fade.end_s - self._found[-1].end_s > reach_s:
            self._found.append(fade)


def dissolve(views: tuple[View, ...]) -> int | None:
    """Where the second picture outweighs the first, if the first view dissolves into the last:
    each view between is a mixture of both, the later the more of the last.

    Motion makes no mixture, a cut nothing between, a change of light no other picture.
    """
    first, last = views[0], views[-1]
    apart = np.abs(first.lab - last.lab).mean(axis=2)
    if apart.mean() < APART or (apart > APART).mean() < WIDE or _alike(first, last) > ALIKE:
        return None
    weights = []
    for view in views[1:-1]:
        weight, error = _mixture(first.lab, last.lab, view.lab)
        if error > BLEND_ERROR:
            return None
        weights.append(weight)
    if not any(MIDDLE[0] < weight < MIDDLE[1] for weight in weights):
        return None
    if any(b < a - 0.1 for a, b in pairwise(weights)):
        return None
    if unexplained(first, last) < UNLIKE:
        return None
    return 1 + int(np.searchsorted(np.maximum.accumulate(weights), 0.5))


def _alike(first: View, last: View) -> float:
    """Correlation of the lightness; 1 where one is nearly even: that is the end of a fade."""
    if min(first.contrast, last.contrast) <= 2 * EVEN:
        return 1.0
    return float(np.corrcoef(first.lab[..., 0].ravel(), last.lab[..., 0].ravel())[0, 1])


def _mixture(first: F32, last: F32, between: F32) -> tuple[float, float]:
    """The weight of `last` in the best mixture, and the share of variance that it leaves."""
    way = (last - first).ravel()
    part = (between - first).ravel()
    length = float(way @ way)
    weight = float(part @ way) / length
    rest = part - weight * way
    return weight, float(rest @ rest) / length
