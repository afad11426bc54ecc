"""Media files for tests, written with PyAV: the same arguments give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Video:
    """How pictures are stored."""

    frames_per_s: int = 25
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    rotation_deg: int = 0  # counter-clockwise, as the display matrix says it
    mirrored: bool = False
    aspect: Fraction | None = None
    transfer: int | None = None  # 16: PQ
    times: Callable[[int], int] = lambda index: index  # presentation time, in 1/frames_per_s
    key_every: int = 12


PLAIN = Video()


def write_video(path: Path, images: Iterable[U8], video: Video = PLAIN) -> Path:
    """The path, after writing the images, (height, width, 3) RGB each."""
    with av.open(str(path), "w") as container:
        stream: Any = None
        for index, image in enumerate(images):
            if stream is None:
                stream = _stream(container, image.shape[1], image.shape[0], video)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame = frame.reformat(format=video.pix_fmt)
            frame.pts, frame.time_base = video.times(index), Fraction(1, video.frames_per_s)
            if video.transfer is not None:
                frame.color_trc, frame.color_primaries, frame.colorspace = video.transfer, 9, 9
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _stream(container: Any, width: int, height: int, video: Video) -> Any:
    stream = container.add_stream(video.codec, rate=video.frames_per_s)
    stream.width, stream.height, stream.pix_fmt = width, height, video.pix_fmt
    of = stream.codec_context
    of.thread_count, of.gop_size = 1, video.key_every
    if video.codec == "libx264":
        stream.options = {"preset": "veryfast", "crf": "14"}
    if video.aspect is not None:
        of.sample_aspect_ratio = video.aspect
    if video.transfer is not None:
        of.color_trc, of.color_primaries, of.colorspace = video.transfer, 9, 9
    if video.rotation_deg or video.mirrored:
        stream.set_display_rotation(video.rotation_deg, hflip=video.mirrored)
    return stream


def write_still(path: Path, size: tuple[int, int], frames: int, frames_per_s: int) -> Path:
    """A grey picture of (width, height) shown by so many frames, each but the first stored as
    "no change" in a few bytes: a small file that unpacks to as much as one likes."""
    width, height = size
    image = np.full((height, width, 3), 90, np.uint8)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("qtrle", rate=frames_per_s)
        stream.width, stream.height, stream.pix_fmt = width, height, "rgb24"
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        first, same = [packet for _ in range(2) for packet in stream.encode(frame)]
        container.mux(first)
        for index in range(1, frames):
            packet = av.Packet(bytes(same))
            packet.stream, packet.time_base = stream, Fraction(1, frames_per_s)
            packet.pts = packet.dts = index
            packet.duration = 1
            container.mux(packet)
    return path


def write_tones(path: Path, pieces: Iterable[tuple[float, F32]], rate: int = 48_000) -> Path:
    """The path, after writing sound: pieces of (start in seconds, (channels, n) in -1..1)."""
    with av.open(str(path), "w") as container:
        stream: Any = None
        for start_s, samples in pieces:
            layout = "stereo" if len(samples) == 2 else "mono"
            if stream is None:
                stream = container.add_stream("pcm_s16le", rate=rate, layout=layout)
            step = 1024
            for at in range(0, samples.shape[1], step):
                piece = np.ascontiguousarray(samples[:, at : at + step].T).reshape(1, -1)
                whole = (piece * 32767).astype(np.int16)
                frame = av.AudioFrame.from_ndarray(whole, "s16", layout)
                frame.sample_rate, frame.pts = rate, round(start_s * rate) + at
                frame.time_base = Fraction(1, rate)
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def tone(seconds: float, rate: int = 48_000, channels: int = 1, hz: float = 440.0) -> F32:
    """(channels, n) float32 of amplitude 0.5."""
    wave = 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.tile(wave.astype(np.float32), (channels, 1))


def scene(seed: int, height: int = 128, width: int = 72) -> U8:
    """A picture full of detail, another one for each seed: (height, width, 3) RGB."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    fine = rng.integers(0, 60, (height // 2, width // 2, 1), dtype=np.uint8)
    image = coarse.repeat(8, axis=0).repeat(8, axis=1)[:height, :width] * 0.75
    image[: height // 2 * 2, : width // 2 * 2] += fine.repeat(2, axis=0).repeat(2, axis=1)
    return np.clip(image, 0, 255).astype(np.uint8)
