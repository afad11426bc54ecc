"""A filmstrip: pictures of a video, evenly over its length."""

from __future__ import annotations

from pathlib import Path

from content_tagging.records import Signals
from content_tagging.report.frames import Picture, Wanted, pictures_at
from content_tagging.report.scale import evenly
from reelcast.settings import TaggingSettings


def filmstrip(
    media: Path, signals: Signals, settings: TaggingSettings, most: int = 12, height_px: int = 180
) -> list[Picture]:
    """At most `most` pictures of the file that the signals were read from; none of a sound file.

    Raises MediaError where the file can no longer be read.
    """
    if not signals.media.width_px:
        return []
    times = evenly(signals.media.duration_s, most)
    found = pictures_at(media, [Wanted(at, at, height_px) for at in times], settings)
    return [picture for picture in found if picture is not None]
