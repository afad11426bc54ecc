"""Pictures of the demo's clips: simple drawn scenes with text over them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.clips_plan import HEIGHT_PX, WIDTH_PX, Place
from reelcast.packages import require

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

FINER = 2  # drawn this much larger, then shrunk: smooth edges
WIDTH, HEIGHT = WIDTH_PX * FINER, HEIGHT_PX * FINER
MIDDLE = WIDTH // 2
TEXT_WIDTH_PX = 470
_TOPS_PX: dict[Place, int] = {"top": 110, "middle": 420, "bottom": 700}
_CAPTION_PX = 800
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a frame is: seconds into its scene, and how loud speech is, 0 to 1."""

    time_s: float
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A scene's colours, top and bottom of its background, and what is drawn before it."""

    top: Colour
    bottom: Colour
    draw: Callable[[ImageDraw, Moment], None]


def picture(drawing: Drawing, moment: Moment) -> Image:
    """The scene at a moment, WIDTH_PX x HEIGHT_PX, RGB."""
    image = _background(drawing.top, drawing.bottom).copy()
    drawing.draw(require("PIL.ImageDraw").Draw(image), moment)
    small: Image = image.reduce(FINER)
    return small


def write_text(image: Image, text: str, place: Place) -> None:
    """Draw an overlay: bold white words with a black edge, centred, in lines that fit."""
    _write(image, text, _TOPS_PX[place], 46)


def write_caption(image: Image, text: str) -> None:
    """Draw a spoken sentence as burned-in captions are: low and smaller."""
    _write(image, text, _CAPTION_PX, 34)


def write_watermark(image: Image, text: str) -> None:
    """Draw an account's mark: small, half clear, at the lower right."""
    layer = require("PIL.Image").new("RGBA", image.size)
    draw = require("PIL.ImageDraw").Draw(layer)
    place = (WIDTH_PX - 16, HEIGHT_PX - 16)
    draw.text(place, text, fill=(255, 255, 255, 190), font=_font(24), anchor="rd")
    image.paste(layer, (0, 0), layer)


