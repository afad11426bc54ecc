"""Calls to action in set phrases, such as "follow for more" or "comment PLAN".

A head weighs a wording against all others, and most videos ask for nothing. A set phrase leaves
nothing to weigh: its label is said whatever the head makes of it.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt

from content_tagging.tags.taxonomy import load_taxonomy, nothing
from content_tagging.tags.wording import Wording

F64 = npt.NDArray[np.float64]
PROBABILITY = 0.9  # a floor; see docs/experiments.md for how often the corpus agrees
_NO_KEYWORD = r"(?!(?:BELOW|DOWN|YOUR?|IF|ON|IN|AND|OR|WHICH|WHAT|WHO|WITH|FOR|THIS|SECTION)\b)"
PHRASES: dict[str, tuple[str, ...]] = {
    "follow": (
        r"(?i:\bfollow (?:for (?:more|part)|me for|us for|along for)\b)",
        r"(?i:(?:^|[.!?] )follow (?:me|us)\b)",
    ),
    "comment_keyword": (
        rf"(?<!no )(?<!No )\b[Cc]omment (?:the word )?{_NO_KEYWORD}[A-Z]{{3,}}\b",
        r"(?i:(?<!no )\bcomment (?:the word )?[\"'][\w ]{2,20}[\"'])",
        r"(?i:(?<!no )\bcomment the word \w+)",
    ),
}


def calls_of(wording: Wording) -> frozenset[str]:
    """The calls to action that stand in the words in a set phrase.

    >>> from content_tagging.tags.reading import Reading
    >>> from content_tagging.tags.wording import wording_of
    >>> calls_of(wording_of(Reading(id="a", caption="Comment PLAN and it's yours")))
    frozenset({'comment_keyword'})
    """
    texts = (wording.spoken, wording.on_screen, wording.posted)
    return frozenset(
        label
        for label, patterns in _compiled().items()
        if any(pattern.search(text) for pattern in patterns for text in texts)
    )


@cache
def _compiled() -> dict[str, tuple[re.Pattern[str], ...]]:
    return {label: tuple(map(re.compile, patterns)) for label, patterns in PHRASES.items()}


def with_calls(probabilities: F64, calls: list[frozenset[str]]) -> F64:
    """(n, labels) probabilities of `cta`: those of calls in set phrases at least `PROBABILITY`,
    and there at most the rest of it that nothing is asked for."""
    labels = load_taxonomy().names("cta")
    said = np.array([[label in found for label in labels] for found in calls], bool)
    said = said.reshape(probabilities.shape)
    out = np.where(said, np.maximum(probabilities, PROBABILITY), probabilities)
    none = labels.index(nothing("cta"))
    asks = said.any(axis=1)
    out[asks, none] = np.minimum(out[asks, none], 1 - PROBABILITY)
    return out
