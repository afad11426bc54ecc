"""Which recogniser the settings mean, loaded once a process."""

from __future__ import annotations

import logging
from functools import cache

from content_tagging.speech.engine import Transcriber
from content_tagging.speech.faster_whisper import FasterWhisper, has_weights
from content_tagging.speech.openai_whisper import OpenaiWhisper
from content_tagging.speech.pocketsphinx import Pocketsphinx
from reelcast.settings import TaggingSettings

log = logging.getLogger(__name__)


def chosen(settings: TaggingSettings) -> str:
    """The name of the engine: as set; for auto, faster-whisper where its weights are at hand,
    else pocketsphinx."""
    if settings.transcriber != "auto":
        return settings.transcriber
    return "faster-whisper" if has_weights(settings.whisper_model) else "pocketsphinx"


def engine_of(settings: TaggingSettings) -> Transcriber | None:
    """The recogniser with its weights in memory; None where the settings want none.

    Raises MissingPackageError.
    """
    return _loaded(chosen(settings), settings.whisper_model, settings.threads, settings.workers)


@cache
def _loaded(name: str, model: str, threads: int, workers: int) -> Transcriber | None:
    settings = TaggingSettings(whisper_model=model, threads=threads, workers=workers)
    if name == "faster-whisper":
        return FasterWhisper(settings)
    if name == "openai-whisper":
        return OpenaiWhisper(settings)
    if name == "pocketsphinx":
        log.warning("no Whisper weights in use: pocketsphinx transcribes, English only")
        return Pocketsphinx()
    return None
