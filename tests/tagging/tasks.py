"""Small tasks in place of decoding: what a batch does with files is tested without any video.

They must be importable by name: a worker is a process of its own. A file's text says what becomes
of it; each task that runs leaves a line in `work.log` beside the file.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from content_tagging.batch.local import Tasks
from content_tagging.batch.outcomes import Heard, Looked
from content_tagging.records import Media, Pictures, Sound, Transcript
from reelcast.errors import MediaError
from reelcast.settings import TaggingSettings


def look(path: Path, content_id: str, settings: TaggingSettings, folder: Path) -> Looked:
    """A picture of a second; or the error, crash or wait that the file's text asks for."""
    with (path.parent / "work.log").open("a", errors="replace") as log:
        log.write(f"{path.name}\n")
    words = path.read_text()
    if words == "broken":
        raise MediaError(f"{path}: is broken: export it anew")
    if words == "bug":
        raise ZeroDivisionError("of ours")
    if words == "crash":
        os._exit(9)
    if words == "slow":
        time.sleep(60)
    media = Media(duration_s=1.0, width_px=90, height_px=160, frames=15, frames_per_s=15)
    return Looked(media=media, pictures=Pictures(detectors={"words": words}))


def listen(path: Path, content_id: str, settings: TaggingSettings, folder: Path) -> Heard:
    """Silence."""
    return Heard(sound=Sound(), transcript=Transcript(status="no_sound", engine="none"))


TASKS = Tasks(look, listen)
