"""What a speech recogniser is: sound in blocks -> transcript."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from content_tagging.records import Transcript
from content_tagging.speech.blocks import Block, Windows


class Transcriber(Protocol):
    """One engine with its weights loaded."""

    name: str
    model: str
    windows: Windows

    def transcribe(self, blocks: Iterable[Block]) -> Transcript:
        """What was said in the blocks, which come in order and hold speech, as far as the voice
        detector can tell; times are the file's."""
        ...


def no_speech(engine: str, model: str | None, *notes: str) -> Transcript:
    """The transcript of sound in which nobody speaks.

    >>> no_speech("pocketsphinx", "en-us", "noise only").status
    'no_speech'
    """
    return Transcript(status="no_speech", engine=engine, model=model, notes=notes)
