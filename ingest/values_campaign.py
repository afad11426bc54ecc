"""Parsers of one cell of a campaign's exports: money, types, arms, answers, names of campaigns.

As in `values`: a plain value, None where the cell says that nothing is known, ValueError with the
reason in words. What a parser returns is fit to be stored: names and addresses do not pass.
"""

from __future__ import annotations

import re

from ingest import values
from reelcast.mentions import without_mentions
from reelcast.tables_campaign import ORDER_TYPES

MAX_AMOUNT = 10**12
MAX_LABEL = 200
ANSWERS = ("creator", "social", "ad", "search", "friend", "press", "store", "other")
_SLUG = re.compile(r"^[a-z0-9][a-z0-9_-]{0,99}$")
_SIGN = re.compile(r"[$€£¥₹₫]|\b[A-Z]{3}\b")
_BLANK = re.compile(r"[\s\u00a0\u202f']")
# Groups of three digits by blanks, points or commas; no leading +, no further leading zero.
_NUMBER = re.compile(
    r"^-?(?:(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[\s\u00a0\u202f'.,]\d{3})+)?(?:[.,]\d+)?)(?:e[+-]?\d+)?$"
)
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$")
_CANCELLED = {"cancelled", "canceled", "voided", "expired", "void"}
_EXPOSED = {"exposed", "treatment", "treated", "test", "variant", "on", "true", "yes", "1"}
_CONTROL = {"control", "holdout", "held out", "held_out", "off", "false", "no", "0", "unexposed"}
_ANSWER_WORDS = {
    "creator": r"@|\b(?:creator|influencer|youtuber|tiktoker|blogger)",
    "ad": r"\b(?:ads?|advert\w*|sponsored|banner|anzeige|werbung)\b",
    "search": r"\b(?:google|search|bing|suche|duckduckgo)",
    "friend": r"\b(?:friend|family|word of mouth|colleague|freund|familie|amig)",
    "press": r"\b(?:press|magazine|newspaper|article|podcast|blog|news|radio)\b",
    "social": r"\b(?:tiktok|instagram|youtube|facebook|social|pinterest|reddit)",
    "store": r"\b(?:store|shop|retail|laden)\b",
}


def amount(cell: object) -> float | None:
    """An amount of money or time, 0 to 10^12, signs and separators of thousands gone.

    >>> amount("1,234.50"), amount("€ 1.234,50"), amount("12,5"), amount("$0.00"), amount("")
    (1234.5, 1234.5, 12.5, 0.0, None)
    """
    found = signed(cell)
    if found is None:
        return None
    if found < 0:
        raise ValueError("is below zero")
    if found > MAX_AMOUNT:
        raise ValueError("is above 10^12, no believable amount")
    return found


def signed(cell: object) -> float | None:
    """A finite number of either sign, written as `amount` takes it; no telephone number.

    >>> signed("-3.5"), signed("1.234.567"), signed(7), signed("1 234,50")
    (-3.5, 1234567.0, 7.0, 1234.5)
    """
    if isinstance(cell, bool):
        raise ValueError("is true or false, not a number")
    text = values.cell_text(cell)
    if text is None:
        return None
    bare = _SIGN.sub("", text).strip()
    if not _NUMBER.match(bare):
        raise ValueError("is not a number")
    return values.number(bare if "e" in bare else _pointed(_BLANK.sub("", bare)))


def currency(cell: object) -> str | None:
    """The three letters of a currency.

    >>> currency("usd"), currency("")
    ('USD', None)
    """
    text = values.cell_text(cell)
    if text is None:
        return None
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError("is no currency code such as USD or EUR")
    return text.upper()


def slug(cell: object) -> str | None:
    """The name of a platform or campaign: small letters, digits, - and _; 100 at most.

    >>> slug("Spring-26"), slug(None)
    ('spring-26', None)
    """
    text = values.cell_text(cell)
    if text is None:
        return None
    if not _SLUG.match(text.casefold()):
        raise ValueError("is no short name of letters a to z, digits, - and _ (100 at most)")
    return text.casefold()


def label(cell: object) -> str | None:
    """A short text, accounts and addresses taken out, 200 characters at most.

    >>> label("recall of @ana")
    'recall of @user'
    """
    text = values.cell_text(cell)
    if text is None:
        return None
    if len(text) > MAX_LABEL:
        raise ValueError(f"is longer than {MAX_LABEL} characters")
    return without_mentions(text)


def present(cell: object) -> bool:
    """Whether the cell says anything.

    >>> present("2026-09-01"), present("")
    (True, False)
    """
    return values.cell_text(cell) is not None


def cancelled(cell: object) -> bool:
    """Whether a time of cancellation, or a state such as voided, says that there is no order.

    >>> cancelled("2026-09-01 10:00"), cancelled("voided"), cancelled("paid"), cancelled("")
    (True, True, False, False)
    """
    text = (values.cell_text(cell) or "").casefold()
    return text in _CANCELLED or text in ("true", "yes") or bool(re.match(r"\d{4}", text))


def exposed(cell: object) -> bool | None:
    """Whether an arm was exposed.

    >>> exposed("Treatment"), exposed("Control"), exposed("")
    (True, False, None)
    """
    text = values.cell_text(cell)
    if text is None:
        return None
    if text.casefold() not in _EXPOSED | _CONTROL:
        raise ValueError("is no arm: write exposed or control, or use `values`")
    return text.casefold() in _EXPOSED


def arm(cell: object) -> str | None:
    """The arm's name.

    >>> arm("Test group".split()[0]), arm("holdout")
    ('exposed', 'control')
    """
    found = exposed(cell)
    return None if found is None else "exposed" if found else "control"


def order_type(cell: object) -> str | None:
    """One of ORDER_TYPES.

    >>> order_type("Install")
    'install'
    """
    text = (values.cell_text(cell) or "").casefold() or None
    if text is not None and text not in ORDER_TYPES:
        raise ValueError(f"is no type of order ({', '.join(ORDER_TYPES)}): use `values`")
    return text


def answer(cell: object) -> str | None:
    """Which of ANSWERS a free answer is, by its words: the words themselves are not kept.

    >>> answer("saw it at @ana's"), answer("Google"), answer("TikTok"), answer("my aunt Ana")
    ('creator', 'search', 'social', 'other')
    """
    text = values.cell_text(cell)
    if text is None:
        return None
    return next((k for k, of in _ANSWER_WORDS.items() if re.search(of, text.casefold())), "other")


def language(cell: object) -> str | None:
    """A language's code, None for a text that is none.

    >>> language("en-US"), language("und"), language("English")
    ('en', None, None)
    """
    text = (values.cell_text(cell) or "").casefold()
    found = re.split("[-_]", text)[0] if _LANGUAGE.match(text) else None
    return None if found in (None, "und", "un") else found


def _pointed(digits: str) -> str:
    """Digits with a point: of two separators the last is it, or a comma before 1 or 2 digits."""
    if "," in digits and "." in digits:
        thousands = "," if digits.rfind(",") < digits.rfind(".") else "."
        return digits.replace(thousands, "").replace(",", ".")
    if re.fullmatch(r"[+-]?\d+,\d{1,2}", digits):
        return digits.replace(",", ".")
    return digits.replace(",", "") if digits.count(".") < 2 else digits.replace(".", "")
