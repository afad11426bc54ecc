"""Every frame of a video, small, and the sampled few whole: one pass, one frame in memory.

`small` is for shots and motion: colours of HDR stay as stored there. `picture` is what a person
sees: turned, in square pixels, HDR mapped to the range of a plain screen by libswscale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from content_tagging.media.container import decoded, opened, origin_s, stream_of
from content_tagging.media.display import fit, square_size
from content_tagging.media.frame import U8, Frame
from content_tagging.media.probe import (
    HDR_TRANSFERS,
    as_displayed,
    check_decoded,
    media_of,
    turn_of_frame,
)
from content_tagging.media.threads import threads_of
from content_tagging.records import Media
from reelcast.errors import MediaLimitError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

VERSION = "frames-1"
SMALL_PX = 256  # longer side
LEAST_PX = 16  # shorter side at least: thinner pictures are stretched
PICTURE_PX = 1920  # longer side, at most
DENSE_S = 3.0  # the opening, where the hook is
DENSE_EVERY_S = 0.125
EVERY_S = 0.4
UNEVEN = 0.25  # an interval further than this share from the median is uneven
UNEVEN_SHARE = 0.02  # more such intervals: the rate is variable


def read_frames(path: Path, settings: TaggingSettings) -> Iterator[Frame]:
    """As iterating a `FrameReader`."""
    yield from FrameReader(path, settings)


class FrameReader:
    """Iterate once: the frames. Then `media` says what the file is, and what was wrong with it.

    A file without pictures gives no frames. Raises NotFoundError, MediaError, MediaLimitError.
    """

    def __init__(self, path: Path, settings: TaggingSettings) -> None:
        self._path, self._settings = path, settings
        self._media: Media | None = None

    @property
    def media(self) -> Media:
        assert self._media is not None, "the frames were not read yet"
        return self._media

    def __iter__(self) -> Iterator[Frame]:
        with opened(self._path, self._settings) as container:
            media = media_of(container, self._path, self._settings)
            stream = stream_of(container, "video")
            if stream is None:
                self._media = media.model_copy(update={"notes": ("no pictures, only sound",)})
                return
            seen = _Seen(media)
            yield from self._frames(container, stream, seen)
            self._media = seen.media()

    def _frames(self, container: Any, stream: Any, seen: _Seen) -> Iterator[Frame]:
        threads = threads_of(self._settings)
        stream.codec_context.thread_count = threads
        stream.codec_context.thread_type = "AUTO" if threads > 1 else "SLICE"
        shaper, due_s, pixels = None, 0.0, 0
        for frame in decoded(container, stream, seen.wrong):
            if shaper is None:
                shaper = _Shaper(frame, stream.sample_aspect_ratio, threads)
                seen.first(frame)
            pixels += frame.width * frame.height
            check_decoded(len(seen.times_s) + 1, pixels, self._path, self._settings)
            time_s = seen.time_of(frame, origin_s(container))
            self._check_time(time_s)
            whole = time_s >= due_s
            if whole:
                due_s = next_due_s(due_s, time_s)
            yield Frame(
                len(seen.times_s) - 1,
                time_s,
                shaper.small(frame),
                shaper.picture(frame) if whole else None,
            )

    def _check_time(self, time_s: float) -> None:
        if time_s > self._settings.max_duration_s:
            raise MediaLimitError(
                f"{self._path}: goes on after {time_s:,.0f} s, more than tagging.max_duration_s = "
                f"{self._settings.max_duration_s:g}: cut it shorter, or raise the limit"
            )


def next_due_s(due_s: float, time_s: float) -> float:
    """When the next whole picture is due after one at `time_s`, on a fixed grid.

    >>> next_due_s(0.0, 0.0), next_due_s(0.125, 0.3), next_due_s(2.875, 2.9), next_due_s(3.0, 5)
    (0.125, 0.375, 3.0, 5.4)
    """
    while due_s <= time_s:
        due_s += DENSE_EVERY_S if due_s < DENSE_S else EVERY_S
    return round(due_s, 6)


class _Shaper:
    """Decoded frames -> arrays of the sizes that the first frame set."""

    def __init__(self, first: Any, aspect: Any, threads: int) -> None:
        av = require("av.video.reformatter")
        self._turn, _ = turn_of_frame(first)
        stored = square_size(first.width, first.height, aspect)
        width, height = fit(*stored, SMALL_PX)
        self._small_size = max(LEAST_PX, width), max(LEAST_PX, height)
        self._size = fit(*stored, PICTURE_PX)
        self._small, self._whole = av.VideoReformatter(), av.VideoReformatter()
        self._area = av.Interpolation.AREA
        self._plain = {
            "dst_color_trc": av.ColorTrc.BT709,
            "dst_color_primaries": av.ColorPrimaries.BT709,
        }
        self._threads = threads

    def small(self, frame: Any) -> U8:
        return self._array(self._small, frame, self._small_size, {})

    def picture(self, frame: Any) -> U8:
        mapped = self._plain if frame.color_trc in HDR_TRANSFERS else {}
        return self._array(self._whole, frame, self._size, mapped)

    def _array(self, by: Any, frame: Any, size: tuple[int, int], mapped: dict[str, Any]) -> U8:
        width, height = size
        shaped = by.reformat(
            frame, width, height, "rgb24", interpolation=self._area, threads=1, **mapped
        )
        return self._turn.of(shaped.to_ndarray())


class _Seen:
    """What decoding learned of the file, beyond its headers."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._size: tuple[int, int] | None = None
        self.times_s: list[float] = []
        self.wrong: Counter[str] = Counter()

    def first(self, frame: Any) -> None:
        self._media = as_displayed(self._media, frame)
        self._size = (frame.width, frame.height)

    def time_of(self, frame: Any, origin_s: float) -> float:
        """The frame's time from the start; one without a time, or out of order, follows on."""
        before = self.times_s[-1] if self.times_s else 0.0
        time_s = before + 1 / (self._media.frames_per_s or 25) if self.times_s else 0.0
        if frame.pts is not None:
            time_s = float(frame.pts * frame.time_base) - origin_s
            if time_s < before:
                self.wrong["times out of order"] += bool(self.times_s)
                time_s = before
        if (frame.width, frame.height) != self._size:
            self.wrong["frames of another size"] += 1
        self.times_s.append(round(time_s, 6))
        return self.times_s[-1]

    def media(self) -> Media:
        """The media as decoded."""
        times = self.times_s
        notes = [f"{what}: {count}" for what, count in sorted(self.wrong.items())]
        if not times:
            return self._media.model_copy(
                update={"frames": 0, "notes": (*notes, "no picture could be decoded")}
            )
        steps = [b - a for a, b in pairwise(times)]
        usual = median(steps) if steps else 0.0
        uneven = sum(abs(step - usual) > UNEVEN * usual for step in steps)
        end_s = times[-1] + usual
        if end_s < self._media.duration_s - max(1.0, 0.1 * self._media.duration_s):
            notes.append(f"pictures end at {end_s:.1f} s of {self._media.duration_s:.1f} s")
        return self._media.model_copy(
            update={
                "frames": len(times),
                "frames_per_s": round(len(steps) / (times[-1] - times[0]), 3)
                if times[-1] > times[0]
                else self._media.frames_per_s,
                "variable_rate": uneven > UNEVEN_SHARE * len(steps),
                "duration_s": max(self._media.duration_s, round(end_s, 6)),
                "notes": tuple(notes),
            }
        )
