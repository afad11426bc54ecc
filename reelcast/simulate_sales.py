"""A campaign that sold something, as canonical rows, and what its posts truly brought.

For tests and the demo: every signal that measurement reads is made of one truth. Buyers whom a post
brought may use its code, its link, both or neither; others come anyhow, by weekday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from reelcast.campaigns import Campaign, CampaignType, Deliverable
from reelcast.records import creator_id_of
from reelcast.simulated import growth

Rng = np.random.Generator
Rows = dict[str, list[dict[str, Any]]]
WEEK = (0.95, 0.9, 0.95, 1.0, 1.1, 1.15, 0.95)
REVIEWS_DAYS = (1.0, 3.0, 7.0, 14.0, 28.0, 30.0)
LAG_SHAPE, LAG_SCALE_DAYS = 1.3, 1.9
VISITS_PER_ORDER = 28.0
_WORDS = ("fern", "lumen", "cobalt", "willow", "saffron", "harbour", "pixel", "maple", "tidal")


@dataclass(frozen=True, slots=True)
class SalesSettings:
    """What is sold by whom, and how much of it leaves a trace."""

    campaign_id: str = "spring"
    brand: str = "Brindle & Fen"
    type: CampaignType = "direct_response"
    conversion: str = "purchase"
    n_creators: int = 5
    posts_each: int = 2
    days_before: int = 90
    days: int = 28
    organic_a_day: float = 40.0
    orders_per_1000_views: float = 1.5
    code_share: float = 0.45
    link_share: float = 0.5
    survey_share: float = 0.3  # of buyers who answer
    coupon_share: float = 0.02  # of organic buyers who found a creator's code on a coupon site
    paid_share: float = 0.0  # of a post's views that are bought
    mean_value: float = 45.0
    new_share: float = 0.7
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Sold:
    """The campaign, rows by table, and the truth: orders brought within the window by slot."""

    campaign: Campaign
    rows: Rows
    orders_of: dict[tuple[str, int], int]

    @property
    def total(self) -> int:
        return sum(self.orders_of.values())


@dataclass(frozen=True, slots=True)
class _Post:
    creator_id: str
    word: str
    slot: int
    at: datetime
    views: int

    @property
    def post_id(self) -> str:
        return f"tiktok:{self.word}{self.slot}"

    @property
    def content(self) -> str:
        return f"{self.creator_id}_{self.slot}"

    @property
    def code(self) -> str:
        return f"{self.word[:10]}22".upper()


def simulate_sales(settings: SalesSettings, starts_at: datetime) -> Sold:
    """The campaign that starts then (aware), 90 days of orders before it and all after it."""
    rng = np.random.default_rng([settings.seed, 3])
    posts = [
        _post(settings, index, slot, starts_at, rng)
        for index in range(settings.n_creators)
        for slot in range(1, settings.posts_each + 1)
    ]
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
    rows: Rows = {
        "orders": [_order(settings, at, order) for at, order in enumerate(orders)],
        "survey_responses": _answers(settings, orders, rng),
        "touches": _touches(settings, posts, orders, rng),
        "posts": [_post_row(settings, post) for post in posts],
        "post_observations": [row for post in posts for row in _counts(settings, post, rng)],
        "ad_days": [row for post in posts for row in _ad_days(settings, post, rng)],
        "creators": [
            {"creator_id": who, "platform": "tiktok"}
            for who in dict.fromkeys(post.creator_id for post in posts)
        ],
    }
    return Sold(campaign, rows, brought)


def _post(settings: SalesSettings, index: int, slot: int, start: datetime, rng: Rng) -> _Post:
    word = _WORDS[index % len(_WORDS)] + ("" if index < len(_WORDS) else _letters(index))
    day = rng.uniform(0, max(settings.days - 9.0, 1.0))
    at = start + timedelta(seconds=round(day * 86_400))
    level = 9.3 + 0.5 * (index % 4)
    views = int(np.exp(level + rng.normal(0, 0.6)))
    return _Post(creator_id_of("tiktok", word, "salt"), word, slot, at, views)


def _letters(index: int) -> str:
    """A number in letters, for codes whose letters are their creator's."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(index))


def _campaign(settings: SalesSettings, posts: list[_Post], start: datetime) -> Campaign:
    return Campaign.model_validate(
        {
            "campaign_id": settings.campaign_id,
            "brand": settings.brand,
            "type": settings.type,
            "starts_at": start,
            "ends_at": start + timedelta(days=settings.days),
            "set_at": start - timedelta(days=10),
            "deliverables": [_deliverable(settings, post) for post in posts],
        }
    )


def _deliverable(settings: SalesSettings, post: _Post) -> Deliverable:
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


def _caused(settings: SalesSettings, post: _Post, rng: Rng) -> list[dict[str, Any]]:
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
    settings: SalesSettings, posts: list[_Post], start: datetime, rng: Rng
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


