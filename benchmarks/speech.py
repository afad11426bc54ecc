"""Transcripts of the default engine on real clips: word errors, made-up text, seconds.

python -m benchmarks.speech
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer

from benchmarks.evidence import real_data_or_exit, write
from content_tagging.media.sound import SAMPLES_PER_S, read_sound
from content_tagging.records import Transcript
from content_tagging.sound.activity import Activity
from content_tagging.speech.blocks import cut, grouped
from content_tagging.speech.pocketsphinx import PARAMETERS, Pocketsphinx
from reelcast.settings import TaggingSettings

SETTINGS = TaggingSettings()
LONGEST_S = 70.0  # longer clips are left out: their references are by a model
GREEDY = {**PARAMETERS, "fwdflat": False, "bestpath": False}
MUSIC = ("videos/video.mp4", "videos/d12.mp4", "videos/chaplin.mp4", "videos/reel.mp4")
STILL = ("videos/big_buck_bunny_0_30.webm", "odd/silent-black-10s.mp4", "odd/sample_audio_only.mp4")
FOREIGN = {"videos/captioned.mp4": "ja", "videos/combo_0_v.mp4": "de"}  # beside speech.json


@dataclass(frozen=True)
class Heard:
    """One clip through one engine."""

    file: str
    duration_s: float
    seconds: float  # of processor time
    transcript: Transcript

    @property
    def text(self) -> str:
        return words_of(self.transcript.text)


def main() -> None:
    started = time.monotonic()
    media = real_data_or_exit().parent / "media"
    listed = json.loads((media / "speech.json").read_text())
    english = [of for of in listed if of["language"] == "en" and "stereo" not in of["file"]]
    foreign = FOREIGN | {
        of["file"]: of["language"]
        for of in listed
        if of["language"] in ("de", "fr", "ja", "ko") and of["duration_s"] < LONGEST_S
    }
    full, greedy = Pocketsphinx(), Pocketsphinx(GREEDY)
    heard = {of["file"]: listen(media, of["file"], full) for of in english}
    quick = {of["file"]: listen(media, of["file"], greedy) for of in english}
    figures = {
        "engine": f"{full.name} {full.model}",
        "english": by_reference(english, heard),
        "english_greedy": by_reference(english, quick),
        "other_languages": made_up(foreign, media, full),
        "no_speech": {name: listen(media, name, full).transcript.status for name in MUSIC + STILL},
        "clips": [clip(of, heard[of["file"]]) for of in english],
    }
    print("wrote", write("speech", figures, started))


def listen(media: Path, name: str, engine: Pocketsphinx) -> Heard:
    """The clip as `transcribe` hears it, timed; decoding the file does not count."""
    chunks = list(read_sound(media / name, SETTINGS))
    started = time.process_time()
    activity = Activity()
    for chunk in chunks:
        activity.see(chunk)
    blocks = cut(chunks, grouped(activity.spans(), engine.windows), engine.windows)
    found = engine.transcribe(blocks)
    duration_s = sum(map(len, chunks)) / SAMPLES_PER_S
    print(f"{name}: {found.status}: {found.text[:60]}", file=sys.stderr)
    return Heard(name, duration_s, time.process_time() - started, found)


def by_reference(clips: Iterable[dict[str, Any]], heard: dict[str, Heard]) -> dict[str, Any]:
    """Word error rate and seconds per second of sound, by who wrote the reference."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for of in clips:
        groups.setdefault(kind_of(of["reference"]), []).append(of)
    return {
        kind: {
            "clips": len(of),
            "words": sum(len(words_of(c["text"]).split()) for c in of),
            "wer": error_rate(of, heard),
            "seconds_per_second": sum(heard[c["file"]].seconds for c in of)
            / sum(heard[c["file"]].duration_s for c in of),
        }
        for kind, of in {"all": [c for g in groups.values() for c in g], **groups}.items()
    }


def error_rate(clips: list[dict[str, Any]], heard: dict[str, Heard]) -> float:
    """Words inserted, deleted and replaced for each word of the references."""
    references = [words_of(of["text"]) for of in clips]
    rate: float = jiwer.wer(references, [heard[of["file"]].text for of in clips])
    return rate


def made_up(foreign: dict[str, str], media: Path, engine: Pocketsphinx) -> list[dict[str, Any]]:
    """For each clip in another language, the English words that were passed on."""
    return [
        {
            "file": name,
            "language": language,
            "english_words": len((heard := listen(media, name, engine)).text.split()),
            "speech_s": round(heard.duration_s, 1),
        }
        for name, language in sorted(foreign.items())
    ]


def clip(of: dict[str, Any], heard: Heard) -> dict[str, Any]:
    return {
        "file": of["file"],
        "reference": kind_of(of["reference"]),
        "wer": jiwer.wer(words_of(of["text"]), heard.text),
        "left_out": any("not understood" in note for note in heard.transcript.notes),
    }


def kind_of(reference: str) -> str:
    """Who wrote the reference: a human, the script that a voice read, or another model."""
    if "NOT human" in reference:
        return "another model"
    return "human" if reference.startswith("human") else "script"


def words_of(text: str) -> str:
    """Lower case words without marks.

    >>> words_of("Don't settle; 'keep' looking.")
    'dont settle keep looking'
    """
    plain = re.sub(r"['\u2019]", "", text.lower())
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", plain).split())


if __name__ == "__main__":
    main()
