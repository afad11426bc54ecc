"""Which recognised text was never said: Whisper makes text up over noise, and repeats itself.

The bounds are those of Whisper's authors (Radford et al. 2022, section 4.5).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

NO_SPEECH = 0.6  # above this probability of no speech, with low confidence: nothing was said
LOG_PROBABILITY = -1.0  # mean of a token, below: not understood
COMPRESSION = 2.4  # text that shrinks more than this repeats itself
REPEATS = 4  # the same words this often in a row


@dataclass(frozen=True, slots=True)
class Scores:
    """What a Whisper engine says of its own text."""

    no_speech: float  # probability
    log_probability: float  # mean of its tokens


def rejected(text: str, scores: Scores) -> str | None:
    """Why the text was not said, in words; None where it may have been.

    >>> rejected("thank you", Scores(no_speech=0.9, log_probability=-1.4))
    'no speech'
    >>> rejected("so good so good so good so good", Scores(0.1, -0.2))
    'repeats itself'
    >>> rejected("the press yard", Scores(no_speech=0.1, log_probability=-0.3)) is None
    True
    """
    if not text.strip():
        return "no speech"
    if scores.log_probability < LOG_PROBABILITY:
        return "no speech" if scores.no_speech > NO_SPEECH else "not understood"
    return "repeats itself" if repeats(text) else None


def repeats(text: str) -> bool:
    """Whether the text loops: the same one to four words in a row, again and again.

    >>> repeats("no no no no no"), repeats("we go up and we go down")
    (True, False)
    """
    raw = text.strip().encode()
    if len(raw) / len(zlib.compress(raw)) > COMPRESSION:
        return True
    words = text.lower().split()
    return any(_loops(words, size) for size in range(1, 5))


def _loops(words: list[str], size: int) -> bool:
    for start in range(len(words) - size * REPEATS + 1):
        first = words[start : start + size]
        span = words[start : start + size * REPEATS]
        if span == first * REPEATS:
            return True
    return False


def counted(reasons: list[str]) -> tuple[str, ...]:
    """A note for each reason why text was left out.

    >>> counted(["no speech", "repeats itself", "no speech"])
    ('2 stretches left out: no speech', '1 stretch left out: repeats itself')
    """
    return tuple(
        f"{(n := reasons.count(reason))} stretch{'es' if n > 1 else ''} left out: {reason}"
        for reason in sorted(set(reasons))
    )
