"""Writes the three spoken clips that the miniature Whisper learns by heart.

    python -m tests.tagging.miniature_whisper_clips   (needs the program flite)

The FLAC files beside this script are committed, so tests do not need flite.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import av

FOLDER = Path(__file__).parent / "miniature_whisper_clips"
SENTENCES = {
    "stop": "Stop scrolling if your skin feels dry.",
    "money": "Three things nobody tells you about money.",
    "code": "The link is in our bio, use code glow.",
}


def clip(name: str) -> Path:
    return FOLDER / f"{name}.flac"


def _write(name: str, voice: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as spoken:
        command = ["flite", "-voice", voice, "-t", SENTENCES[name], "-o", spoken.name]
        subprocess.run(command, check=True)
        _to_flac(Path(spoken.name), clip(name))


def _to_flac(source: Path, target: Path) -> None:
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = made.add_stream("flac", rate=16_000, layout="mono", format="s16")
        for frame in given.decode(audio=0):
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for sentence, speaker in zip(SENTENCES, ("slt", "rms", "awb"), strict=True):
        _write(sentence, speaker)
