from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import pytest

from content_tagging.media.frame import Frame
from content_tagging.picture.motion import Motion, flow
from tests.tagging.media_files import U8, scene


def motion(images: Iterable[U8], rate: float = 25) -> tuple[tuple[float, float], ...]:
    found = Motion()
    for index, image in enumerate(images):
        found.see(Frame(index, index / rate, image, None))
    return found.result()


def smooth(seed: int, width: int) -> U8:
    return cv2.GaussianBlur(scene(seed, 256, width), (0, 0), 2)


def panned(px_per_frame: int, frames: int = 50) -> list[U8]:
    wide = smooth(1, 144 + 8 * frames)
    return [wide[:, px_per_frame * i : px_per_frame * i + 144] for i in range(frames)]


@pytest.mark.parametrize("px_per_frame", [1, 2, 4])
def test_a_pan_moves_by_its_frame_widths_a_second(px_per_frame: int) -> None:
    values = [value for _, value in motion(panned(px_per_frame))]
    assert np.median(values) == pytest.approx(px_per_frame * 25 / 144, rel=0.1)


def test_the_frame_rate_does_not_matter() -> None:
    slow, fast = motion(panned(4), rate=25), motion(panned(2, 100), rate=50)
    assert np.median([v for _, v in slow]) == pytest.approx(
        np.median([v for _, v in fast]), rel=0.1
    )


def test_a_still_picture_does_not_move() -> None:
    assert {value for _, value in motion([smooth(1, 144)] * 50)} == {0.0}


def test_there_are_three_values_a_second() -> None:
    at_s = [at for at, _ in motion([smooth(1, 144)] * 250)]
    assert len(at_s) == pytest.approx(30, abs=1)
    assert at_s == sorted(at_s)


def test_a_pair_with_a_cut_between_is_left_out() -> None:
    cut_at_a_sample = [smooth(1, 144)] * 26 + [smooth(2, 144)] * 24
    assert max(value for _, value in motion(cut_at_a_sample)) == 0.0


def test_few_frames_a_second_are_enough() -> None:
    assert len(motion([smooth(1, 144)] * 10, rate=2)) >= 4


def test_a_single_frame_has_no_motion() -> None:
    assert motion([smooth(1, 144)]) == ()


def test_the_flow_does_not_depend_on_threads() -> None:
    first, second = panned(3, 2)
    threads = cv2.getNumThreads()
    found = set()
    for count in (1, 2, 4):
        cv2.setNumThreads(count)
        found.add(flow(first, second))
    cv2.setNumThreads(threads)
    assert len(found) == 1
