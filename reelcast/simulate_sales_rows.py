"""What a shop, its analytics, a survey and an ad account see of sales, as canonical rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from reelcast.simulated import growth
from reelcast.simulated_sales import PaidPost, Rows, SalesSettings

Rng = np.random.Generator
REVIEWS_DAYS = (1.0, 3.0, 7.0, 14.0, 28.0, 30.0)
VISITS_PER_ORDER = 28.0


def sales_rows(
    settings: SalesSettings, posts: list[PaidPost], orders: list[dict[str, Any]], rng: Rng
) -> Rows:
    """Rows of orders, survey_responses, touches and ad_days."""
    return {
        "orders": [_order(settings, at, order) for at, order in enumerate(orders)],
        "survey_responses": _answers(settings, orders, rng),
        "touches": _touches(settings, orders, rng),
        "ad_days": [row for post in posts for row in _ad_days(settings, post, rng)],
    }


def post_rows(settings: SalesSettings, posts: list[PaidPost], rng: Rng) -> Rows:
    """Rows of posts, post_observations and creators."""
    return {
        "posts": [_post_row(settings, post) for post in posts],
        "post_observations": [row for post in posts for row in _counts(settings, post, rng)],
        "creators": [
            {"creator_id": who, "platform": "tiktok"}
            for who in dict.fromkeys(post.creator_id for post in posts)
        ],
    }


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
    settings: SalesSettings, orders: list[dict[str, Any]], rng: Rng
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


def _post_row(settings: SalesSettings, post: PaidPost) -> dict[str, Any]:
    return {
        "post_id": post.post_id,
        "creator_id": post.creator_id,
        "platform": "tiktok",
        "published_at": post.at,
        "is_sponsored": True,
        "is_boosted": settings.paid_share > 0,
        "campaign_id": settings.campaign_id,
    }


def _counts(settings: SalesSettings, post: PaidPost, rng: Rng) -> list[dict[str, Any]]:
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


def _ad_days(settings: SalesSettings, post: PaidPost, rng: Rng) -> list[dict[str, Any]]:
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
