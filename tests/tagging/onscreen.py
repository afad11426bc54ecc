"""Drawn frames and made-up readings for the tests of on-screen text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from content_tagging.media.frame import U8, Frame
from content_tagging.picture.onscreen_text import OnScreenText
from content_tagging.picture.text_reading import Quads, TextReader
from content_tagging.picture.text_tracks import Box
from content_tagging.records import TextLine

WIDTH, HEIGHT, STEP_S = 360, 640, 0.4
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
Placed = tuple[str, int, int]  # text, middle and top in px


class CountingReader(TextReader):
    """Reads, and counts how often it was asked."""

    def __init__(self) -> None:
        self.detected = self.read_crops = 0

    def detect(self, picture: U8) -> Quads:
        self.detected += 1
        return super().detect(picture)

    def read(self, crop: U8) -> tuple[str, float]:
        self.read_crops += 1
        return super().read(crop)


def plain() -> U8:
    return np.full((HEIGHT, WIDTH, 3), (40, 60, 90), np.uint8)


def restless(seed: int) -> U8:
    """A background of soft blobs, another one for each seed."""
    coarse = np.random.default_rng(seed).integers(30, 150, (16, 9, 3), dtype=np.uint8)
    blobs = Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return np.asarray(blobs)


def pale() -> U8:
    """A background hardly darker than white letters."""
    return np.full((HEIGHT, WIDTH, 3), (190, 196, 210), np.uint8)


def drawn(background: U8, *texts: Placed, size: int = 30, rim: int = 3) -> U8:
    """White letters with a dark rim, as apps draw them, or without."""
    image = Image.fromarray(background)
    pen = ImageDraw.Draw(image)
    for text, middle, top in texts:
        pen.text((middle, top), text, WHITE, _font(size), "ma", stroke_width=rim, stroke_fill=BLACK)
    return np.asarray(image)


def frames(pictures: Iterable[U8], step_s: float = STEP_S) -> list[Frame]:
    return [Frame(at, round(at * step_s, 3), p[::4, ::4], p) for at, p in enumerate(pictures)]


def read(pictures: Iterable[U8], reader: TextReader | None = None) -> tuple[TextLine, ...]:
    extractor = OnScreenText(reader)
    for frame in frames(pictures):
        extractor.see(frame)
    return extractor.result()


def line(start_s: float, end_s: float, text: str, box: Box = (0.2, 0.7, 0.6, 0.05)) -> TextLine:
    return TextLine(
        start_s=start_s, end_s=end_s, text=text, box=box, confidence=0.98, kind="overlay"
    )


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(folder / "DejaVuSans-Bold.ttf", size)
