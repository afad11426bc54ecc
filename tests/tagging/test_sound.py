"""Loudness, speech, music and silence of sounds made here and of the spoken test clips."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from content_tagging.media.sound import read_sound
from content_tagging.records import Sound, Span
from content_tagging.sound.activity import Activity
from content_tagging.sound.hear import DETECTORS, hear, version
from content_tagging.sound.music import Music
from content_tagging.sound.silence import Silence
from reelcast.settings import TaggingSettings
from tests.tagging.media_files import write_still
from tests.tagging.miniature_whisper_clips import SENTENCES, clip

F32 = npt.NDArray[np.float32]
RATE = 16_000
SETTINGS = TaggingSettings()


def sine(hz: float, duration_s: float, level_dbfs: float, rate: int = RATE) -> F32:
    """A tone of which the root mean square, times the root of two, is `level_dbfs`."""
    at_s = np.arange(round(duration_s * rate)) / rate
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * at_s)).astype(np.float32)


def chords(duration_s: float) -> F32:
    """A piece of music: a chord of three tones with overtones, a new one each second."""
    parts = []
    for i in range(round(duration_s)):
        root = 220 * 2 ** ((0, 5, 7, 3)[i % 4] / 12)
        tones = [root * ratio * k for ratio in (1, 1.26, 1.498) for k in (1, 2, 3)]
        parts.append(sum((sine(hz, 1.0, -26) for hz in tones), np.zeros(RATE, np.float32)))
    return np.concatenate(parts)


def write_wav(path: Path, channels: list[F32], rate: int) -> Path:
    pcm = (np.stack(channels, axis=1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as made:
        made.setnchannels(len(channels))
        made.setsampwidth(2)
        made.setframerate(rate)
        made.writeframes(pcm.tobytes())
    return path


def spoken(name: str) -> F32:
    return np.concatenate(list(read_sound(clip(name), SETTINGS)))


def lasting_s(spans: tuple[Span, ...]) -> float:
    return sum(end_s - start_s for start_s, end_s in spans)


@pytest.mark.parametrize("level_dbfs", [-23.0, -33.0])
def test_the_tone_of_ebu_tech_3341_measures_as_it_must(tmp_path: Path, level_dbfs: float) -> None:
    tone = sine(1000, 20, level_dbfs, 48_000)
    heard = hear(write_wav(tmp_path / "tone.wav", [tone, tone], 48_000), SETTINGS)
    assert heard.loudness_lufs == pytest.approx(level_dbfs, abs=0.1)
    assert [lufs for _, lufs in heard.loudness_curve][10] == pytest.approx(level_dbfs, abs=0.1)


def test_the_curve_has_two_figures_a_second(tmp_path: Path) -> None:
    tone = sine(1000, 10, -20)
    curve = hear(write_wav(tmp_path / "tone.wav", [tone], RATE), SETTINGS).loudness_curve
    steps = np.diff([at_s for at_s, _ in curve])
    assert np.allclose(steps, 0.5)
    assert 13 <= len(curve) <= 20


def test_silence_has_no_loudness_and_is_silent_throughout(tmp_path: Path) -> None:
    heard = hear(
        write_wav(tmp_path / "still.wav", [np.zeros(RATE * 5, np.float32)], RATE), SETTINGS
    )
    assert (heard.loudness_lufs, heard.loudness_curve) == (None, ())
    assert (heard.speech, heard.music) == ((), ())
    assert heard.silence == ((0.0, 5.0),)


def test_a_file_without_sound_has_an_empty_answer(tmp_path: Path) -> None:
    assert hear(write_still(tmp_path / "mute.mov", (64, 64), 5, 25), SETTINGS) == Sound()


@pytest.mark.parametrize("name", SENTENCES)
def test_speech_is_found_where_it_is_and_is_no_music(name: str) -> None:
    heard = hear(clip(name), SETTINGS)
    assert heard.speech[0][0] < 0.5
    assert lasting_s(heard.speech) > 2.0
    assert heard.music == ()
    assert heard.detectors == DETECTORS


def test_chunks_of_any_size_give_the_same_speech() -> None:
    sound = np.concatenate([spoken("stop"), np.zeros(RATE, np.float32), spoken("code")])
    answers = []
    for size in (len(sound), 48_000, 1_000, 333):
        activity = Activity()
        for at in range(0, len(sound), size):
            activity.see(sound[at : at + size])
        answers.append(activity.spans())
    assert len(answers[0]) == 2
    assert answers.count(answers[0]) == len(answers)


def test_chords_are_music_and_no_speech() -> None:
    music, activity = Music(), Activity()
    for chunk in np.array_split(chords(12), 5):
        music.see(chunk)
        activity.see(chunk)
    assert music.spans(()) == ((0.0, 12.0),)
    assert activity.spans() == ()


def test_chords_under_speech_are_music() -> None:
    voice = np.concatenate([spoken(name) for name in SENTENCES])
    music = Music()
    music.see(voice + 0.5 * chords(60)[: len(voice)])
    assert lasting_s(music.spans(((0.0, len(voice) / RATE),))) > 0.8 * len(voice) / RATE


def test_noise_is_no_music() -> None:
    music = Music()
    music.see(np.random.default_rng(7).normal(0, 0.1, RATE * 8).astype(np.float32))
    assert music.spans(()) == ()


def test_a_pause_between_sounds_is_silence() -> None:
    silence = Silence()
    for chunk in (sine(300, 1, -12), np.zeros(RATE * 2, np.float32), sine(300, 1, -12)):
        silence.see(chunk)
    assert silence.spans() == ((1.0, 3.0),)


def test_the_same_file_gives_the_same_answer() -> None:
    assert hear(clip("money"), SETTINGS) == hear(clip("money"), SETTINGS)


def test_the_version_names_each_detector() -> None:
    assert all(name in version(SETTINGS) for name in DETECTORS.values())
