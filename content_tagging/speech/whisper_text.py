"""What both Whisper engines say, as one kind of record, and the transcript made of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from content_tagging.records import Segment, Transcript, Word
from content_tagging.speech.engine import no_speech
from content_tagging.speech.filters import Scores, counted, rejected

SENTENCE_ENDS = (".", "?", "!", "\u2026", "\u3002", "\uff1f", "\uff01")
BREATH_S = 0.5  # a pause that ends a sentence as well


@dataclass(frozen=True, slots=True)
class Said:
    """One segment as Whisper gave it, times of the file."""

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...]
    scores: Scores


def transcript_of(
    said: Iterable[Said], engine: str, model: str, language: str | None
) -> Transcript:
    """The segments that were said, and notes on those that were not."""
    kept: list[Segment] = []
    reasons: list[str] = []
    for each in said:
        why = rejected(each.text, each.scores)
        if why is None:
            kept += map(_segment, sentences(each))
        else:
            reasons.append(why)
    if not kept:
        return no_speech(engine, model, *counted(reasons))
    return Transcript(
        status="speech",
        engine=engine,
        model=model,
        language=language,
        segments=tuple(kept),
        notes=counted(reasons),
    )


def sentences(each: Said) -> list[Said]:
    """A block's text as one record for each sentence or breath; whole where it has no words.

    >>> say = lambda *at: tuple(word(s, s + 0.3, t, 0.9) for s, t in at)
    >>> of = Said(0, 3, " No. Go on now", say((0, "No."), (0.4, "Go"), (0.8, "on"), (2, "now")),
    ...           Scores(0.1, -0.2))
    >>> [part.text for part in sentences(of)]
    ['No.', 'Go on', 'now']
    """
    places = _places(each)
    if not places:
        return [each]
    parts: list[Said] = []
    begin = 0
    for i, said in enumerate(each.words):
        if i + 1 == len(each.words) or _ends(said, each.words[i + 1]):
            text = each.text[places[begin] : places[i] + len(said.text)]
            words = each.words[begin : i + 1]
            parts.append(replace(each, text=text, words=words))
            begin = i + 1
    return parts


def _ends(said: Word, following: Word) -> bool:
    return said.text.endswith(SENTENCE_ENDS) or following.start_s - said.end_s >= BREATH_S


def _places(each: Said) -> list[int]:
    """Where each word stands in the text; empty where one is not found."""
    places: list[int] = []
    at = 0
    for said in each.words:
        at = each.text.find(said.text, at)
        if at < 0:
            return []
        places.append(at)
        at += len(said.text)
    return places


def word(start_s: float, end_s: float, text: str, probability: float) -> Word:
    """A word as records keep it."""
    return Word(
        start_s=round(float(start_s), 3),
        end_s=round(float(end_s), 3),
        text=text.strip(),
        probability=round(min(1.0, max(0.0, float(probability))), 4),
    )


def _segment(each: Said) -> Segment:
    return Segment(
        start_s=each.words[0].start_s if each.words else round(each.start_s, 3),
        end_s=each.words[-1].end_s if each.words else round(each.end_s, 3),
        text=each.text.strip(),
        words=each.words,
        confidence=round(math.exp(min(0.0, each.scores.log_probability)), 4),
    )
