"""When a post goes out by the clock and calendar of where its creator lives, as far as is known.

The place is the one that most of the past posts' languages name; without one all is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from features.context import Context
from features.panel import F64
from features.places import PLACES
from reelcast.packages import require

_HOUR_S = 3600
_FAR_DAYS = 14  # a holiday further off says nothing


def _local(c: Context) -> F64:
    """Seconds since 1970 by the local clock (n,), NaN where the place is unknown."""
    hours = c.asked.post_s // _HOUR_S
    shift = [
        _offset_s(number, hour)
        for number, hour in zip(c.place.tolist(), hours.tolist(), strict=True)
    ]
    return np.asarray(c.asked.post_s + np.array(shift, np.float64), np.float64)


def local_hour_sin(c: Context) -> F64:
    """the hour of posting (where the creator lives)"""
    return np.asarray(np.sin(2 * np.pi * (_local(c) % 86_400) / 86_400))


def local_hour_cos(c: Context) -> F64:
    """the hour of posting (where the creator lives)"""
    return np.asarray(np.cos(2 * np.pi * (_local(c) % 86_400) / 86_400))


def local_weekday(c: Context) -> F64:
    """the day of the week (where the creator lives)"""
    return np.asarray((_local(c) // 86_400 + 3) % 7)


def holiday(c: Context) -> F64:
    """whether the day is a public holiday where the creator lives"""
    return np.asarray((_holiday_days(c) == 0) + 0.0 * _local(c))


def days_to_holiday(c: Context) -> F64:
    """days until the next public holiday where the creator lives (at most 14)"""
    return _holiday_days(c)


def _holiday_days(c: Context) -> F64:
    days = _local(c) // 86_400
    found = [
        np.nan if np.isnan(day) else _days_to_holiday(PLACES[number].country, int(day))
        for number, day in zip(c.place.tolist(), days.tolist(), strict=True)
    ]
    return np.array(found, np.float64)


@lru_cache(maxsize=200_000)
def _offset_s(number: int, hour: int) -> float:
    """The local clock's lead on UTC in an hour since 1970; NaN where the place is unknown."""
    if number < 0:
        return float("nan")
    try:
        zone = ZoneInfo(PLACES[number].zone)
    except ZoneInfoNotFoundError:  # a machine without the tz database
        return float("nan")
    ahead = datetime.fromtimestamp(hour * _HOUR_S, UTC).astimezone(zone).utcoffset()
    return float("nan") if ahead is None else ahead.total_seconds()


@lru_cache(maxsize=100_000)
def _days_to_holiday(country: str, day: int) -> float:
    """Days from a day since 1970 to the country's next public holiday, at most 14."""
    at = date(1970, 1, 1) + timedelta(days=day)
    calendar = _holidays(country)
    for ahead in range(_FAR_DAYS):
        if at + timedelta(days=ahead) in calendar:
            return float(ahead)
    return float(_FAR_DAYS)


@lru_cache(maxsize=64)
def _holidays(country: str) -> dict[date, str]:
    calendar: dict[date, str] = require("holidays").country_holidays(country)
    return calendar


COLUMNS: dict[str, Callable[[Context], F64]] = {
    f.__name__: f for f in (local_hour_sin, local_hour_cos, local_weekday, holiday, days_to_holiday)
}
