"""The page's part on shots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import table

WORDS = """{cuts} cuts labelled by eye in {videos} videos ({frames:,} frames). A cut found within
0.1 s of a labelled one is right; in ranges where a person hesitates (dissolves, wipes) nothing
counts. Fades that we report count like hard cuts. PySceneDetect's detectors run with their
defaults on the same frames. "Limits from the other videos" judges each video by limits chosen on
the rest: what the limits owe to these videos."""
HEAD = ("", "precision", "recall", "F1", "right", "wrong", "missed", "ms a frame")


def shots_part(figures: dict[str, Any]) -> Iterator[str]:
    yield WORDS.format(**figures)
    rows = [*figures["methods"].items(), ("limits from the other videos", figures["leave_one_out"])]
    yield table(HEAD, (_row(name, of) for name, of in rows))
    methods = figures["methods"]
    names = methods["reelcast"]["by_video"]
    yield table(
        ("right / wrong / missed", *methods),
        ((name, *(_counts(of["by_video"][name]) for of in methods.values())) for name in names),
    )


def _row(name: str, of: dict[str, Any]) -> tuple[Any, ...]:
    keys = ("precision", "recall", "f1", "right", "wrong", "missed")
    return (name, *(of[key] for key in keys), of.get("ms_per_frame"))


def _counts(of: dict[str, int]) -> str:
    return f"{of['right']} / {of['wrong']} / {of['missed']}"
