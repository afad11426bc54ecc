"""What each post counted, cost and brought at each review: arrays, one place per slot.

An unknown is NaN, never zero. Counts come from `post_observations`, visits from `touches`, paid
delivery from `ad_days`, orders from the reconciled credits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from measurement.ages import at_age
from measurement.attribution.claims import PlacedSlot, posts_of
from measurement.visits import VISITS, Visits, visits_of
from reelcast.store import Lake
from reelcast.tables import TARGETS

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
B = npt.NDArray[np.bool_]
Days = int
PARTS = ("", "_organic", "_paid")
COUNTS = tuple(f"{name}{part}" for part in PARTS for name in (*TARGETS, "reach"))
RATES = ("avg_watch_s", "completion_rate")
ADS = ("spend", "impressions", "ad_clicks", "ad_conversions", "ad_revenue")


@dataclass(frozen=True, slots=True)
class Facts:
    """Columns (n_slots,) by review day: `of[7]["views"]`.

    `estimated[7]` where counts were interpolated, `reached[7]` where the post is so old.
    """

    slots: Sequence[PlacedSlot]
    fee: F64
    share: F64  # (n_slots,) of credited revenue that is paid beside the fee
    of: Mapping[Days, Mapping[str, F64]]
    estimated: Mapping[Days, B]
    reached: Mapping[Days, B]
    has_ads: B  # (n_slots,) whether any of the post's delivery is known to be paid
    foreign_ads: frozenset[tuple[int, str]] = frozenset()  # slots with ads in another currency

    def paid(self, chosen: I64, days: Days) -> F64:
        """What the slots' creators are paid (k,): fees, and their shares of revenue so far."""
        return np.asarray(self.fee[chosen] + self.share[chosen] * self.of[days]["revenue"][chosen])


@dataclass(frozen=True, slots=True)
class Credited:
    """Orders of all types with the slot that each is credited to, -1 nobody."""

    slot: I64  # (n_orders,)
    link: I64  # by last click alone
    at_s: F64  # seconds since 1970, NaN unknown
    net: F64
    is_new: F64  # 1, 0, NaN unknown
    type: npt.NDArray[np.object_]
    counts: B  # whether the type is one of the campaign's conversions
    worth: B  # whether its worth is known, in the campaign's currency


def credited(claims: pa.Table, by_order: I64, conversions: Sequence[str], worth: B) -> Credited:
    """The claims' columns as arrays, with each order's credit."""
    at = claims["at"].cast(pa.int64()).to_numpy(zero_copy_only=False).astype(np.float64) / 1e6
    types = np.asarray(claims["type"].to_numpy(zero_copy_only=False), object)
    new = claims["is_new"].cast(pa.float64()).fill_null(np.nan).to_numpy()
    link = claims["link_slot"].fill_null(-1).to_numpy()
    counts = np.isin(types, list(conversions))
    return Credited(by_order, link, at, claims["net"].to_numpy(), new, types, counts, worth)


@dataclass(frozen=True, slots=True)
class Asked:
    """The slots with what they are paid (n_slots,), the reviews (days after posting), and now.

    Amounts of `currency` alone are added up.
    """

    slots: Sequence[PlacedSlot]
    fees: F64
    shares: F64
    reviews: Sequence[int]
    now: datetime
    currency: str


def gather(lake: Lake, asked: Asked, orders: Credited) -> Facts:
    """The facts of all slots at all reviews."""
    slots, reviews = asked.slots, asked.reviews
    columns: dict[int, dict[str, F64]] = {}
    estimated: dict[int, B] = {}
    seen = _observed(lake, slots)
    touches = visits_of(lake, slots)
    ads, foreign = _ads(lake, slots, asked.currency)
    for days in reviews:
        found, rough = _counts_at(slots, seen, days)
        found |= _visits_at(slots, touches, days)
        found |= _ads_at(slots, ads, days)
        found |= _orders_at(slots, orders, days)
        columns[days], estimated[days] = found, rough
    paid = np.array([slot.index in ads for slot in slots], bool)
    bought = np.nan_to_num(columns[reviews[-1]]["views_paid"]) > 0
    opens = np.array([slot.opens_at.timestamp() for slot in slots], np.float64)
    age_days = (asked.now.timestamp() - opens) / 86_400
    reached = {days: np.asarray(age_days >= days) for days in reviews}
    return Facts(
        slots, asked.fees, asked.shares, columns, estimated, reached, paid | bought, foreign
    )


def _observed(lake: Lake, slots: Sequence[PlacedSlot]) -> dict[str, dict[str, Any]]:
    """Times and counts by post, ages ascending."""
    ids = sorted({slot.post_id for slot in slots if slot.post_id})
    rows = lake.read_keys("post_observations", ids)
    names = rows["post_id"].to_pylist()
    at = rows["observed_at"].cast(pa.int64()).to_numpy() / 1e6
    arrays = {
        name: rows[name].cast(pa.float64()).fill_null(np.nan).to_numpy()
        for name in (*COUNTS, *RATES)
    }
    starts = [i for i, name in enumerate(names) if i == 0 or name != names[i - 1]]
    ends = [*starts[1:], len(names)] if names else []
    return {
        names[a]: {"at": at[a:b], **{k: column[a:b] for k, column in arrays.items()}}
        for a, b in zip(starts, ends, strict=True)
    }


