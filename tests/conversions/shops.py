"""Campaigns in a lake, with what their posts brought, for the tests of conversions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from measurement.campaigns import save
from measurement.links import Slot, make_links
from reelcast.campaigns import Campaign, Deliverable
from reelcast.settings import Settings
from reelcast.store import Lake
from tests.support import table_of

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BRAND = "Brindle"


def settings_in(folder: Path) -> Settings:
    return Settings(home=str(folder))


def campaign_of(name: str, creators: int, start: datetime = START, **others: Any) -> Campaign:
    """A campaign with a post of each creator, linked and coded."""
    slots = [Slot(f"c{i}", 1, "tiktok", f"word{name}{'abcdefghij'[i]}") for i in range(creators)]
    made = make_links(slots, "https://shop.example/new", name)
    posts = [
        Deliverable(
            creator_id=of.creator_id,
            slot=1,
            fee=100.0,
            planned_at=start,
            post_id=f"tiktok:{name}-{of.creator_id}",
            link=of.link,
            promo_code=of.promo_code,
        )
        for of in made
    ]
    given = {
        "campaign_id": name,
        "brand": BRAND,
        "type": "direct_response",
        "starts_at": start,
        "ends_at": start + 10 * DAY,
        "set_at": start - DAY,
        **others,
    }
    return Campaign(deliverables=tuple(posts), **given)


def store(lake: Lake, campaign: Campaign, sold: list[tuple[int, int | None, int]]) -> None:
    """Keep the campaign, and for each post (views, clicks, orders): what it brought."""
    save(lake, campaign, campaign.starts_at - DAY)
    posts, seen, touches, orders = [], [], [], []
    for one, (views, clicks, n) in zip(campaign.deliverables, sold, strict=True):
        at, content = campaign.starts_at, f"{one.creator_id}_{one.slot}"
        posts.append(
            {"post_id": one.post_id, "creator_id": one.creator_id, "platform": "tiktok",
             "published_at": at}
        )  # fmt: skip
        seen.append({"post_id": one.post_id, "observed_at": at + 6 * DAY, "views": views})
        if clicks is not None:
            touches.append(_touch(campaign.campaign_id, content, at.date(), clicks))
        orders += [_order(campaign, content, at, i) for i in range(n)]
    lake.merge("posts", table_of("posts", posts))
    lake.merge("post_observations", table_of("post_observations", seen))
    lake.merge("touches", table_of("touches", touches))
    lake.merge("orders", table_of("orders", orders))


def _touch(campaign: str, content: str, day: date, clicks: int) -> dict[str, Any]:
    return {
        "day": day,
        "utm_source": "tiktok",
        "utm_medium": "influencer",
        "utm_campaign": campaign,
        "utm_content": content,
        "landing_page": "/new",
        "clicks": clicks,
    }


def _order(campaign: Campaign, content: str, at: datetime, number: int) -> dict[str, Any]:
    return {
        "order_hash": f"{campaign.campaign_id}-{content}-{number}",
        "at": at + DAY,
        "type": "purchase",
        "value": 40.0 + number % 3,
        "currency": "USD",
        "utm_campaign": campaign.campaign_id,
        "utm_content": content,
        "customer_hash": f"h{campaign.campaign_id}{content}{number}",
        "is_new": number % 4 != 0,
    }
