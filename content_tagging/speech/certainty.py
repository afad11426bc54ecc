"""Whether a recogniser that knows one language understood what it heard, by its own posteriors."""

from __future__ import annotations

from collections.abc import Sequence

from content_tagging.records import Word

UNDERSTOOD = 0.38  # mean posterior of a word, weighted by time, from which text is passed on
PRIOR_WORDS = 5  # the whole file counts as this many words in the mean of each block


def not_understood(blocks: Sequence[Sequence[Word]]) -> list[bool]:
    """For each block of words, whether its text is too unsure to pass on.

    A block's mean is drawn to that of all blocks, as a few words say little.

    >>> say = lambda p, n: [Word(start_s=i, end_s=i + 1, text="w", probability=p) for i in range(n)]
    >>> not_understood([say(0.8, 20), say(0.2, 20), say(0.3, 1)])
    [False, True, False]
    """
    whole = mean_posterior([word for words in blocks for word in words])
    return [_drawn(words, whole) < UNDERSTOOD for words in blocks]


def mean_posterior(words: Sequence[Word]) -> float:
    """The words' mean probability, weighted by how long they last.

    >>> mean_posterior([Word(start_s=0, end_s=1, text="a", probability=0.5),
    ...                 Word(start_s=1, end_s=4, text="b", probability=0.9)])
    0.8
    """
    lasting_s = sum(word.end_s - word.start_s for word in words)
    weighed = sum((word.end_s - word.start_s) * (word.probability or 0.0) for word in words)
    return round(weighed / lasting_s, 6) if lasting_s else 0.0


def _drawn(words: Sequence[Word], whole: float) -> float:
    return (len(words) * mean_posterior(words) + PRIOR_WORDS * whole) / (len(words) + PRIOR_WORDS)
