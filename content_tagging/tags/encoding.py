"""Which sentence encoder heads are trained for and read with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from content_tagging.sentences import STEP, SentenceEncoder, default_encoder
from reelcast.settings import Settings


@dataclass(frozen=True, slots=True)
class Encoder:
    """A sentence encoder's name, with its weights' hash in it, and how it is made."""

    name: str
    make: Callable[[], SentenceEncoder]


def encoder_of(settings: Settings) -> Encoder:
    """The encoder that the settings name, all-MiniLM-L6-v2 by default."""
    return Encoder(STEP, default_encoder)
