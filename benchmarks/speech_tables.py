"""The part of docs/benchmarks.md on transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.markdown import table

INTRO = """The default engine where no Whisper weights are at hand: {engine}, English only. Word
error rates by who wrote the references; those by another model are no truth. Seconds are of
processor time for each second of sound, voice detection included. Text that the engine is unsure
of is left out, which counts as errors here. Greedy: without the second pass and the best path."""


def speech_part(figures: dict[str, Any]) -> Iterator[str]:
    yield INTRO.format(engine=figures["engine"])
    greedy = figures["english_greedy"]
    yield table(
        ("references by", "clips", "words", "WER", "s per s", "WER, greedy", "s per s, greedy"),
        (
            (
                kind,
                of["clips"],
                of["words"],
                of["wer"],
                of["seconds_per_second"],
                greedy[kind]["wer"],
                greedy[kind]["seconds_per_second"],
            )
            for kind, of in figures["english"].items()
        ),
    )
    others = figures["other_languages"]
    passed = [of for of in others if of["english_words"]]
    yield (
        f"Of {len(others)} clips in other languages, {len(passed)} gave English words: "
        + (", ".join(f"{of['file']} ({of['english_words']})" for of in passed) or "none")
        + "."
    )
    still = figures["no_speech"]
    silent = sum(status == "no_speech" for status in still.values())
    yield f"Music, singing and silence: {silent} of {len(still)} clips end in `no_speech`."
