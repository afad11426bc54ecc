"""Parsers of one cell: counts, durations, shares, ids, flags, lists, captions.

Each takes the cell as the file gives it (text, number, bool, list) and returns a plain value, or
None where the cell says that nothing is known. Each raises ValueError with the reason in words.
"""

from __future__ import annotations

import ast
import hashlib
import math
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from reelcast.mentions import without_mentions

UNKNOWN = frozenset({"", "undefined", "null", "none", "n/a", "-", "--", "—"})
MAX_COUNT = 10**12
MAX_TEXT = 2000
_SUFFIXES = {
    "": 1,
    "k": 10**3,
    "mil": 10**3,
    "m": 10**6,
    "b": 10**9,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
}
_COUNT = re.compile(r"^([+-]?[\d.,]+)([a-z万萬亿億]*)$")
_ISO_DURATION = re.compile(
    r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$", re.IGNORECASE
)
_CLOCK = re.compile(r"^(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)$")
_SPOILT_ID = re.compile(r"^\d+(?:[.,]\d+)?[eE]\+?\d+$")
_HASHTAG = re.compile(r"#([^\W_][\w]*)")
_LINK_ID = re.compile(r"/(?:video|photo|reel|shorts|p)/([\w-]+)")
_LINK_HANDLE = re.compile(r"/@([\w.\-]+)")


def cell_text(cell: object) -> str | None:
    """The cell as stripped text, None where it says "unknown".

    >>> cell_text(" 12 "), cell_text("undefined"), cell_text(None)
    ('12', None, None)
    """
    if cell is None:
        return None
    text = str(cell).strip()
    return None if text.casefold() in UNKNOWN else text


def count(cell: object) -> int | None:
    """A whole number of things, 0 to 10^12, also from "304.9K", "1,234", "2.9万" or 541200.0.

    >>> count("304.9K"), count("1,234"), count("1,2 mil"), count("2.9万"), count(""), count(7.0)
    (304900, 1234, 1200, 29000, None, 7)
    """
    if isinstance(cell, bool):
        raise ValueError("is true or false, not a count")
    if isinstance(cell, int | float):
        return _whole(cell)
    text = cell_text(cell)
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return _whole(int(text))
    return _count_text(re.sub(r"[\s\u00a0\u202f]", "", text.casefold()))


def signed_count(cell: object) -> int | None:
    """A whole number that may fall below zero, such as net new followers.

    >>> signed_count("-12"), signed_count("1.2K"), signed_count("undefined")
    (-12, 1200, None)
    """
    text = cell_text(cell)
    if text is not None and text[0] == "-":
        below = count(text[1:])
        return None if below is None else -below
    return count(cell)


def duration_s(cell: object, unit_s: float = 1.0) -> float | None:
    """Seconds from a number of `unit_s` seconds each, "mm:ss", "h:mm:ss" or ISO 8601.

    A duration of zero says "unknown": no video lasts 0 s.

    >>> duration_s("00:31"), duration_s("1:02:03"), duration_s("PT1M1S"), duration_s("12.5")
    (31.0, 3723.0, 61.0, 12.5)
    >>> duration_s(2, unit_s=60), duration_s(0), duration_s("12s")
    (120.0, None, 12.0)
    """
    text = cell_text(cell)
    if text is None:
        return None
    seconds = _clock_s(text)
    if seconds is None:
        seconds = number(text.removesuffix("s").rstrip()) * unit_s
    if not 0 <= seconds <= 10**7:
        raise ValueError("is no duration: below zero, or longer than 115 days")
    return seconds or None


def share(cell: object, percent: bool = False) -> float | None:
    """A share from 0 to 1, from "38%", or from a bare number that is a percentage if `percent`.

    >>> share("38%"), share(0.31), share("31", percent=True), share("")
    (0.38, 0.31, 0.31, None)
    """
    text = cell_text(cell)
    if text is None:
        return None
    signed = text.endswith("%")
    value = number(text.removesuffix("%").strip().replace(",", "."))
    value = round(value / 100, 12) if signed or percent else value
    if not 0 <= value <= 1:
        raise ValueError("is no share between 0 and 1 (0% and 100%)")
    return value


def flag(cell: object) -> bool | None:
    """True or false, from a boolean, 0/1, true/false or yes/no.

    >>> flag("True"), flag(0), flag("no"), flag("")
    (True, False, False, None)
    """
    text = cell_text(cell)
    if text is None:
        return None
    known = {"true": True, "1": True, "1.0": True, "yes": True}
    known |= {"false": False, "0": False, "0.0": False, "no": False}
    if text.casefold() not in known:
        raise ValueError("is neither true nor false")
    return known[text.casefold()]


def identifier(cell: object) -> str | None:
    """An id as text. A number that a spreadsheet rounded (7.2E+18) is an error: its end is lost.

    >>> identifier(7086563693013518000), identifier(" a1 "), identifier(None)
    ('7086563693013518000', 'a1', None)
    """
    text = cell_text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)
    if text is not None and (_SPOILT_ID.match(text) or text.casefold() == "nan"):
        raise ValueError("is no id (a spreadsheet may have rounded it): export again as text")
    return text


