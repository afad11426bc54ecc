"""Links and codes that tell creators and slots apart: made here, read back here.

A link carries utm_source (platform), utm_medium=influencer, utm_campaign (campaign id) and
utm_content (creator_slot). A code is readable aloud: a word of the creator's and two digits.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from reelcast.errors import InputError

MEDIUM = "influencer"
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
MIN_WORD, MAX_WORD = 3, 12
_LOOKALIKE = str.maketrans({"0": "2", "1": "3", "5": "6"})  # O, I and S when read aloud or typed


@dataclass(frozen=True, slots=True)
class Slot:
    """One post to come: whose, the how-manieth, on which platform; `word` is for the code."""

    creator_id: str
    slot: int
    platform: str
    word: str


@dataclass(frozen=True, slots=True)
class LinkAndCode:
    """What a creator puts into one post."""

    creator_id: str
    slot: int
    link: str
    promo_code: str


def make_links(
    slots: Sequence[Slot], landing_page: str, campaign_id: str, taken: Iterable[str] = ()
) -> list[LinkAndCode]:
    """A link for each slot and a code for each creator, unique among themselves and `taken`.

    The same input gives the same codes. Raises InputError for a landing page that is no
    http(s) address or has UTM parameters already.
    """
    _check_page(landing_page)
    codes = _codes(slots, campaign_id, {code.upper() for code in taken})
    return [
        LinkAndCode(
            of.creator_id, of.slot, link_of(landing_page, campaign_id, of), codes[of.creator_id]
        )
        for of in slots
    ]


def link_of(landing_page: str, campaign_id: str, slot: Slot) -> str:
    """The landing page with the slot's UTM parameters behind its own.

    >>> link_of("https://shop.example/new?size=m#top", "spring", Slot("c1", 2, "tiktok", "FERN"))
    'https://shop.example/new?size=m&utm_source=tiktok&utm_medium=influencer&utm_campaign=spring\
&utm_content=c1_2#top'
    """
    parts = urlsplit(landing_page)
    own = parse_qsl(parts.query, keep_blank_values=True)
    utm = [
        ("utm_source", slot.platform.lower()),
        ("utm_medium", MEDIUM),
        ("utm_campaign", campaign_id.lower()),
        ("utm_content", content_of(slot.creator_id, slot.slot)),
    ]
    query = urlencode([*own, *utm])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def content_of(creator_id: str, slot: int) -> str:
    """utm_content of a slot, as `read_content` reads it.

    >>> content_of("c42", 1)
    'c42_1'
    """
    return f"{creator_id}_{slot}".lower()


def read_content(utm_content: str) -> tuple[str, int] | None:
    """Creator and slot of a utm_content, None where it is not of ours.

    >>> read_content("C42_1"), read_content("banner")
    (('c42', 1), None)
    """
    found = re.fullmatch(r"(.+)_(\d{1,4})", utm_content.strip().lower())
    return (found[1], int(found[2])) if found else None


def is_web_address(link: str) -> bool:
    """Whether a link is an http(s) address.

    >>> is_web_address("https://shop.example"), is_web_address("https://[shop.example")
    (True, False)
    """
    parts = _parts(link)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc)


def utm_of(link: str) -> dict[str, str]:
    """The UTM parameters of a link as written, an empty dict where it has none.

    >>> utm_of("https://a.example/?utm_source=TikTok&x=1")
    {'utm_source': 'TikTok'}
    """
    parts = _parts(link)
    given = parse_qsl(parts.query, keep_blank_values=True) if parts else []
    return {name: value for name, value in given if name.lower().startswith("utm_")}


def code_word(name: str) -> str:
    """The letters of a name that a code begins with.

    >>> code_word("fern.diary"), code_word("@q")
    ('FERN', 'QQQ')
    """
    parts = re.findall(r"[A-Z]+", name.upper()) or ["CODE"]
    word = next((part for part in parts if len(part) >= MIN_WORD), parts[0])
    return str(word[:MAX_WORD].ljust(MIN_WORD, word[-1]))


def _codes(slots: Sequence[Slot], campaign_id: str, taken: set[str]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for slot in slots:
        if slot.creator_id not in codes:
            code = _free_code(slot, campaign_id, taken)
            taken.add(code)
            codes[slot.creator_id] = code
    return codes


def _free_code(slot: Slot, campaign_id: str, taken: set[str]) -> str:
    word = code_word(slot.word)
    for attempt in range(10_000):
        seed = f"{campaign_id}|{slot.creator_id}|{attempt}".encode()
        number = int(hashlib.sha256(seed).hexdigest(), 16)
        digits = str(number % 100 if attempt < 60 else number % 10_000).zfill(2)
        code = word + digits.translate(_LOOKALIKE)
        if code not in taken:
            return code
    raise InputError(f"no code is left for {word}: give another word for {slot.creator_id}")


def _parts(link: str) -> SplitResult | None:
    try:
        return urlsplit(link.strip())
    except ValueError:  # brackets that hold no IPv6 address
        return None


def _check_page(landing_page: str) -> None:
    if not is_web_address(landing_page):
        raise InputError(f"{landing_page!r} is no web address: write https://...")
    there = utm_of(landing_page)
    if there:
        raise InputError(f"{landing_page} has {', '.join(there)} already: give it without")
