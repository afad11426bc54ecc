"""From readings to the blocks of columns that heads see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.tags import features
from content_tagging.tags.reading import Reading
from content_tagging.tags.rules import Hit, hits_of
from content_tagging.tags.vocabulary import FAMILIES, Vocabulary
from content_tagging.tags.wording import Wording, wording_of

F32 = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], F32]
BLOCKS = (*features.TEXTS, "rules", "form", *(f"grams_{family}" for family in FAMILIES))


@dataclass(frozen=True, slots=True)
class Sight:
    """Readings with all that was worked out of them, row by row."""

    readings: tuple[Reading, ...]
    wordings: tuple[Wording, ...]
    hits: tuple[tuple[Hit, ...], ...]
    meaning: F32  # (n, 3 x dimensions)
    rules: F32
    form: F32
    grams: tuple[list[str], ...]

    def blocks(self, vocabulary: Vocabulary) -> dict[str, Any]:
        """The blocks by name, each (n, columns); those of n-grams are sparse."""
        width = self.meaning.shape[1] // len(features.TEXTS)
        parts = {
            name: self.meaning[:, at * width : (at + 1) * width]
            for at, name in enumerate(features.TEXTS)
        }
        grams = vocabulary.block(self.grams)
        of_family = {f"grams_{f}": grams[:, vocabulary.columns(f)] for f in FAMILIES}
        return {**parts, "rules": self.rules, "form": self.form, **of_family}


def look(readings: Sequence[Reading], embed: Embed) -> Sight:
    """What heads see of the readings; every text is embedded once."""
    wordings = tuple(wording_of(reading) for reading in readings)
    hits = tuple(hits_of(wording) for wording in wordings)
    texts = [text for wording in wordings for text in features.texts_of(wording)]
    return Sight(
        readings=tuple(readings),
        wordings=wordings,
        hits=hits,
        meaning=features.meaning_block(embed(texts)),
        rules=features.rule_block(hits),
        form=features.form_block(readings, wordings),
        grams=tuple(features.grams_of(wording) for wording in wordings),
    )
