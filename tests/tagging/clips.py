"""Tiny clips for tests, written with PyAV: drawn words, cuts between colours, a tone.

The same `Clip` gives the same bytes: one encoder thread, no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

RATE_HZ = 16_000
COLOURS = ((40, 40, 90), (200, 190, 120), (30, 120, 60), (150, 40, 40))  # RGB, a shot each
U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """What a clip shows and sounds like; `words` are (start_s, end_s, text)."""

    seconds: float = 2.0
    width_px: int = 216
    height_px: int = 384
    frames_per_s: int = 15
    words: tuple[tuple[float, float, str], ...] = ()
    cuts_s: tuple[float, ...] = ()
    tone_hz: float | None = 440.0  # None: no sound at all
    sound: F32 | None = None  # (n,) float32, -1 to 1, at RATE_HZ; in place of the tone


def write_clip(path: Path, clip: Clip) -> Path:
    """The path, after writing the clip as H.264 and AAC (MP4, or what the suffix says)."""
    with av.open(str(path), "w") as container:
        pictures: Any = container.add_stream("libx264", rate=clip.frames_per_s)
        pictures.width, pictures.height = clip.width_px, clip.height_px
        pictures.pix_fmt = "yuv420p"
        pictures.options = {"threads": "1", "crf": "20", "preset": "veryfast"}
        sound: Any = None
        if clip.sound is not None or clip.tone_hz is not None:
            sound = container.add_stream("aac", rate=RATE_HZ, layout="mono")
        for image in images(clip):
            for packet in pictures.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                container.mux(packet)
        container.mux(pictures.encode(None))
        if sound is not None:
            _mux_sound(container, sound, samples(clip))
    return path


def write_sound(path: Path, samples_: F32) -> Path:
    """The path, after writing mono sound at RATE_HZ, (n,) float32, as 16-bit WAV."""
    with av.open(str(path), "w") as container:
        _mux_sound(container, container.add_stream("pcm_s16le", rate=RATE_HZ), samples_)
    return path


def images(clip: Clip) -> Iterator[U8]:
    """Each frame, (height, width, 3) RGB."""
    for index in range(round(clip.seconds * clip.frames_per_s)):
        at_s = index / clip.frames_per_s
        shot = sum(at_s >= cut for cut in clip.cuts_s)
        image = np.empty((clip.height_px, clip.width_px, 3), np.uint8)
        image[:] = COLOURS[shot % len(COLOURS)]
        left = round(at_s * clip.width_px / 8) % clip.width_px
        image[-20:-8, left : left + 12] = 255  # something that moves
        for start_s, end_s, text in clip.words:
            if start_s <= at_s < end_s:
                draw(image, text)
        yield image


def draw(image: U8, text: str) -> None:
    """Draw the text, one line each at a third of the height, white on black, as wide as fits."""
    height, width = image.shape[:2]
    lines = text.split("\n")
    longest = max(lines, key=len)
    (full, tall), _ = cv2.getTextSize(longest, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 2)
    scale = min(width * 0.86 / full, height * 0.1 / tall)
    step = round(tall * scale * 2)
    for row, line in enumerate(lines):
        at = (round(width * 0.07), round(height / 3) + row * step)
        for colour, thick in (((0, 0, 0), 6), ((255, 255, 255), 2)):
            font = cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(image, line, at, font, scale, colour, thick, cv2.LINE_AA)


def samples(clip: Clip) -> F32:
    """The sound, (n,) float32, -1 to 1."""
    if clip.sound is not None:
        return clip.sound
    at_s = np.arange(round(clip.seconds * RATE_HZ)) / RATE_HZ
    return (0.2 * np.sin(2 * np.pi * (clip.tone_hz or 0.0) * at_s)).astype(np.float32)


def _mux_sound(container: Any, stream: Any, samples_: F32) -> None:
    whole = (np.clip(samples_, -1, 1) * 32767).astype(np.int16)
    for at in range(0, len(whole), 1024):
        frame = av.AudioFrame.from_ndarray(whole[None, at : at + 1024], "s16", "mono")
        frame.sample_rate, frame.pts = RATE_HZ, at
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
