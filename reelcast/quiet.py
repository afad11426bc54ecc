"""Keeps native code from writing to stdout, which is for data."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """What is written to the process's stdout meanwhile, by C code too, goes nowhere."""
    with _ONE_AT_A_TIME:
        sys.stdout.flush()
        kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            yield
        finally:
            _flush_native()
            os.dup2(kept, 1)
            os.close(kept)
            os.close(nowhere)


def _flush_native() -> None:
    """Empty the C library's buffers, which would otherwise be written later."""
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)
