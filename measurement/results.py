"""What a measurement says, as frozen records: for reports, the API and the page; all go to JSON.

Every number carries its method. A method that cannot be used here is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from measurement.measured import Basis, Measured
from measurement.skew import Skew
from reelcast.campaigns import Campaign, Objective, Stage
from reelcast.records import Record

AttributionMethod = Literal[
    "last_click", "promo_code", "spike", "survey", "holdout", "reconciled", "combined"
]
SliceBy = Literal["campaign", "creator", "platform", "stage"]
Part = Literal["total", "organic", "paid"]


class Noted(Record):
    """Orders, posts or answers that are not as they should be: counted and named, never dropped."""

    reason: str
    n: int
    said: str


class Estimate(Record):
    """Orders and revenue as one method has them: of a post, of a creator, or of all (both None)."""

    creator_id: str | None = None
    slot: int | None = None
    orders: float
    low: float | None = None
    high: float | None = None
    revenue: float | None = Field(description="None: no order has a value")
    revenue_low: float | None = None
    revenue_high: float | None = None


class MethodResult(Record):
    """One attribution method over the campaign.

    `at_least`: it sees only part of the orders, so that the true number is at least this.
    `refused` says why there is no number; `total` is then None.
    """

    method: AttributionMethod
    words: str
    basis: Basis
    at_least: bool = False
    level: float | None = Field(None, description="of the intervals; None: counted, no interval")
    total: Estimate | None = None
    by_creator: tuple[Estimate, ...] = ()
    by_post: tuple[Estimate, ...] = ()
    details: dict[str, float] = Field(default_factory=dict)
    refused: str | None = None


class Range(Record):
    """Orders that are proven (floor), most likely (best), and the most that is plausible."""

    creator_id: str | None
    floor: float
    best: float | None
    low: float | None
    ceiling: float | None
    level: float


class Leak(Record):
    """How far a creator's code travelled: an inference from other touches and coupon sites."""

    creator_id: str
    code_orders: int
    from_elsewhere: int
    from_coupon_sites: int
    index: Measured


class Lag(Record):
    """When credited orders came after their post: cumulative shares by whole days."""

    n: int
    median_days: float | None
    days: tuple[int, ...]
    share: tuple[float, ...]
    said: str


class Attribution(Record):
    """Who brought the orders: methods side by side, then each order once, then the range."""

    campaign_id: str
    currency: str
    conversions: tuple[str, ...] = Field(description="types of orders that count")
    scope_from: datetime | None
    scope_to: datetime | None
    orders: int = Field(description="in the campaign's windows, with those of unknown time")
    revenue: float | None = Field(description="None: no order has a value")
    value_per_order: float | None
    headline: AttributionMethod = Field(description="the method agreed for this campaign")
    methods: tuple[MethodResult, ...]
    to_this_campaign: int
    to_other_campaigns: int
    to_nobody: int = Field(description="these three sum to `orders`")
    ranges: tuple[Range, ...] = Field(description="by creator; the last is all (creator_id None)")
    leakage: tuple[Leak, ...]
    lag: Lag
    noted: tuple[Noted, ...]

    def method(self, name: AttributionMethod) -> MethodResult:
        """The result of a method."""
        return next(one for one in self.methods if one.method == name)


class Window(Record):
    """What a post, or several, counted at an age: each metric with its basis and interval."""

    window: str
    days: int
    part: Part
    posts: int
    reached: int = Field(description="of the posts, those old enough; others count so far")
    metrics: dict[str, Measured]


def totals_at(windows: Sequence[Window], days: int) -> dict[str, Measured]:
    """The metrics of a review, organic and paid together; empty where there is none."""
    found = (one.metrics for one in windows if (one.days, one.part) == (days, "total"))
    return next(found, {})


class PostMeasured(Record):
    """A deliverable and what its post did at each review."""

    creator_id: str
    slot: int
    platform: str | None
    stage: Stage
    tier: str
    post_id: str | None
    at: datetime | None
    is_published: bool
    fee: float
    spend: float
    windows: tuple[Window, ...]


class Slice(Record):
    """Posts taken together by creator, platform or stage, or all of the campaign."""

    by: SliceBy
    name: str
    posts: int
    fee: float
    spend: float
    windows: tuple[Window, ...]


class Standing(Record):
    """A creator against the others of the same funnel stage, never against other stages."""

    creator_id: str
    stage: Stage
    metric: str
    value: float | None
    peer_median: float | None
    percentile: float | None = Field(None, description="share of peers that did worse, 0 to 1")
    peers: int
    said: str


class TargetResult(Record):
    """A target against what came; `set_in_time` is False where it was set after the first post."""

    metric: str
    target: float
    value: float | None
    reached: bool | None
    set_in_time: bool
    said: str


class ObjectiveResult(Record):
    """The metrics that show an objective, in the order in which they are to be told."""

    rank: Literal["primary", "secondary"]
    objective: Objective
    metrics: dict[str, Measured]


class DayCounts(Record):
    """A day of the timeline: orders, credited orders, clicks, and which posts went out."""

    day: date
    orders: int
    credited: int
    clicks: int
    is_promo: bool
    posts: tuple[str, ...] = Field(description="creator_slot")


class CampaignMeasured(Record):
    """All that is known of what a campaign brought, as of a time."""

    campaign: Campaign
    measured_at: datetime
    objectives: tuple[ObjectiveResult, ...]
    targets: tuple[TargetResult, ...]
    slices: tuple[Slice, ...]
    posts: tuple[PostMeasured, ...]
    skew: Skew = Field(description="of views at the window: what a few posts hold")
    standings: tuple[Standing, ...]
    attribution: Attribution
    timeline: tuple[DayCounts, ...]
    notes: tuple[str, ...]

    def slice(self, by: SliceBy, name: str) -> Slice:
        """One slice, e.g. ("creator", "c1")."""
        return next(one for one in self.slices if (one.by, one.name) == (by, name))
