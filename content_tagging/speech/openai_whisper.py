"""Whisper through openai-whisper (PyTorch), the second engine of the same weights."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from content_tagging.records import Transcript
from content_tagging.speech.blocks import Block, Windows
from content_tagging.speech.filters import COMPRESSION, LOG_PROBABILITY, NO_SPEECH, Scores
from content_tagging.speech.whisper_text import Said, transcript_of, word
from reelcast.errors import MissingPackageError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

BEAM = 5


class OpenaiWhisper:
    """A `Transcriber` on a checkpoint of openai-whisper; loaded once."""

    name = "openai-whisper"
    windows = Windows(longest_s=28.0, gap_s=2.0)

    def __init__(self, settings: TaggingSettings) -> None:
        checkpoint = checkpoint_file(settings.whisper_model)
        self.model = settings.whisper_model
        self._model = _package().load_model(str(checkpoint), device="cpu")

    def transcribe(self, blocks: Iterable[Block]) -> Transcript:
        """Words in the language of the first block."""
        said: list[Said] = []
        language: str | None = None
        for block in blocks:
            found = self._recognised(block, language)
            language = language or found["language"]
            said += _said(found["segments"], block)
        return transcript_of(said, self.name, self.model, language)

    def _recognised(self, block: Block, language: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self._model.transcribe(
            block.samples,
            language=language,
            beam_size=BEAM,
            temperature=0.0,
            word_timestamps=True,
            condition_on_previous_text=False,
            compression_ratio_threshold=COMPRESSION,
            logprob_threshold=LOG_PROBABILITY,
            no_speech_threshold=NO_SPEECH,
            fp16=False,
        )
        return found


def checkpoint_file(name: str) -> Path:
    """The checkpoint: a file as named, else a size in openai-whisper's cache; never fetched.

    Raises MissingPackageError saying where the weights should be.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whisper"
    for path in (Path(name), cache / f"{name}.pt"):
        if path.is_file():
            return path
    raise MissingPackageError(
        f"no openai-whisper weights for tagging.whisper_model = {name!r} on this machine: name a "
        f".pt file, or put {name}.pt into {cache} (docs/transcripts.md), or set "
        "tagging.transcriber to pocketsphinx"
    )


def _package() -> Any:
    """Raises MissingPackageError naming the extra."""
    try:
        return require("whisper")
    except MissingPackageError as exc:
        raise MissingPackageError(
            "openai-whisper is not installed: run `pip install -c constraints.txt -e "
            "'.[openai-whisper]'` in reelcast's folder, or set tagging.transcriber to auto"
        ) from exc


def _said(segments: Iterable[dict[str, Any]], block: Block) -> Iterator[Said]:
    for each in segments:
        yield Said(
            start_s=each["start"] + block.start_s,
            end_s=min(each["end"], block.duration_s) + block.start_s,
            text=each["text"],
            words=tuple(
                word(
                    w["start"] + block.start_s,
                    w["end"] + block.start_s,
                    w["word"],
                    w["probability"],
                )
                for w in each.get("words", ())
            ),
            scores=Scores(each["no_speech_prob"], each["avg_logprob"]),
        )
