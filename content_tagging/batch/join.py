"""Joins what the two tasks gave into signals, and reads measures and tags from them."""

from __future__ import annotations

from collections.abc import Iterable

from content_tagging.batch.outcomes import Watched
from content_tagging.picture import text_captions
from content_tagging.records import Segment, Signals, TextLine, Transcript
from reelcast.mentions import without_mentions
from reelcast.plain import plain


def signals_of(watched: Watched) -> Signals:
    """The signals of a file: captions told from other text, accounts taken out of all words."""
    seen, transcript = watched.looked.pictures, watched.heard.transcript
    lines = text_captions.mark_captions(seen.lines, transcript)
    return Signals(
        content_id=watched.content_id,
        media=watched.looked.media,
        pictures=seen.model_copy(update={"lines": _unnamed_lines(lines)}),
        sound=watched.heard.sound,
        transcript=_unnamed_speech(transcript),
    )


def _unnamed_lines(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    return tuple(line.model_copy(update={"text": _clean(line.text)}) for line in lines)


def _unnamed_speech(transcript: Transcript) -> Transcript:
    segments = tuple(map(_unnamed, transcript.segments))
    model = transcript.model and _clean(transcript.model)  # the name of a file of captions
    return transcript.model_copy(update={"segments": segments, "model": model})


def _unnamed(segment: Segment) -> Segment:
    words = tuple(word.model_copy(update={"text": _clean(word.text)}) for word in segment.words)
    text = _clean(segment.text)
    return segment.model_copy(update={"text": text, "words": words})


def _clean(text: str) -> str:
    return without_mentions(plain(text))
