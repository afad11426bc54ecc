"""Faces: how looks become results, on made-up detections; and weights that are not there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from content_tagging.media.frame import U8, Frame
from content_tagging.media.frames import read_frames
from content_tagging.picture.faces import Cascades, FaceFinder, YuNet, version
from content_tagging.picture.text_tracks import Box
from content_tagging.records import Faces
from reelcast.errors import MismatchError, NotFoundError
from reelcast.settings import TaggingSettings

FACE: Box = (0.3, 0.2, 0.4, 0.3)
MEDIA = Path(__file__).parents[3] / "shared" / "media"
WEIGHTS = MEDIA / "weights" / "yunet_s_640_640.onnx"
real = pytest.mark.skipif(not MEDIA.is_dir(), reason="the real media (../shared) are not there")


class Script:
    """Finds at each look what it was told to, sure of it or not."""

    def __init__(self, *looks: Sequence[Box], sure: bool = False) -> None:
        self._looks, self.sure = list(looks), sure

    def find(self, picture: U8) -> list[Box]:
        return list(self._looks.pop(0))


def found(script: Script, *times_s: float) -> tuple[Faces, ...]:
    finder = FaceFinder(TaggingSettings(), script)
    for at, at_s in enumerate(times_s):
        finder.see(frame(at, at_s))
    return finder.result()


def frame(index: int, at_s: float) -> Frame:
    picture = np.zeros((64, 36, 3), np.uint8)
    return Frame(index, at_s, picture, picture)


def test_a_face_that_stays_is_counted_and_measured() -> None:
    first, second = found(Script([FACE], [FACE]), 0, 0.8)
    assert (first.count, first.largest_height) == (1, 0.3)
    assert second.largest_area == pytest.approx(0.12)


def test_a_lone_hit_of_the_cascades_is_dropped() -> None:
    assert [of.count for of in found(Script([], [FACE], []), 0, 0.8, 1.6)] == [0, 0, 0]


def test_a_hit_elsewhere_does_not_confirm_a_face() -> None:
    other = (0.0, 0.8, 0.1, 0.1)
    assert [of.count for of in found(Script([FACE], [other]), 0, 0.8)] == [0, 0]


def test_a_sure_detector_needs_no_second_look() -> None:
    assert [of.count for of in found(Script([], [FACE], [], sure=True), 0, 0.8, 1.6)] == [0, 1, 0]


def test_the_largest_of_several_faces_is_measured() -> None:
    small = (0.8, 0.8, 0.1, 0.1)
    (first, _) = found(Script([small, FACE], [small, FACE]), 0, 0.8)
    assert (first.count, first.largest_height) == (2, 0.3)


def test_dense_samples_are_thinned() -> None:
    assert [of.at_s for of in found(Script([], []), 0, 0.125, 0.25, 0.8)] == [0, 0.8]


def test_frames_that_were_not_sampled_give_no_entry() -> None:
    finder = FaceFinder(TaggingSettings())
    finder.see(Frame(0, 0.0, np.zeros((64, 36, 3), np.uint8), None))
    assert finder.result() == ()


def test_noise_and_plain_pictures_hold_no_face_that_stays() -> None:
    finder = FaceFinder(TaggingSettings())
    random = np.random.default_rng(3)
    for at in range(4):
        picture = random.integers(0, 255, (640, 360, 3), dtype=np.uint8)
        finder.see(Frame(at, float(at), picture, picture))
    assert [of.count for of in finder.result()] == [0] * 4


@pytest.mark.parametrize("shape", [(1, 1), (4, 900), (900, 4)])
def test_odd_shapes_are_looked_at_without_error(shape: tuple[int, int]) -> None:
    assert Cascades().find(np.zeros((*shape, 3), np.uint8)) == []


def test_missing_weights_are_named_with_their_setting(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"tagging\.face_weights names .*nowhere"):
        FaceFinder(TaggingSettings(face_weights=tmp_path / "nowhere.onnx"))


def test_weights_that_are_no_network_are_refused(tmp_path: Path) -> None:
    (tmp_path / "yunet.onnx").write_bytes(b"not a network")
    with pytest.raises(MismatchError, match=r"tagging\.face_weights"):
        FaceFinder(TaggingSettings(face_weights=tmp_path / "yunet.onnx"))


def test_the_version_tells_the_detectors_apart() -> None:
    yunet = TaggingSettings(face_weights=Path("yunet_s.onnx"))
    assert version(TaggingSettings()) != version(yunet)
    assert "yunet_s" in version(yunet)


@pytest.mark.real
@real
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_a_real_talking_head_is_seen(weights: Path | None) -> None:
    settings = TaggingSettings(face_weights=weights)
    finder = FaceFinder(settings)
    for frame in read_frames(MEDIA / "videos" / "d13.mp4", settings):
        if frame.time_s > 3:
            break
        finder.see(frame)
    looks = finder.result()
    assert sum(look.count == 1 for look in looks) >= 0.9 * len(looks)


@pytest.mark.real
@real
def test_yunet_gives_shares_of_the_frame() -> None:
    settings = TaggingSettings(face_weights=WEIGHTS)
    picture = next(iter(read_frames(MEDIA / "videos" / "d13.mp4", settings))).picture
    assert picture is not None
    (box,) = YuNet(WEIGHTS).find(picture)
    assert all(0 <= side <= 1 for side in box)
