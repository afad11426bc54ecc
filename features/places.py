"""Where a post's language is spoken: the country whose holidays count, and the zone of its clocks.

Only languages of which most speakers live in one country are known here; English, Spanish,
Portuguese, French, Arabic, Russian and Malay-Indonesian say of nobody where they live.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A country (ISO 3166-1 alpha-2) and its time zone (IANA)."""

    country: str
    zone: str


PLACES = (
    Place("VN", "Asia/Ho_Chi_Minh"),
    Place("JP", "Asia/Tokyo"),
    Place("KR", "Asia/Seoul"),
    Place("TH", "Asia/Bangkok"),
    Place("CN", "Asia/Shanghai"),
    Place("TW", "Asia/Taipei"),
    Place("HK", "Asia/Hong_Kong"),
    Place("PH", "Asia/Manila"),
    Place("IN", "Asia/Kolkata"),
    Place("PK", "Asia/Karachi"),
    Place("IR", "Asia/Tehran"),
    Place("IL", "Asia/Jerusalem"),
    Place("TR", "Europe/Istanbul"),
    Place("DE", "Europe/Berlin"),
    Place("AT", "Europe/Vienna"),
    Place("CH", "Europe/Zurich"),
    Place("IT", "Europe/Rome"),
    Place("NL", "Europe/Amsterdam"),
    Place("BE", "Europe/Brussels"),
    Place("PL", "Europe/Warsaw"),
    Place("CZ", "Europe/Prague"),
    Place("HU", "Europe/Budapest"),
    Place("RO", "Europe/Bucharest"),
    Place("GR", "Europe/Athens"),
    Place("UA", "Europe/Kyiv"),
    Place("SE", "Europe/Stockholm"),
    Place("DK", "Europe/Copenhagen"),
    Place("NO", "Europe/Oslo"),
    Place("FI", "Europe/Helsinki"),
    Place("GB", "Europe/London"),
    Place("IE", "Europe/Dublin"),
    Place("FR", "Europe/Paris"),
    Place("ES", "Europe/Madrid"),
)
_OF_LANGUAGE = {
    "vi": "VN", "ja": "JP", "ko": "KR", "th": "TH", "zh": "CN", "tl": "PH", "fil": "PH",
    "hi": "IN", "ta": "IN", "te": "IN", "mr": "IN", "ur": "PK", "fa": "IR", "he": "IL",
    "tr": "TR", "de": "DE", "it": "IT", "nl": "NL", "pl": "PL", "cs": "CZ", "hu": "HU",
    "ro": "RO", "el": "GR", "uk": "UA", "sv": "SE", "da": "DK", "nb": "NO", "no": "NO",
    "fi": "FI",
}  # fmt: skip
_NUMBER = {place.country: number for number, place in enumerate(PLACES)}


def place_of(language: str | None) -> int:
    """Index into PLACES of a language tag (BCP 47), -1 where it names no one place.

    A region in the tag goes first, where it has one clock.

    >>> [PLACES[place_of(tag)].country for tag in ("vi", "de-AT", "zh_TW", "en-GB")]
    ['VN', 'AT', 'TW', 'GB']
    >>> place_of("en"), place_of("en-US"), place_of(None)
    (-1, -1, -1)
    """
    parts = (language or "").replace("_", "-").split("-")
    regions = [part.upper() for part in parts[1:] if len(part) == 2]
    country = regions[0] if regions else _OF_LANGUAGE.get(parts[0].lower(), "")
    return _NUMBER.get(country, -1)
