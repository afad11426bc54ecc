"""The always-on view of a brand: month by month, what each creator brought over all campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from measurement import campaigns
from measurement.attribution.claims import PlacedSlot, claims_of, placed_slots
from measurement.attribution.credits import reconcile
from measurement.measured import Measured, Provenance
from measurement.orders import orders_of
from measurement.over_posts import over_units
from measurement.rates import engagement_rate_by_views
from reelcast.campaigns import Campaign, brand_key
from reelcast.errors import NotFoundError
from reelcast.records import Record
from reelcast.store import Lake
from reelcast.zones import day_in, start_of

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Seen = tuple[int | None, int | None]  # views and engagements of a post
By = tuple[str, Seen]  # whose post, and what it counted
ROLLING = 3  # months
MONTHS = 12


class Month(Record):
    """A calendar month of a creator, or of all together where `creator_id` is None."""

    month: date = Field(description="its first day")
    creator_id: str | None
    is_complete: bool
    orders: int = Field(description="credited by code, else link; by the order's date")
    revenue: float | None = Field(description="None: none of its orders has a value")
    revenue_rolling: float | None = Field(description="mean of this and the two months before")
    posts: int
    views: int | None = Field(description="of posts of the month, as last counted")
    engagement_rate: Measured | None = Field(description="of posts of the month, by views")
    net_followers: int | None = Field(description="the creator's; of all: the brand's own accounts")


class AlwaysOn(Record):
    """What a brand's creators brought, month by month, oldest first; all together, then each."""

    brand: str
    currency: str
    timezone: str = Field(description="whose months these are: that of the latest campaign")
    months: tuple[Month, ...]
    notes: tuple[str, ...]


def always_on(lake: Lake, brand: str, now: datetime, n_months: int = MONTHS) -> AlwaysOn:
    """The last months of a brand, this one included. Raises NotFoundError for an unknown brand."""
    every = campaigns.load_all(lake)
    mine = [one for one in every if brand_key(one.brand) == brand_key(brand)]
    if not mine:
        known = ", ".join(sorted({one.brand for one in every})) or "none"
        raise NotFoundError(f"no campaign of brand {brand!r}; brands: {known}")
    currency = mine[-1].currency
    slots = placed_slots(every, campaigns.published_at(lake, every))
    claims = claims_of(orders_of(lake, brand), [s for s in slots if s.sells_for(brand)])
    every_type = claims["type"].to_pylist()
    claims = claims.filter(pc.equal(claims["type"], "purchase"))
    by_order = reconcile(claims, len(slots)).by_order
    zone = mine[-1].zone
    now = now.astimezone(zone)
    firsts = months_before(now, n_months)
    edges = np.array([start_of(at, zone).timestamp() for at in (*firsts, _next(firsts[-1]))])
    ours = {one.campaign_id for one in mine}
    own = [slot for slot in slots if slot.campaign_id in ours]
    sums = _sums(claims, by_order, own, (edges, currency))
    posts = _posts(lake, own, zone)
    followers = _followers(lake, {slot.creator_id for slot in slots}, (firsts, edges))
    names: list[str | None] = [None, *sorted({slot.creator_id for slot in own})]
    return AlwaysOn(
        brand=mine[-1].brand,
        currency=currency,
        timezone=mine[-1].timezone,
        months=tuple(
            month
            for who in names
            for month in _months(who, firsts, (sums[who], posts, followers.get(who, {})), now)
        ),
        notes=_notes(claims, every_type, mine, currency),
    )


def months_before(now: datetime, n: int) -> list[date]:
    """The first days of n months, oldest first, the last one that of `now`.

    >>> months_before(datetime(2026, 2, 5), 3)
    [datetime.date(2025, 12, 1), datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)]
    """
    last = now.year * 12 + now.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(last - n + 1, last + 1)]


def _months(
    who: str | None,
    firsts: Sequence[date],
    of: tuple[tuple[F64, F64], Mapping[tuple[str, date], list[Seen]], Mapping[date, int]],
    now: datetime,
) -> list[Month]:
    (orders, revenue), posts, followers = of
    made = []
    for at, first in enumerate(firsts):
        counted = [
            (creator, pair)
            for (creator, month), pairs in posts.items()
            if month == first and who in (None, creator)
            for pair in pairs
        ]
        seen = [views for _, (views, _) in counted if views is not None]
        made.append(
            Month(
                month=first,
                creator_id=who,
                is_complete=first < date(now.year, now.month, 1),
                orders=int(orders[at]),
                revenue=_known(revenue[at]),
                revenue_rolling=_rolling(revenue, at),
                posts=len(counted),
                views=sum(seen) if seen else None,
                engagement_rate=_engagement(counted, first),
                net_followers=followers.get(first),
            )
        )
    return made


def _rolling(revenue: F64, at: int) -> float | None:
    return None if at < ROLLING - 1 else _known(revenue[at - ROLLING + 1 : at + 1].mean())


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _engagement(counted: Sequence[By], first: date) -> Measured | None:
    """Of the posts whose views and engagements are all known; as sure as creators are many."""
    known = [(who, v, e) for who, (v, e) in counted if v is not None and e is not None]
    if not known:
        return None
    _, views, engaged = zip(*known, strict=True)
    of = Provenance(window=f"posts of {first:%Y-%m}, as last counted")
    whole = engagement_rate_by_views(sum(engaged), 0, 0, sum(views), of)
    names = [who for who, _, _ in known]
    are_creators = len(set(names)) > 1
    unit = np.unique(names, return_inverse=True)[1] if are_creators else np.arange(len(names))
    parts, wholes = (np.bincount(unit, of_posts).astype(float) for of_posts in (engaged, views))
    return over_units(whole, (parts, wholes), are_creators)


