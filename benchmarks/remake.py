"""How long it takes to make the tags of 10,000 stored contents anew, without decoding.

python -m benchmarks.remake

The signals are synthetic: 30 s each, with words from the project's own corpus (speech of one item,
on-screen text of another), and as many faces, motions and loudness points as a real clip has.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import evidence
from benchmarks.evidence import target
from content_tagging.contents import About
from content_tagging.reader import Reader
from content_tagging.records import (
    Cut,
    Faces,
    Media,
    Pictures,
    Segment,
    Signals,
    Sound,
    TextLine,
    Transcript,
    Word,
)
from content_tagging.tags.corpus import load_corpus
from content_tagging.tags.reading import Line

CONTENTS = 10_000
SECONDS = 30.0
LOT = 1000
MAX_S = 60.0
VERSIONS = {"look": "1", "hear": "1", "transcribe": "1"}


class NextReader(Reader):
    """The reader of a later tagger, under whose version no tags stand yet."""

    def tags_version(self, versions: Mapping[str, str], about: About) -> str:
        return f"{super().tags_version(versions, about)}n"


def main() -> None:
    if "--child" in sys.argv:
        print(evidence.as_line(_remake_twice(int(sys.argv[-1]))))
        return
    started = time.monotonic()
    figures = evidence.in_child("benchmarks.remake", str(CONTENTS))
    what = f"tags of {CONTENTS:,} stored contents made anew, their texts embedded before"
    taken = figures["seconds"]
    figures["targets"] = [target(what, taken, "s", f"under {MAX_S:.0f}", taken < MAX_S)]
    print("wrote", evidence.write("remake", figures, started))


def _remake_twice(contents: int) -> dict[str, Any]:
    """A remake with no text embedded yet, then one for another version of the tagger."""
    from content_tagging.contents import Content, keep
    from content_tagging.media.threads import workers_of
    from content_tagging.remake import remake
    from reelcast.settings import load_settings
    from reelcast.store import Lake

    with tempfile.TemporaryDirectory() as home:
        lake, settings = Lake(Path(home) / "lake"), load_settings(home=home)
        made = [*synthetic(contents)]
        size = sum(len(each.model_dump_json()) for each in made[:100]) / 100
        for at in range(0, contents, LOT):
            keep(lake, [_untagged(Content, each, at) for each in made[at : at + LOT]])
        workers = workers_of(settings.tagging)
        cold = remake(lake, partial(Reader.load, settings), workers)
        again = remake(lake, partial(NextReader.load, settings), workers)
        versions = lake.query("SELECT count(DISTINCT version) AS n FROM tags").to_pylist()
        return {
            "contents": contents,
            "kb_of_signals": size / 1e3,
            "seconds_cold": cold.seconds,
            "seconds": again.seconds,
            "made": again.made,
            "versions_of_tags": versions[0]["n"],
            "peak_mb": evidence.peak_mb(),
        }


def _untagged(kind: Any, signals: Signals, at: int) -> Any:
    return kind(
        content_id=signals.content_id,
        name=f"clip-{at}",
        signals=signals,
        measures={},
        tags=(),
        tags_version="0.none",
        taxonomy_version="0",
        versions=VERSIONS,
    )


def synthetic(contents: int) -> Iterator[Signals]:
    """Signals of as many contents, the same ones at every run."""
    rng = random.Random(7)
    readings = [example.reading for example in load_corpus()]
    spoken = [of.spoken for of in readings if of.spoken]
    shown = [of.on_screen for of in readings if of.on_screen]
    for index in range(contents):
        yield _signals(index, rng.choice(spoken), rng.choice(shown), rng)


def _signals(
    index: int, spoken: Sequence[Line], shown: Sequence[Line], rng: random.Random
) -> Signals:
    return Signals(
        content_id=sha256(str(index).encode()).hexdigest(),
        media=Media(
            duration_s=SECONDS, width_px=1080, height_px=1920, frames=900, audio_codec="aac"
        ),
        pictures=Pictures(
            cuts=tuple(Cut(at_s=float(at), kind="hard") for at in range(2, 30, 4)),
            lines=tuple(_shown(line.text, at) for at, line in enumerate(shown)),
            faces=tuple(_face(at / 2, rng) for at in range(60)),
            motion=tuple((at / 4, rng.random()) for at in range(120)),
        ),
        sound=Sound(
            loudness_lufs=-14.0,
            loudness_curve=tuple((at / 10, -14 + rng.random()) for at in range(300)),
            speech=((0.4, 28.0),),
        ),
        transcript=Transcript(
            status="speech",
            engine="captions",
            language="en",
            segments=tuple(_said(line.text, 0.4 + 3 * at) for at, line in enumerate(spoken)),
        ),
    )


def _shown(text: str, at: int) -> TextLine:
    box = (0.1, 0.2, 0.8, 0.05)
    return TextLine(
        start_s=2.0 * at, end_s=2.0 * at + 2, text=text, box=box, confidence=0.9, kind="overlay"
    )


def _face(at_s: float, rng: random.Random) -> Faces:
    return Faces(at_s=at_s, count=1, largest_height=rng.random(), largest_area=rng.random() / 4)


def _said(text: str, start_s: float) -> Segment:
    """A segment whose words follow each other every third of a second."""
    words = tuple(
        Word(start_s=start_s + at / 3, end_s=start_s + (at + 1) / 3, text=word, probability=0.9)
        for at, word in enumerate(text.split())
    )
    return Segment(start_s=start_s, end_s=start_s + len(words) / 3, text=text, words=words)


if __name__ == "__main__":
    main()
