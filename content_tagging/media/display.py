"""From stored pictures to displayed ones: rotation, mirror, sample aspect, size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from content_tagging.media.frame import U8

MAX_ASPECT = 8  # a pixel more than this many times as wide as high, or as high as wide, is a fault


@dataclass(frozen=True, slots=True)
class Turn:
    """How a stored picture is laid out for display: transposed first, then mirrored."""

    transposed: bool = False
    mirror_x: bool = False
    mirror_y: bool = False

    def of(self, picture: U8) -> U8:
        """The picture as displayed, (height, width, 3)."""
        turned = picture.swapaxes(0, 1) if self.transposed else picture
        turned = turned[:, ::-1] if self.mirror_x else turned
        turned = turned[::-1] if self.mirror_y else turned
        return np.ascontiguousarray(turned)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after the turn, or before it: it is the same."""
        return (height, width) if self.transposed else (width, height)


UPRIGHT = Turn()


def turn_of(matrix: bytes | None) -> tuple[Turn, int]:
    """The turn of a display matrix (9 int32: a b u c d v x y w), and its clockwise degrees.

    A stored point (x, y) is shown at (a x + c y, b x + d y). Angles between right ones are
    taken to the nearest.

    >>> import struct
    >>> turn_of(struct.pack("<9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30))
    (Turn(transposed=True, mirror_x=True, mirror_y=False), 90)
    """
    if matrix is None or len(matrix) < 36:
        return UPRIGHT, 0
    a, b, _, c, d, *_ = np.frombuffer(matrix[:36], "<i4").tolist()
    transposed = abs(b) + abs(c) > abs(a) + abs(d)
    across, down = (c, b) if transposed else (a, d)
    degrees = round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360
    return Turn(transposed, across < 0, down < 0), degrees


def square_size(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """Width and height in square pixels; the smaller side is stretched, nothing is lost.

    >>> square_size(720, 576, Fraction(16, 15)), square_size(720, 480, Fraction(8, 9))
    ((768, 576), (720, 540))
    """
    if not aspect or not 1 / MAX_ASPECT <= aspect <= MAX_ASPECT:
        return width, height
    if aspect >= 1:
        return round(width * aspect), height
    return width, round(height / aspect)


def fit(width: int, height: int, longest: int) -> tuple[int, int]:
    """The size scaled down until its longer side is `longest` at most.

    >>> fit(1080, 1920, 256), fit(100, 50, 256), fit(4000, 3, 256)
    ((144, 256), (100, 50), (256, 1))
    """
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
