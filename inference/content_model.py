"""What a video's labels and measures are worth to a creator, and how far that was seen to hold.

The effects of `inference.effects` add up to a score of a content. How much of a difference in
scores comes true is measured on posts of creators whom the effects were not learned from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from features.dataset import Dataset
from features.panel import F64
from inference.effect_design import Design
from inference.effect_fit import Described, described, shrunk
from inference.effects import FEWEST
from inference.tagged import Read
from reelcast.errors import NotEnoughDataError
from training.pairs import pair_skill

_FOLDS = 5
_FEWEST_CREATORS = 10  # in a cross-fit
_HIGH = 20.0  # any log count: pairs of scores are compared as counts are


@dataclass(frozen=True, slots=True)
class ContentModel:
    """Shrunk effects (k,) with their deviations, and how far score differences came true."""

    design: Design
    mean: F64
    sd: F64
    skill: Mapping[str, Any]  # as training.pairs.pair_skill

    def rows(self, contents: Sequence[Read | None]) -> F64:
        """The contents' columns (n, k); one that was never tagged is all zeros."""
        empty = np.zeros(len(self.mean))
        return np.array([empty if of is None else self.design.row(of) for of in contents])


def learn_content(
    dataset: Dataset, tables: tuple[pa.Table, pa.Table | None], target: str
) -> ContentModel | None:
    """The model of a target, None where no label stands at enough posts."""
    try:
        design, posts = described(dataset, tables, target, FEWEST)
    except NotEnoughDataError:
        return None
    mean, sd = shrunk(posts.fit(), design.groups)
    return ContentModel(design, mean, sd, _skill(posts, design.groups))


def _skill(posts: Described, groups: Sequence[str]) -> dict[str, Any]:
    """How well scores tell apart posts of creators that their effects were not learned from."""
    creators = np.unique(posts.creator)
    fold = np.searchsorted(creators, posts.creator) % _FOLDS
    score = np.zeros(len(posts.log))
    if len(creators) < _FEWEST_CREATORS:
        return pair_skill(posts.log[:0], score[:0], posts.creator[:0])
    for out in range(_FOLDS):
        mean, _ = shrunk(posts.fit(fold != out), groups)
        score[fold == out] = posts.values[fold == out] @ mean
    return pair_skill(np.expm1(posts.log), np.expm1(_HIGH + score), posts.creator)
