"""The embedded recogniser: CMU pocketsphinx with the US English model of its own package.

It hears English whatever is spoken, so text that it is itself unsure of is not passed on: its
word posteriors, weighted by time, are .4 to .9 on English and .1 to .35 on other languages.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np

from content_tagging.records import Segment, Transcript, Word
from content_tagging.speech.blocks import Block, Windows
from content_tagging.speech.certainty import not_understood
from content_tagging.speech.engine import no_speech
from reelcast.packages import require

log = logging.getLogger(__name__)
FRAMES_PER_S = 100
BREATH_S = 0.5  # a pause that ends a segment
ENGLISH_ONLY = "pocketsphinx understands English only, and less of it than Whisper does"
FILLERS = ("<", "[", "+")  # <sil>, [NOISE], ++UH++
PARAMETERS: dict[str, Any] = {"cmn": "batch"}


class Pocketsphinx:
    """A `Transcriber`; the decoder is loaded once."""

    name = "pocketsphinx"
    model = "en-us"
    windows = Windows(longest_s=20.0, gap_s=0.5)

    def __init__(self) -> None:
        self._decoder = _decoder()

    def transcribe(self, blocks: Iterable[Block]) -> Transcript:
        """English words with times and posteriors; speech without text where the recogniser is
        unsure of all it heard."""
        log.info("transcribing with pocketsphinx: English only")
        heard = [words for block in blocks if (words := self._words(block))]
        if not heard:
            return no_speech(self.name, self.model, ENGLISH_ONLY)
        unsure = not_understood(heard)
        kept = [words for words, left_out in zip(heard, unsure, strict=True) if not left_out]
        return Transcript(
            status="speech",
            engine=self.name,
            model=self.model,
            language="en" if kept else None,
            segments=tuple(segment for words in kept for segment in _segments(words)),
            notes=(ENGLISH_ONLY, *_left_out(len(heard) - len(kept), len(heard))),
        )

    def _words(self, block: Block) -> tuple[Word, ...]:
        """The words of one block, decoded by itself: what came before changes nothing."""
        decoder = self._decoder
        pcm = (np.clip(block.samples, -1, 1) * 32767).astype("<i2").tobytes()
        decoder.start_stream()
        decoder.start_utt()
        decoder.process_raw(pcm, full_utt=True)
        decoder.end_utt()
        return tuple(_spoken(decoder.seg() or (), block.start_s))


def _left_out(count: int, of: int) -> tuple[str, ...]:
    if not count:
        return ()
    which = "all of it" if count == of else f"{count} of {of} stretches"
    return (
        f"speech heard, but not understood: {which}; not English, or too noisy: "
        "put Whisper weights in place",
    )


def _spoken(found: Iterable[Any], start_s: float) -> Iterator[Word]:
    """Words without fillers and marks of pronunciation: `are(2)` is `are`."""
    for each in found:
        if not each.word.startswith(FILLERS):
            yield Word(
                start_s=round(start_s + each.start_frame / FRAMES_PER_S, 3),
                end_s=round(start_s + (each.end_frame + 1) / FRAMES_PER_S, 3),
                text=each.word.split("(")[0],
                probability=round(min(1.0, max(0.0, each.prob)), 4),
            )


def _segments(words: tuple[Word, ...]) -> Iterator[Segment]:
    """Words between two breaths."""
    begin = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or words[i].start_s - words[i - 1].end_s >= BREATH_S:
            part = words[begin:i]
            yield Segment(
                start_s=part[0].start_s,
                end_s=part[-1].end_s,
                text=" ".join(word.text for word in part),
                words=part,
                confidence=round(sum(w.probability or 0.0 for w in part) / len(part), 4),
            )
            begin = i


@cache
def _decoder() -> Any:
    return require("pocketsphinx").Decoder(loglevel="FATAL", **PARAMETERS)
