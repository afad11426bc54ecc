"""The sound of a file -> loudness, speech, music and silence, in two passes that hold 30 s."""

from __future__ import annotations

from pathlib import Path

from content_tagging.media.sound import audio_frames, read_sound
from content_tagging.records import Sound
from content_tagging.sound import activity, loudness, music, silence
from reelcast.settings import TaggingSettings

DETECTORS = {
    "loudness": loudness.NAME,
    "speech": activity.NAME,
    "music": music.NAME,
    "silence": silence.NAME,
}


def hear(path: Path, settings: TaggingSettings) -> Sound:
    """What is heard in the file; empty, without detectors, where it has no sound.

    Raises NotFoundError, MediaError, MediaLimitError, MissingPackageError.
    """
    speech, tones, still = activity.Activity(), music.Music(), silence.Silence()
    heard = False
    for chunk in read_sound(path, settings):
        heard = True
        for listener in (speech, tones, still):
            listener.see(chunk)
    if not heard:
        return Sound()
    lufs, curve = _loudness(path, settings)
    spoken = speech.spans()
    return Sound(
        loudness_lufs=lufs,
        loudness_curve=curve,
        speech=spoken,
        music=tones.spans(spoken),
        silence=still.spans(),
        detectors=DETECTORS,
    )


def version(settings: TaggingSettings) -> str:
    """What `hear` gives under these settings depends on, for the keys of caches."""
    return "hear 1: " + ", ".join(DETECTORS.values())


def _loudness(
    path: Path, settings: TaggingSettings
) -> tuple[float | None, tuple[tuple[float, float], ...]]:
    meter = loudness.Loudness()
    for start_s, frame in audio_frames(path, settings):
        meter.see(start_s, frame)
    return meter.result()
