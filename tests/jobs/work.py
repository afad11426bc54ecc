"""Kinds of work for the tests of jobs: importable by name, since a process of its own runs them."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Any

from reelcast.errors import InputError
from reelcast.job_runner import Handler, Progress
from reelcast.settings import Settings


def count(settings: Settings, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Count up to `to`."""
    for number in range(asked["to"]):
        progress(number + 1, asked["to"])
    return {"counted": asked["to"]}


def refuse(settings: Settings, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    raise InputError("nothing can be done with this: give something else")


def crash(settings: Settings, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    os._exit(9)


def break_down(settings: Settings, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    raise KeyError("secret")


def sleep(settings: Settings, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Start another process, note both, and sleep until ended."""
    other = subprocess.Popen(["sleep", "60"])
    progress(1, 2)
    Path(asked["note"]).write_text(f"{os.getpid()} {other.pid}")
    time.sleep(60)
    return {}


HANDLERS: dict[str, Handler] = {
    each.__name__: each for each in (count, refuse, crash, break_down, sleep)
}
