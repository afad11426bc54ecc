"""The two tasks of a file, side by side on two cores, each of their steps kept by content."""

from __future__ import annotations

from pathlib import Path

from content_tagging.batch.outcomes import Heard, Looked
from content_tagging.cache import StepCache, key_of
from content_tagging.records import Sound, Transcript
from reelcast.settings import TaggingSettings


def look_at(path: Path, content_id: str, settings: TaggingSettings, folder: Path) -> Looked:
    """What the pictures give, from one decoding pass, or as kept in `folder`."""
    from content_tagging.picture import look

    def make() -> Looked:
        media, pictures = look.look(path, settings)
        return Looked(media=media, pictures=pictures)

    key = key_of(content_id, "look", look.version(settings))
    return StepCache(folder).get_or_make(key, Looked, make)


def listen_to(path: Path, content_id: str, settings: TaggingSettings, folder: Path) -> Heard:
    """What the sound gives: loudness and its parts, then the words, or as kept in `folder`."""
    from content_tagging.sound import hear
    from content_tagging.speech import transcribe

    cache = StepCache(folder)
    sound = cache.get_or_make(
        key_of(content_id, "hear", hear.version(settings)),
        Sound,
        lambda: hear.hear(path, settings),
    )
    transcript = cache.get_or_make(
        key_of(content_id, "transcribe", transcribe.version(settings)),
        Transcript,
        lambda: transcribe.transcribe(path, settings),
    )
    return Heard(sound=sound, transcript=transcript)


def versions_of(path: Path, settings: TaggingSettings) -> dict[str, str]:
    """The version of each step on this file, with the settings that matter to it."""
    from content_tagging.picture import look
    from content_tagging.sound import hear
    from content_tagging.speech import transcribe

    return {
        "look": look.version(settings),
        "hear": hear.version(settings),
        "transcribe": transcribe.version(settings),
    }
