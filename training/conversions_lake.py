"""Reads from the lake what campaigns' posts sold: views, clicks, credited orders, content.

A post counts once its window has closed. An order is credited once, codes before last clicks. A
click here is a visit that the post brought: the link's clicks (else sessions), and at least one
per credited order, for who types a code has come without the link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow.compute as pc

from measurement.attribution.claims import PlacedSlot, claims_of, placed_slots
from measurement.attribution.credits import NOBODY, reconcile
from measurement.campaigns import load_all, published_at
from reelcast.campaigns import Campaign, Objective
from reelcast.store import Lake
from training.conversions_prior import KIND_OF, Kind

REPEAT_DAYS = 60
PAID_DAYS = 30
_TAG_GROUPS = ("offer", "theme", "format", "hook")


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """An order that a post is credited with, and what its customer did after."""

    kind: str
    value: float | None
    currency: str
    is_new: bool | None
    again: bool | None  # ordered again within REPEAT_DAYS; None: not known yet
    paid: bool | None  # of a trial: bought within PAID_DAYS
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
            "brand": campaign.brand,
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
            )
        )
    return found


def _in_currency(order: dict[str, Any], campaign: Campaign) -> SoldOrder:
    currency = order.pop("currency") or campaign.currency
    return SoldOrder(currency=currency, **order)


def _views(
    lake: Lake, slots: Sequence[PlacedSlot], posts: Mapping[int, str | None]
) -> dict[int, int]:
    """Each slot's views: the last count within its window."""
    wanted = sorted({post for post in posts.values() if post})
    rows = lake.read_keys("post_observations", wanted).to_pylist()
    seen: dict[str, list[tuple[datetime, int]]] = {}
    for row in rows:
        if row["views"] is not None:
            seen.setdefault(row["post_id"], []).append((row["observed_at"], row["views"]))
    found = {}
    for slot in slots:
        counts = seen.get(posts[slot.index] or "", [])
        inside = [one for one in counts if slot.opens_at <= one[0] <= slot.closes_at]
        if inside:
            found[slot.index] = max(inside)[1]
    return found


def _clicks(lake: Lake, slots: Sequence[PlacedSlot]) -> dict[int, int]:
    """Each slot's clicks by its link within its window, sessions where clicks were not counted."""
    by_link: dict[tuple[str, str], list[PlacedSlot]] = {}
    for slot in slots:
        if slot.utm_content:
            by_link.setdefault((slot.utm_campaign, slot.utm_content), []).append(slot)
    found: dict[int, int] = {}
    for row in lake.read("touches").to_pylist():
        key = tuple((row[name] or "").strip().lower() for name in ("utm_campaign", "utm_content"))
        count = row["sessions"] if row["clicks"] is None else row["clicks"]
        of_link = by_link.get((key[0], key[1]), [])
        open_then = [s for s in of_link if s.opens_at.date() <= row["day"] < s.closes_at.date()]
        if open_then and count is not None:
            index = max(open_then, key=lambda s: s.opens_at).index
            found[index] = found.get(index, 0) + int(count)
    return found


def _orders(
    lake: Lake, slots: Sequence[PlacedSlot], now: datetime
) -> dict[int, list[dict[str, Any]]]:
    """The orders that each slot is credited with."""
    table = lake.read("orders")
    claims = claims_of(table, slots)
    chosen = reconcile(claims, len(slots)).by_order
    rows = {row["order_hash"]: row for row in table.to_pylist()}
    history: dict[str, list[tuple[datetime, str]]] = {}
    for row in rows.values():
        if row["customer_hash"] and row["at"] and not row["is_cancelled"]:
            history.setdefault(row["customer_hash"], []).append((row["at"], row["type"]))
    found: dict[int, list[dict[str, Any]]] = {}
    for hash_, index in zip(claims["order_hash"].to_pylist(), chosen.tolist(), strict=True):
        if index != NOBODY:
            row = rows[hash_]
            later = [one for one in history.get(row["customer_hash"], ()) if one[0] > row["at"]]
            found.setdefault(index, []).append(_order(row, later, now))
    return found


def _order(
    row: Mapping[str, Any], later: Sequence[tuple[datetime, str]], now: datetime
) -> dict[str, Any]:
    worth = None if row["value"] is None else max(row["value"] - (row["refund"] or 0.0), 0.0)
    known = row["customer_hash"] is not None

    def bought_within(days: int) -> bool | None:
        if not known or now < row["at"] + timedelta(days=days):
            return None
        until = row["at"] + timedelta(days=days)
        return any(at <= until and kind == "purchase" for at, kind in later)

    return {
        "kind": row["type"],
        "value": worth,
        "currency": row["currency"],
        "is_new": row["is_new"],
        "again": bought_within(REPEAT_DAYS) if row["type"] == "purchase" else None,
        "paid": bought_within(PAID_DAYS) if row["type"] == "trial" else None,
        "lead_score": row["lead_score"],
    }


def _content(lake: Lake, posts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Each post's most probable label per group, where its video was tagged."""
    if not posts or lake.read("post_contents").num_rows == 0:
        return {}
    found: dict[str, dict[str, str]] = {}
    rows = lake.query(_TAGS_SQL).filter(pc.field("post_id").isin(posts)).to_pylist()
    for row in rows:
        if row["label"] != "none":
            found.setdefault(row["post_id"], {})[row["group"]] = row["label"]
    return found


_TAGS_SQL = """
SELECT p.post_id, t."group",
       arg_max(t.label, (coalesce(t."primary", false), t.probability)) AS label
FROM post_contents p
JOIN taggings g ON g.content_id = p.content_id
JOIN tags t ON t.content_id = g.content_id AND t.version = g.version
WHERE t."group" IN ('offer', 'theme', 'format', 'hook')
GROUP BY ALL ORDER BY ALL
"""


def _platforms(lake: Lake, posts: Sequence[str]) -> dict[str, str]:
    rows = lake.read_keys("posts", sorted(set(posts))).to_pylist()
    return {row["post_id"]: row["platform"] for row in rows if row["platform"]}
