"""Whisper through faster-whisper: CTranslate2, eight-bit integers, blocks in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from content_tagging.media.threads import threads_of
from content_tagging.records import Transcript
from content_tagging.speech.blocks import SAMPLES_PER_S, Block, Windows
from content_tagging.speech.filters import Scores
from content_tagging.speech.whisper_text import Said, transcript_of, word
from reelcast.errors import MissingPackageError
from reelcast.packages import require
from reelcast.settings import TaggingSettings

AT_ONCE = 8  # blocks in one batch: four minutes of sound at most
BEAM = 5


class FasterWhisper:
    """A `Transcriber` on CTranslate2 weights; loaded once."""

    name = "faster-whisper"
    windows = Windows(longest_s=28.0, gap_s=2.0)

    def __init__(self, settings: TaggingSettings) -> None:
        folder = weights_folder(settings.whisper_model)
        package = require("faster_whisper")
        self.model = settings.whisper_model
        model = package.WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads_of(settings)
        )
        self._pipeline = package.BatchedInferencePipeline(model)

    def transcribe(self, blocks: Iterable[Block]) -> Transcript:
        """Words in the language of the first batch."""
        said: list[Said] = []
        language: str | None = None
        for batch in _batched(blocks):
            found, info = self._pipeline.transcribe(
                np.concatenate([block.samples for block in batch]),
                language=language,
                beam_size=BEAM,
                temperature=0.0,
                word_timestamps=True,
                vad_filter=False,  # the blocks are what the voice detector let through
                clip_timestamps=list(_clips(batch)),
                batch_size=AT_ONCE,
            )
            language = language or info.language
            said += _said(found, batch)
        return transcript_of(said, self.name, self.model, language)


def has_weights(name: str) -> bool:
    """Whether the model's weights are on this machine."""
    try:
        weights_folder(name)
    except MissingPackageError:
        return False
    return True


def weights_folder(name: str) -> Path:
    """The folder of CTranslate2 weights: as named, else from the hub's cache; never fetched.

    Raises MissingPackageError saying where the weights should be.
    """
    if (Path(name) / "model.bin").is_file():
        return Path(name)
    try:
        found = require("faster_whisper").utils.download_model(name, local_files_only=True)
    except (ValueError, OSError) as exc:
        raise _missing(name) from exc
    if not (Path(found) / "model.bin").is_file():
        raise _missing(name)
    return Path(found)


def _missing(name: str) -> MissingPackageError:
    return MissingPackageError(
        f"no faster-whisper weights for tagging.whisper_model = {name!r} on this machine: name a "
        "folder with model.bin, config.json and tokenizer.json, or fill the hub's cache where "
        "there is a network (docs/transcripts.md), or set tagging.transcriber to pocketsphinx"
    )


def _batched(blocks: Iterable[Block]) -> Iterator[Sequence[Block]]:
    held: list[Block] = []
    for block in blocks:
        held.append(block)
        if len(held) == AT_ONCE:
            yield held
            held = []
    if held:
        yield held


def _clips(batch: Sequence[Block]) -> Iterator[dict[str, float]]:
    """Where each block lies in the joined sound, in seconds that give back its samples."""
    start = 0
    for block in batch:
        end = start + len(block.samples)
        yield {"start": (start + 0.5) / SAMPLES_PER_S, "end": (end + 0.5) / SAMPLES_PER_S}
        start = end


def _said(found: Iterable[Any], batch: Sequence[Block]) -> Iterator[Said]:
    """The segments, their times moved from the joined sound to the file."""
    ends = np.cumsum([block.duration_s for block in batch])
    for each in found:
        at = int(np.searchsorted(ends, (each.start + each.end) / 2))
        block = batch[min(at, len(batch) - 1)]
        shift_s = block.start_s - (ends[min(at, len(batch) - 1)] - block.duration_s)
        yield Said(
            start_s=each.start + shift_s,
            end_s=min(each.end + shift_s, block.start_s + block.duration_s),
            text=each.text,
            words=tuple(
                word(w.start + shift_s, w.end + shift_s, w.word, w.probability)
                for w in each.words or ()
            ),
            scores=Scores(each.no_speech_prob, each.avg_logprob),
        )
