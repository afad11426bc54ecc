"""On-screen text, read by RapidOCR's own weights from drawn frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from content_tagging.media.frame import Frame
from content_tagging.media.frames import read_frames
from content_tagging.picture.onscreen_text import OnScreenText, version
from content_tagging.picture.text_tracks import words
from reelcast.settings import TaggingSettings
from tests.tagging.onscreen import CountingReader, drawn, pale, plain, read, restless

HOOK = ("Stop doing this", 180, 200)
MEDIA = Path(__file__).parents[3] / "shared" / "media" / "videos"


def test_a_line_is_read_with_its_place() -> None:
    (line,) = read([drawn(plain(), HOOK)] * 3)
    assert line.text == "Stop doing this"
    left, top, wide, high = line.box
    assert left < 0.2
    assert 0.28 < top + high / 2 < 0.38
    assert 0.6 < wide < 0.95
    assert line.confidence > 0.9
    assert line.kind == "overlay"


def test_a_line_lasts_from_before_its_first_look_to_after_its_last() -> None:
    shown = drawn(plain(), HOOK)
    (line,) = read([plain(), plain(), shown, shown, shown, plain(), plain()])
    assert (line.start_s, line.end_s) == pytest.approx((0.6, 1.8))


def test_text_that_stays_is_read_once() -> None:
    reader = CountingReader()
    read([drawn(plain(), HOOK)] * 8, reader)
    assert (reader.detected, reader.read_crops) == (1, 1)


def test_text_that_stays_before_a_restless_background_is_not_read_again() -> None:
    reader = CountingReader()
    lines = read([drawn(restless(seed), HOOK) for seed in range(8)], reader)
    assert [line.text for line in lines] == ["Stop doing this"]
    assert reader.read_crops <= 2


def test_white_letters_before_a_pale_sky_are_read() -> None:
    (line,) = read([drawn(pale(), HOOK, rim=0)] * 3)
    assert line.text == "Stop doing this"


def test_no_network_runs_where_nothing_looks_like_letters() -> None:
    reader = CountingReader()
    assert read([plain(), restless(1), restless(2)], reader) == ()
    assert reader.detected == 0


def test_another_text_in_the_same_place_is_another_line() -> None:
    first, second = (
        drawn(plain(), ("a quest for", 180, 400)),
        drawn(plain(), ("justice is", 180, 400)),
    )
    lines = read([first] * 6 + [second] * 6)
    assert [line.text for line in lines] == ["a quest for", "justice is"]
    assert lines[0].end_s == lines[1].start_s


def test_one_changed_digit_is_seen() -> None:
    pictures = [drawn(plain(), (f"Day {day} of 30", 180, 300)) for day in (3, 8)]
    lines = read([pictures[0]] * 5 + [pictures[1]] * 5)
    assert "Day 8 of 30" in {line.text for line in lines}


def test_a_caption_that_grows_word_by_word_is_one_line() -> None:
    said = ["She", "She never", "She never knew", "She never knew this"]
    pictures = [drawn(plain(), (text, 180, 450)) for text in said for _ in range(2)]
    (line,) = read(pictures)
    assert line.text == "She never knew this"
    assert line.start_s == 0


def test_captions_a_word_at_a_time_are_one_line() -> None:
    said = ["You", "need", "to", "hear", "about", "this"]
    (line,) = read([drawn(plain(), (word, 180, 450), size=44) for word in said])
    assert line.text == "You need to hear about this"


def test_a_mark_that_moves_between_corners_is_one_watermark() -> None:
    left = drawn(plain(), ("@glowlab", 80, 20), size=18)
    right = drawn(plain(), ("@glowlab", 280, 600), size=18)
    (line,) = read([left] * 4 + [right] * 4)
    assert (line.text, line.kind) == ("@glowlab", "watermark")
    assert (line.start_s, line.end_s) == (0, pytest.approx(2.8))


def test_lines_come_in_reading_order() -> None:
    picture = drawn(plain(), ("below", 180, 500), ("left", 80, 100), ("right", 280, 102))
    assert [line.text for line in read([picture] * 3)] == ["left", "right", "below"]


def test_the_version_names_the_engine() -> None:
    assert "rapidocr" in version()


def test_the_same_frames_give_the_same_lines() -> None:
    pictures = [drawn(restless(seed), HOOK, ("wait for it", 180, 480)) for seed in range(5)]
    assert read(pictures) == read(pictures)


def test_frames_that_were_not_sampled_are_passed_over() -> None:
    extractor = OnScreenText()
    extractor.see(Frame(0, 0.0, plain()[::4, ::4], None))
    assert extractor.result() == ()


@pytest.mark.parametrize("shape", [(8, 8), (2, 500), (40, 2000), (1080, 20)])
def test_odd_shapes_are_read_without_error(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (*shape, 3), dtype=np.uint8)
    assert isinstance(read([noise, noise[::-1]]), tuple)


@pytest.mark.real
@pytest.mark.skipif(not MEDIA.is_dir(), reason="the real videos (../shared) are not there")
def test_captions_of_a_real_video_are_read() -> None:
    extractor = OnScreenText()
    for frame in read_frames(MEDIA / "final_short_0_0385ef2.mp4", TaggingSettings()):
        if frame.time_s > 6:
            break
        extractor.see(frame)
    read_words = words(" ".join(line.text for line in extractor.result()))
    said = words("In the depths of the Labyrinth of Reflections, the Protagonist presses on")
    assert len(set(said) & set(read_words)) >= 0.9 * len(set(said))
