"""A file -> what is said in it: captions beside it, else a recogniser on its speech alone."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from content_tagging.media.sound import read_sound
from content_tagging.records import Sound, Span, Transcript
from content_tagging.sound.activity import NAME as DETECTOR
from content_tagging.sound.activity import Activity
from content_tagging.speech import captions
from content_tagging.speech.blocks import cut, grouped
from content_tagging.speech.choose import chosen, engine_of
from content_tagging.speech.engine import Transcriber, no_speech
from reelcast.settings import TaggingSettings

VERSION = "transcribe 1"


def transcribe(path: Path, settings: TaggingSettings, heard: Sound | None = None) -> Transcript:
    """What is said in the file. No speech and no sound are results, not errors.

    `heard` is what `hear` gave; without it, one more pass finds where people speak.
    Sound passes in chunks: no more than a few blocks of speech are held.
    Raises NotFoundError, MediaError, MediaLimitError, MissingPackageError.
    """
    if settings.transcriber == "none":
        return no_speech("none", None, "no transcriber is set: nothing was listened to")
    written = captions.captions_of(path) if path.is_file() else None
    if written is not None:
        return written
    engine = engine_of(settings)
    assert engine is not None
    spans = _speech(path, settings) if heard is None else _speech_of(heard)
    if spans is None:
        return Transcript(status="no_sound", engine=engine.name, model=engine.model)
    return _recognised(path, settings, engine, spans)


def version(settings: TaggingSettings, path: Path | None = None) -> str:
    """What `transcribe` gives under these settings depends on, for the keys of caches: the engine
    and its weights, or the captions beside the file at `path`."""
    written = captions.digest_of(path) if path and settings.transcriber != "none" else None
    if written is not None:
        return f"{VERSION}: {captions.VERSION} {written}"
    engine = chosen(settings)
    weights = settings.whisper_model if "whisper" in engine else "en-us"
    return f"{VERSION}: {engine} {_installed(engine)} {weights}, {DETECTOR}"


def _speech(path: Path, settings: TaggingSettings) -> tuple[Span, ...] | None:
    """Where people speak; None where the file has no sound."""
    activity = Activity()
    heard = False
    for chunk in read_sound(path, settings):
        heard = True
        activity.see(chunk)
    return activity.spans() if heard else None


def _speech_of(heard: Sound) -> tuple[Span, ...] | None:
    return heard.speech if heard.detectors else None


def _recognised(
    path: Path, settings: TaggingSettings, engine: Transcriber, spans: tuple[Span, ...]
) -> Transcript:
    if not spans:
        return no_speech(engine.name, engine.model, f"no voice heard ({DETECTOR})")
    windows = engine.windows
    blocks = cut(read_sound(path, settings), grouped(spans, windows), windows)
    return engine.transcribe(blocks)


def _installed(package: str) -> str:
    try:
        return installed(package)
    except PackageNotFoundError:
        return "absent"
