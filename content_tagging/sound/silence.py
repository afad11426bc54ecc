"""Where nothing is heard."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from content_tagging.records import Span
from content_tagging.sound.spans import at_least, clipped, spans_of

F32 = npt.NDArray[np.float32]
SAMPLES_PER_S = 16_000
STEP = 1600  # samples of one decision, 0.1 s
SILENT_DBFS = -50.0  # mean level below which a step is silent
SHORTEST_S = 0.5
NAME = "level 1"


class Silence:
    """Takes the sound chunk by chunk and says at the end where it is silent."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._samples = 0
        self._quiet: list[npt.NDArray[np.bool_]] = []

    def see(self, chunk: F32) -> None:
        """Take the next samples, 16 kHz mono."""
        self._samples += len(chunk)
        whole = np.concatenate([self._rest, chunk])
        full = len(whole) // STEP * STEP
        self._rest = whole[full:]
        self._quiet.append(quiet(whole[:full].reshape(-1, STEP)))

    def spans(self) -> tuple[Span, ...]:
        """Start and end of each silence of half a second or more."""
        parts = self._quiet + ([quiet(self._rest[None])] if len(self._rest) else [])
        on = np.concatenate(parts) if parts else np.zeros(0, bool)
        found = at_least(spans_of(on, STEP / SAMPLES_PER_S), SHORTEST_S)
        return clipped(found, round(self._samples / SAMPLES_PER_S, 3))


def quiet(steps: F32) -> npt.NDArray[np.bool_]:
    """(n_steps,): whether each row of samples is silent.

    >>> quiet(np.array([[0.0, 0.0], [0.5, -0.5]], np.float32)).tolist()
    [True, False]
    """
    power = np.mean(np.square(steps, dtype=np.float64), axis=1)
    return np.asarray(power < 10 ** (SILENT_DBFS / 10))
