"""Some frames of a video as small JPEG pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content_tagging.media.frame import U8, Frame
from content_tagging.media.frames import read_frames
from reelcast.packages import require
from reelcast.settings import TaggingSettings

QUALITY = 72  # of 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A frame at `at_s` or soon after, before `until_s`, `height_px` high at most."""

    at_s: float
    until_s: float
    height_px: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame as it was shown at `at_s`, as JPEG."""

    at_s: float
    jpeg: bytes
    width_px: int
    height_px: int


def pictures_at(
    path: Path, wanted: Sequence[Wanted], settings: TaggingSettings
) -> list[Picture | None]:
    """The picture for each wish, in one decoding pass; None where the file shows none.

    The first whole frame in its span is taken, else the first small one.
    """
    found: list[Picture | None] = [None] * len(wanted)
    open_wishes = set(range(len(wanted)))
    for frame in read_frames(path, settings) if wanted else ():
        for number in sorted(open_wishes):
            wish = wanted[number]
            if frame.time_s < wish.at_s:
                continue
            if found[number] is None or (frame.time_s < wish.until_s and frame.picture is not None):
                found[number] = _picture(frame, wish.height_px)
            if frame.picture is not None or frame.time_s >= wish.until_s:
                open_wishes.discard(number)
    return found


def _picture(frame: Frame, height_px: int) -> Picture:
    shown = frame.small if frame.picture is None else frame.picture
    jpeg, width, height = _encoded(shown, height_px)
    return Picture(frame.time_s, jpeg, width, height)


def _encoded(shown: U8, height_px: int) -> tuple[bytes, int, int]:
    cv2: Any = require("cv2")
    height, width = shown.shape[:2]
    scale = min(1.0, height_px / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    smaller = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
    colours = cv2.cvtColor(smaller, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", colours, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return jpeg.tobytes(), *size
