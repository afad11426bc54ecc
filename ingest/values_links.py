"""Parsers of one cell that says where a visit or an order came from: links, codes, accounts, posts.

As in `values`: a plain value, None where the cell says that nothing is known, ValueError with the
reason in words. Queries and paths of other sites are cut off: they may carry addresses.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from ingest import values
from reelcast.mentions import without_mentions

MAX_UTM = 200
_GAP = re.compile(r"[,;|\n]+")
_CODE = re.compile(r"^(?!\+?\d{7,}$)[^\s@]{1,60}$")
_NO_CODE = {"CUSTOM DISCOUNT", "AUTOMATIC DISCOUNT"}
_HOST = re.compile(r"^(?:[\w-]+\.)+[a-z]{2,}$")
_REFERRER = re.compile(r"(?:^|\n)\s*(?:referrer|referring[ _]site)\s*[:=]\s*(\S+)", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@([\w.\-]*\w)")
_POST = re.compile(r"^[\w:.-]{1,200}$")
_SITES = {
    "tiktok.": "tiktok",
    "instagram.": "instagram",
    "youtube.": "youtube",
    "youtu.be": "youtube",
}


def utm(cell: object) -> str | None:
    """A link's parameter in lower case, as analytics and links are compared.

    >>> utm(" TikTok "), utm("a@b.example")
    ('tiktok', '@user')
    """
    text = values.cell_text(cell)
    return None if text is None else without_mentions(text).casefold()[:MAX_UTM]


def utm_in(cell: object, name: str) -> str | None:
    """The parameter `name` in a link, or in a note of lines "utm_source: tiktok"; None without.

    >>> utm_in("https://shop.example/?utm_source=TikTok&x=1", "utm_source")
    'tiktok'
    >>> utm_in("gift: yes\\nutm_content: C1_2", "utm_content"), utm_in("for Ana", "utm_source")
    ('c1_2', None)
    """
    text = values.cell_text(cell)
    if text is None or "utm_" not in text.casefold():
        return None
    for line in text.split():
        for key, value in parse_qsl(urlsplit(_safe(line)).query):
            if key.casefold() == name:
                return utm(value)
    noted = re.search(rf"\b{name}\s*[:=]\s*([^\s&]+)", text, re.IGNORECASE)
    return utm(noted[1]) if noted else None


def source_or_medium(cell: object, name: str) -> str | None:
    """The half of "tiktok / influencer" that `name` asks for.

    >>> source_or_medium("TikTok / influencer", "utm_medium"), source_or_medium("x", "utm_medium")
    ('influencer', 'x')
    """
    source, slash, medium = (values.cell_text(cell) or "").partition(" / ")
    return utm(medium if slash and name == "utm_medium" else source)


def page(cell: object) -> str | None:
    """A landing page's path in lower case, its query gone: it may carry addresses.

    >>> page("https://shop.example/New?email=a@b.example"), page("/sale?x=1"), page("(not set)")
    ('/new', '/sale', '(not set)')
    """
    text = values.cell_text(cell)
    if text is None:
        return None
    if text.startswith("("):
        return utm(text)
    return without_mentions(urlsplit(_safe(text)).path or "/").casefold()[:MAX_UTM]


def host(cell: object) -> str | None:
    """The site that a visit came from, without path and query.

    >>> host("https://www.Coupons.example/deal?u=ana"), host("coupons.example"), host("John Smith")
    ('www.coupons.example', 'coupons.example', None)
    """
    text = (values.cell_text(cell) or "").casefold()
    found = urlsplit(_safe(text if "://" in text else f"//{text}")).hostname or ""
    return found if _HOST.match(found) else None


def host_in(cell: object) -> str | None:
    """The site in a note's line "referrer: https://...", None without.

    >>> host_in("gift: yes\\nreferrer: https://coupons.example/x")
    'coupons.example'
    """
    found = _REFERRER.search(values.cell_text(cell) or "")
    return host(found[1]) if found else None


def codes(cell: object) -> list[str] | None:
    """The codes of an order in capitals, several by commas; a shop's own discounts have none.

    >>> codes("fern07, SALE10"), codes(""), codes("Custom discount")
    (['FERN07', 'SALE10'], None, None)
    """
    given = cell if isinstance(cell, list | tuple) else _GAP.split(values.cell_text(cell) or "")
    texts = (str(each).strip().upper() for each in given)
    found = dict.fromkeys(text for text in texts if text and text not in _NO_CODE)
    if not all(_CODE.match(code) for code in found):
        raise ValueError("is no promo code: it has blanks, an @, only digits, or 60 characters")
    return [*found] or None


def post(cell: object, platform: str | None) -> str | None:
    """A post's id as in the table posts, from a link, or an id on its own.

    >>> post("https://www.tiktok.com/@ana/video/7301", None), post("7301", "tiktok")
    ('tiktok:7301', 'tiktok:7301')
    >>> post("https://youtu.be/abc", None), post("lab:1", "tiktok"), post("7301", None)
    ('youtube:abc', 'lab:1', '7301')
    """
    text = values.cell_text(cell)
    if text is not None and "://" in text:
        site = next((s for s in _SITES if s in (host(text) or "")), None)
        tail = urlsplit(_safe(text)).path.strip("/")
        query = dict(parse_qsl(urlsplit(_safe(text)).query))
        found = query.get("v") or (tail if "/" not in tail else values.link_id(text))
        text, platform = found, _SITES[site] if site else platform
    else:
        text = values.identifier(cell)
    if text is None:
        return None
    if not _POST.match(text):
        raise ValueError("is no id of a post, nor a link to one")
    return text if ":" in text or platform is None else f"{platform}:{text}"


def handle_in(cell: object) -> str | None:
    """The first @account in a text, None without.

    >>> handle_in("from @ana.b!"), handle_in("a@b.example"), handle_in("Ana")
    ('ana.b', None, None)
    """
    found = _HANDLE.search(values.cell_text(cell) or "")
    return found[1] if found else None


def _safe(link: str) -> str:
    """The link, without the brackets that urlsplit refuses as a broken IPv6 address."""
    return link.replace("[", "").replace("]", "")
