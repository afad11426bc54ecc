"""The two tasks of a file, side by side on two cores, each of their steps kept by content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from content_tagging.batch.outcomes import Heard, Looked
from content_tagging.cache import StepCache, key_of, sha256_of
from content_tagging.picture import look, text_captions
from content_tagging.records import Sound, Transcript
from content_tagging.sound import hear
from content_tagging.speech import captions, transcribe
from reelcast.errors import MediaError
from reelcast.settings import TaggingSettings

R = TypeVar("R")


def look_at(path: Path, content_id: str, settings: TaggingSettings, folder: Path) -> Looked:
    """What the pictures give, from one decoding pass, or as kept in `folder`."""

    def make() -> Looked:
        media, pictures = look.look(path, settings)
        return Looked(media=media, pictures=pictures)

    key = key_of(content_id, "look", look.version(settings))
    return StepCache(folder).get_or_make(key, Looked, _of_content(path, content_id, make))


def listen_to(path: Path, content_id: str, settings: TaggingSettings, folder: Path) -> Heard:
    """What the sound gives: loudness and its parts, then the words, or as kept in `folder`."""
    cache = StepCache(folder)
    sound = cache.get_or_make(
        key_of(content_id, "hear", hear.version(settings)),
        Sound,
        _of_content(path, content_id, lambda: hear.hear(path, settings)),
    )
    transcript = cache.get_or_make(
        key_of(content_id, "transcribe", _words_version(path, settings)),
        Transcript,
        _of_content(path, content_id, lambda: transcribe.transcribe(path, settings, sound)),
    )
    return Heard(sound=sound, transcript=transcript)


def versions_of(path: Path, settings: TaggingSettings) -> dict[str, str]:
    """The version of each step on this file, with the settings that matter to it."""
    return {
        "look": look.version(settings),
        "hear": hear.version(settings),
        "transcribe": _words_version(path, settings),
        "join": text_captions.VERSION,
    }


def _of_content(path: Path, content_id: str, make: Callable[[], R]) -> Callable[[], R]:
    """`make`, whose result is given only if the file is still the content that it was asked as.

    Raises MediaError for a file that was changed meanwhile: what was read may be of other bytes.
    """

    def made() -> R:
        result = make()
        if sha256_of(path) != content_id:
            raise MediaError(
                f"{path}: was changed while it was read: tag it again when it is whole"
            )
        return result

    return made


def _words_version(path: Path, settings: TaggingSettings) -> str:
    """That of the transcript, with the captions beside the file, which go first."""
    version = transcribe.version(settings)
    if settings.transcriber == "none":
        return version
    beside = " ".join(sha256_of(written)[:8] for written in captions.beside(path))
    return f"{version}, {captions.VERSION} {beside}" if beside else version
