"""Where people speak: Silero's voice detector (ONNX, in the faster-whisper package), as a stream.

Silero VAD 6, MIT, https://github.com/snakers4/silero-vad: a probability for each 32 ms.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.records import Span
from content_tagging.sound.spans import at_least, clipped, hysteresis, joined, spans_of
from reelcast.errors import MissingPackageError
from reelcast.packages import require

F32 = npt.NDArray[np.float32]
SAMPLES_PER_S = 16_000
STEP = 512  # samples of one decision
CONTEXT = 64  # samples before it that the model sees as well
WEIGHTS = "silero_vad_v6.onnx"
NAME = "silero_vad_v6"
ON, OFF = 0.5, 0.35
SHORTEST_S, GAP_S = 0.25, 0.3


class Activity:
    """Takes the sound chunk by chunk and says at the end where speech is."""

    def __init__(self) -> None:
        self._session = _session()
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._before = np.zeros(CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._seen: list[F32] = []
        self._samples = 0

    def see(self, chunk: F32) -> None:
        """Take the next samples, 16 kHz mono."""
        self._samples += len(chunk)
        whole = np.concatenate([self._rest, chunk])
        full = len(whole) // STEP * STEP
        self._rest = whole[full:]
        if full:
            self._run(whole[:full])

    def probabilities(self) -> F32:
        """(n_steps,): how likely each 32 ms holds speech; the last step is filled with silence."""
        if len(self._rest):
            self.see(np.zeros(STEP - len(self._rest), np.float32))
        return np.concatenate(self._seen) if self._seen else np.zeros(0, np.float32)

    def spans(self) -> tuple[Span, ...]:
        """Start and end of each stretch of speech, seconds."""
        duration_s = self._samples / SAMPLES_PER_S
        on = hysteresis(self.probabilities(), ON, OFF)
        found = joined(spans_of(on, STEP / SAMPLES_PER_S), GAP_S)
        return clipped(at_least(found, SHORTEST_S), round(duration_s, 3))

    def _run(self, samples: F32) -> None:
        steps = samples.reshape(-1, STEP)
        contexts = np.vstack([self._before, steps[:-1, -CONTEXT:]])
        seen, self._h, self._c = self._session.run(
            None, {"input": np.hstack([contexts, steps]), "h": self._h, "c": self._c}
        )
        self._before = steps[-1, -CONTEXT:]
        self._seen.append(seen.reshape(-1))


@cache
def _session() -> Any:
    """The model in memory, loaded once a process; one thread, since it is small."""
    runtime = require("onnxruntime")
    options = runtime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return runtime.InferenceSession(
        str(_weights()), providers=["CPUExecutionProvider"], sess_options=options
    )


def _weights() -> Path:
    """The model's file; the package that holds it is found without being loaded.

    Raises MissingPackageError.
    """
    spec = find_spec("faster_whisper")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / "assets" / WEIGHTS if folders else None
    if path is None or not path.is_file():
        raise MissingPackageError(
            f"the voice detector's weights ({WEIGHTS}) are not in the package 'faster_whisper': "
            "install the version in constraints.txt"
        )
    return path
