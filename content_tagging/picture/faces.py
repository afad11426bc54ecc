"""The faces of sampled frames: YuNet where its weights are set, else OpenCV's cascades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from content_tagging.media.frame import U8, Frame
from content_tagging.picture.text_tracks import Box, overlap
from content_tagging.records import Faces
from reelcast.errors import MismatchError, NotFoundError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

VERSION = "1"
LOOK_S = 0.3  # least time between two looks; of denser samples some are left out
YUNET_PX = 320 * 320  # pixels of the picture that YuNet sees
YUNET_SCORE = 0.8
CASCADE_PX = 245 * 245  # pixels of the picture that the cascades see
CASCADE_FACE_PX = 20  # lowest face in it
CASCADE_STEP = 1.15  # between two sizes of the search
CASCADE_NEIGHBOURS = 4  # hits about a face that make one
STAYS = 0.2  # overlap of one face at two looks that follow each other
CASCADES = ("haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml")


class Detector(Protocol):
    """Finds faces in one picture, (height, width, 3) RGB; `sure`: a lone hit is a face."""

    sure: bool

    def find(self, picture: U8) -> list[Box]: ...


@dataclass(frozen=True, slots=True)
class _Look:
    at_s: float
    boxes: tuple[Box, ...]


class FaceFinder:
    """Looks for faces in sampled frames; `result` has one entry for each frame looked at."""

    def __init__(self, settings: TaggingSettings, detector: Detector | None = None) -> None:
        weights = settings.face_weights
        self._detector = detector or (YuNet(weights) if weights else Cascades())
        self._looks: list[_Look] = []

    def see(self, frame: Frame) -> None:
        if frame.picture is None:
            return
        if self._looks and frame.time_s - self._looks[-1].at_s < LOOK_S:
            return
        boxes = tuple(sorted(self._detector.find(frame.picture)))
        self._looks.append(_Look(frame.time_s, boxes))

    def result(self) -> tuple[Faces, ...]:
        return tuple(
            _faces(look.at_s, look.boxes if self._detector.sure else self._staying(at))
            for at, look in enumerate(self._looks)
        )

    def _staying(self, at: int) -> tuple[Box, ...]:
        """A look's faces that the look before or after shows too: cascades err for an instant."""
        beside = [*self._looks[max(0, at - 1) : at], *self._looks[at + 1 : at + 2]]
        others = [box for look in beside for box in look.boxes]
        boxes = self._looks[at].boxes
        return tuple(box for box in boxes if any(overlap(box, of) > STAYS for of in others))


class YuNet:
    """YuNet (Wu et al. 2023) by OpenCV's FaceDetectorYN.

    Raises NotFoundError where the file is missing, MismatchError where it is no such network.
    """

    sure = True

    def __init__(self, weights: Path) -> None:
        if not weights.is_file():
            raise NotFoundError(
                f"tagging.face_weights names {weights}, which is no file: give YuNet's ONNX file, "
                f"or unset it to find faces by OpenCV's cascades"
            )
        cv2 = require("cv2")
        try:
            self._net: Any = cv2.FaceDetectorYN.create(str(weights), "", (320, 320), YUNET_SCORE)
            self.find(np.zeros((320, 320, 3), np.uint8))
        except cv2.error as exc:
            raise MismatchError(
                f"tagging.face_weights names {weights}, which OpenCV does not read as YuNet "
                f"({exc.err}): give YuNet's ONNX file, or unset it"
            ) from exc

    def find(self, picture: U8) -> list[Box]:
        small = _fit(picture, YUNET_PX)
        height, width = small.shape[:2]
        self._net.setInputSize((width, height))
        _, found = self._net.detect(np.ascontiguousarray(small[:, :, ::-1]))
        return [] if found is None else [_box(face[:4], width, height) for face in found]


class Cascades:
    """Viola and Jones' cascades (2001) from OpenCV's wheel: frontal, else profiles."""

    sure = False

    def __init__(self) -> None:
        cv2 = require("cv2")
        frontal, profile = (cv2.CascadeClassifier(cv2.data.haarcascades + of) for of in CASCADES)
        self._frontal, self._profile = frontal, profile

    def find(self, picture: U8) -> list[Box]:
        cv2 = require("cv2")
        grey = cv2.cvtColor(_fit(picture, CASCADE_PX), cv2.COLOR_RGB2GRAY)
        found = _hits(self._frontal, grey)
        if not len(found):
            found = _hits(self._profile, grey)
        height, width = grey.shape
        return [_box(face, width, height) for face in found]


def version(settings: TaggingSettings) -> str:
    """What found the faces, for the record of detectors and the keys of caches."""
    if settings.face_weights is None:
        return f"faces-{VERSION}+cascades"
    return f"faces-{VERSION}+{settings.face_weights.stem}"


def _hits(cascade: Any, grey: U8) -> Any:
    """(n, 4): left, top, width, height, px."""
    return cascade.detectMultiScale(
        grey,
        scaleFactor=CASCADE_STEP,
        minNeighbors=CASCADE_NEIGHBOURS,
        minSize=(CASCADE_FACE_PX, CASCADE_FACE_PX),
    )


def _fit(picture: U8, pixels: int) -> U8:
    """The picture made smaller, to about `pixels` in all."""
    height, width = picture.shape[:2]
    scale = min(1.0, float(np.sqrt(pixels / (height * width))))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    cv2 = require("cv2")
    small: U8 = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small


def _box(face: Sequence[float], width: int, height: int) -> Box:
    """Shares of the frame, what lies outside cut off."""
    left, top, wide, high = (float(of) for of in face)
    right, bottom = min(left + wide, width), min(top + high, height)
    left, top = max(left, 0.0), max(top, 0.0)
    return left / width, top / height, max(right - left, 0) / width, max(bottom - top, 0) / height


def _faces(at_s: float, boxes: Sequence[Box]) -> Faces:
    return Faces(
        at_s=at_s,
        count=len(boxes),
        largest_height=max((high for _, _, _, high in boxes), default=0.0),
        largest_area=max((wide * high for _, _, wide, high in boxes), default=0.0),
    )
