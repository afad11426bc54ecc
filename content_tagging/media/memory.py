"""A watch on this process's own memory, and the exit code it ends with."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY_EXIT = 77  # the exit code of a process that its watch ended
EVERY_S = 0.05
LEAP = 1.25  # one allocation beyond this multiple of the limit fails at once


def resident_mb() -> float:
    """Memory that this process holds now, 10^6 bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def peak_mb() -> float:
    """The most memory that this process has held, 10^6 bytes.

    Linux counts it for the process itself; the resource usage would count what its parent held
    when it was started, too.
    """
    status = Path("/proc/self/status").read_text().split()
    return int(status[status.index("VmHWM:") + 1]) * 1024 / 1e6


def refuse_leaps(max_mb: int) -> None:
    """Let the system refuse what a watch would see too late: MemoryError, in any library."""
    soft = round(max_mb * LEAP * 1e6)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


@contextmanager
def watched(max_mb: int) -> Iterator[None]:
    """End the process with MEMORY_EXIT if it holds more than `max_mb` meanwhile."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(EVERY_S):
            if resident_mb() > max_mb:
                os._exit(MEMORY_EXIT)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
