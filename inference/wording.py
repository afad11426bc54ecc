"""Numbers as people read them: short, with unit and interval. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

UNKNOWN = "not known"
WINDOWS = {1.0: "24 hours", 3.0: "72 hours", 7.0: "7 days", 28.0: "28 days", 30.0: "30 days"}


def count(value: float | None) -> str:
    """A count in three digits, in full trillions above a thousand of them.

    >>> count(950), count(12_340), count(1_500_000), count(1e12), count(2.5e15), count(None)
    ('950', '12.3K', '1.5M', '1T', '2,500T', 'not known')
    """
    if value is None or value != value:
        return UNKNOWN
    for unit, name in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(value) >= unit * 0.9995:
            of = value / unit
            return f"{of:,.0f}{name}" if abs(of) >= 999.5 else f"{of:.3g}{name}"
    return f"{value:.0f}"


def interval(low: float, high: float) -> str:
    """From where to where.

    >>> interval(4_100, 30_200)
    '4.1K to 30.2K'
    """
    return f"{count(low)} to {count(high)}"


def interval80(quantiles: Mapping[str, float]) -> str:
    """The 80% interval of a forecast's quantiles."""
    return interval(quantiles["q10"], quantiles["q90"])


def share(value: float | None) -> str:
    """A share as percent.

    >>> share(0.807), share(None)
    ('81%', 'not known')
    """
    return UNKNOWN if value is None or value != value else f"{value:.0%}"


def money(value: float | None, currency: str = "") -> str:
    """An amount; small ones keep more digits.

    >>> money(1250.4, "EUR"), money(0.0123), money(3.456)
    ('1,250 EUR', '0.0123', '3.46')
    """
    if value is None or value != value:
        return UNKNOWN
    said = (
        f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3g}"
    )
    return f"{said} {currency}".strip()


def times(log: float) -> str:
    """A difference of logs as a factor.

    >>> times(0.5596)
    '1.75 times'
    """
    return f"{math.exp(log):.2f} times"


def window(days: float) -> str:
    """How long after posting.

    >>> window(1), window(7.0), window(14)
    ('24 hours', '7 days', '14 days')
    """
    return WINDOWS.get(float(days), f"{days:g} day{'s' * (days != 1)}")


def short_id(creator_id: str | None) -> str:
    """A pseudonym's beginning: enough to tell it apart."""
    return UNKNOWN if creator_id is None else creator_id[:9]
