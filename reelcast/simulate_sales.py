"""A campaign that sold something, as canonical rows, and what its posts truly brought.

For tests and the demo: every signal that measurement reads is made of one truth. Buyers whom a post
brought may use its code, its link, both or neither; others come anyhow, by weekday.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from reelcast.campaigns import Campaign, Deliverable
from reelcast.records import creator_id_of
from reelcast.simulate_sales_rows import post_rows, sales_rows
from reelcast.simulated_sales import PaidPost, SalesSettings, Sold

Rng = np.random.Generator
WEEK = (0.95, 0.9, 0.95, 1.0, 1.1, 1.15, 0.95)
LAG_SHAPE, LAG_SCALE_DAYS = 1.3, 1.9
_WORDS = ("fern", "lumen", "cobalt", "willow", "saffron", "harbour", "pixel", "maple", "tidal")


def simulate_sales(settings: SalesSettings, starts_at: datetime) -> Sold:
    """The campaign that starts then (aware) with posts of its own, which are rows too."""
    rng = np.random.default_rng([settings.seed, 3])
    posts = [
        _post(settings, index, slot, starts_at, rng)
        for index in range(settings.n_creators)
        for slot in range(1, settings.posts_each + 1)
    ]
    sold = sell(settings, posts, starts_at, rng)
    return replace(sold, rows={**sold.rows, **post_rows(settings, posts, rng)})


def sell(settings: SalesSettings, posts: list[PaidPost], starts_at: datetime, rng: Rng) -> Sold:
    """What these posts sold, with `days_before` days of orders before the campaign's start."""
    campaign = _campaign(settings, posts, starts_at)
    orders: list[dict[str, Any]] = []
    brought: dict[tuple[str, int], int] = {}
    for post in posts:
        made = _caused(settings, post, rng)
        window = timedelta(days=campaign.window_days)
        brought[post.creator_id, post.slot] = sum(o["at"] < post.at + window for o in made)
        orders += made
    orders += _organic(settings, posts, starts_at, rng)
    orders.sort(key=lambda order: (order["at"], order["value"]))
    rows = sales_rows(settings, posts, orders, rng)
    return Sold(campaign, rows, brought)


def _post(settings: SalesSettings, index: int, slot: int, start: datetime, rng: Rng) -> PaidPost:
    word = _WORDS[index % len(_WORDS)] + ("" if index < len(_WORDS) else _letters(index))
    day = rng.uniform(0, max(settings.days - 9.0, 1.0))
    at = start + timedelta(seconds=round(day * 86_400))
    level = 9.3 + 0.5 * (index % 4)
    views = int(np.exp(level + rng.normal(0, 0.6)))
    who = creator_id_of("tiktok", word, "salt")
    return PaidPost(who, word, slot, f"tiktok:{word}{slot}", at, views)


def _letters(index: int) -> str:
    """A number in letters, for codes whose letters are their creator's."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(index))


def _campaign(settings: SalesSettings, posts: list[PaidPost], start: datetime) -> Campaign:
    return Campaign.model_validate(
        {
            "campaign_id": settings.campaign_id,
            "brand": settings.brand,
            "type": settings.type,
            **({"primary": settings.primary} if settings.primary else {}),
            "starts_at": start,
            "ends_at": start + timedelta(days=settings.days),
            "set_at": start - timedelta(days=10),
            "deliverables": [_deliverable(settings, post) for post in posts],
        }
    )


def _deliverable(settings: SalesSettings, post: PaidPost) -> Deliverable:
    return Deliverable(
        creator_id=post.creator_id,
        slot=post.slot,
        platform="tiktok",
        fee=float(round(post.views * 0.018, -1) + 50),
        planned_at=post.at.replace(minute=0, second=0),
        post_id=post.post_id,
        link="https://shop.example/new?utm_source=tiktok&utm_medium=influencer"
        f"&utm_campaign={settings.campaign_id}&utm_content={post.content}",
        promo_code=post.code,
    )


def _caused(settings: SalesSettings, post: PaidPost, rng: Rng) -> list[dict[str, Any]]:
    """What a post sold, days after it."""
    n = int(rng.poisson(post.views / 1000 * settings.orders_per_1000_views * rng.gamma(6, 1 / 6)))
    lags = rng.gamma(LAG_SHAPE, LAG_SCALE_DAYS, n)
    return [
        {
            "at": post.at + timedelta(seconds=round(float(lag) * 86_400)),
            "value": _value(settings, rng),
            "code": post.code if rng.random() < settings.code_share else None,
            "content": post.content if rng.random() < settings.link_share else None,
            "is_new": bool(rng.random() < settings.new_share),
            "by": post.creator_id,
            "referrer": None,
        }
        for lag in lags
    ]


def _organic(
    settings: SalesSettings, posts: list[PaidPost], start: datetime, rng: Rng
) -> list[dict[str, Any]]:
    """Orders that would have come anyhow; a few of their buyers found a code."""
    orders = []
    for day in range(-settings.days_before, settings.days + 35):
        midnight = start + timedelta(days=day)
        usual = settings.organic_a_day * WEEK[midnight.weekday()]
        for second in rng.integers(0, 86_400, int(rng.poisson(usual))):
            found = day >= 0 and rng.random() < settings.coupon_share
            order = {
                "at": midnight + timedelta(seconds=int(second)),
                "value": _value(settings, rng),
                "code": posts[int(rng.integers(len(posts)))].code if found else None,
                "content": None,
                "is_new": bool(rng.random() < settings.new_share / 2),
                "by": None,
                "referrer": "https://couponhub.example" if found else None,
            }
            orders.append(order)
    return orders


def _value(settings: SalesSettings, rng: Rng) -> float:
    return round(float(settings.mean_value * np.exp(rng.normal(-0.08, 0.4))), 2)
