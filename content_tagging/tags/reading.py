"""What a tagger reads of one content: its words with their times, and a few measures.

A video's signals and a text-only item both become a `Reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content_tagging.records import Segment, Signals
from reelcast.errors import InputError
from reelcast.plain import plain
from reelcast.records import Record

TEXTS = ("caption", "text_overlay", "speech")
KEYS = ("id", *TEXTS, "duration_s")
MAX_CHARACTERS = 20_000


class Line(Record):
    """Words and when they are there; times are unknown (null) in text-only items."""

    text: str
    start_s: float | None = None
    end_s: float | None = None


class Seen(Record):
    """What pictures and sound say beyond words; null: unknown."""

    cuts_s: tuple[float, ...] | None = None
    face_ratio: float | None = None
    face_closeup: bool | None = None
    speech_ratio: float | None = None
    music_ratio: float | None = None
    motion: tuple[tuple[float, float], ...] | None = None
    themes: dict[str, float] | None = None
    themes_by: str | None = None  # name and version of what told them


class Reading(Record):
    """One content as the tagger sees it."""

    id: str
    caption: str = ""
    on_screen: tuple[Line, ...] = ()
    spoken: tuple[Line, ...] = ()
    duration_s: float | None = None
    seen: Seen = Seen()


def reading_of_item(item: Mapping[str, Any]) -> Reading:
    """The reading of `{id, caption, text_overlay, speech, duration_s}`; texts may be missing.

    Raises InputError naming the field that cannot be used.
    """
    if item.get("id") in (None, ""):
        raise InputError("`id` is missing: give each item an id of its own")
    return Reading(
        id=plain(str(item["id"])),
        caption=_text(item, "caption"),
        on_screen=_lines(_text(item, "text_overlay")),
        spoken=_lines(_text(item, "speech")),
        duration_s=_seconds(item.get("duration_s")),
    )


def reading_of_signals(signals: Signals, caption: str = "") -> Reading:
    """The reading of what was seen and heard in a video, and its post's caption.

    Watermarks are left out; so are captions that repeat the speech, which would count it twice.
    """
    lines = (line for line in signals.pictures.lines if line.kind == "overlay")
    return Reading(
        id=signals.content_id,
        caption=caption,
        on_screen=tuple(
            Line(text=line.text, start_s=line.start_s, end_s=line.end_s)
            for line in sorted(lines, key=lambda line: (line.start_s, line.box[1], line.box[0]))
        ),
        spoken=tuple(part for s in signals.transcript.segments for part in _sentences(s)),
        duration_s=signals.media.duration_s,
        seen=_seen(signals),
    )


def _seen(signals: Signals) -> Seen:
    faces, duration = signals.pictures.faces, signals.media.duration_s
    early = [face for face in faces if face.at_s <= 5]
    has_pictures, has_sound = signals.media.width_px is not None, signals.media.audio_codec
    return Seen(
        cuts_s=tuple(cut.at_s for cut in signals.pictures.cuts) if has_pictures else None,
        face_ratio=sum(face.count > 0 for face in faces) / len(faces) if faces else None,
        face_closeup=any(face.largest_height > 1 / 3 for face in early) if faces else None,
        speech_ratio=_share(signals.sound.speech, duration) if has_sound else None,
        music_ratio=_share(signals.sound.music, duration) if has_sound else None,
        motion=signals.pictures.motion or None,
        themes=signals.pictures.themes or None,
        themes_by=signals.pictures.detectors.get("themes"),
    )


def _share(spans: tuple[tuple[float, float], ...], duration_s: float) -> float | None:
    if duration_s <= 0:
        return None
    return min(sum(end - start for start, end in spans) / duration_s, 1.0)


def _sentences(segment: Segment) -> list[Line]:
    """The segment's sentences by its words' times; the segment itself where it has no words."""
    if not segment.words:
        return [Line(text=segment.text.strip(), start_s=segment.start_s, end_s=segment.end_s)]
    lines, words = [], []
    for at, word in enumerate(segment.words):
        words.append(word)
        if word.text.rstrip().endswith((".", "!", "?")) or at == len(segment.words) - 1:
            text = " ".join(w.text.strip() for w in words)
            lines.append(Line(text=text, start_s=words[0].start_s, end_s=words[-1].end_s))
            words = []
    return lines


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"`{key}` is {type(value).__name__}, not text: give a string or null")
    return plain(value[:MAX_CHARACTERS])


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(text=line.strip()) for line in text.splitlines() if line.strip())


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise InputError(f"`duration_s` is {value!r}: give seconds as a number, or null")
    return float(value)
