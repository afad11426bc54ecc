"""The faces of sampled frames: YuNet where its weights are set, else OpenCV's frontal cascade."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

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
CASCADE_PX = 245 * 245  # pixels of the picture that the cascade sees
CASCADE_FACE_PX = 20  # lowest face in it
CASCADE_STEP = 1.2  # between two sizes of the search
CASCADE = "haarcascade_frontalface_alt2.xml"
# hits about a face, counted at all sizes of the search: it errs for an instant, and with few hits
FEWEST = 3
STRONG = 6  # a face needs as many at one of two looks that follow each other
ALONE = 12  # or as many at one look
STAYS = 0.2  # overlap of one face at two looks that follow each other


class Hit(NamedTuple):
    """Where a face seems to be, and how often it was hit."""

    box: Box
    times: int


class Detector(Protocol):
    """Finds faces in one picture, (height, width, 3) RGB."""

    def find(self, picture: U8) -> list[Hit]: ...


class _Look(NamedTuple):
    at_s: float
    hits: list[Hit]


class FaceFinder:
    """Looks for faces in sampled frames; `result` has one entry for each frame looked at."""

    def __init__(self, settings: TaggingSettings, detector: Detector | None = None) -> None:
        weights = settings.face_weights
        self._detector = detector or (YuNet(weights) if weights else Cascade())
        self._looks: list[_Look] = []

    def see(self, frame: Frame) -> None:
        if frame.picture is None:
            return
        if self._looks and frame.time_s - self._looks[-1].at_s < LOOK_S:
            return
        self._looks.append(_Look(frame.time_s, sorted(self._detector.find(frame.picture))))

    def result(self) -> tuple[Faces, ...]:
        return tuple(_faces(look.at_s, self._sure(at)) for at, look in enumerate(self._looks))

    def _sure(self, at: int) -> list[Box]:
        """A look's faces hit often, or which the look before or after shows too."""
        beside = [*self._looks[max(0, at - 1) : at], *self._looks[at + 1 : at + 2]]
        others = [hit for look in beside for hit in look.hits]
        return [hit.box for hit in self._looks[at].hits if _is_face(hit, others)]


class YuNet:
    """YuNet (Wu et al. 2023) by OpenCV's FaceDetectorYN.

    Raises NotFoundError where the file is missing, MismatchError where it is no such network.
    """

    def __init__(self, weights: Path) -> None:
        if not weights.is_file():
            raise NotFoundError(
                f"tagging.face_weights names {weights}, which is no file: give YuNet's ONNX file, "
                f"or unset it to find faces by OpenCV's cascade"
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

    def find(self, picture: U8) -> list[Hit]:
        small = _fit(picture, YUNET_PX)
        height, width = small.shape[:2]
        self._net.setInputSize((width, height))
        _, found = self._net.detect(np.ascontiguousarray(small[:, :, ::-1]))
        if found is None:
            return []
        return [Hit(_box(face[:4], width, height), ALONE) for face in found]


class Cascade:
    """Viola and Jones' cascade of frontal faces (2001), from OpenCV's wheel.

    Its cascade of profiles is left out: on real videos it added next to nothing at twice the cost
    (docs/experiments.md).
    """

    def __init__(self) -> None:
        cv2 = require("cv2")
        self._frontal: Any = cv2.CascadeClassifier(cv2.data.haarcascades + CASCADE)

    def find(self, picture: U8) -> list[Hit]:
        cv2 = require("cv2")
        grey = cv2.cvtColor(_fit(picture, CASCADE_PX), cv2.COLOR_RGB2GRAY)
        height, width = grey.shape
        faces, times = self._frontal.detectMultiScale2(
            grey,
            scaleFactor=CASCADE_STEP,
            minNeighbors=FEWEST,
            minSize=(CASCADE_FACE_PX, CASCADE_FACE_PX),
        )
        return [
            Hit(_box(face, width, height), int(of)) for face, of in zip(faces, times, strict=True)
        ]


def version(settings: TaggingSettings) -> str:
    """What found the faces, for the record of detectors and the keys of caches."""
    if settings.face_weights is None:
        return f"faces-{VERSION}+cascade"
    return f"faces-{VERSION}+{settings.face_weights.stem}"


def _is_face(hit: Hit, others: Sequence[Hit]) -> bool:
    there = [of.times for of in others if overlap(hit.box, of.box) > STAYS]
    return hit.times >= ALONE or (bool(there) and max(hit.times, *there) >= STRONG)


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