def _sums(
    claims: pa.Table, by_order: I64, own: Sequence[PlacedSlot], of: tuple[F64, str]
) -> dict[str | None, tuple[F64, F64]]:
    """Orders and revenue by month (n_months,) of each creator, and of all under None.

    Revenue is NaN where none of the orders has a value, and everywhere where none of all has.
    """
    edges, currency = of
    n_months = len(edges) - 1
    at = claims["at"].cast(pa.int64()).fill_null(-1).to_numpy() / 1e6
    month = np.searchsorted(edges, at, side="right") - 1
    same = pc.equal(claims["currency"].fill_null(currency), currency)
    worth = np.asarray(same.to_numpy(), bool) & np.asarray(claims["has_value"].to_numpy(), bool)
    net = np.where(worth, claims["net"].to_numpy(), 0.0)
    says_worth = bool(worth.any()) or not claims.num_rows
    found: dict[str | None, tuple[F64, F64]] = {}
    creators = sorted({slot.creator_id for slot in own})
    for who in [None, *creators]:
        places = [slot.index for slot in own if who in (None, slot.creator_id)]
        chosen = np.isin(by_order, places) & (month >= 0) & (month < n_months)
        orders, known, revenue = (
            np.bincount(month[chosen], of_each[chosen], minlength=n_months).astype(np.float64)
            for of_each in (np.ones(len(net)), worth.astype(np.float64), net)
        )
        is_known = (known > 0) | ((orders == 0) & says_worth)
        found[who] = (orders, np.where(is_known, revenue, np.nan))
    return found


def _posts(
    lake: Lake, own: Sequence[PlacedSlot], zone: tzinfo
) -> dict[tuple[str, date], list[Seen]]:
    """Views and engagements of each post as last counted, by creator and month; None unknown."""
    ids = sorted({slot.post_id for slot in own if slot.post_id})
    latest: dict[str, Seen] = {}
    for row in lake.read_keys("post_observations", ids).to_pylist():
        if row["views"]:
            acts = [row[name] for name in ("likes", "comments", "shares")]
            latest[row["post_id"]] = (row["views"], None if None in acts else sum(acts))
    found: dict[tuple[str, date], list[Seen]] = {}
    each = {slot.post_id or f"slot {slot.index}": slot for slot in own}  # a post counts once
    for slot in each.values():
        key = (slot.creator_id, day_in(slot.opens_at, zone).replace(day=1))
        found.setdefault(key, []).append(latest.get(slot.post_id or "", (None, None)))
    return found


def _followers(
    lake: Lake, paid: set[str], of: tuple[Sequence[date], F64]
) -> dict[str | None, dict[date, int]]:
    """Net followers by month of each account; under None the sum of the brand's own accounts.

    These are accounts with analytics of their own in the lake (`creator_days`) that no campaign
    pays: others are only watched. Read between an account's counts; months that these do not span
    are left out.
    """
    analysed = set(lake.read_columns("creator_days", ["creator_id"])["creator_id"].to_pylist())
    rows = lake.read_columns("creator_observations", ["creator_id", "observed_at", "followers"])
    rows = rows.filter(pc.is_valid(rows["followers"])).sort_by(
        [("creator_id", "ascending"), ("observed_at", "ascending")]
    )
    firsts, edges = of
    names = np.asarray(rows["creator_id"].to_numpy(zero_copy_only=False), object)
    at = rows["observed_at"].cast(pa.int64()).to_numpy() / 1e6
    count = rows["followers"].to_numpy().astype(np.float64)
    found: dict[str | None, dict[date, int]] = {}
    for name in dict.fromkeys(names.tolist()):
        if name not in analysed and name not in paid:
            continue
        own = names == name
        read = np.interp(edges, at[own], count[own], left=np.nan, right=np.nan)
        key = name if name in paid else None
        for first, net in zip(firsts, np.diff(read), strict=True):
            if np.isfinite(net):
                sums = found.setdefault(key, {})
                sums[first] = sums.get(first, 0) + round(float(net))
    return found


def _notes(
    claims: pa.Table, types: Sequence[str], mine: Sequence[Campaign], currency: str
) -> tuple[str, ...]:
    said = ["orders are purchases proven by code or link: at least"]
    more = [f"{types.count(name):,} {name}s" for name in sorted(set(types) - {"purchase"})]
    if more:
        said.append(f"{', '.join(more)} of the brand are no purchases and are not counted here")
    worthless = int(pc.sum(pc.invert(claims["has_value"])).as_py() or 0)
    if worthless:
        said.append(f"{worthless:,} of the purchases have no value and add no revenue")
    others = sorted({one.currency for one in mine} - {currency})
    if others:
        said.append(f"amounts in {', '.join(others)} are not added to those in {currency}")
    zones = sorted({one.timezone for one in mine} - {mine[-1].timezone})
    if zones:
        said.append(f"months are those of {mine[-1].timezone}; campaigns in {', '.join(zones)} too")
    undated = claims["at"].null_count
    if undated:
        said.append(f"{undated} orders have no time and are in no month")
    return tuple(said)


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
