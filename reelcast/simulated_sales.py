"""The records of simulated sales: what is sold by which posts, and the truth of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reelcast.campaigns import Campaign, CampaignType, Objective

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class SalesSettings:
    """What is sold by whom, and how much of it leaves a trace."""

    campaign_id: str = "spring"
    brand: str = "Brindle & Fen"
    type: CampaignType = "direct_response"
    primary: Objective | None = None  # None: as the type has it
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
class PaidPost:
    """A post that a creator is paid for: `word` begins the code, `views` are those of 30 days."""

    creator_id: str
    word: str
    slot: int
    post_id: str
    at: datetime
    views: int

    @property
    def content(self) -> str:
        return f"{self.creator_id}_{self.slot}"

    @property
    def code(self) -> str:
        return f"{self.word[:10]}22".upper()


@dataclass(frozen=True, slots=True)
class Sold:
    """The campaign, rows by table, and the truth: orders brought within the window by slot."""

    campaign: Campaign
    rows: Rows
    orders_of: dict[tuple[str, int], int]

    @property
    def total(self) -> int:
        return sum(self.orders_of.values())
