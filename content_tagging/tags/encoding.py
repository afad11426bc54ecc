"""Which sentence encoder heads are trained for and read with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from content_tagging.sentences import MAX_TOKENS, STEP, SentenceEncoder, default_encoder, embed
from reelcast.errors import NotFoundError
from reelcast.settings import Settings

WEIGHTS = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True, slots=True)
class Encoder:
    """A sentence encoder's name, with its weights' hash in it, and how it is made."""

    name: str
    make: Callable[[], SentenceEncoder]
    cache_path: Path

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embeddings (n, dimensions) of the texts, NaN rows for empty ones."""
        return embed(texts, self.cache_path, self.make, step=self.name)


def encoder_of(settings: Settings) -> Encoder:
    """The encoder that the settings name (`tagging.sentence_weights`), all-MiniLM-L6-v2 by default.

    Raises NotFoundError where the folder holds no weights.
    """
    folder = settings.tagging.sentence_weights
    if folder is None:
        return Encoder(STEP, default_encoder, settings.sentence_cache)
    path = next((folder / name for name in WEIGHTS if (folder / name).is_file()), None)
    if path is None:
        raise NotFoundError(
            f"tagging.sentence_weights names {folder}, which holds no {' or '.join(WEIGHTS)}: "
            "give the folder of a sentence encoder of transformers"
        )
    name = f"{folder.name}/{_sha256(path)[:12]}/mean/{MAX_TOKENS}/2"
    return Encoder(name, partial(_encoder_at, folder), settings.sentence_cache)


@cache
def _encoder_at(folder: Path) -> SentenceEncoder:
    return SentenceEncoder(folder)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
