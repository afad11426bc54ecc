"""The feeling of a comment, scored at the door: its text is not kept.

English is scored by VADER (Hutto and Gilbert 2014, a lexicon and rules for social media). In other
languages nothing here reads feelings: the comment is counted without one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from reelcast.packages import require

POSITIVE, NEGATIVE = 0.05, -0.05  # VADER's own thresholds of its compound score
NO_LANGUAGE = "zxx"  # ISO 639-2: no linguistic content, such as a row of emoji
MAX_CHARS = 1000
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NAMED = re.compile(r"[@#]\S+|https?://\S+")
# Words that are common in one of these languages and in no other of them.
_COMMON = {
    "en": "the and you this that is it for so was are with my i'm it's what how they your just "
    "where have can i her she he but get need who why does not don't of love from been",
    "es": "el los las por está muy pero como para esto eso qué cómo una es yo mi tan más gusta",
    "pt": "não muito isso você uma são está mais eu meu minha é também vocês que",
    "fr": "le les est et je c'est vous pas une trop avec pour mais très j'ai ça des",
    "de": "der das und ist ich nicht ein eine sehr auch wie mit für aber wo wir sie habe",
    "it": "il che è non per sono questo molto anche una della ho bello mia",
    "id": "yang dan ini itu aku kak bagus banget ada ga nya di juga saya",
    "nl": "het een ik niet van dat zijn maar heel mooi ook wat voor",
}


@dataclass(frozen=True, slots=True)
class Feeling:
    """`sentiment` positive, neutral or negative, `score` -1 to 1; both None where not scored."""

    language: str | None
    sentiment: str | None
    score: float | None


def feeling_of(text: str, language: str | None = None) -> Feeling:
    """The feeling of a text in a language, told from its words where None is given.

    >>> feeling_of("I love this!").sentiment, feeling_of("this is so bad").sentiment
    ('positive', 'negative')
    >>> feeling_of("me gusta mucho"), feeling_of("great stuff", "de").sentiment
    (Feeling(language='es', sentiment=None, score=None), None)
    """
    text = _NAMED.sub(" ", text[:MAX_CHARS])
    language = language or language_of(text)
    if language not in ("en", NO_LANGUAGE):
        return Feeling(language, None, None)
    score = float(_vader().polarity_scores(text)["compound"])
    known = "positive" if score >= POSITIVE else "negative" if score <= NEGATIVE else "neutral"
    return Feeling(language, known, score)


def language_of(text: str) -> str | None:
    """The language whose common words alone the text holds; None where it is in doubt.

    >>> language_of("where did you get it"), language_of("wow"), language_of("\\U0001f60d")
    ('en', None, 'zxx')
    """
    words = _WORD.findall(text.casefold().replace("\u2019", "'"))
    if not words:
        return NO_LANGUAGE if text.strip() else None
    hits = {one: sum(word in common for word in words) for one, common in _common().items()}
    best = max(hits, key=lambda one: hits[one])
    others = sum(hits.values()) - hits[best]
    return best if hits[best] > 2 * others else None


@cache
def _common() -> dict[str, frozenset[str]]:
    return {one: frozenset(words.split()) for one, words in _COMMON.items()}


@cache
def _vader() -> Any:
    return require("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
