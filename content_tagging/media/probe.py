"""Media from a file's headers and its first frame, checked against the limits."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from content_tagging.media.container import (
    MAX_FRAME_PX,
    decoded,
    opened,
    origin_s,
    packets,
    stream_of,
)
from content_tagging.media.display import Turn, square_size, turn_of
from content_tagging.records import Media
from reelcast.errors import MediaError, MediaLimitError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

HDR_TRANSFERS = (16, 18)  # SMPTE ST 2084 (PQ), ARIB STD-B67 (HLG)
RATE_TOLERANCE = 0.02  # mean and base rate differ by more: frames are not evenly spaced


def probe(path: Path, settings: TaggingSettings) -> Media:
    """What the file is; `frames` as its headers declare, 0 where they declare none.

    Raises NotFoundError, MediaError, MediaLimitError.
    """
    with opened(path, settings) as container:
        media = media_of(container, path, settings)
        stream = stream_of(container, "video")
        first = next(decoded(container, stream, Counter()), None) if stream else None
        return media if first is None else as_displayed(media, first)


def media_of(container: Any, path: Path, settings: TaggingSettings) -> Media:
    """What the headers of an open file say; rotation is known only from a frame."""
    video, audio = stream_of(container, "video"), stream_of(container, "audio")
    duration_s = _duration_s(container, path, settings)
    if (video is None and audio is None) or not duration_s:
        raise MediaError(
            f"{path}: holds no video and no sound that can be decoded: export it anew, as MP4 "
            "with H.264 and AAC say"
        )
    media = Media(
        duration_s=duration_s,
        audio_codec=audio and audio.codec.canonical_name,
        **(_pictures(video) if video else {}),
    )
    _check(media, path, settings)
    return media


def as_displayed(media: Media, frame: Any) -> Media:
    """With rotation and HDR as the decoded frame has them."""
    turn, degrees = turn_of_frame(frame)
    width, height = turn.size(media.width_px or frame.width, media.height_px or frame.height)
    return media.model_copy(
        update={
            "width_px": width,
            "height_px": height,
            "rotation_deg": degrees,
            "hdr": media.hdr or frame.color_trc in HDR_TRANSFERS,
        }
    )


def turn_of_frame(frame: Any) -> tuple[Turn, int]:
    """How a decoded frame is turned for display, and its clockwise degrees."""
    kind = require("av.sidedata.sidedata").Type.DISPLAYMATRIX
    matrix = frame.side_data.get(kind)
    return turn_of(None if matrix is None else bytes(matrix))


def _pictures(stream: Any) -> dict[str, Any]:
    of = stream.codec_context
    width, height = square_size(of.width, of.height, stream.sample_aspect_ratio)
    mean, base = stream.average_rate, stream.base_rate
    return {
        "width_px": width,
        "height_px": height,
        "frames": stream.frames,
        "frames_per_s": float(mean) if mean else None,
        "variable_rate": bool(mean and base and abs(base / mean - 1) > RATE_TOLERANCE),
        "hdr": of.color_trc in HDR_TRANSFERS,
        "video_codec": stream.codec.canonical_name,
    }


def _duration_s(container: Any, path: Path, settings: TaggingSettings) -> float:
    """As declared, else until the last packet ends; 0 where there is none."""
    if container.duration:
        return float(container.duration / 1_000_000)
    ends = [0.0]
    wrong: Counter[str] = Counter()
    with opened(path, settings) as again:
        for packet in packets(again, [*again.streams.video, *again.streams.audio], wrong):
            if packet.pts is not None:
                end = (packet.pts + (packet.duration or 0)) * packet.time_base
                ends.append(float(end) - origin_s(again))
    return max(ends)


def _check(media: Media, path: Path, settings: TaggingSettings) -> None:
    """Refuse what is beyond a limit already by its headers; decoding counts again."""
    if media.duration_s > settings.max_duration_s:
        raise MediaLimitError(
            f"{path}: lasts {media.duration_s:,.0f} s, more than tagging.max_duration_s = "
            f"{settings.max_duration_s:g}: cut it shorter, or raise the limit"
        )
    pixels = (media.width_px or 0) * (media.height_px or 0)
    if pixels > MAX_FRAME_PX:
        raise MediaLimitError(
            f"{path}: {media.width_px} x {media.height_px} pixels, more than {MAX_FRAME_PX:,}: "
            "make it smaller"
        )
    frames = media.frames or round(media.duration_s * (media.frames_per_s or 0))
    check_decoded(frames, frames * pixels, path, settings)


def check_decoded(frames: int, pixels: int, path: Path, settings: TaggingSettings) -> None:
    """Raises MediaLimitError where so many frames, or pixels in all, are more than allowed."""
    if frames > settings.max_frames:
        raise MediaLimitError(
            f"{path}: {frames:,} frames, more than tagging.max_frames = {settings.max_frames:,}: "
            "cut it shorter, or raise the limit"
        )
    if pixels > settings.max_gigapixels * 1e9:
        raise MediaLimitError(
            f"{path}: unpacks to {pixels / 1e9:,.0f} gigapixels ({frames:,} frames), more than "
            f"tagging.max_gigapixels = {settings.max_gigapixels:g}: make it smaller or shorter, or "
            "raise the limit"
        )
