"""Renders how long tagging and remaking take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import table

STEPS = {
    "look": "pictures",
    "hear": "sound",
    "transcribe": "words",
    "tag": "tags",
}
WHOLE = """Whole commands (`reelcast tag CLIP --json`), their start and their weights included,
taken in turn with the obvious way on the same machine; the faster of two runs counts for each.
The obvious way decodes every frame with OpenCV, reads one frame a second with RapidOCR as it
comes, and gives the whole sound to pocketsphinx, one after the other; it finds no shots, faces,
loudness or tags. The clip is the first {seconds:.0f} s of a real one, {size}, cut without
coding it anew. Cached: what each step gave is there, the lake is not."""
EACH = """Seconds of work for each second of video, each step alone in one process on one
thread, its weights loaded before. Pictures: one decoding pass for shots, motion, text and
faces. Words: {engine}."""
BATCH = """The {clips} vertical clips ({video_s:.0f} s of video) in one command, seconds for
each second of video, start and weights included."""
REMAKE = """{contents:,} synthetic contents with {kb:.0f} kB of signals each; the texts are the
project's own. The first remake embeds every text; the second is that of a later tagger, for
which their embeddings are there."""


def speed_part(figures: dict[str, Any]) -> Iterator[str]:
    """The paragraphs and tables of tagging's speed."""
    yield from _whole(figures["whole"], figures["clip"])
    steps = figures["steps"]
    engines = sorted({of["engine"] for of in steps.values()})
    yield EACH.format(engine=", ".join(engines))
    yield table(
        ("clip", "s of video", *STEPS.values()),
        (
            (name, of["video_s"], *(of["seconds"][step] / of["video_s"] for step in STEPS))
            for name, of in steps.items()
        ),
    )
    video_s = sum(of["video_s"] for of in steps.values())
    yield BATCH.format(clips=len(steps), video_s=video_s)
    yield table(
        ("workers", "cold", "cached"),
        (
            (workers, of["cold_s"] / video_s, of["cached_s"] / video_s)
            for workers, of in figures["batches"].items()
        ),
    )


def remake_part(figures: dict[str, Any]) -> Iterator[str]:
    """The paragraph and table of remaking tags."""
    yield REMAKE.format(contents=figures["contents"], kb=figures["kb_of_signals"])
    yield table(
        ("remake", "s"),
        (
            ("no text embedded yet", figures["seconds_cold"]),
            ("texts embedded before", figures["seconds"]),
        ),
    )


def _whole(of: dict[str, Any], clip: dict[str, Any]) -> Iterator[str]:
    yield WHOLE.format(seconds=clip["seconds"], size=clip["size"].replace("x", " x "))
    obvious = of["obvious"]
    yield table(
        ("", "s", "s for each s of video"),
        (
            (words, seconds, seconds / of["video_s"])
            for words, seconds in (
                ("reelcast, 2 workers", of["cold_2_workers_s"]),
                ("reelcast, 1 worker", of["cold_1_worker_s"]),
                ("reelcast, cached", of["cached_s"]),
                ("the obvious way", obvious["seconds"]),
                ("- its pictures", obvious["pictures_s"]),
                ("- its sound", obvious["sound_s"]),
            )
        ),
    )
