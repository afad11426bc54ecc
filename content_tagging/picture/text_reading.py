"""Where text stands in a picture, and what it says: RapidOCR with the models in its wheel."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.media.frame import U8
from reelcast.packages import require

Quads = npt.NDArray[np.float32]  # (n, 4, 2): corners clockwise from the upper left, x and y in px

SIDE_STEP_PX = 32  # the detector's network takes sides that are multiples of it
PARAMETERS = {
    "Global.log_level": "error",
    "Global.use_preprocess_img": False,
    "Global.use_vertical_padding": False,
    # One thread: N workers on N cores do not fight, and sums are added in one order.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Det.limit_type": "max",
    "Det.limit_side_len": 4096,  # pictures come at the size that they are to be read at
}


class TextReader:
    """Detects and reads text; weights load once in a process, when text is first looked for."""

    def load(self) -> None:
        """Load the weights now."""
        _engine()

    def detect(self, picture: U8) -> Quads:
        """The corners of each line of text in a (height, width, 3) RGB picture, px."""
        if min(picture.shape[:2]) < SIDE_STEP_PX:
            return np.zeros((0, 4, 2), np.float32)
        found = _engine()(_bgr(picture), use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None:
            return np.zeros((0, 4, 2), np.float32)
        return np.asarray(found.boxes, np.float32)

    def read(self, crop: U8) -> tuple[str, float]:
        """The text of a crop around one line, (height, width, 3) RGB, and its confidence."""
        read = _engine()(_bgr(crop), use_det=False, use_cls=False, use_rec=True)
        return plain(read.txts[0]), float(read.scores[0])


@cache
def _engine() -> Any:
    return require("rapidocr").RapidOCR(params=PARAMETERS)


def cut(picture: U8, corners: Quads) -> U8:
    """The picture inside four corners, upright; text that runs downwards is laid on its side."""
    crop: U8 = require("rapidocr.utils.process_img").get_rotate_crop_image(picture, corners)
    return crop


def plain(text: str) -> str:
    """The text with full-width letters and marks as plain ones, and single spaces.

    >>> plain("Stop，doing  this！")
    'Stop,doing this!'
    """
    return " ".join(unicodedata.normalize("NFKC", text).split())


def engine_version() -> str:
    return f"rapidocr-{metadata.version('rapidocr')}"


def _bgr(picture: U8) -> U8:
    return np.ascontiguousarray(picture[:, :, ::-1])
