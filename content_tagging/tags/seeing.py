"""From readings to the blocks of columns that heads see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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


def only(sight: Sight, rows: Sequence[int], place: Literal["spoken", "on_screen"]) -> Sight:
    """The rows as if nothing but what stands in `place` were there; nothing is embedded anew: the
    meaning of the place stands for that of the whole."""
    at = features.TEXTS.index(place)
    width = sight.meaning.shape[1] // len(features.TEXTS)
    meaning = np.zeros((len(rows), sight.meaning.shape[1]), np.float32)
    for to in (at, features.TEXTS.index("joint")):
        meaning[:, to * width : (to + 1) * width] = sight.meaning[
            rows, at * width : (at + 1) * width
        ]
    other = "on_screen" if place == "spoken" else "spoken"
    readings = tuple(
        sight.readings[row].model_copy(update={other: (), "caption": ""}) for row in rows
    )
    silent = {other: "", "caption": "", "tags": (), "repeated": 0.0, "echo": 0.0}
    wordings = tuple(sight.wordings[row].model_copy(update=silent) for row in rows)
    hits = tuple(tuple(hit for hit in sight.hits[row] if hit.place == place) for row in rows)
    return Sight(
        readings=readings,
        wordings=wordings,
        hits=hits,
        meaning=meaning,
        rules=features.rule_block(hits),
        form=features.form_block(readings, wordings),
        grams=tuple(features.grams_of(wording) for wording in wordings),
    )
