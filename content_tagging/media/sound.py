"""The sound of a file in chunks of 16 kHz mono, on the same clock as its pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.media.container import decoded, opened, origin_s, stream_of
from content_tagging.media.probe import media_of
from reelcast.errors import MediaLimitError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

F32 = npt.NDArray[np.float32]
SAMPLES_PER_S = 16_000
CHUNK_S = 30
MEAN = {"rematrix_maxval": "1.0"}  # channels are averaged: their sum would be too loud
GAP_S = 0.1  # a stretch without samples longer than this becomes silence


def read_sound(path: Path, settings: TaggingSettings) -> Iterator[F32]:
    """Chunks (n_samples,) float32 in [-1, 1], 30 s each, the last one shorter; none where the
    file has no sound. Sample i stands at i / 16,000 s: a late start and gaps are silence.

    Raises NotFoundError, MediaError, MediaLimitError.
    """
    size = CHUNK_S * SAMPLES_PER_S
    held: list[F32] = []
    count = 0
    for piece in _pieces(path, settings):
        held.append(piece)
        count += len(piece)
        while count >= size:
            whole = np.concatenate(held)
            yield whole[:size]
            held, count = [whole[size:]], count - size
    if count:
        yield np.concatenate(held)


def audio_frames(path: Path, settings: TaggingSettings) -> Iterator[tuple[float, Any]]:
    """Start in seconds and av.AudioFrame, with the file's own rate and channels; none where the
    file has no sound. Broken packets are left out.

    Raises NotFoundError, MediaError, MediaLimitError.
    """
    with opened(path, settings) as container:
        media_of(container, path, settings)
        stream = stream_of(container, "audio")
        if stream is None:
            return
        follows_s = 0.0
        for frame in decoded(container, stream, Counter()):
            known = frame.pts is not None
            start_s = float(frame.pts * frame.time_base) - origin_s(container) if known else None
            at_s = follows_s if start_s is None else start_s
            if at_s > settings.max_duration_s:
                raise MediaLimitError(
                    f"{path}: its sound goes on after {at_s:,.0f} s, more than "
                    f"tagging.max_duration_s = {settings.max_duration_s:g}: cut it shorter, or "
                    "raise the limit"
                )
            follows_s = at_s + frame.samples / frame.sample_rate
            yield at_s, frame


def _pieces(path: Path, settings: TaggingSettings) -> Iterator[F32]:
    """Short pieces of mono sound that follow each other without a gap."""
    mono = _Mono()
    sent = 0
    for at_s, frame in audio_frames(path, settings):
        missing = round(at_s * SAMPLES_PER_S) - sent - mono.pending
        if missing > GAP_S * SAMPLES_PER_S or (missing > 0 and not sent):
            for piece in (mono.rest(), np.zeros(missing, np.float32)):
                sent += len(piece)
                yield piece
        piece = mono.of(frame)
        sent += len(piece)
        yield piece
    yield mono.rest()


class _Mono:
    """Frames of any format -> float32 samples of one channel, 16,000 a second."""

    def __init__(self) -> None:
        self._resampler: Any | None = None
        self._kind: tuple[Any, ...] | None = None
        self.pending = 0  # samples that went in and did not come out yet, at 16,000 a second

    def of(self, frame: Any) -> F32:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        before = np.empty(0, np.float32) if kind == self._kind else self.rest()
        if self._resampler is None:
            av = require("av")
            self._resampler = av.AudioResampler("flt", "mono", SAMPLES_PER_S, options=MEAN)
            self._kind = kind
        frame.pts = None  # the clock is ours
        came = _joined(self._resampler.resample(frame))
        self.pending += round(frame.samples * SAMPLES_PER_S / frame.sample_rate) - len(came)
        return np.concatenate([before, came])

    def rest(self) -> F32:
        """What is still inside; the next frame starts anew."""
        left = _joined(self._resampler.resample(None)) if self._resampler else _joined([])
        self._resampler, self._kind, self.pending = None, None, 0
        return left


def _joined(frames: list[Any]) -> F32:
    parts = [frame.to_ndarray()[0] for frame in frames]
    if not parts:
        return np.empty(0, np.float32)
    # damaged sound decodes to values beyond the scale, or to none at all
    whole = np.nan_to_num(np.concatenate(parts).astype(np.float32, copy=False), posinf=1, neginf=-1)
    return np.clip(whole, -1, 1)
