"""Reads from the lake what campaigns' posts sold: views, clicks, credited orders, content.

A post counts once its window has closed. An order is credited once, codes before last clicks. A
click here is a visit that the post brought: the link's clicks (else sessions), and at least one
per credited order, for who types a code has come without the link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.panel import DAY_S
from measurement.ages import at_age
from measurement.attribution.claims import PlacedSlot, claims_of, placed_slots
from measurement.attribution.credits import NOBODY, reconcile
from measurement.campaigns import load_all, published_at
from measurement.creative import tags_of
from measurement.visits import visits_of
from reelcast.campaigns import Campaign, Objective, brand_key
from reelcast.store import Lake
from training.conversions_prior import KIND_OF, Kind

REPEAT_DAYS = 60
PAID_DAYS = 30
_PAYING = ("purchase", "subscription")
_TAG_GROUPS = ("offer", "theme", "format", "hook")


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """An order that a post is credited with, and what its customer did after."""

    kind: str
    value: float | None
    currency: str
    is_new: bool | None
    again: bool | None  # ordered again within REPEAT_DAYS; None: not known yet
    paid: bool | None  # of a trial: bought or subscribed within PAID_DAYS
    lead_score: float | None


@dataclass(frozen=True, slots=True)
class SoldPost:
    """A campaign's post whose window has closed: what it is, and what it brought."""

    campaign_id: str
    levels: Mapping[str, str | None]
    kind: Kind
    views: int | None
    clicks: int | None
    orders: tuple[SoldOrder, ...]
    window_days: int


def kind_of(objective: Objective) -> Kind:
    """What counts as a conversion of an objective.

    >>> kind_of("installs"), kind_of("reach")
    ('install', 'purchase')
    """
    return KIND_OF.get(objective, "purchase")


def sold_posts(lake: Lake, now: datetime) -> list[SoldPost]:
    """The posts of all campaigns whose window closed by `now`, in order of opening."""
    campaigns = load_all(lake)
    of_campaign = {one.campaign_id: one for one in campaigns}
    spelled = {brand_key(one.brand): one.brand for one in reversed(campaigns)}
    slots = placed_slots(campaigns, published_at(lake, campaigns))
    closed = [slot for slot in slots if slot.closes_at <= now]
    if not closed:
        return []
    post_of = {(c.campaign_id, d.creator_id, d.slot): d for c in campaigns for d in c.deliverables}
    posts = {s.index: post_of[s.campaign_id, s.creator_id, s.slot].post_id for s in closed}
    views = _views(lake, closed, posts)
    clicks = _clicks(lake, closed)
    orders = _orders(lake, slots, now)
    content = _content(lake, [post for post in posts.values() if post])
    platform = _platforms(lake, [post for post in posts.values() if post])
    found = []
    for slot in sorted(closed, key=lambda s: (s.opens_at, s.index)):
        campaign, post = of_campaign[slot.campaign_id], posts[slot.index] or ""
        tags = content.get(post, {})
        levels = {
            "brand": spelled[brand_key(campaign.brand)],
            "creator": slot.creator_id,
            "objective": campaign.primary,
            "platform": platform.get(post),
            **{group: tags.get(group) for group in _TAG_GROUPS},
        }
        sold = tuple(_in_currency(one, campaign) for one in orders.get(slot.index, ()))
        found.append(
            SoldPost(
                slot.campaign_id,
                levels,
                kind_of(campaign.primary),
                views.get(slot.index),
                clicks.get(slot.index),
                sold,
                campaign.window_days,
            )
        )
    return found


def _in_currency(order: dict[str, Any], campaign: Campaign) -> SoldOrder:
    currency = order.pop("currency") or campaign.currency
    return SoldOrder(currency=currency, **order)


def _views(
    lake: Lake, slots: Sequence[PlacedSlot], posts: Mapping[int, str | None]
) -> dict[int, int]:
    """Each slot's views at the end of its window, where a count says it (measurement.ages)."""
    wanted = sorted({post for post in posts.values() if post})
    seen: dict[str, list[tuple[float, float]]] = {}
    for row in lake.read_keys("post_observations", wanted).to_pylist():
        if row["views"] is not None:
            at = (row["observed_at"].timestamp(), float(row["views"]))
            seen.setdefault(row["post_id"], []).append(at)
    found = {}
    for slot in slots:
        counts = np.array(seen.get(posts[slot.index] or "", []), np.float64).reshape(-1, 2)
        ages = (counts[:, 0] - slot.opens_at.timestamp()) / DAY_S
        views, _ = at_age(ages, counts[:, 1], (slot.closes_at - slot.opens_at).days)
        if np.isfinite(views):
            found[slot.index] = round(views)
    return found


