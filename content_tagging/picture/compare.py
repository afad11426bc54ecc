"""How two frames differ: in colour at each place, in colours overall, and in what motion and
light do not explain. Pure: arrays in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from content_tagging.media.frame import U8
from reelcast.packages import require

F32 = npt.NDArray[np.float32]
VIEW_PX = 64  # longer side of a view
BLOCK_PX = 8
REACH_PX = 5  # how far a block may move between two frames: 8% of the longer side
DETAIL_SIGMA_PX = 3.0
NOISE = 6.0  # contrast, in L, below which there is nothing but noise
FLAT = 0.15  # mean detail below which a block holds nothing to recognise
OTHER_HUE = 20.0  # distance in a*b* of another colour
OTHER_LIGHTNESS = 100.0  # difference of another colour, where the hue is the same
CHANGED = 0.35  # share of its detail by which a block has changed


@dataclass(frozen=True, slots=True)
class View:
    """A frame, reduced for comparison."""

    lab: F32  # (height, width, 3), CIE L*a*b* scaled to 0..255, longer side 64 px
    detail: F32  # (height, width), lightness less its surroundings, by local contrast
    colours: F32  # (512,) shares of 8 x 8 x 8 colours, in sum 1

    @property
    def lightness(self) -> float:
        """Mean, 0 to 255."""
        return float(self.lab[..., 0].mean())

    @property
    def contrast(self) -> float:
        """Standard deviation of the lightness."""
        return float(self.lab[..., 0].std())


def view_of(small: U8) -> View:
    """The view of a small frame, (height, width, 3) RGB."""
    cv2 = require("cv2")
    height, width = small.shape[:2]
    scale = VIEW_PX / max(height, width)
    size = (max(2 * BLOCK_PX, round(width * scale)), max(2 * BLOCK_PX, round(height * scale)))
    tiny = cv2.cvtColor(cv2.resize(small, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2LAB)
    lab = tiny.astype(np.float32)
    rough = lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), DETAIL_SIGMA_PX)
    contrast = np.sqrt(cv2.GaussianBlur(rough * rough, (0, 0), DETAIL_SIGMA_PX))
    half = cv2.cvtColor(np.ascontiguousarray(small[::2, ::2]), cv2.COLOR_RGB2LAB)
    counts = cv2.calcHist([half], [0, 1, 2], None, [8, 8, 8], [0, 256] * 3).ravel()
    return View(lab, rough / (contrast + NOISE), (counts / counts.sum()).astype(np.float32))


def change(a: View, b: View) -> float:
    """Mean colour difference at each place, 0 to 255."""
    return float(np.abs(a.lab - b.lab).mean())


def recoloured(a: View, b: View) -> float:
    """Share of pixels whose colour the other frame has not, 0 to 1: motion leaves it low."""
    return float(np.abs(a.colours - b.colours).sum()) / 2


def unexplained(a: View, b: View) -> float:
    """Share of a picture that the other does not hold: of its detail, what is not found nearby;
    of two pictures without detail, the share that has another colour. Near 0 for the same scene
    moved or lit otherwise, near 1 for another scene; the better of both directions."""
    of_a, of_b = _blocks(np.abs(a.detail)), _blocks(np.abs(b.detail))
    forward = _best_match(a.detail, b.detail).mean() / (of_b.mean() + 0.02)
    back = _best_match(b.detail, a.detail).mean() / (of_a.mean() + 0.02)
    return float(max(min(forward, back), _recoloured_blocks(a, b).mean()))


def spread(a: View, b: View) -> float:
    """Share of the blocks with detail or with another colour that changed, 0 to 1: text laid over
    a scene leaves it below the share that the text covers."""
    held = np.maximum(_blocks(np.abs(a.detail)), _blocks(np.abs(b.detail)))
    other = _recoloured_blocks(a, b)
    changed = (_blocks(np.abs(a.detail - b.detail)) > CHANGED * held) | other
    seen = (held > FLAT) | other
    return float(changed[seen].mean()) if seen.any() else 0.0


def _recoloured_blocks(a: View, b: View) -> npt.NDArray[np.bool_]:
    """Blocks without detail in both views, of another colour: other light changes no hue."""
    lightness, red, yellow = (_blocks(np.abs(a.lab[..., i] - b.lab[..., i])) for i in range(3))
    other = (np.hypot(red, yellow) > OTHER_HUE) | (lightness > OTHER_LIGHTNESS)
    flat = np.maximum(_blocks(np.abs(a.detail)), _blocks(np.abs(b.detail))) <= FLAT
    answer: npt.NDArray[np.bool_] = flat & other
    return answer


def _blocks(values: F32) -> F32:
    """Means of whole blocks, (rows, columns)."""
    rows, columns = values.shape[0] // BLOCK_PX, values.shape[1] // BLOCK_PX
    whole = values[: rows * BLOCK_PX, : columns * BLOCK_PX]
    means: F32 = whole.reshape(rows, BLOCK_PX, columns, BLOCK_PX).mean(axis=(1, 3))
    return means


def _best_match(source: F32, target: F32) -> F32:
    """For each block of `target`, its least mean difference from `source` at any shift."""
    height, width = target.shape
    around = np.pad(source, REACH_PX, mode="edge")
    shifts = range(2 * REACH_PX + 1)
    best = np.full_like(_blocks(target), np.inf)
    for down in shifts:
        for right in shifts:
            moved = around[down : down + height, right : right + width]
            np.minimum(best, _blocks(np.abs(target - moved)), out=best)
    return best
