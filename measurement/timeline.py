"""The days of a campaign: orders, those credited to it, clicks, promotions, and its posts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from measurement.attribute import Attributed
from measurement.attribution import daily
from measurement.attribution.scope import Scope
from measurement.results import DayCounts
from reelcast.store import Lake
from reelcast.zones import day_in

I64 = npt.NDArray[np.int64]
BEFORE = timedelta(days=28)  # of orders before the first post


def timeline(lake: Lake, made: Attributed, now: datetime) -> tuple[DayCounts, ...]:
    """Days, by its clocks, from four weeks before the first post to the last window's end."""
    scope, attribution = made.scope, made.attribution
    if attribution.scope_from is None or attribution.scope_to is None:
        return ()
    zone = scope.campaign.zone
    first = day_in(attribution.scope_from, zone) - BEFORE
    last = day_in(min(attribution.scope_to, now), zone)
    every = scope.every.filter(pc.is_valid(scope.every["at"]))
    orders = _by_day(daily.day_numbers(every["at"], zone), first, last)
    ours = np.isin(made.agreed.by_order, scope.own)
    at = scope.claims["at"].filter(pa.array(ours))
    mine = _by_day(daily.day_numbers(at, zone), first, last)
    clicks = _clicks(lake, scope)
    posts: dict[date, list[str]] = {}
    for i in scope.own:
        slot = scope.slots[i]
        posts.setdefault(slot.opens_on, []).append(f"{slot.creator_id}_{slot.slot}")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(
        DayCounts(
            day=day,
            orders=int(orders[n]),
            credited=int(mine[n]),
            clicks=clicks.get(day, 0),
            is_promo=day in scope.campaign.promo_days,
            posts=tuple(sorted(posts.get(day, []))),
        )
        for n, day in enumerate(days)
    )


def _by_day(numbers: I64, first: date, last: date) -> I64:
    start = (first - daily.EPOCH).days
    n = (last - first).days + 1
    inside = (numbers >= start) & (numbers < start + n)
    return np.asarray(np.bincount(numbers[inside] - start, minlength=max(n, 0)))


def _clicks(lake: Lake, scope: Scope) -> dict[date, int]:
    """Clicks by day under the campaign's names in links, sessions where none were counted."""
    names = {scope.campaign.campaign_id, *(scope.slots[i].utm_campaign for i in scope.own)} - {""}
    rows = lake.read_columns("touches", ["day", "utm_campaign", "clicks", "sessions"]).to_pylist()
    mine = [row for row in rows if (row["utm_campaign"] or "").strip().lower() in names]
    column = "clicks" if any(row["clicks"] is not None for row in mine) else "sessions"
    found: dict[date, int] = {}
    for row in mine:
        found[row["day"]] = found.get(row["day"], 0) + int(row[column] or 0)
    return found
