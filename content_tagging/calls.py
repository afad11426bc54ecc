"""Where a video calls to action: what a tag quotes may be spoken and shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from content_tagging.records import Signals, Tag
from content_tagging.timeline import spoken_words, tokens

SAME_SHARE = 0.6  # of the quote's words, close together
EXTRA_WORDS = 2  # that may stand between them


class Call(NamedTuple):
    """A call to action inside the video, and when it begins."""

    place: Literal["spoken", "on_screen"]
    start_s: float | None


def calls_of(signals: Signals, ctas: Iterable[Tag]) -> list[Call]:
    """The calls that tags name, and those of the other place that say the same."""
    return [call for tag in ctas for call in _calls(signals, tag)]


def _calls(signals: Signals, tag: Tag) -> Iterator[Call]:
    if tag.modality in ("spoken", "on_screen"):
        yield Call(tag.modality, tag.start_s)
    quote = tokens(tag.evidence or "")
    for line in signals.pictures.lines:
        if line.kind != "watermark" and said_at(quote, tokens(line.text)) is not None:
            yield Call("on_screen", line.start_s)
    words = [
        (token, w.start_s) for w in spoken_words(signals.transcript) for token in tokens(w.text)
    ]
    at = said_at(quote, [token for token, _ in words])
    if at is not None:
        yield Call("spoken", words[at][1])


def said_at(quote: Sequence[str], words: Sequence[str]) -> int | None:
    """Where some words say most of a quote, the first place that says the most; else None.

    >>> said_at(["link", "in", "bio"], ["so", "the", "link", "is", "in", "my", "bio"])
    2
    >>> said_at(["link", "is", "in", "my", "bio"], "fix my face the link is in my bio".split())
    4
    >>> said_at(["link", "in", "bio"], ["in", "a", "while"]) is None
    True
    """
    sought = set(quote)
    width = len(quote) + EXTRA_WORDS
    said = [
        len(sought.intersection(words[at : at + width])) if word in sought else 0
        for at, word in enumerate(words)
    ]
    most = max(said, default=0)
    return said.index(most) if most and most >= SAME_SHARE * len(sought) else None
