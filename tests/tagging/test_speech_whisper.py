"""Both Whisper engines, for real, on a miniature Whisper that knows three sentences by heart."""

from __future__ import annotations

import re
import wave
from pathlib import Path

import numpy as np
import pytest

from content_tagging.records import Transcript
from content_tagging.speech.choose import chosen
from content_tagging.speech.faster_whisper import FasterWhisper
from content_tagging.speech.openai_whisper import OpenaiWhisper
from content_tagging.speech.transcribe import transcribe, version
from reelcast.errors import MissingPackageError
from reelcast.settings import TaggingSettings
from tests.tagging.miniature_whisper import make
from tests.tagging.miniature_whisper_clips import SENTENCES, clip

# openai-whisper leaves the file of its vocabulary open
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
ENGINES = ("faster-whisper", "openai-whisper")


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("whisper"))


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, weights: Path) -> TaggingSettings:
    of_openai = request.param == "openai-whisper"
    folder = weights / "openai.pt" if of_openai else weights
    return TaggingSettings(transcriber=request.param, whisper_model=str(folder))


def plain(found: Transcript) -> list[str]:
    return re.findall(r"[a-z']+", found.text.lower())


def write_wav(path: Path, pieces: list[np.ndarray]) -> Path:  # type: ignore[type-arg]
    with wave.open(str(path), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(16_000)
        made.writeframes((np.concatenate(pieces) * 32767).astype("<i2").tobytes())
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_written_down(name: str, settings: TaggingSettings) -> None:
    found = transcribe(clip(name), settings)
    assert (found.status, found.engine) == ("speech", settings.transcriber)
    assert (found.model, found.language) == (settings.whisper_model, "en")
    assert plain(found) == re.findall(r"[a-z']+", SENTENCES[name].lower())


@pytest.mark.slow
def test_words_have_times_and_probabilities(settings: TaggingSettings) -> None:
    found = transcribe(clip("stop"), settings)
    words = [word for segment in found.segments for word in segment.words]
    assert [word.text for word in words] == SENTENCES["stop"].split()
    assert all(0 <= word.start_s <= word.end_s <= 3.2 for word in words)
    assert [w.start_s for w in words] == sorted(w.start_s for w in words)
    assert all(word.probability is not None and word.probability > 0.3 for word in words)


@pytest.mark.slow
def test_the_same_clip_gives_the_same_answer(settings: TaggingSettings) -> None:
    assert transcribe(clip("code"), settings) == transcribe(clip("code"), settings)


@pytest.mark.slow
def test_silence_and_noise_hold_no_speech(settings: TaggingSettings, tmp_path: Path) -> None:
    noise = np.random.default_rng(7).normal(0, 0.05, 16_000 * 4)
    path = write_wav(tmp_path / "noise.wav", [np.zeros(16_000 * 3), noise])
    found = transcribe(path, settings)
    assert (found.status, found.segments) == ("no_speech", ())
    assert found.engine == settings.transcriber


@pytest.mark.slow
def test_auto_takes_whisper_where_its_weights_are(weights: Path) -> None:
    assert chosen(TaggingSettings(whisper_model=str(weights))) == "faster-whisper"


def test_auto_takes_pocketsphinx_where_no_weights_are(tmp_path: Path) -> None:
    settings = TaggingSettings(whisper_model=str(tmp_path))
    assert chosen(settings) == "pocketsphinx"
    assert "pocketsphinx" in version(settings)


@pytest.mark.parametrize("engine", [FasterWhisper, OpenaiWhisper])
def test_missing_weights_say_where_to_put_them(
    engine: type[FasterWhisper] | type[OpenaiWhisper], tmp_path: Path
) -> None:
    settings = TaggingSettings(whisper_model=str(tmp_path / "absent"))
    with pytest.raises(MissingPackageError, match="absent' on this machine"):
        engine(settings)


def test_a_size_without_weights_is_never_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(MissingPackageError, match=r"large-v3\.pt"):
        OpenaiWhisper(TaggingSettings(whisper_model="large-v3"))
    with pytest.raises(MissingPackageError, match="docs/transcripts"):
        FasterWhisper(TaggingSettings(whisper_model="distil-small.en"))


def test_pocketsphinx_says_that_it_hears_english_only() -> None:
    found = transcribe(clip("money"), TaggingSettings(transcriber="pocketsphinx"))
    assert (found.engine, found.model) == ("pocketsphinx", "en-us")
    assert "English only" in found.notes[0]
    assert "money" in plain(found)
