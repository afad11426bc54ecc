"""The days that the spike model reads: orders a day, weekday, holidays, other views, promotions.

Days are those of the campaign's time zone, numbered since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from measurement.attribution.spike import Days
from reelcast.packages import require
from reelcast.zones import day_in, local_days

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1)
MOST_BEFORE_DAYS = 150
PROMO_SHARE, PROMO_TIMES, PROMO_ORDERS = 0.3, 5.0, 10


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are not like others: holidays, and promotions that are left out."""

    holidays: frozenset[date]
    promotions: frozenset[date]


def day_numbers(at: pa.ChunkedArray, zone: tzinfo) -> I64:
    """Days (n,) of times; those without a time must be filtered out before."""
    seconds = at.cast(pa.int64()).to_numpy() / 1e6
    return np.floor(local_days(seconds, zone)).astype(np.int64)


def span_of(
    order_days: I64, first_post: datetime, last_close: datetime, now: datetime, zone: tzinfo
) -> range:
    """The days that are whole: from the first orders to the last window's end.

    Today is not over, and the first day of an export may have begun before it: both stay out. An
    order dated long before the campaign, by a wrong clock, moves nothing. Empty without orders.
    """
    reach = _number(first_post, zone) - MOST_BEFORE_DAYS
    end = min(_number(now, zone), _number(last_close, zone) + 1)
    inside = order_days[(order_days >= reach) & (order_days < end)]
    start = int(inside.min()) + 1 if len(inside) else end
    return range(start, max(start, end))


def days_of(order_days: I64, span: range, calendar: Calendar, views: dict[date, float]) -> Days:
    """Orders by day of the span with weekday, holidays, other views; promotions are not used.

    `views` moves the baseline as their logarithm; days without a count take the mean.
    """
    counts = np.bincount(
        order_days[(order_days >= span.start) & (order_days < span.stop)] - span.start,
        minlength=len(span),
    )
    dates = [EPOCH + timedelta(days=n) for n in span]
    columns = [_flags(dates, calendar.holidays), _log_views(dates, views)]
    kept = [column for column in columns if column.std() > 0]
    return Days(
        counts.astype(np.float64),
        np.array([day.weekday() for day in dates], np.int64),
        np.column_stack(kept) if kept else np.zeros((len(dates), 0)),
        ~_flags(dates, calendar.promotions).astype(bool),
    )


def holidays_of(country: str | None, years: Iterable[int]) -> frozenset[date] | None:
    """A country's public holidays; None for a country that the package does not know.

    >>> date(2026, 12, 25) in (holidays_of("US", [2026]) or ())
    True
    """
    if country is None:
        return frozenset()
    package = require("holidays")
    if country not in package.list_supported_countries():
        return None
    return frozenset(package.country_holidays(country, years=list(years)))


def suspected_promotions(order_days: I64, has_other_code: npt.NDArray[np.bool_]) -> list[date]:
    """Days on which far more orders than usual carry a code that is no creator's.

    `order_days` (n_orders,) since 1970, `has_other_code` (n_orders,).
    """
    if not len(order_days):
        return []
    first = order_days.min()
    orders = np.bincount(order_days - first)
    coded = np.bincount(order_days - first, weights=has_other_code.astype(np.float64))
    share = coded / np.maximum(orders, 1)
    usual = float(np.median(share[orders > 0]))
    odd = (coded >= PROMO_ORDERS) & (share >= max(PROMO_SHARE, PROMO_TIMES * usual))
    return [EPOCH + timedelta(days=int(first + at)) for at in np.flatnonzero(odd)]


def post_days(at: Iterable[datetime], span: range, zone: tzinfo) -> F64:
    """When posts went out (n_posts,), in days from the span's first, fractions count."""
    seconds = np.array([when.timestamp() for when in at], np.float64)
    return local_days(seconds, zone) - span.start


def _number(when: datetime, zone: tzinfo) -> int:
    return (day_in(when, zone) - EPOCH).days


def _flags(dates: list[date], marked: frozenset[date]) -> F64:
    return np.array([day in marked for day in dates], np.float64)


def _log_views(dates: list[date], views: dict[date, float]) -> F64:
    known = np.array([views.get(day, np.nan) for day in dates], np.float64)
    if np.isnan(known).all():
        return np.zeros(len(dates))
    logs = np.log1p(known)
    return np.where(np.isnan(logs), np.nanmean(logs), logs)
