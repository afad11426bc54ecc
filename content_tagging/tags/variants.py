"""Copies of corpus examples as the world would hand them over: with a song under a meme, speech
burned in as captions, text read aloud. The labels stay; heads learn to hear past the noise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from content_tagging.tags.corpus import FOLDER, Example
from content_tagging.tags.reading import Line, Reading

WEIGHT = 0.5  # what a copy counts, beside its original's 1
MAX_CHARACTERS = 420  # about what an OCR of a short video keeps
WORDS_A_LINE = 4
MARKS = ("TikTok", "TikTok\n@user", "@user", "CapCut")
SPEECHLESS = frozenset(
    ("text_meme", "trend_performance", "slideshow", "time_lapse", "before_after", "try_on", "other")
)


@cache
def background_sound() -> tuple[str, ...]:
    """What a transcript makes of songs, jingles and borrowed lines; own-written, a line each."""
    return tuple((FOLDER / "background_sound.txt").read_text("utf-8").splitlines())


def with_variants(examples: Sequence[Example]) -> list[Example]:
    """The examples, each followed by its copies."""
    return [each for example in examples for each in (example, *variants_of(example))]


def variants_of(example: Example) -> list[Example]:
    """The copies of one example; which noise they get depends on its id alone."""
    reading = example.reading
    made: list[Reading] = []
    shown = " ".join(line.text for line in reading.on_screen)
    if reading.on_screen and not reading.spoken:
        if example.labels.get("format", ("",))[0] in SPEECHLESS:
            made.append(_speaking(reading, _song(reading.id)))
        made.append(_speaking(reading, shown))
    elif reading.spoken:
        made.append(_captioned(reading))
    return [
        replace(example, reading=each, weight=example.weight * WEIGHT, source="variant")
        for each in made
    ]


def _pick(key: str, n: int) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % n


def _song(key: str) -> str:
    """One to four lines of background sound, in half of the cases over and over."""
    sound = background_sound()
    lines = [sound[_pick(f"{key}/{i}", len(sound))] for i in range(1 + _pick(f"{key}/n", 4))]
    return " ".join(lines * (1 + 4 * _pick(f"{key}/r", 2)))


def _speaking(reading: Reading, speech: str) -> Reading:
    mark = (Line(text=MARKS[_pick(f"{reading.id}/mark", len(MARKS))]),)
    marked = _pick(f"{reading.id}/marked", 3) == 0
    return reading.model_copy(
        update={
            "spoken": (Line(text=speech),),
            "on_screen": (mark + reading.on_screen) if marked else reading.on_screen,
        }
    )


def _captioned(reading: Reading) -> Reading:
    """The speech on screen too, a few words a line, as captions burned in."""
    said = " ".join(line.text for line in reading.spoken)[:MAX_CHARACTERS].split()
    lines = [
        Line(text=" ".join(said[at : at + WORDS_A_LINE]))
        for at in range(0, len(said), WORDS_A_LINE)
    ]
    return reading.model_copy(update={"on_screen": (*reading.on_screen, *lines)})
