"""The words of a reading, cleaned of what no one wrote for it.

Accounts, the platform's mark, time codes of transcripts, repeats of a refrain, tags for reach, and
the echo of on-screen text in a transcript are taken out: they say nothing of hook, format, theme.
"""

from __future__ import annotations

import re

from content_tagging.tags.reading import Reading
from reelcast.records import Record

_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u00b4`", "'") | dict.fromkeys("\u201c\u201d", '"')
)
_ACCOUNT = re.compile(r"@[\w.]+")
_TIME = r"\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?"
_TIME_CODE = re.compile(rf"{_TIME}(?:\s*-->\s*{_TIME})?")
_NOISE = re.compile(r"[(\[*♪][^)\]*♪]{0,40}[)\]*♪]|[♪♫🎵🎶]")
_MARK = re.compile(r"^(?:tik\s?tok|capcut|instagram|reels?|shorts?)$", re.IGNORECASE)
_TAG = re.compile(r"#(\w+)")
_REACH = re.compile(
    r"^(?:fy+p*\w*|for(?:yo?u|u)\w*|viral\w*|xyzbca|trend\w*|blowthis\w*|explore\w*|capcut\w*|"
    r"tiktok\w*|reels?\w*|shorts?)$",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[\w']+")
MAX_REFRAIN = 12  # words


class Wording(Record):
    """Clean words by where they stand."""

    spoken: str
    on_screen: str
    caption: str
    tags: tuple[str, ...]
    repeated: float  # share of the spoken words that repeat the ones just before
    echo: float  # share of the spoken words, of 40, that are on screen in the first 60

    @property
    def posted(self) -> str:
        """The caption with its tags."""
        return " ".join((self.caption, *(f"#{tag}" for tag in self.tags))).strip()


def wording_of(reading: Reading) -> Wording:
    """The reading's clean words."""
    on_screen = clean_lines([line.text for line in reading.on_screen])
    spoken, repeated = without_refrains(clean_speech(" ".join(s.text for s in reading.spoken)))
    caption, tags = clean_caption(reading.caption)
    return Wording(
        spoken=spoken,
        on_screen=on_screen,
        caption=caption,
        tags=tags,
        repeated=repeated,
        echo=share_within(words(spoken)[:40], words(on_screen)[:60]),
    )


def plain(text: str) -> str:
    """The text with plain quotes and no accounts.

    >>> plain("“it’s” @user fine")
    '"it\\'s" fine'
    """
    return " ".join(_ACCOUNT.sub(" ", text.translate(_QUOTES)).split())


def clean_lines(lines: list[str]) -> str:
    """On-screen lines in one, without the platform's mark and lines that repeat an earlier one.

    >>> clean_lines(["TikTok", "@user", "me at work", "me at work"])
    'me at work'
    """
    kept = [line for line in map(plain, lines) if line and not _MARK.match(line)]
    return " ".join(dict.fromkeys(kept))


def clean_speech(text: str) -> str:
    """Speech without time codes and without sounds in brackets.

    >>> clean_speech("00:01.2 --> 00:03.0 so [Music] hello")
    'so hello'
    """
    return plain(_NOISE.sub(" ", _TIME_CODE.sub(" ", text)))


def without_refrains(text: str) -> tuple[str, float]:
    """The text with immediate repeats of up to 12 words said once, and the share taken out.

    >>> without_refrains("love me love me love me now")
    ('love me now', 0.5714285714285714)
    """
    said = text.split()
    kept: list[str] = []
    for word in said:
        kept.append(word)
        _fold(kept)
    return " ".join(kept), (len(said) - len(kept)) / max(len(said), 1)


def _fold(kept: list[str]) -> None:
    for n in range(1, min(MAX_REFRAIN, len(kept) // 2) + 1):
        if [w.lower() for w in kept[-n:]] == [w.lower() for w in kept[-2 * n : -n]]:
            del kept[-n:]
            return


def clean_caption(text: str) -> tuple[str, tuple[str, ...]]:
    """The caption's sentence, and its tags in words without those that only ask for reach.

    >>> clean_caption("so true #fyp #GymTok")
    ('so true', ('Gym Tok',))
    """
    tags = tuple(_CAMEL.sub(" ", t) for t in _TAG.findall(text) if not _REACH.match(t))
    return plain(_TAG.sub(" ", text)), tags


def words(text: str) -> list[str]:
    """Lower-case words.

    >>> words("Don't STOP, now")
    ["don't", 'stop', 'now']
    """
    return _WORD.findall(text.lower())


def first_words(text: str, n: int) -> str:
    """The text up to its n-th word."""
    return " ".join(text.split()[:n])


def share_within(these: list[str], those: list[str]) -> float:
    """Share of `these` words that stand among `those`; 0 where there are none.

    >>> share_within(["a", "b"], ["b", "c"])
    0.5
    """
    known = set(those)
    return sum(word in known for word in these) / len(these) if these else 0.0
