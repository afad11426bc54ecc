"""How many threads the heavy libraries of one worker may use, so that workers do not fight."""

from __future__ import annotations

import os
import sys

from reelcast.packages import require
from reelcast.settings import TaggingSettings

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
    "RAYON_NUM_THREADS",
)


def workers_of(settings: TaggingSettings) -> int:
    """Processes that work side by side: as set, else one a core."""
    return settings.workers or cores()


def threads_of(settings: TaggingSettings) -> int:
    """Threads of one worker: as set, else its share of the cores, at least one."""
    return settings.threads or max(1, cores() // workers_of(settings))


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def bound_threads(threads: int) -> None:
    """Hold this process's libraries to `threads` each: those loaded later by variables, those
    loaded already by their own calls. ONNX sessions and decoders take theirs when made."""
    for name in VARIABLES:
        os.environ[name] = str(threads)
    if "numpy" in sys.modules:
        require("threadpoolctl").threadpool_limits(threads)
    if "cv2" in sys.modules:
        require("cv2").setNumThreads(threads)
    if "torch" in sys.modules:
        require("torch").set_num_threads(threads)
