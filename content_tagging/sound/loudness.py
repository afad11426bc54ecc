"""How loud the sound is: FFmpeg's EBU R128 meter (ITU-R BS.1770-4), on the file's own channels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from reelcast.packages import require

EVERY = 5  # of the meter's figures, ten a second, one is kept: two a second
SILENT_LUFS = -70.0  # the meter's floor: quieter blocks do not count
RATE = 48_000
NAME = "ebur128"


class Loudness:
    """Takes decoded audio frames and says how loud they were."""

    def __init__(self) -> None:
        self._graph: Any | None = None
        self._resampler: Any | None = None
        self._kind: tuple[Any, ...] | None = None
        self._layout: str | None = None
        self._start_s = 0.0
        self._blocks = 0
        self._whole_lufs: float | None = None
        self._curve: list[tuple[float, float]] = []

    def see(self, start_s: float, frame: Any) -> None:
        """Take the next av.AudioFrame; `start_s` of the first one shifts the curve."""
        if self._graph is None:
            self._layout, self._start_s = frame.layout.name, start_s
            self._graph = _meter(frame.layout.name)
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            self._flush()
            resampler = require("av").AudioResampler
            self._resampler, self._kind = resampler("flt", self._layout, RATE), kind
        assert self._resampler is not None
        frame.pts = None
        self._measure(self._resampler.resample(frame))

    def result(self) -> tuple[float | None, tuple[tuple[float, float], ...]]:
        """Integrated LUFS, unknown for silence, and (at_s, short-term LUFS) twice a second.

        The short-term figure looks at the three seconds before `at_s`.
        """
        self._flush()
        return self._whole_lufs, tuple(self._curve)

    def _flush(self) -> None:
        if self._resampler is not None:
            self._measure(self._resampler.resample(None))
            self._resampler = None

    def _measure(self, frames: Iterable[Any]) -> None:
        assert self._graph is not None
        for frame in frames:
            frame.pts = None
            self._graph.push(frame)
            self._read()

    def _read(self) -> None:
        """Take what the meter has to say; it says something each 100 ms."""
        errors = require("av").error
        while True:
            try:
                said = self._graph.pull().metadata  # type: ignore[union-attr]
            except (errors.BlockingIOError, errors.EOFError):
                return
            if "lavfi.r128.I" in said:
                self._keep(said)

    def _keep(self, said: dict[str, str]) -> None:
        self._blocks += 1
        whole = float(said["lavfi.r128.I"])
        self._whole_lufs = round(whole, 2) if whole > SILENT_LUFS else None
        now = float(said["lavfi.r128.S"])
        if self._blocks % EVERY == 0 and math.isfinite(now) and now > SILENT_LUFS:
            self._curve.append((round(self._start_s + self._blocks / 10, 2), round(now, 2)))


def _meter(layout: str) -> Any:
    """A graph that passes sound through the meter, which writes into each frame's metadata."""
    av = require("av")
    graph = av.filter.Graph()
    source = graph.add(
        "abuffer", f"sample_rate={RATE}:sample_fmt=flt:channel_layout={layout}:time_base=1/{RATE}"
    )
    meter = graph.add("ebur128", "metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    return graph
