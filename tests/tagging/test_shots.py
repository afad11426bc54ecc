from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.shots import counts, scores
from content_tagging.media.frame import Frame
from content_tagging.media.frames import read_frames
from content_tagging.picture.shots import Shots
from content_tagging.records import Cut
from reelcast.settings import TaggingSettings
from tests.tagging.media_files import U8, scene

MEDIA = Path(__file__).parents[3] / "shared" / "media"
LABELS = MEDIA / "shots.json"
RATE = 25


def cuts(images: Iterable[U8]) -> list[tuple[int, str]]:
    """Frame and kind of each cut, at 25 frames a second."""
    shots = Shots()
    for index, image in enumerate(images):
        shots.see(Frame(index, index / RATE, image, None))
    return [(round(cut.at_s * RATE), cut.kind) for cut in shots.result()]


def still(seed: int, count: int) -> list[U8]:
    return [scene(seed, 256, 144)] * count


def mixed(a: U8, b: U8, weights: Iterable[float]) -> list[U8]:
    return [cv2.addWeighted(a, 1 - weight, b, weight, 0) for weight in weights]


BLACK, WHITE = np.zeros((256, 144, 3), np.uint8), np.full((256, 144, 3), 255, np.uint8)
RAMP = np.linspace(0, 1, 20)


def test_a_change_of_scene_is_a_hard_cut_at_its_first_frame() -> None:
    assert cuts([*still(1, 20), *still(2, 20), *still(3, 20)]) == [(20, "hard"), (40, "hard")]


def test_shots_of_four_frames_are_told_apart() -> None:
    found = cuts([*still(1, 20), *still(2, 4), *still(3, 4), *still(4, 20)])
    assert found == [(20, "hard"), (24, "hard"), (28, "hard")]


def test_one_shot_has_no_cut() -> None:
    assert cuts(still(1, 30)) == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_video_of_hardly_any_frames_has_no_cut(count: int) -> None:
    assert cuts(still(1, count)) == []


def test_cards_of_plain_colours_are_cut_apart() -> None:
    cards = [np.full((256, 144, 3), colour, np.uint8) for colour in ((40, 40, 90), (200, 190, 120))]
    assert cuts([*[cards[0]] * 20, *[cards[1]] * 20]) == [(20, "hard")]


def test_a_caption_that_stays_does_not_hide_a_cut() -> None:
    images = [*still(1, 20), *still(2, 20)]
    assert cuts([captioned(image, "STAYS") for image in images]) == [(20, "hard")]


def test_text_that_appears_is_no_cut() -> None:
    image = scene(1, 256, 144)
    assert cuts([image] * 20 + [captioned(image, "WAIT FOR IT")] * 20) == []


def captioned(image: U8, text: str) -> U8:
    shown = image.copy()
    shown[170:214, 10:134] = 0
    cv2.putText(shown, text, (14, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 2)
    return shown


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_flash_is_no_cut(frames: int) -> None:
    image = scene(1, 256, 144)
    flash = np.clip(image.astype(int) + 150, 0, 255).astype(np.uint8)
    assert cuts([image] * 20 + [flash] * frames + [image] * 20) == []


def test_other_light_is_no_cut() -> None:
    image = scene(1, 256, 144)
    assert cuts([image] * 20 + [(image * 0.55).astype(np.uint8)] * 20) == []


def test_a_fast_pan_is_no_cut() -> None:
    wide = scene(1, 256, 1440)
    assert cuts([wide[:, 9 * i : 9 * i + 144] for i in range(80)]) == []


def test_shaking_hands_are_no_cut() -> None:
    rng = np.random.default_rng(1)
    big = scene(1, 304, 200)
    offsets = rng.integers(0, 20, (60, 2))
    assert cuts([big[y : y + 256, x : x + 144] for y, x in offsets]) == []


def test_a_fade_through_black_is_one_fade_where_the_next_shot_begins() -> None:
    a, b = scene(1, 256, 144), scene(2, 256, 144)
    images = [a] * 20 + mixed(a, BLACK, RAMP) + [BLACK] * 10 + mixed(BLACK, b, RAMP) + [b] * 20
    ((at, kind),) = cuts(images)
    assert kind == "fade"
    assert 48 <= at <= 54


def test_a_fade_through_white_is_a_fade() -> None:
    a, b = scene(1, 256, 144), scene(2, 256, 144)
    images = [a] * 20 + mixed(a, WHITE, RAMP) + [WHITE] * 5 + mixed(WHITE, b, RAMP) + [b] * 20
    assert [kind for _, kind in cuts(images)] == ["fade"]


def test_a_dissolve_is_one_fade_at_its_middle() -> None:
    a, b = scene(1, 256, 144), scene(2, 256, 144)
    ((at, kind),) = cuts([a] * 40 + mixed(a, b, RAMP) + [b] * 40)
    assert kind == "fade"
    assert 47 <= at <= 53


def test_the_first_fade_in_and_the_last_fade_out_are_no_cuts() -> None:
    a = scene(1, 256, 144)
    images = [BLACK] * 20 + mixed(BLACK, a, RAMP) + [a] * 30 + mixed(a, BLACK, RAMP) + [BLACK] * 20
    assert cuts(images) == []


def test_black_between_two_hard_cuts_is_no_fade() -> None:
    found = cuts([*still(1, 20), *[BLACK] * 12, *still(2, 20)])
    assert found == [(20, "hard"), (32, "hard")]


def test_the_same_frames_give_the_same_cuts() -> None:
    images = [*still(1, 20), *still(2, 20)]
    assert cuts(images) == cuts([image.copy() for image in images])


def test_counts_leave_ambiguous_ranges_out() -> None:
    frames = [Frame(i, i / 10, BLACK, None) for i in range(100)]
    labels = {"cut_times_s": [1.0, 5.0], "ambiguous": [[30, 40]]}
    found = counts([1.05, 3.5, 7.0], labels, frames)
    assert found == {"right": 1, "wrong": 1, "missed": 1}
    assert scores([found])["f1"] == pytest.approx(0.5)


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not LABELS.is_file(), reason="../shared/media is not beside the project")
def test_the_labelled_cuts_are_found() -> None:
    labels = json.loads(LABELS.read_text())
    found = []
    for name, of in labels.items():
        shots = Shots()
        frames = []
        for frame in read_frames(MEDIA / name, TaggingSettings()):
            shots.see(frame)
            frames.append(Frame(frame.index, frame.time_s, BLACK, None))
        found.append(counts(times(shots.result()), of, frames))
    assert scores(found)["f1"] >= 0.93


def times(found: tuple[Cut, ...]) -> list[float]:
    return [cut.at_s for cut in found]
