"""Words read against words shown, and their part of the page of figures. No adapter."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.markdown import number, table
from content_tagging.picture.text_tracks import words

SLACK_S = 0.5  # a text read this long before or after counts
NO_SPAN = "text"

ABOUT = """Word recall: the share of the words on screen that were read. Where the reference gives
times, words must be read within {slack} s of them; a full text counts in order, by its longest
common subsequence. Precision is given where the reference holds all text of the video. Tesseract's
recall is as published with the references; "once a second" is RapidOCR as it comes on one frame a
second, every frame decoded, in the same run. Seconds are of one core per second of video, weights
loaded before; "with decoding" adds what all extractors share."""


class Shown(NamedTuple):
    """A text and when it shows."""

    start_s: float
    end_s: float
    text: str


class Reference(NamedTuple):
    """What a video shows; `complete`: and nothing else."""

    shown: tuple[Shown, ...]
    complete: bool
    in_order: bool


def references(media: Path) -> dict[str, Reference]:
    """By video, what onscreen_text.json says that it shows, watermarks left out."""
    known = json.loads((media / "onscreen_text.json").read_text("utf-8"))
    return {Path(name).name: _reference(media, of) for name, of in known.items()}


def plain_score(reference: Reference, lines: Sequence[Shown]) -> dict[str, Any]:
    """Word recall, and precision where the reference is complete."""
    read = [word for line in lines for word in words(line.text)]
    shown = [word for of in reference.shown for word in words(of.text)]
    hits = common(shown, read) if reference.in_order else _in_time(reference.shown, lines)
    precision = hits / len(read) if reference.complete and read else None
    return {"words": len(shown), "recall": hits / len(shown), "precision": precision}


def common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence.

    >>> common(["a", "b", "c"], ["b", "x", "c", "a"])
    2
    """
    row = [0] * (len(b) + 1)
    for word in a:
        before = row[:]
        for at, other in enumerate(b):
            row[at + 1] = before[at] + 1 if word == other else max(before[at + 1], row[at])
    return row[-1]


def onscreen_part(figures: dict[str, Any]) -> Iterator[str]:
    """The section's paragraphs and table, below its heading."""
    yield ABOUT.format(slack=SLACK_S)
    head = ("video", "words", "recall", "precision", "once a second", "Tesseract")
    seconds = ("s/s", "with decoding", "once a second, s/s", "with decoding")
    yield table((*head, *seconds), (_row(name, of) for name, of in figures["files"].items()))


def _row(name: str, of: dict[str, Any]) -> tuple[Any, ...]:
    ours, plain = of["ours"], of["plain"]
    recalls = (ours.get("recall"), ours.get("precision"), plain.get("recall"), of["tesseract"])
    seconds = [
        number(way[key])
        for way in (ours, plain)
        for key in ("core_s_per_s", "with_decoding_s_per_s")
    ]
    return (name, ours.get("words"), *recalls, *seconds)


def _in_time(shown: Iterable[Shown], lines: Sequence[Shown]) -> int:
    """Words of each text that were read while it shows."""
    hits = 0
    for of in shown:
        start_s, end_s = of.start_s - SLACK_S, of.end_s + SLACK_S
        near = (line for line in lines if line.start_s < end_s and line.end_s > start_s)
        read = Counter(word for line in near for word in words(line.text))
        hits += (Counter(words(of.text)) & read).total()
    return hits


def _reference(media: Path, of: dict[str, Any]) -> Reference:
    if NO_SPAN in of:
        return Reference((Shown(0, 0, of["text"]),), complete=True, in_order=True)
    if of["kind"] == "srt":
        return Reference(tuple(_cues((media / of["file"]).read_text("utf-8"))), False, False)
    items = (Shown(*item) for item in of["items"])
    return Reference(tuple(of for of in items if "watermark" not in of.text), False, False)


def _cues(srt: str) -> Iterator[Shown]:
    for cue in srt.strip().split("\n\n"):
        _, times, *text = cue.splitlines()
        start, end = times.split(" --> ")
        yield Shown(_seconds(start), _seconds(end), " ".join(text))


def _seconds(stamp: str) -> float:
    hours, minutes, seconds, ms = (int(part) for part in re.split("[:,]", stamp))
    return hours * 3600 + minutes * 60 + seconds + ms / 1000
