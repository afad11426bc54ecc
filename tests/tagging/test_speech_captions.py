"""Captions beside a video are its transcript."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_tagging.speech.captions import beside, captions_of, parsed
from content_tagging.speech.transcribe import transcribe
from reelcast.settings import TaggingSettings

SRT = (
    "1\n00:00:00,500 --> 00:00:02,000\nStop scrolling.\n\n2\n00:00:02,000 --> 00:00:04,250\nNow.\n"
)
VTT = "WEBVTT\n\nNOTE by hand\n\nintro\n00:01.000 --> 00:02.500 align:start\n<v A>Hi &amp; bye\n"


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"never opened")
    return path


def test_an_srt_beside_the_video_is_its_transcript(video: Path) -> None:
    video.with_suffix(".srt").write_text(SRT)
    found = transcribe(video, TaggingSettings())
    assert (found.engine, found.model, found.status) == ("captions", "clip.srt", "speech")
    assert [(s.start_s, s.end_s, s.text) for s in found.segments] == [
        (0.5, 2.0, "Stop scrolling."),
        (2.0, 4.25, "Now."),
    ]


def test_a_vtt_loses_its_marks_and_keeps_its_words(video: Path) -> None:
    video.with_suffix(".vtt").write_text(VTT)
    found = captions_of(video)
    assert found is not None
    assert (found.segments[0].start_s, found.text) == (1.0, "Hi & bye")


def test_the_language_comes_from_the_name(video: Path) -> None:
    (video.parent / "clip.en-US.srt").write_text(SRT)
    found = captions_of(video)
    assert found is not None
    assert found.language == "en"


def test_the_file_without_a_language_goes_first(video: Path) -> None:
    for name in ("clip.de.srt", "clip.srt", "clip.en.vtt", "clip.reference.srt", "other.srt"):
        (video.parent / name).write_text(SRT)
    assert [path.name for path in beside(video)] == ["clip.srt", "clip.de.srt", "clip.en.vtt"]


def test_captions_without_a_caption_are_passed_over(video: Path) -> None:
    video.with_suffix(".srt").write_text("no times here\n")
    assert captions_of(video) is None


def test_sounds_in_brackets_are_not_spoken() -> None:
    text = (
        "00:00:01,000 --> 00:00:02,000\n[music]\n\n00:00:03,000 --> 00:00:04,000\n(sighs) Fine. ♪\n"
    )
    assert [s.text for s in parsed(text)] == ["Fine."]


def test_a_caption_that_ends_before_it_starts_is_left_out() -> None:
    assert not list(parsed("00:00:05,000 --> 00:00:02,000\nWhat?\n"))


def test_captions_without_empty_lines_between_them_are_read() -> None:
    text = "00:00:01,000 --> 00:00:02,000\nOne\n00:00:02,000 --> 00:00:03,000\nTwo\n"
    assert [s.text for s in parsed(text)] == ["One", "Two"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(video: Path, encoding: str) -> None:
    video.with_suffix(".srt").write_bytes(SRT.replace("Now", "Café").encode(encoding))
    found = captions_of(video)
    assert found is not None
    assert found.text == "Stop scrolling. Café."


def test_without_a_transcriber_captions_are_not_read_either(video: Path) -> None:
    video.with_suffix(".srt").write_text(SRT)
    assert transcribe(video, TaggingSettings(transcriber="none")).status == "no_speech"


def test_a_time_of_absurd_hours_is_no_caption() -> None:
    hours = "9" * 5000
    assert not [*parsed(f"{hours}:00:01,000 --> {hours}:00:02,000\nStop.\n")]