def _clicks(lake: Lake, slots: Sequence[PlacedSlot]) -> dict[int, int]:
    """Each slot's clicks within its window, sessions where clicks were not counted.

    Zero for a link without a visit, where analytics tell its campaign's links apart.
    """
    visits = visits_of(lake, slots)
    found: dict[int, int] = {}
    for slot in slots:
        if slot.utm_content and slot.campaign_id in visits.campaigns:
            inside = [
                row["sessions"] if row["clicks"] is None else row["clicks"]
                for row in visits.by_slot.get(slot.index, ())
                if slot.opens_on <= row["day"] < slot.closes_on
            ]
            known = [int(n) for n in inside if n is not None]
            if known or not inside:
                found[slot.index] = sum(known)
    return found


def _orders(
    lake: Lake, slots: Sequence[PlacedSlot], now: datetime
) -> dict[int, list[dict[str, Any]]]:
    """The orders that each slot is credited with."""
    table = lake.read("orders")
    rows = {row["order_hash"]: row for row in table.to_pylist()}
    history: dict[str, list[tuple[datetime, str]]] = {}
    for row in rows.values():
        if row["customer_hash"] and row["at"] and not row["is_cancelled"]:
            history.setdefault(row["customer_hash"], []).append((row["at"], row["type"]))
    found: dict[int, list[dict[str, Any]]] = {}
    for hash_, index in _credited(table, slots):
        row = rows[hash_]
        later = [one for one in history.get(row["customer_hash"], ()) if one[0] > row["at"]]
        found.setdefault(index, []).append(_order(row, later, now))
    return found


def _credited(orders: pa.Table, slots: Sequence[PlacedSlot]) -> Iterator[tuple[str, int]]:
    """Each credited order with its slot: one of the brand whose shop the order is of.

    An order that names no brand may be any slot's.
    """
    named = pc.utf8_lower(pc.utf8_trim_whitespace(orders["brand"]))
    for brand in pc.unique(named).to_pylist():
        mine = pc.is_null(named) if brand is None else pc.equal(named, brand)
        selling = [slot for slot in slots if brand is None or slot.sells_for(brand)]
        claims = claims_of(orders.filter(mine), selling)
        chosen = reconcile(claims, len(slots)).by_order
        pairs = zip(claims["order_hash"].to_pylist(), chosen.tolist(), strict=True)
        yield from ((hash_, index) for hash_, index in pairs if index != NOBODY)


def _order(
    row: Mapping[str, Any], later: Sequence[tuple[datetime, str]], now: datetime
) -> dict[str, Any]:
    worth = None if row["value"] is None else max(row["value"] - (row["refund"] or 0.0), 0.0)
    known = row["customer_hash"] is not None

    def came_within(days: int, *kinds: str) -> bool | None:
        if not known or now < row["at"] + timedelta(days=days):
            return None
        until = row["at"] + timedelta(days=days)
        return any(at <= until and kind in kinds for at, kind in later)

    return {
        "kind": row["type"],
        "value": worth,
        "currency": row["currency"],
        "is_new": row["is_new"],
        "again": came_within(REPEAT_DAYS, "purchase") if row["type"] == "purchase" else None,
        "paid": came_within(PAID_DAYS, *_PAYING) if row["type"] == "trial" else None,
        "lead_score": row["lead_score"],
    }


def _content(lake: Lake, posts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Each post's first label per group, where its video was tagged; corrections hold."""
    _, tags = tags_of(lake, posts)
    return {
        post: {
            group: labels[0]
            for group, labels in of.items()
            if group in _TAG_GROUPS and labels and labels[0] != "none"
        }
        for post, of in tags.items()
    }


def _platforms(lake: Lake, posts: Sequence[str]) -> dict[str, str]:
    rows = lake.read_keys("posts", sorted(set(posts))).to_pylist()
    return {row["post_id"]: row["platform"] for row in rows if row["platform"]}
