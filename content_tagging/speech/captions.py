"""Captions in a file beside the video (.srt, .vtt) -> transcript."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from content_tagging.records import Segment, Transcript

log = logging.getLogger(__name__)
ENDINGS = (".srt", ".vtt")
MAX_BYTES = 5_000_000
TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
TIMES = re.compile(rf"^\s*{TIME}\s*-->\s*{TIME}")
MARKS = re.compile(r"<[^>]*>|\{\\[^}]*\}")  # <i>, <v Anna>, {\an8}
SOUNDS = re.compile(r"[\[(\uff08\u3010][^\])\uff09\u3011]*[\])\uff09\u3011]|[♪♫]+")  # [music]
LANGUAGE = re.compile(r"^[a-z]{2}$")
VERSION = "captions 1"


def captions_of(video: Path) -> Transcript | None:
    """The captions beside the video as a transcript; None where there are none that can be read.

    `clip.srt`, `clip.vtt`, `clip.en.srt`, `clip.en-US.vtt`: the one without a language first.
    """
    for path in beside(video):
        segments = tuple(parsed(_text(path)))
        if segments:
            return Transcript(
                status="speech",
                engine="captions",
                model=path.name,
                language=language_of(path, video),
                segments=segments,
                notes=("times are of whole captions: no words",),
            )
        log.warning("%s holds no captions that can be read: left out", path)
    return None


def beside(video: Path) -> list[Path]:
    """The caption files of a video, the one to read first in front."""
    found = [
        path
        for path in video.parent.iterdir()
        if path.suffix.lower() in ENDINGS
        and path.is_file()
        and (path.stem == video.stem or language_of(path, video) is not None)
    ]
    return sorted(found, key=lambda path: (path.stem != video.stem, path.name))


def language_of(captions: Path, video: Path) -> str | None:
    """The language that the file's name gives, as in `clip.en-US.vtt`; None where it gives none.

    >>> language_of(Path("clip.en-US.vtt"), Path("clip.mp4"))
    'en'
    """
    if not captions.stem.startswith(f"{video.stem}."):
        return None
    code = captions.stem.removeprefix(f"{video.stem}.").lower().split("-")[0].split("_")[0]
    return code if LANGUAGE.match(code) else None


def parsed(text: str) -> Iterator[Segment]:
    """The captions of an .srt or .vtt file in order; what is no caption is passed over.

    >>> [s.text for s in parsed("1\\n00:00:01,000 --> 00:00:02,500\\n<i>Stop</i>\\nscrolling.\\n")]
    ['Stop scrolling.']
    """
    before = ""
    for times, lines in _cues(text):
        start_s, end_s = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        words = " ".join(filter(None, map(_plain, lines)))
        if words and end_s >= start_s and words != before:
            yield Segment(start_s=start_s, end_s=end_s, text=words)
            before = words


def _cues(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """The line of times and the lines of text of each caption."""
    times: re.Match[str] | None = None
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        found = TIMES.match(line)
        if (found or not line.strip()) and times:
            yield times, lines
            times = None
        if found:
            times, lines = found, []
        elif times:
            lines.append(line)


def _seconds(of: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, part = of
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return round(whole + int((part or "0").ljust(3, "0")) / 1000, 3)


def _plain(line: str) -> str:
    """The spoken words of a line: no marks, no sounds in brackets, no number of the next one."""
    return " ".join(SOUNDS.sub(" ", html.unescape(MARKS.sub("", line))).split())


def _text(path: Path) -> str:
    """The file's text in UTF-8, else UTF-16 by its mark, else Windows' Latin; "" if too large."""
    if path.stat().st_size > MAX_BYTES:
        return ""
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
