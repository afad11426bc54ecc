"""Days of a time zone: which day a moment falls on there, and when days begin.

Moments stay UTC. Days, months and promotions are those of people, who live in a zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from reelcast.errors import InputError

F64 = npt.NDArray[np.float64]
DAY_S = 86_400.0
_STEP_S = 900.0  # clocks change at quarters of an hour at the finest


def zone_of(name: str) -> tzinfo:
    """The time zone of that name ("UTC", "Asia/Ho_Chi_Minh"). Raises InputError."""
    try:
        return UTC if name.upper() == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise InputError(
            f"{name!r} is no time zone: use an IANA name such as UTC or Europe/Berlin"
        ) from exc


def day_in(moment: datetime, zone: tzinfo) -> date:
    """The day that an aware moment falls on in the zone.

    >>> day_in(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), zone_of("Europe/Berlin"))
    datetime.date(2026, 3, 2)
    """
    return moment.astimezone(zone).date()


def start_of(day: date, zone: tzinfo) -> datetime:
    """The UTC moment at which a day begins in the zone.

    >>> str(start_of(date(2026, 7, 1), zone_of("Europe/Berlin")))
    '2026-06-30 22:00:00+00:00'
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def local_days(seconds: F64, zone: tzinfo) -> F64:
    """Days of the zone since its 1970-01-01 (n,), with fractions, of seconds since 1970 UTC (n,).

    The whole part is the day on the calendar there; NaN stays NaN. On a day when clocks change
    fractions run an hour more or less.

    >>> local_days(np.array([0.0, 82_800.0]), zone_of("Europe/Berlin")).round(3).tolist()
    [0.042, 1.0]
    """
    if zone is UTC or not len(seconds):
        return np.asarray(seconds / DAY_S, np.float64)
    known = np.isfinite(seconds)
    steps, place = np.unique(np.floor(seconds[known] / _STEP_S), return_inverse=True)
    ahead = np.array([_ahead_s(float(step) * _STEP_S, zone) for step in steps], np.float64)
    local = np.full(len(seconds), np.nan)
    local[known] = (seconds[known] + ahead[place]) / DAY_S
    return local


def _ahead_s(second: float, zone: tzinfo) -> float:
    ahead = datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset()
    return 0.0 if ahead is None else ahead.total_seconds()
