"""What both Whisper engines say, as one kind of record, and the transcript made of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from content_tagging.records import Segment, Transcript, Word
from content_tagging.speech.engine import no_speech
from content_tagging.speech.filters import Scores, counted, rejected


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
            kept.append(_segment(each))
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
