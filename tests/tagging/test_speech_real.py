"""Real clips: nothing is made up over music, silence and other languages."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from content_tagging.sound.hear import hear
from content_tagging.speech.transcribe import transcribe
from reelcast.settings import TaggingSettings

MEDIA = Path(__file__).parents[3] / "shared" / "media"
SETTINGS = TaggingSettings(transcriber="pocketsphinx")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not MEDIA.is_dir(), reason="the real videos (../shared) are not beside the project"
    ),
]


@pytest.mark.parametrize(
    "name",
    [
        "videos/video.mp4",
        "videos/d12.mp4",
        "videos/chaplin.mp4",
        "videos/big_buck_bunny_0_30.webm",
        "videos/reel.mp4",
        "odd/silent-black-10s.mp4",
        "odd/sample_audio_only.mp4",
    ],
)
def test_music_singing_and_silence_hold_no_speech(name: str) -> None:
    found = transcribe(MEDIA / name, SETTINGS)
    assert (found.status, found.segments) == ("no_speech", ())


@pytest.mark.parametrize("name", ["videos/d13.mp4", "odd/sample_video_only.mp4"])
def test_a_video_without_sound_says_so(name: str) -> None:
    assert transcribe(MEDIA / name, SETTINGS).status == "no_sound"


@pytest.mark.parametrize("name", ["test_de.wav", "test_fr.wav", "test_ja.wav"])
def test_other_languages_give_no_english(name: str) -> None:
    found = transcribe(MEDIA / "speech" / name, SETTINGS)
    assert (found.status, found.text, found.language) == ("speech", "", None)
    assert any("not understood" in note for note in found.notes)


def test_english_is_written_down_with_times() -> None:
    found = transcribe(MEDIA / "speech" / "LJ001-0012.flac", SETTINGS)
    assert "especially as no more time is occupied" in found.text
    words = [word for segment in found.segments for word in segment.words]
    assert all(a.end_s <= b.start_s + 0.011 for a, b in pairwise(words))
    assert found.language == "en"


def test_the_same_clip_gives_the_same_words_whatever_came_before() -> None:
    clip = MEDIA / "speech" / "spk1_snt5.wav"
    first = transcribe(clip, SETTINGS)
    transcribe(MEDIA / "speech" / "cards_005.wav", SETTINGS)
    assert transcribe(clip, SETTINGS) == first


@pytest.mark.parametrize("name", ["chaplin.mp4", "big_buck_bunny_0_30.webm", "d12.mp4"])
def test_music_is_heard_as_music(name: str) -> None:
    heard = hear(MEDIA / "videos" / name, SETTINGS)
    assert sum(b - a for a, b in heard.music) > 7
    assert heard.speech == ()
