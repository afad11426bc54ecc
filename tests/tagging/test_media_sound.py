from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from content_tagging.media.sound import audio_frames, read_sound
from reelcast.errors import MediaError, MediaLimitError
from reelcast.settings import TaggingSettings
from tests.tagging.media_files import scene, tone, write_tones, write_video

SETTINGS = TaggingSettings(threads=1)
RATE = 16_000


def whole(path: Path) -> np.ndarray:
    return np.concatenate([*read_sound(path, SETTINGS)])


def loud_s(samples: np.ndarray) -> tuple[float, float]:
    """From when until when there is sound."""
    loud = np.flatnonzero(np.abs(samples) > 0.05)
    return loud[0] / RATE, loud[-1] / RATE


def test_long_sound_comes_in_chunks_of_thirty_seconds(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "a.wav", [(0, tone(65, 8000))], rate=8000)
    chunks = [*read_sound(path, SETTINGS)]
    assert [len(chunk) for chunk in chunks[:2]] == [30 * RATE] * 2
    assert sum(map(len, chunks)) == pytest.approx(65 * RATE, abs=RATE // 100)
    assert {chunk.dtype for chunk in chunks} == {np.dtype(np.float32)}


def test_pitch_and_loudness_stay(tmp_path: Path) -> None:
    samples = whole(write_tones(tmp_path / "a.wav", [(0, tone(2, hz=1000))]))
    spectrum = np.abs(np.fft.rfft(samples[:RATE]))
    assert spectrum.argmax() == 1000
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.02)


def test_channels_are_averaged(tmp_path: Path) -> None:
    both = whole(write_tones(tmp_path / "a.wav", [(0, tone(1, channels=2))]))
    left = tone(1, channels=2)
    left[1] = 0
    half = whole(write_tones(tmp_path / "b.wav", [(0, left)]))
    assert np.abs(both).max() == pytest.approx(0.5, abs=0.02)
    assert np.abs(half).max() == pytest.approx(0.25, abs=0.02)


def test_a_gap_is_silence(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "a.mkv", [(0, tone(1)), (2.5, tone(1))])
    samples = whole(path)
    assert len(samples) / RATE == pytest.approx(3.5, abs=0.02)
    assert np.abs(samples[round(1.1 * RATE) : round(2.4 * RATE)]).max() < 0.01
    assert loud_s(samples[2 * RATE :])[0] == pytest.approx(0.5, abs=0.02)


def test_a_video_without_sound_gives_none(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [scene(1)] * 5)
    assert [*read_sound(path, SETTINGS)] == []
    assert [*audio_frames(path, SETTINGS)] == []


def test_frames_keep_their_own_rate_and_channels(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "a.wav", [(0, tone(1, channels=2))])
    frames = [*audio_frames(path, SETTINGS)]
    assert {(of.sample_rate, of.layout.nb_channels) for _, of in frames} == {(48_000, 2)}
    assert frames[0][0] == 0
    assert frames[-1][0] == pytest.approx(1, abs=0.1)


def test_damaged_sound_goes_on(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "a.mkv", [(0, tone(3))])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 400] = b"\xff" * 400
    path.write_bytes(bytes(content))
    samples = whole(path)
    assert np.isfinite(samples).all()
    assert len(samples) > 2 * RATE


def test_sound_beyond_the_longest_is_refused(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "a.wav", [(0, tone(3))])
    with pytest.raises(MediaLimitError, match="max_duration_s"):
        [*read_sound(path, TaggingSettings(max_duration_s=2))]


def test_a_track_without_samples_is_an_error(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "a.wav", [(0, tone(1))])
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"data") + 8])
    with pytest.raises(MediaError, match="no sound"):
        [*read_sound(path, SETTINGS)]


def test_the_same_bytes_give_the_same_samples(tmp_path: Path) -> None:
    path = write_tones(tmp_path / "a.mkv", [(0, tone(1)), (2, tone(1, hz=300))])
    assert whole(path).tobytes() == whole(path).tobytes()
