"""Where music plays, from the sound alone: tones that hold their pitch, which speech does not.

After Seyerlehner, Pohle, Schedl, Widmer: Automatic Music Detection in Television Productions
(DAFx 2007): the share of time that each frequency stands out from its neighbours has high narrow
peaks in music, also under speech. Beside it, how much of the plane of time and frequency is lines
longer than a vowel keeps its pitch. Rhythm without any tone goes unseen.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from content_tagging.records import Span
from content_tagging.sound.spans import at_least, clipped, joined, spans_of
from reelcast.packages import require

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
SAMPLES_PER_S = 16_000
WINDOW, HOP = 2048, 512  # samples: 128 ms seen, each 32 ms
BINS = 640  # up to 5 kHz
LOWEST = 20  # bins of hum and rumble that lines do not count in
NEIGHBOURS = 21  # bins that a frequency stands out from
PROMINENT_DB = 3.0
LINE = 12  # frames, 0.4 s: the shortest line
PEAKS = 5  # the strongest peaks that count
BLOCK_S = 3
QUIET_DB = -60.0  # of full scale: quieter blocks hold no music
OVER_SPEECH, ALONE = 3.0, 2.0  # strength from which a block is music
NAME = "tonal lines 1"


class Music:
    """Takes the sound chunk by chunk and says at the end where music plays."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._samples = 0
        self._strength: list[float] = []

    def see(self, chunk: F32) -> None:
        """Take the next samples, 16 kHz mono."""
        self._samples += len(chunk)
        self._rest = np.concatenate([self._rest, chunk])
        block = BLOCK_S * SAMPLES_PER_S
        while len(self._rest) >= block:
            self._strength.append(strength(self._rest[:block]))
            self._rest = self._rest[SAMPLES_PER_S:]

    def spans(self, speech: tuple[Span, ...]) -> tuple[Span, ...]:
        """Start and end of each stretch of music, whole seconds but the last; tones during
        `speech` must be stronger, since voices hold them too."""
        figures = np.array(self._strength or [strength(self._rest)])
        middle = 1 if self._strength else 0
        needed = [_needed(i + middle, speech) for i in range(len(figures))]
        on = smoothed(figures / np.array(needed)) >= 1
        whole = np.concatenate([[on[0]] * middle, on, [on[-1]] * (middle + 1)])
        duration_s = round(self._samples / SAMPLES_PER_S, 3)
        return clipped(at_least(joined(spans_of(whole, 1.0), 2.0), 2.0), duration_s)


def strength(samples: F32) -> float:
    """How far the sound's tones are those of music: 0 for silence, about 1 for speech, 3 and
    more for music; of three seconds, 16 kHz mono."""
    level = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
    if len(samples) < WINDOW + LINE * HOP or 20 * np.log10(level + 1e-10) < QUIET_DB:
        return 0.0
    out = _standing_out(samples)
    return _peaks(out.mean(axis=0)) * 100 * _lines(out[:, LOWEST:])


def smoothed(figures: F64) -> F64:
    """(n,): each figure as the median of five around it, so that one bar of rest ends nothing.

    >>> smoothed(np.array([3.0, 3.0, 0.0, 3.0, 3.0])).tolist()
    [3.0, 3.0, 3.0, 3.0, 3.0]
    """
    median: F64 = require("scipy.ndimage").median_filter(figures, size=5, mode="nearest")
    return median


def _needed(second: int, speech: tuple[Span, ...]) -> float:
    """The strength that makes a block music, by how much of its second and a half is speech."""
    start_s, end_s = second - 1.0, second + 2.0
    spoken_s = sum(max(0.0, min(b, end_s) - max(a, start_s)) for a, b in speech)
    return OVER_SPEECH if spoken_s > 0.3 * BLOCK_S else ALONE


def _standing_out(samples: F32) -> npt.NDArray[np.bool_]:
    """(n_frames, BINS): where a frequency is louder than those around it."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    spectrum = np.fft.rfft(frames * np.hanning(WINDOW).astype(np.float32), axis=1)[:, :BINS]
    level = 10 * np.log10(np.abs(spectrum) ** 2 + 1e-10)
    around = require("scipy.ndimage").uniform_filter1d(level, NEIGHBOURS, axis=1)
    standing: npt.NDArray[np.bool_] = level - around > PROMINENT_DB
    return standing


def _peaks(share: F64) -> float:
    """The sum of the strongest peaks' heights over the valleys beside them.

    >>> _peaks(np.array([0.0, 0.9, 0.1, 0.6, 0.0]))
    1.3
    """
    peaks = np.flatnonzero((share[1:-1] > share[:-2]) & (share[1:-1] >= share[2:])) + 1
    if not len(peaks):
        return 0.0
    valleys = np.minimum.reduceat(share, np.concatenate([[0], peaks]))
    valleys[-1] = share[peaks[-1] :].min()
    heights = share[peaks] - np.maximum(valleys[:-1], valleys[1:])
    return round(float(np.sort(heights)[-PEAKS:].sum()), 6)


def _lines(standing: npt.NDArray[np.bool_]) -> float:
    """The share of the plane that belongs to lines of LINE frames or more."""
    opened = require("scipy.ndimage").binary_opening(standing, np.ones((LINE, 1), bool))
    return float(opened.mean())