def _write(image: Image, text: str, top_px: int, size_px: int) -> None:
    font = _font(size_px)
    words = "\n".join(_wrapped(text, font))
    require("PIL.ImageDraw").Draw(image).multiline_text(
        (WIDTH_PX // 2, top_px), words, fill="white", font=font, anchor="ma", align="center",
        spacing=8, stroke_width=4, stroke_fill="black",
    )  # fmt: skip


def _wrapped(text: str, font: Any) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= TEXT_WIDTH_PX:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache
def _font(size_px: int) -> Any:
    """DejaVu Sans Bold, which comes with matplotlib."""
    folder = Path(require("matplotlib").get_data_path()) / "fonts" / "ttf"
    return require("PIL.ImageFont").truetype(folder / "DejaVuSans-Bold.ttf", size_px)


@lru_cache
def _background(top: Colour, bottom: Colour) -> Any:
    images = require("PIL.Image")
    mask = images.linear_gradient("L").resize((WIDTH, HEIGHT))
    return images.composite(
        images.new("RGB", (WIDTH, HEIGHT), bottom), images.new("RGB", (WIDTH, HEIGHT), top), mask
    )


def _round(draw: ImageDraw, x: float, y: float, radius: float, fill: str) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _oval(draw: ImageDraw, x: float, y: float, half: tuple[float, float], fill: str) -> None:
    draw.ellipse((x - half[0], y - half[1], x + half[0], y + half[1]), fill=fill)


def _block(draw: ImageDraw, box: tuple[float, float, float, float], fill: str) -> None:
    draw.rounded_rectangle(box, 36, fill=fill)


def _talker(draw: ImageDraw, moment: Moment) -> None:
    """A person from the chest up who sways and moves the lips as loud as the voice is."""
    x, y = MIDDLE + 14 * math.sin(moment.time_s * 2.1), 1040 + 8 * math.sin(moment.time_s * 3.3)
    _oval(draw, x, y - 60, (300, 360), "#3b2a20")
    _block(draw, (x - 420, y + 430, x + 420, HEIGHT + 80), "#35626f")
    _block(draw, (x - 95, y + 250, x + 95, y + 520), "#c98f6d")
    _oval(draw, x, y, (240, 320), "#e0ac8a")
    _oval(draw, x, y - 265, (225, 95), "#3b2a20")
    for side in (-1, 1):
        _oval(draw, x + side * 95, y - 75, (62, 20), "#4a3426")
        _oval(draw, x + side * 95, y - 20, (52, 30), "#ffffff")
        _round(draw, x + side * 95, y - 20, 25, "#2b2320")
        _oval(draw, x + side * 150, y + 110, (60, 40), "#d99a7c")
    _oval(draw, x, y + 75, (34, 26), "#c98f6d")
    _oval(draw, x, y + 185, (80, 14 + 46 * moment.level), "#7a2f33")


def _bottle(draw: ImageDraw, moment: Moment) -> None:
    y = 700 + 18 * math.sin(moment.time_s * 2.5)
    draw.rectangle((0, 1500, WIDTH, HEIGHT), fill="#d9c7b8")
    _block(draw, (430, y - 160, 650, y + 40), "#ffffff")
    _block(draw, (330, y, 750, y + 820), "#7fb7a4")
    _block(draw, (380, y + 260, 700, y + 600), "#f4f1ea")
    for drop in range(4):
        fall = (moment.time_s * 260 + drop * 310) % 1100
        _round(draw, 180 + 240 * drop, 420 + fall, 26, "#bfe0f2")


def _coins(draw: ImageDraw, moment: Moment) -> None:
    for stack in range(4):
        tall = 2 + stack * 2 + int(moment.time_s * 2) % 3
        for coin in range(tall):
            x, y = 180 + stack * 240, 1560 - coin * 62
            _oval(draw, x, y + 22, (105, 42), "#a97a12")
            _oval(draw, x, y, (105, 42), "#f2c335")


def _phone(draw: ImageDraw, moment: Moment) -> None:
    _block(draw, (260, 520, 820, 1640), "#10151c")
    _block(draw, (290, 570, 790, 1590), "#f7f9fb")
    for bar in range(4):
        tall = 140 + 150 * bar * min(1.0, 0.4 + moment.time_s / 2)
        draw.rectangle((340 + bar * 110, 1500 - tall, 420 + bar * 110, 1500), fill="#2e7d5b")


def _card(draw: ImageDraw, moment: Moment) -> None:
    y = 900 + 60 * math.sin(moment.time_s * 1.8)
    _block(draw, (150, y, 930, y + 500), "#f0f3f8")
    _block(draw, (210, y + 70, 370, y + 190), "#e0a63a")
    for row in range(3):
        draw.rectangle(
            (210, y + 270 + row * 65, 760 - row * 150, y + 300 + row * 65), fill="#8793a5"
        )


def _hallway(draw: ImageDraw, moment: Moment) -> None:
    draw.polygon([(0, HEIGHT), (WIDTH, HEIGHT), (760, 1050), (320, 1050)], fill="#2a2436")
    draw.rectangle((400, 640, 680, 1050), fill="#3d3550")
    shine = 70 + 12 * math.sin(moment.time_s * 7)
    _round(draw, MIDDLE, 1420, shine * 3, "#4b3f2a")
    _block(draw, (430, 1290, 650, 1600), "#c8503c")
    draw.rectangle((430, 1290, 650, 1350), fill="#f3e2c0")


def _cat(draw: ImageDraw, moment: Moment) -> None:
    grown = 1 + min(moment.time_s, 3.0) * 0.12
    x, y = MIDDLE, 1150
    for side in (-1, 1):
        tip = (x + side * 270 * grown, y - 470 * grown)
        inner, outer = (x + side * 60 * grown, y - 230 * grown), (x + side * 320 * grown, y - 90)
        draw.polygon([tip, inner, outer], fill="#d98a3d")
    _oval(draw, x, y, (330 * grown, 290 * grown), "#e89b4a")
    for side in (-1, 1):
        _round(draw, x + side * 135 * grown, y - 40, 84 * grown, "#e6f2b0")
        _oval(draw, x + side * 135 * grown, y - 40, (30 * grown, 72 * grown), "#15110c")
        for hair in (-1, 0, 1):
            end = (x + side * 460 * grown, y + 130 + hair * 60)
            draw.line([(x + side * 110, y + 130), end], fill="#fff6e6", width=7)
    draw.polygon([(x - 40, y + 80), (x + 40, y + 80), (x, y + 130)], fill="#8c3f3f")


def _peas(draw: ImageDraw, moment: Moment, middle: tuple[float, float], spread: float) -> None:
    for pea in range(46):
        angle, far = pea * 2.399963, math.sqrt(pea / 46) * spread
        jump = 10 * math.sin(moment.time_s * 9 + pea)
        x, y = middle[0] + far * math.cos(angle), middle[1] + far * math.sin(angle) + jump
        _round(draw, x, y, 34, "#b98a3c")
        _round(draw, x - 4, y - 5, 27, "#e5c07a")


def _pan(draw: ImageDraw, moment: Moment) -> None:
    _block(draw, (490, 1300, 590, 1900), "#2a2a2e")
    _round(draw, MIDDLE, 980, 420, "#2a2a2e")
    _round(draw, MIDDLE, 980, 370, "#4a4a52")
    _peas(draw, moment, (MIDDLE, 980), 310)


def _bowl(draw: ImageDraw, moment: Moment) -> None:
    _round(draw, MIDDLE, 1060, 400, "#e9eef2")
    _round(draw, MIDDLE, 1060, 350, "#c9d3da")
    _peas(draw, moment, (MIDDLE, 1060), 290)
    for grain in range(14):
        fall = (moment.time_s * 500 + grain * 90) % 560
        _round(draw, 380 + grain * 26, 380 + fall, 8, "#ffffff")


def _oven(draw: ImageDraw, moment: Moment) -> None:
    _block(draw, (120, 420, 960, 1560), "#3c4250")
    _block(draw, (190, 640, 890, 1460), "#1b1410")
    glow = int(150 + 60 * math.sin(moment.time_s * 4))
    draw.rectangle((230, 1340, 850, 1380), fill=f"#ff{glow:02x}22")
    draw.rectangle((230, 1060, 850, 1090), fill="#9a9a9a")
    for pea in range(9):
        _round(draw, 300 + pea * 60, 1030 + 6 * math.sin(moment.time_s * 9 + pea), 32, "#d9ad62")


def _headphones(draw: ImageDraw, moment: Moment) -> None:
    y = 960 + 20 * math.sin(moment.time_s * 2.2)
    draw.arc((240, y - 420, 840, y + 380), 180, 360, fill="#22262e", width=64)
    for side in (-1, 1):
        x = MIDDLE + side * 275
        _block(draw, (x - 105, y - 60, x + 105, y + 340), "#30384a")
        _block(draw, (x - 60, y - 10, x + 60, y + 290), "#c9553d")
    for wave in range(3):
        radius = 60 + (moment.time_s * 160 + wave * 90) % 270
        box = (MIDDLE - radius, y + 140 - radius, MIDDLE + radius, y + 140 + radius)
        draw.arc(box, 210, 330, fill="#f4e9d8", width=10)


def _battery(draw: ImageDraw, moment: Moment) -> None:
    _block(draw, (300, 560, 780, 1560), "#e9edf3")
    draw.rectangle((440, 490, 640, 560), fill="#e9edf3")
    for bar in range(min(4, 1 + int(moment.time_s * 2))):
        _block(draw, (350, 1290 - bar * 225, 730, 1490 - bar * 225), "#2f9e6b")


def _weights(draw: ImageDraw, moment: Moment) -> None:
    y = 1000 + 190 * math.sin(moment.time_s * 3.0)
    draw.rectangle((0, 1620, WIDTH, HEIGHT), fill="#4c5662")
    draw.rectangle((120, y - 22, 960, y + 22), fill="#d5dae0")
    for side in (-1, 1):
        x = MIDDLE + side * 330
        _block(draw, (x - 55, y - 260, x + 55, y + 260), "#1e232a")
        _block(draw, (x + side * 90 - 40, y - 190, x + side * 90 + 40, y + 190), "#b03a2e")


def _sunset(draw: ImageDraw, moment: Moment) -> None:
    _round(draw, MIDDLE, 1180 - 60 * moment.time_s, 230, "#ffd977")
    draw.rectangle((0, 1300, WIDTH, HEIGHT), fill="#243a5e")
    for wave in range(7):
        x = (wave * 190 + moment.time_s * 140) % (WIDTH + 200) - 200
        draw.rectangle((x, 1380 + wave * 70, x + 240, 1392 + wave * 70), fill="#ffd977")


DRAWN: dict[str, Drawing] = {
    "talker": Drawing((236, 221, 205), (186, 160, 140), _talker),
    "bottle": Drawing((214, 236, 232), (245, 236, 226), _bottle),
    "coins": Drawing((24, 66, 58), (10, 34, 32), _coins),
    "phone": Drawing((173, 206, 240), (104, 142, 196), _phone),
    "card": Drawing((126, 70, 150), (64, 34, 92), _card),
    "hallway": Drawing((32, 26, 48), (14, 11, 22), _hallway),
    "cat": Drawing((120, 160, 190), (70, 104, 136), _cat),
    "pan": Drawing((226, 205, 170), (196, 164, 120), _pan),
    "bowl": Drawing((120, 150, 120), (70, 104, 78), _bowl),
    "oven": Drawing((90, 60, 52), (52, 34, 30), _oven),
    "headphones": Drawing((232, 196, 120), (206, 148, 72), _headphones),
    "battery": Drawing((40, 74, 120), (20, 38, 66), _battery),
    "weights": Drawing((150, 170, 186), (104, 122, 140), _weights),
    "sunset": Drawing((250, 150, 90), (214, 86, 98), _sunset),
}
