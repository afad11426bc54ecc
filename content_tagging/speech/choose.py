"""Which recogniser the settings mean, loaded once a process."""

from __future__ import annotations

import logging
from functools import cache

from content_tagging.speech.engine import Transcriber
from content_tagging.speech.faster_whisper import FasterWhisper, has_weights, weights_folder
from content_tagging.speech.openai_whisper import OpenaiWhisper, checkpoint_file
from content_tagging.speech.pocketsphinx import Pocketsphinx
from reelcast.errors import MissingPackageError
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


def weights_of(settings: TaggingSettings) -> str:
    """The name of the weights in use and the size of their file, which tells other weights of the
    same name apart; the name alone where they are absent."""
    name = settings.whisper_model
    try:
        match chosen(settings):
            case "faster-whisper":
                return f"{name} {(weights_folder(name) / 'model.bin').stat().st_size}"
            case "openai-whisper":
                return f"{name} {checkpoint_file(name).stat().st_size}"
            case "pocketsphinx":
                return Pocketsphinx.model
    except MissingPackageError:
        return name
    return "none"


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
