"""How much data stands behind a forecast: a grade A to D and its reason, in words."""

from __future__ import annotations

from typing import Any

from reelcast.records import Grade

_MANY, _SOME, _FRESH_DAYS, _STALE_DAYS = 20, 5, 60.0, 180.0


def grade(
    n_history: int, days_since_last: float | None, tier: str, coverage: float | None
) -> Grade:
    """The grade: A from 20 recent posts in a tier whose intervals held, D without any post.

    `coverage` is the share of the tier's test posts inside their 80% interval, None where fewer
    than 100 were tested.

    >>> grade(0, None, "micro", None).reason
    "no earlier count is known: the typical post of the micro tier, nothing of the creator's own"
    """
    if n_history == 0 or days_since_last is None:
        return Grade(
            grade="D",
            reason=f"no earlier count is known: the typical post of {_of(tier)}, "
            "nothing of the creator's own",
        )
    known = f"{n_history} earlier post{'s' * (n_history != 1)}, the last {_days(days_since_last)}"
    tested = (
        f"80% intervals held {coverage:.0%} of the test posts of {_of(tier)}"
        if coverage is not None
        else f"too few test posts of {_of(tier)} to measure how often intervals hold"
    )
    return Grade(grade=_letter(n_history, days_since_last, coverage), reason=f"{known}; {tested}")


def _letter(n_history: int, days_since_last: float, coverage: float | None) -> Any:
    if n_history < _SOME or days_since_last > _STALE_DAYS:
        return "C"
    held = coverage is not None and 0.73 <= coverage <= 0.87
    return "A" if n_history >= _MANY and days_since_last <= _FRESH_DAYS and held else "B"


def _of(tier: str) -> str:
    if tier == "unknown":
        return "creators with unknown followers"
    return f"the {tier} tier"


def _days(days: float) -> str:
    if days < 1:
        return "less than a day ago"
    return f"{days:.0f} day{'s' * (round(days) != 1)} ago"
