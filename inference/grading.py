"""How much data stands behind a forecast: a grade A to D and its reason, in words."""

from __future__ import annotations

from typing import Any

from reelcast.records import Grade

_MANY, _SOME, _FRESH_DAYS, _STALE_DAYS = 20, 5, 60.0, 180.0
_HELD = 0.73, 0.87  # shares inside 80% intervals that count as held


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
        f"80% intervals held {_share(coverage)} of the test posts of {_of(tier)}"
        if coverage is not None
        else f"too few test posts of {_of(tier)} to measure how often intervals hold"
    )
    letter: Any = "A"
    few, stale = n_history < _SOME, days_since_last > _STALE_DAYS
    lacks = _lacks(n_history, days_since_last, coverage)
    if few or stale:
        letter = "C"
    elif lacks:
        letter = "B"
    because = f"; {letter}, not A: {', '.join(lacks)}" if lacks else ""
    return Grade(grade=letter, reason=f"{known}; {tested}{because}")


def _lacks(n_history: int, days_since_last: float, coverage: float | None) -> list[str]:
    """What keeps a forecast from an A, in words."""
    lacks = []
    if n_history < _MANY:
        lacks.append(f"fewer than {_MANY} posts")
    if days_since_last > _FRESH_DAYS:
        lacks.append(f"the last more than {_FRESH_DAYS:g} days ago")
    if coverage is None:
        lacks.append("intervals not measured there")
    elif coverage < _HELD[0]:
        lacks.append(f"intervals too narrow there (under {_HELD[0]:.0%} held)")
    elif coverage > _HELD[1]:
        lacks.append(f"intervals too wide there (over {_HELD[1]:.0%} held)")
    return lacks


def _share(coverage: float) -> str:
    """A share in whole percent; with a decimal where the whole would hide which side it lies on."""
    close = any(round(coverage, 2) == bound != coverage for bound in _HELD)
    return f"{coverage:.1%}" if close else f"{coverage:.0%}"


def _of(tier: str) -> str:
    if tier == "unknown":
        return "creators with unknown followers"
    return f"the {tier} tier"


def _days(days: float) -> str:
    if days < 1:
        return "less than a day ago"
    return f"{days:.0f} day{'s' * (round(days) != 1)} ago"
