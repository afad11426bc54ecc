"""What heads see of readings, as blocks of columns: meaning, wording, rules, form.

A block is `(n, columns)`; its name and columns are stored with the heads that learned from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.tags.reading import Reading
from content_tagging.tags.rules import PLACES, Hit, compiled
from content_tagging.tags.wording import Wording, first_words, share_within, words

F32 = npt.NDArray[np.float32]
SPOKEN_WORDS, ON_SCREEN_WORDS, CAPTION_WORDS = 30, 40, 20
TEXTS = ("spoken", "on_screen", "joint")
DIMENSIONS = 384
DISCLOSED = (("disclosure", "paid_partnership_text"), ("disclosure", "paid_partnership_speech"))
_TOKEN = re.compile(r"[\w']+|[?!:%$€£\"→#]|[^\w\s,.]")
_NUMBER = re.compile(r"\d[\d.,]*")


def texts_of(wording: Wording) -> tuple[str, str, str]:
    """The texts whose meaning is embedded: what is said first, what is shown first, and both with
    the caption."""
    tags = " ".join(wording.tags)
    joint = (
        first_words(wording.on_screen, 25),
        first_words(wording.spoken, 25),
        first_words(wording.caption, CAPTION_WORDS),
        first_words(tags, 12),
    )
    return (
        first_words(wording.spoken, SPOKEN_WORDS),
        first_words(wording.on_screen, ON_SCREEN_WORDS),
        ". ".join(part for part in joint if part),
    )


def meaning_block(vectors: F32) -> F32:
    """(n, 3 x 384) of the (3 n, 384) vectors of `texts_of`; zeros for a text that is not there."""
    filled = np.nan_to_num(vectors.astype(np.float32))
    return filled.reshape(-1, len(TEXTS) * filled.shape[1])


def grams_of(wording: Wording) -> list[str]:
    """The n-grams of words by where they stand: `o` on screen, `s` spoken, `b` either, `c` caption,
    `a` anywhere.

    >>> from content_tagging.tags.wording import Wording
    >>> shown = Wording(spoken="", on_screen="Me when", caption="", tags=(), repeated=0, echo=0)
    >>> grams_of(shown)[:3]
    ['o|^', 'o|me', 'o|when']
    """
    shown, said = (
        tokens(first_words(wording.on_screen, 25)),
        tokens(first_words(wording.spoken, 20)),
    )
    caption = tokens(wording.caption)[:40] + [t for tag in wording.tags for t in tokens(tag)]
    found = [f"o|{g}" for g in ngrams(shown, 3)] + [f"s|{g}" for g in ngrams(said, 3)]
    found += [f"b|{g}" for g in ngrams(shown, 3) + ngrams(said, 3)]
    found += [f"c|{g}" for g in ngrams(caption, 2)]
    everything = set(words(wording.spoken)) | set(words(wording.on_screen)) | set(caption)
    return found + [f"a|{w}" for w in sorted(everything)]


def tokens(text: str) -> list[str]:
    """Lower-case words and marks, numbers as `0`.

    >>> tokens("Top 10 tips!")
    ['top', '0', 'tips', '!']
    """
    return _TOKEN.findall(_NUMBER.sub("0", text.lower()))


def ngrams(parts: list[str], longest: int) -> list[str]:
    """Runs of 1 to `longest` parts, the start marked.

    >>> ngrams(["a", "b"], 2)
    ['^', 'a', 'b', '^ a', 'a b']
    """
    if not parts:
        return []
    marked = ["^", *parts]
    return [
        " ".join(marked[at : at + n])
        for n in range(1, longest + 1)
        for at in range(len(marked) - n + 1)
    ]


def rule_columns() -> dict[tuple[str, str, str], int]:
    """The column of every rule's label in every place."""
    keys = [*compiled(), *DISCLOSED]
    return {
        (g, label, place): i
        for i, (g, label, place) in enumerate(
            (g, label, place) for g, label in keys for place in PLACES
        )
    }


def rule_block(hits: Sequence[Sequence[Hit]]) -> F32:
    """(n, columns of rules) float32: log1p of how often each rule hits."""
    columns = rule_columns()
    out = np.zeros((len(hits), len(columns)), np.float32)
    for row, of_row in enumerate(hits):
        for hit in of_row:
            out[row, columns[hit.group, hit.label, hit.place]] = np.log1p(hit.count)
    return out


FORM = (
    "has_speech", "has_text", "has_caption", "spoken_words", "shown_words", "caption_words",
    "duration", "duration_unknown", "words_per_s", "repeated", "echo", "shown_in_speech", "tags",
    "only_caption", "short_text_no_speech", "long_speech", "capitals", "quotes", "lines",
    "digit_shown", "digit_spoken", "asks_shown", "asks_spoken", "i", "you", "emoji",
)  # fmt: skip


def form_block(readings: Sequence[Reading], wordings: Sequence[Wording]) -> F32:
    """(n, len(FORM)) float32: presence, lengths and marks, each of about 0 to 1."""
    rows = [_form(r, w) for r, w in zip(readings, wordings, strict=True)]
    return np.array(rows, np.float32).reshape(-1, len(FORM))


def _form(reading: Reading, wording: Wording) -> list[float]:
    said, shown = words(wording.spoken), words(wording.on_screen)
    captioned = words(wording.caption)
    duration = reading.duration_s or 0.0
    opening_shown, opening_said = shown[:30], said[:25]
    text = f"{wording.on_screen} {wording.spoken}"
    first_shown, first_said = first_words(wording.on_screen, 25), first_words(wording.spoken, 20)
    capitals = sum(c.isupper() for c in wording.on_screen) / max(len(wording.on_screen), 1)
    pronouns = opening_shown + opening_said
    return [
        bool(said), bool(shown), bool(captioned), _log(said, 5), _log(shown, 5),
        _log(captioned, 4), np.log1p(duration) / 6, reading.duration_s is None,
        min(len(said) / duration, 5) / 5 if duration else 0.0, wording.repeated, wording.echo,
        share_within(opening_shown, said[:80]), min(len(wording.tags), 8) / 8,
        not said and not shown, bool(shown) and len(shown) <= 30 and len(said) < 4,
        len(said) >= 30, capitals, '"' in wording.on_screen, min(len(reading.on_screen), 12) / 12,
        any(c.isdigit() for c in first_shown), any(c.isdigit() for c in first_said),
        "?" in first_shown, "?" in first_said,
        share_within(pronouns, ["i", "i'm", "my", "me", "i've", "we", "our"]),
        share_within(pronouns, ["you", "your", "you're", "you've", "u", "ur"]),
        any(ord(c) > 0x2600 for c in text),
    ]  # fmt: skip


def _log(of: Sequence[Any], scale: float) -> float:
    return float(np.log1p(len(of)) / scale)