def _counts_at(
    slots: Sequence[PlacedSlot], seen: Mapping[str, Mapping[str, F64]], days: int
) -> tuple[dict[str, F64], B]:
    found = {name: np.full(len(slots), np.nan) for name in (*COUNTS, *RATES)}
    rough = np.zeros(len(slots), bool)
    counted = {place for of in posts_of(slots).values() for place in of}
    for place, slot in enumerate(slots):
        of = seen.get(slot.post_id or "")
        if of is None or place not in counted:
            continue
        ages = (of["at"] - slot.opens_at.timestamp()) / 86_400
        for name in (*COUNTS, *RATES):
            if np.isfinite(of[name]).any():
                found[name][place], was = at_age(ages, of[name], days)
                rough[place] |= was
    return found, rough


def _visits_at(slots: Sequence[PlacedSlot], visits: Visits, days: int) -> dict[str, F64]:
    """Sums over whole days of the window; zero for a link without a visit among links with some.

    NaN where analytics do not tell the campaign's links apart, or do not count it.
    """
    found = {name: np.full(len(slots), np.nan) for name in VISITS}
    for place, slot in enumerate(slots):
        if not slot.utm_content or slot.campaign_id not in visits.campaigns:
            continue
        rows = visits.by_slot.get(slot.index, ())
        inside = [row for row in rows if slot.has_day(row["day"], days)]
        for name in visits.counted:
            known = [row[name] for row in inside if row[name] is not None]
            if known or not inside:
                found[name][place] = float(sum(known))
    return found


def _ads(
    lake: Lake, slots: Sequence[PlacedSlot], currency: str
) -> tuple[dict[int, list[dict[str, Any]]], frozenset[tuple[int, str]]]:
    """Ad days by slot: by post, of the campaign they name; else by campaign, creator and slot.

    Amounts in another currency are taken out; which slots have some.
    """
    by_post = posts_of(slots)
    by_slot = {(s.campaign_id, s.creator_id, s.slot): s.index for s in slots}
    found: dict[int, list[dict[str, Any]]] = {}
    foreign: set[tuple[int, str]] = set()
    for row in lake.read("ad_days").to_pylist():
        is_foreign = row["currency"] not in (None, currency)
        row |= {"spend": None, "revenue": None} if is_foreign else {}
        places = by_post.get(row["post_id"], [])
        own = [place for place in places if slots[place].campaign_id == row["campaign_id"]]
        planned = by_slot.get((row["campaign_id"], row["creator_id"], row["slot"] or 1))
        for place in own or places or ([] if planned is None else [planned]):
            found.setdefault(place, []).append(row)
            foreign |= {(place, row["currency"])} if is_foreign else set()
    return found, frozenset(foreign)


def _ads_at(
    slots: Sequence[PlacedSlot], ads: dict[int, list[dict[str, Any]]], days: int
) -> dict[str, F64]:
    found = {name: np.full(len(slots), np.nan) for name in ADS}
    for place, slot in enumerate(slots):
        inside = [row for row in ads.get(slot.index, []) if slot.has_day(row["day"], days)]
        for name in ADS:
            known = [row[name.removeprefix("ad_")] for row in inside]
            known = [value for value in known if value is not None]
            if known:
                found[name][place] = float(sum(known))
    return found


def _orders_at(slots: Sequence[PlacedSlot], orders: Credited, days: int) -> dict[str, F64]:
    """Credited conversions, revenue, new customers and trials within the days."""
    n = len(slots)
    opens = np.array([*(slot.opens_at.timestamp() for slot in slots), np.nan], np.float64)

    def inside(credit: I64) -> B:
        return np.asarray((credit >= 0) & (orders.at_s - opens[credit] < days * 86_400))

    def summed(mask: B, weights: F64 | None = None, credit: I64 = orders.slot) -> F64:
        chosen = None if weights is None else weights[mask]
        return np.bincount(credit[mask], chosen, n).astype(np.float64)

    credited_now = inside(orders.slot)
    mine = credited_now & orders.counts
    known = mine & np.isfinite(orders.is_new)
    return {
        "orders": summed(mine),
        "revenue": summed(mine, orders.net),
        "orders_of_worth": summed(mine & orders.worth),
        "orders_by_known": summed(known),
        "orders_by_new": summed(known, orders.is_new),
        "orders_by_link": summed(inside(orders.link) & orders.counts, credit=orders.link),
        "trials": summed(credited_now & (orders.type == "trial")),
    }
