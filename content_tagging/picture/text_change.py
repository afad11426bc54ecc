"""Has the text in the picture changed? Cheap tests that spare the networks most frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from content_tagging.media.frame import U8
from reelcast.packages import require

Mask = npt.NDArray[np.bool_]

READ_PX = 360 * 640  # pixels of the picture in which text is looked for
SIDE_STEP_PX = 32
CELL_PX = 8
EDGE = 60  # grey levels between neighbours: overlaid letters stand out by more
DENSE = 0.18  # share of a neighbourhood's pixels that are edges, where letters stand
LEVELS = 32  # grey levels by which a pixel has changed
CELL_SHARE = 0.12  # share of a cell's pixels that have changed, where letters have
CELLS = 2  # cells that have changed, where text has
INK_SHARE = 0.3  # nearest share of the range between darkest and brightest, that is ink
HALF = 0.5  # of a line's pixels: more are no ink but what lies behind it
BLOCK_SHARE = 0.3  # share of a letter's ink that has changed, where the letter has


@dataclass(frozen=True, slots=True)
class Look:
    """A picture at the size it is read at, and where letters may stand in it."""

    picture: U8  # (height, width, 3) RGB
    grey: U8  # (height, width)
    letters: Mask  # (height / CELL_PX, width / CELL_PX)


def look(picture: U8) -> Look:
    """The picture brought to about READ_PX pixels, sides in steps of SIDE_STEP_PX."""
    cv2 = require("cv2")
    height, width = picture.shape[:2]
    scale = min(1.0, float(np.sqrt(READ_PX / (height * width))))
    size = _step(width * scale), _step(height * scale)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return Look(small, grey, _letters(grey))


def text_changed(before: Look, now: Look) -> bool:
    """Whether the pictures differ where letters may stand in one of them."""
    if before.grey.shape != now.grey.shape:
        return True
    cv2 = require("cv2")
    differs = cv2.absdiff(before.grey, now.grey) > LEVELS
    cells = _by_cell(differs) > CELL_SHARE
    return int(np.count_nonzero(cells & (before.letters | now.letters))) >= CELLS


def same_ink(before: U8, now: U8) -> bool:
    """Whether two equally large grey crops, (height, width), show the same letters.

    The brightest or the darkest pixels must agree all along the line: letters keep their ink while
    what moves behind them changes, and one changed letter shows in its own stretch of the line.
    """
    if before.shape != now.shape or before.size == 0:
        return False
    inks = ((_ink(before, dark), _ink(now, dark)) for dark in (False, True))
    return any(_agree(was, is_now) for was, is_now in inks if was.mean() < HALF)


def _letters(grey: U8) -> Mask:
    """Cells in whose neighbourhood strong edges stand as densely as in letters."""
    cv2 = require("cv2")
    edges = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > EDGE
    density = cv2.blur(_by_cell(edges), (3, 3))
    grown = cv2.dilate((density > DENSE).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(grown > 0)


def _by_cell(pixels: Mask) -> npt.NDArray[np.float32]:
    """The share of each cell's pixels that are set, (height / CELL_PX, width / CELL_PX)."""
    height, width = pixels.shape
    cells = pixels.reshape(height // CELL_PX, CELL_PX, width // CELL_PX, CELL_PX)
    return np.asarray(cells.mean(axis=(1, 3), dtype=np.float32))


def _ink(grey: U8, dark: bool) -> Mask:
    low, high = (float(of) for of in np.percentile(grey, (2, 98)))
    margin = (high - low) * INK_SHARE
    return grey <= low + margin if dark else grey >= high - margin


def _agree(before: Mask, now: Mask) -> bool:
    """Whether in no stretch of the line, half as wide as it is high, much ink has changed."""
    height, width = before.shape
    if width < height:
        before, now, (height, width) = before.T, now.T, (width, height)
    starts = np.arange(0, width, max(4, height // 2))
    changed = np.add.reduceat((before ^ now).sum(axis=0), starts)
    inked = np.add.reduceat((before | now).sum(axis=0), starts)
    floor = 0.1 * height * max(4, height // 2)  # less ink than this is noise
    return bool(np.all(changed <= BLOCK_SHARE * np.maximum(inked, floor)))


def _step(side: float) -> int:
    return max(SIDE_STEP_PX, round(side / SIDE_STEP_PX) * SIDE_STEP_PX)
