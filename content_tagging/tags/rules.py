"""Keyword and regex rules: which label a wording speaks for, and where it stands."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from content_tagging.tags.rules_format import FORMAT
from content_tagging.tags.rules_hook import HOOK
from content_tagging.tags.rules_message import ANGLE, CTA, OFFER, PROOF, SPONSORED
from content_tagging.tags.rules_theme import THEME
from content_tagging.tags.wording import Wording, first_words
from reelcast.records import Record

VERSION = "rules/1"
OPENING_WORDS = {"spoken": 22, "on_screen": 26}
Place = Literal["spoken", "on_screen", "caption"]
PLACES: tuple[Place, ...] = ("spoken", "on_screen", "caption")
RULES: dict[str, dict[str, tuple[str, ...]]] = {
    "hook": HOOK,
    "format": FORMAT,
    "theme": THEME,
    "cta": CTA,
    "angle": ANGLE,
    "proof": PROOF,
    "offer": OFFER,
}
_CASED = {"cta"}  # "comment RECIPE" is a keyword, "comment below" is none


class Hit(Record):
    """A rule's label and the words that speak for it."""

    group: str
    label: str
    place: Place
    at: int
    quote: str
    count: int = 1


def hits_of(wording: Wording) -> tuple[Hit, ...]:
    """The first hit of every label in every place, in the order of groups and labels."""
    texts = _texts(wording)
    found = []
    for (group, label), patterns in compiled().items():
        for place in PLACES:
            if hit := _hit(
                group, label, place, patterns, texts["hook" if group == "hook" else "all"][place]
            ):
                found.append(hit)
    return (*found, *_disclosed(texts["all"]))


@cache
def compiled() -> dict[tuple[str, str], tuple[re.Pattern[str], ...]]:
    """The patterns by group and label."""
    return {
        (group, label): tuple(
            re.compile(p, 0 if group in _CASED else re.IGNORECASE) for p in _cased(group, patterns)
        )
        for group, labels in RULES.items()
        for label, patterns in labels.items()
    }


def _cased(group: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Of groups that tell capitals, only the rules of keywords and codes do."""
    if group not in _CASED:
        return patterns
    return tuple(p if "[A-Z]" in p else f"(?i:{p})" for p in patterns)


def _texts(wording: Wording) -> dict[str, dict[str, str]]:
    spoken, on_screen = wording.spoken, wording.on_screen
    caption = " ".join((wording.caption, *wording.tags)).strip()
    return {
        "hook": {
            "spoken": first_words(spoken, OPENING_WORDS["spoken"]),
            "on_screen": first_words(on_screen, OPENING_WORDS["on_screen"]),
            "caption": "",
        },
        "all": {"spoken": spoken, "on_screen": on_screen, "caption": caption},
    }


def _hit(
    group: str, label: str, place: Place, patterns: tuple[re.Pattern[str], ...], text: str
) -> Hit | None:
    if not text:
        return None
    found = [match for pattern in patterns for match in pattern.finditer(text)]
    if not found:
        return None
    first = min(found, key=lambda match: (match.start(), match.end()))
    return Hit(
        group=group,
        label=label,
        place=place,
        at=first.start(),
        quote=first.group().strip(),
        count=len(found),
    )


@cache
def _sponsored() -> re.Pattern[str]:
    return re.compile(SPONSORED, re.IGNORECASE)


def _disclosed(texts: dict[str, str]) -> list[Hit]:
    found = []
    for place, label in (
        ("spoken", "paid_partnership_speech"),
        ("on_screen", "paid_partnership_text"),
        ("caption", "paid_partnership_text"),
    ):
        if match := _sponsored().search(texts[place]):
            found.append(
                Hit(
                    group="disclosure",
                    label=label,
                    place=place,
                    at=match.start(),
                    quote=match.group().strip(),
                )
            )
    return found