def link_id(cell: object) -> str | None:
    """The post's id in its link, or the cell itself where it is no link.

    >>> link_id("https://www.tiktok.com/@ana/video/7301?lang=en"), link_id("7301")
    ('7301', '7301')
    """
    text = cell_text(cell)
    if text is None or "/" not in text:
        return identifier(text)
    found = _LINK_ID.search(text)
    if found is None:
        raise ValueError("holds no /video/<id>")
    return found[1]


def link_handle(cell: object) -> str | None:
    """The account named in a link, None where the link names none.

    >>> link_handle("https://www.tiktok.com/@ana.b/video/7301"), link_handle("https://x.test/1")
    ('ana.b', None)
    """
    found = _LINK_HANDLE.search(cell_text(cell) or "")
    return found[1] if found else None


def caption(cell: object) -> str | None:
    """Text in which every @mention and e-mail address reads @user.

    >>> caption("with @ana.b and a@b.example #fun")
    'with @user and @user #fun'
    """
    text = cell_text(cell)
    return None if text is None else without_mentions(text)


def short_text(cell: object) -> str | None:
    """Text as in `caption`, of at most MAX_TEXT characters: a word or a link, no story.

    >>> short_text("food"), short_text("")
    ('food', None)
    """
    text = caption(cell)
    if text is not None and len(text) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT} characters")
    return text


def text_list(cell: object, separator: str = ",") -> list[str] | None:
    """Distinct texts in order, from a list, a list's literal "['a', 'b']" or separated text.

    >>> text_list("['a', 'b']"), text_list("#a, #b,a"), text_list(""), text_list("[]")
    (['a', 'b'], ['a', 'b'], None, [])
    """
    if isinstance(cell, list | tuple):
        return _distinct(cell)
    text = cell_text(cell)
    if text is None:
        return None
    if not (text.startswith("[") and text.endswith("]")):
        return _distinct(text.split(separator))
    try:
        return _distinct(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise ValueError("starts as a list ([...]) but cannot be read as one") from None


def hashtags_in(text: str) -> list[str]:
    """The hashtags of a caption, without their sign, in order.

    >>> hashtags_in("so #fun #Tag_1 #fun, c#")
    ['fun', 'Tag_1']
    """
    return _distinct(_HASHTAG.findall(text))


def salted(kind: str, name: str, salt: str) -> str:
    """A pseudonym for a post, sound or other thing, the same at every import.

    >>> salted("sound", "Hit", "s") == salted("sound", "hit ", "s")
    True
    """
    digest = hashlib.sha256(f"{salt}|{kind}|{name.strip().casefold()}".encode()).hexdigest()
    return kind[0] + digest[:16]


def number(cell: object) -> float:
    """A finite number.

    >>> number("12.5"), number(3)
    (12.5, 3.0)
    """
    try:
        value = float(str(cell))
    except ValueError:
        raise ValueError("is not a number") from None
    if not math.isfinite(value):
        raise ValueError("is not a finite number")
    return value


def _whole(value: float) -> int:
    if not math.isfinite(value):
        raise ValueError("is not a finite number")
    if value < 0:
        raise ValueError("is a negative count")
    if abs(value - round(value)) > 1e-9 * max(1.0, value):  # 128199.99999999999 is whole
        raise ValueError("is not a whole number")
    if value > MAX_COUNT:
        raise ValueError("is above 10^12, no believable count")
    return round(value)


def _count_text(text: str) -> int:
    """`text` is lower-case and holds no spaces."""
    found = _COUNT.match(text)
    if found is None or found[2] not in _SUFFIXES:
        raise ValueError("is not a number" if text != "nan" else "is not a finite number")
    scale = _SUFFIXES[found[2]]
    try:
        value = Decimal(_point(found[1], suffixed=scale > 1)) * scale
    except InvalidOperation:
        raise ValueError("is not a number") from None
    return _whole(round(value)) if scale > 1 else _whole(float(value))


def _point(digits: str, suffixed: bool) -> str:
    """Digits with a decimal point, thousands separators gone."""
    if suffixed and "," in digits and re.fullmatch(r"\d+,\d{1,2}", digits):
        return digits.replace(",", ".")
    if digits.count(".") > 1:
        return digits.replace(".", "")
    return digits.replace(",", "")


def _clock_s(text: str) -> float | None:
    clock = _CLOCK.match(text)
    if clock:
        return 3600 * int(clock[1] or 0) + 60 * int(clock[2]) + float(clock[3])
    iso = _ISO_DURATION.match(text)
    if iso and any(iso.groups()):
        parts = [float(part or 0) for part in iso.groups()]
        return 86400 * parts[0] + 3600 * parts[1] + 60 * parts[2] + parts[3]
    return None


def _distinct(cells: Iterable[object]) -> list[str]:
    texts = (str(cell).strip().lstrip("#").strip() for cell in cells if cell is not None)
    return list(dict.fromkeys(text for text in texts if text))