def _order(settings: SalesSettings, at: int, order: dict[str, Any]) -> dict[str, Any]:
    linked = order["content"] is not None
    return {
        "order_hash": f"{settings.campaign_id}-{at:07d}",
        "at": order["at"],
        "type": settings.conversion,
        "value": order["value"],
        "currency": "USD",
        "codes": [order["code"]] if order["code"] else [],
        "utm_source": "tiktok" if linked else None,
        "utm_medium": "influencer" if linked else None,
        "utm_campaign": settings.campaign_id if linked else None,
        "utm_content": order["content"],
        "referrer": order["referrer"],
        "customer_hash": f"h{at:07d}",
        "is_new": order["is_new"],
    }


def _answers(
    settings: SalesSettings, orders: list[dict[str, Any]], rng: Rng
) -> list[dict[str, Any]]:
    """Answers of some buyers; one in ten whom a creator brought names something else."""
    rows = []
    for at, order in enumerate(orders):
        if rng.random() >= settings.survey_share:
            continue
        names = order["by"] if rng.random() < 0.9 else None
        rows.append(
            {
                "response_id": f"{settings.campaign_id}-r{at:07d}",
                "at": order["at"],
                "order_hash": f"{settings.campaign_id}-{at:07d}",
                "answer": "a creator" if names else "search",
                "creator_id": names,
                "campaign_id": settings.campaign_id if names else None,
            }
        )
    return rows


def _touches(
    settings: SalesSettings, posts: list[_Post], orders: list[dict[str, Any]], rng: Rng
) -> list[dict[str, Any]]:
    """Sessions by link and day: about 28 for each order that came by it."""
    linked: dict[tuple[Any, str], int] = {}
    for order in orders:
        if order["content"]:
            key = (order["at"].date(), order["content"])
            linked[key] = linked.get(key, 0) + 1
    rows = []
    for (day, content), n in sorted(linked.items()):
        sessions = n + int(rng.poisson(n * (VISITS_PER_ORDER - 1)))
        rows.append(
            {
                "day": day,
                "utm_source": "tiktok",
                "utm_medium": "influencer",
                "utm_campaign": settings.campaign_id,
                "utm_content": content,
                "landing_page": "",
                "clicks": int(sessions * 1.1),
                "sessions": sessions,
                "engaged_sessions": int(sessions * 0.6),
                "engaged_s": float(round(sessions * 34.0)),
            }
        )
    return rows


def _post_row(settings: SalesSettings, post: _Post) -> dict[str, Any]:
    return {
        "post_id": post.post_id,
        "creator_id": post.creator_id,
        "platform": "tiktok",
        "published_at": post.at,
        "is_sponsored": True,
        "is_boosted": settings.paid_share > 0,
        "campaign_id": settings.campaign_id,
    }


def _counts(settings: SalesSettings, post: _Post, rng: Rng) -> list[dict[str, Any]]:
    """What the post had counted at each review."""
    likes, comments, shares, saves = rng.beta((6, 2, 2, 3), (90, 500, 350, 300))
    rows = []
    for days in REVIEWS_DAYS:
        views = int(post.views * growth(days, 1.0))
        paid = int(views * settings.paid_share)
        rows.append(
            {
                "post_id": post.post_id,
                "observed_at": post.at + timedelta(days=days),
                "views": views,
                "views_paid": paid if settings.paid_share else None,
                "views_organic": views - paid if settings.paid_share else None,
                "reach": int(views * 0.7),
                "likes": int(views * likes),
                "comments": int(views * comments),
                "shares": int(views * shares),
                "saves": int(views * saves),
                "basis": "counted",
            }
        )
    return rows


def _ad_days(settings: SalesSettings, post: _Post, rng: Rng) -> list[dict[str, Any]]:
    """A week of paid delivery of the post, where any of it is paid."""
    if not settings.paid_share:
        return []
    rows = []
    for day in range(7):
        impressions = int(post.views * settings.paid_share / 7 * rng.gamma(20, 1 / 20) * 1.3)
        clicks = int(rng.binomial(impressions, 0.011))
        rows.append(
            {
                "ad_id": f"ad-{post.content}",
                "day": (post.at + timedelta(days=day)).date(),
                "campaign_id": settings.campaign_id,
                "creator_id": post.creator_id,
                "slot": post.slot,
                "post_id": post.post_id,
                "spend": round(impressions * 0.0072, 2),
                "currency": "USD",
                "impressions": impressions,
                "clicks": clicks,
                "conversions": float(rng.binomial(clicks, 0.03)),
                "revenue": None,
            }
        )
    return rows


def _value(settings: SalesSettings, rng: Rng) -> float:
    return round(float(settings.mean_value * np.exp(rng.normal(-0.08, 0.4))), 2)
