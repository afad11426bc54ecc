"""What became of a file: it was watched, or it failed, with the reason. Neither stops a batch."""

from __future__ import annotations

import logging
import os
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from content_tagging.records import Media, Pictures, Sound, Transcript
from reelcast import errors
from reelcast.errors import ReelcastError
from reelcast.plain import plain
from reelcast.records import Record

log = logging.getLogger(__name__)
T = TypeVar("T")
_FOLDERS = re.compile(r"(?<![\w.:/])(?:[A-Za-z]:)?(?:[/\\][^/\\\s:]+)+[/\\](?=[^/\\\s])")


class Asked(Record):
    """A file to watch; its content is known by the sha256 of its bytes."""

    content_id: str
    path: Path


class Looked(Record):
    """What the pictures gave."""

    media: Media
    pictures: Pictures


class Heard(Record):
    """What the sound gave."""

    sound: Sound
    transcript: Transcript


class Watched(Record):
    """All that was seen and heard in a file."""

    content_id: str
    looked: Looked
    heard: Heard


class Failure(Record):
    """A file that could not be used: `kind` is the error's class."""

    content_id: str
    path: Path
    kind: str
    reason: str

    def error(self) -> ReelcastError:
        """The error to raise for it."""
        kind = getattr(errors, self.kind, ReelcastError)
        return kind(self.reason)


def attempt(asked: Asked, work: Callable[[], T]) -> T | Failure:
    """What `work` returns, or why it could not: a bad file, or a bug, stops no other file."""
    try:
        return work()
    except ReelcastError as exc:
        return _failure(asked, type(exc).__name__, str(exc))
    except Exception as exc:  # bugs of ours too: the other files of the batch go on
        log.error("%s", plain(f"{asked.path}\n{traceback.format_exc()}"))
        return _failure(
            asked, "ReelcastError", f"{asked.path}: a fault of ours: {type(exc).__name__}: {exc}"
        )


def without_folders(reason: str, path: Path) -> str:
    """The reason, in which files are named without the folders that they lie in.

    >>> without_folders("/home/ana/my clips/a.mp4: broken, see /var/log/x.txt", Path(
    ...     "/home/ana/my clips/a.mp4"))
    'a.mp4: broken, see x.txt'
    """
    own = plain(str(path.parent)) + os.sep
    return _FOLDERS.sub("", reason.replace(own, "") if path.name != str(path) else reason)


def _failure(asked: Asked, kind: str, reason: str) -> Failure:
    return Failure(content_id=asked.content_id, path=asked.path, kind=kind, reason=plain(reason))
