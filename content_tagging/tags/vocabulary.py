"""N-grams as columns, weighed by how rare they are (TF-IDF)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reelcast.packages import require

F32 = npt.NDArray[np.float32]
FAMILIES = "osbca"  # each gets unit length of its own


class Vocabulary:
    """The n-grams that heads know, with their inverse document frequency."""

    def __init__(self, grams: Sequence[str], idf: F32) -> None:
        self.grams = tuple(grams)
        self.idf = idf
        self._column = {gram: i for i, gram in enumerate(self.grams)}
        firsts = [gram[0] for gram in self.grams]
        self._slices = {f: slice(bisect_left(firsts, f), bisect_right(firsts, f)) for f in FAMILIES}

    @classmethod
    def learned(cls, documents: Sequence[Sequence[str]], at_least: int) -> Vocabulary:
        """Of the n-grams that stand in `at_least` documents."""
        counts = Counter(gram for document in documents for gram in set(document))
        grams = sorted(gram for gram, n in counts.items() if n >= at_least)
        n = np.array([counts[gram] for gram in grams], np.float64)
        return cls(grams, (np.log((1 + len(documents)) / (1 + n)) + 1).astype(np.float32))

    def block(self, documents: Sequence[Sequence[str]]) -> Any:
        """A sparse (n, len(grams)) float32 matrix, rows of unit length within each family."""
        sparse = require("scipy.sparse")
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for document in documents:
            row = self._row(document)
            columns += row
            values += row.values()
            ends.append(len(columns))
        shape = (len(documents), len(self.grams))
        data = np.array(values, np.float32)
        return sparse.csr_matrix((data, np.array(columns, np.int32), np.array(ends)), shape=shape)

    def columns(self, family: str) -> slice:
        """The columns of one family: n-grams are sorted, so they stand together."""
        return self._slices[family]

    def _row(self, document: Sequence[str]) -> dict[int, float]:
        counts = Counter(self._column[gram] for gram in document if gram in self._column)
        weights = {c: (1 + np.log(n)) * float(self.idf[c]) for c, n in sorted(counts.items())}
        squares: Counter[str] = Counter()
        for column, weight in weights.items():
            squares[self.grams[column][0]] += weight * weight
        return {c: w / squares[self.grams[c][0]] ** 0.5 for c, w in weights.items()}
