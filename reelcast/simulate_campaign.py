"""A simulated brand campaign: its sponsored posts, what they truly sold, and what the shop saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from reelcast.simulated import (
    Era,
    SimulatedCampaign,
    SimulatedDeliverable,
    SimulatedOrder,
    SimulatedPost,
)

CAMPAIGN_ID = "demo-spring"
BRAND = "Brindle & Fen"
CAMPAIGN_DAYS = 60
CLICKS_PER_VIEW = 0.006
ORDERS_PER_CLICK = 0.035
CODE_SHARE = 0.45  # of the orders that a post caused
LINK_SHARE = 0.6
ORGANIC_ORDERS_A_DAY = 6.0
MEAN_LOG_VALUE, SD_LOG_VALUE = 3.7, 0.4  # order value in US dollars
FEE_PER_1000_VIEWS = 18.0

Rng = np.random.Generator


def run_campaign(posts: Sequence[SimulatedPost], era: Era, rng: Rng) -> SimulatedCampaign:
    """The campaign of the posts that are sponsored, with its orders in time's order."""
    deliverables: list[SimulatedDeliverable] = []
    orders: list[SimulatedOrder] = []
    for post in (post for post in posts if post.is_sponsored):
        deliverable = _deliver(post, era, rng)
        deliverables.append(deliverable)
        orders += [_caused(deliverable, post, rng) for _ in range(deliverable.orders)]
    start = era.now - timedelta(days=CAMPAIGN_DAYS)
    orders += _organic(start, rng)
    seen = sorted((order for order in orders if order.at <= era.now), key=lambda o: o.at)
    return SimulatedCampaign(
        CAMPAIGN_ID, BRAND, start, era.now, tuple(deliverables), _numbered(seen)
    )


def promo_code(handle: str) -> str:
    """The creator's code.

    >>> promo_code("fern.diary.demo07")
    'FERN07'
    """
    return f"{handle.split('.')[0]}{handle[-2:]}".upper()


def _deliver(post: SimulatedPost, era: Era, rng: Rng) -> SimulatedDeliverable:
    clicks = int(rng.binomial(post.counts_at(era.now).views, rng.beta(3, 3 / CLICKS_PER_VIEW - 3)))
    content = f"{post.handle}_{post.post_id}"
    return SimulatedDeliverable(
        handle=post.handle,
        post_id=post.post_id,
        planned_at=post.published_at.replace(minute=0, second=0),
        fee=round(FEE_PER_1000_VIEWS / 1000 * float(np.exp(post.true_log_median)), -1) + 50.0,
        link="https://shop.example/new?utm_source=tiktok&utm_medium=influencer"
        f"&utm_campaign={CAMPAIGN_ID}&utm_content={content}",
        promo_code=promo_code(post.handle),
        clicks=clicks,
        orders=int(rng.binomial(clicks, rng.beta(3, 3 / ORDERS_PER_CLICK - 3))),
    )


def _caused(deliverable: SimulatedDeliverable, post: SimulatedPost, rng: Rng) -> SimulatedOrder:
    """An order days after the post; its buyer may use the code, the link, both or neither."""
    after_days = float(rng.gamma(1.3, 2.5))
    used_link = rng.random() < LINK_SHARE
    return SimulatedOrder(
        order_id="",
        at=post.published_at + timedelta(seconds=round(after_days * 86_400)),
        value=_value(rng),
        promo_code=deliverable.promo_code if rng.random() < CODE_SHARE else None,
        utm_content=f"{post.handle}_{post.post_id}" if used_link else None,
        is_new=bool(rng.random() < 0.75),
        caused_by=post.post_id,
    )


def _organic(start: datetime, rng: Rng) -> list[SimulatedOrder]:
    """Orders that would have come anyhow, without code or link."""
    n = int(rng.poisson(ORGANIC_ORDERS_A_DAY * CAMPAIGN_DAYS))
    seconds = rng.integers(0, CAMPAIGN_DAYS * 86_400, n)
    return [
        SimulatedOrder(
            order_id="",
            at=start + timedelta(seconds=int(second)),
            value=_value(rng),
            promo_code=None,
            utm_content=None,
            is_new=bool(rng.random() < 0.35),
            caused_by=None,
        )
        for second in seconds
    ]


def _value(rng: Rng) -> float:
    return round(float(np.exp(rng.normal(MEAN_LOG_VALUE, SD_LOG_VALUE))), 2)


def _numbered(orders: Sequence[SimulatedOrder]) -> tuple[SimulatedOrder, ...]:
    return tuple(replace(order, order_id=f"#{1001 + i}") for i, order in enumerate(orders))
