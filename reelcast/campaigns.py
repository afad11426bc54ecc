"""What a campaign is: objectives, type, windows, targets, and the posts that it pays for."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, field_validator, model_validator

from reelcast.errors import InputError
from reelcast.records import Record
from reelcast.zones import zone_of

Stage = Literal["awareness", "consideration", "conversion", "loyalty"]
Objective = Literal[
    "reach", "engagement", "traffic", "sales", "installs", "leads", "brand_lift", "loyalty"
]
CampaignType = Literal[
    "direct_response", "launch", "affiliate", "retargeting", "always_on", "awareness", "spark_ads"
]
Attribution = Literal["last_click", "promo_code", "spike", "survey", "holdout", "reconciled"]
WindowDays = Literal[1, 3, 7, 28, 30]
REVIEW_DAYS = (1, 3, 7, 30)  # when every post is looked at: 24 h, 72 h, 7 d, 30 d
Money = Annotated[float, Field(ge=0, le=10**12, allow_inf_nan=False)]


class TypeDefaults(Record):
    """What a type of campaign starts from, where the campaign does not say otherwise."""

    primary: Objective
    stage: Stage
    window_days: WindowDays
    attribution: Attribution


# Considered goods take weeks to sell, impulse buys days: hence 28 or 30 days against 7.
TYPE_DEFAULTS: dict[CampaignType, TypeDefaults] = {
    "direct_response": TypeDefaults(
        primary="sales", stage="conversion", window_days=7, attribution="reconciled"
    ),
    "launch": TypeDefaults(
        primary="reach", stage="awareness", window_days=28, attribution="reconciled"
    ),
    "affiliate": TypeDefaults(
        primary="sales", stage="conversion", window_days=30, attribution="promo_code"
    ),
    "retargeting": TypeDefaults(
        primary="sales", stage="conversion", window_days=7, attribution="last_click"
    ),
    "always_on": TypeDefaults(
        primary="sales", stage="loyalty", window_days=30, attribution="reconciled"
    ),
    "awareness": TypeDefaults(
        primary="reach", stage="awareness", window_days=28, attribution="survey"
    ),
    "spark_ads": TypeDefaults(
        primary="traffic", stage="consideration", window_days=7, attribution="last_click"
    ),
}


class ObjectiveMetrics(Record):
    """What shows an objective: on the platform, and off it."""

    stage: Stage
    on_platform: tuple[str, ...]
    off_platform: tuple[str, ...]


OBJECTIVE_METRICS: dict[Objective, ObjectiveMetrics] = {
    "reach": ObjectiveMetrics(
        stage="awareness",
        on_platform=("reach", "qualified_reach", "views", "cpm"),
        off_platform=("brand_lift",),
    ),
    "engagement": ObjectiveMetrics(
        stage="consideration",
        on_platform=("engagement_rate_by_views", "save_rate", "share_rate", "cpe"),
        off_platform=("ugc_volume", "net_sentiment"),
    ),
    "traffic": ObjectiveMetrics(
        stage="consideration",
        on_platform=("ctr_of_views", "cpc"),
        off_platform=("sessions", "session_s"),
    ),
    "sales": ObjectiveMetrics(
        stage="conversion",
        on_platform=("views",),
        off_platform=("purchases", "revenue", "cpa", "roas", "new_customer_share"),
    ),
    "installs": ObjectiveMetrics(
        stage="conversion",
        on_platform=("ctr_of_views",),
        off_platform=("installs", "cpi", "trials", "subscription_conversion"),
    ),
    "leads": ObjectiveMetrics(
        stage="conversion",
        on_platform=("ctr_of_views",),
        off_platform=("leads", "cpl", "lead_score"),
    ),
    "brand_lift": ObjectiveMetrics(
        stage="awareness",
        on_platform=("reach", "completion_rate"),
        off_platform=("brand_lift_recall", "brand_lift_favorability", "brand_lift_consideration"),
    ),
    "loyalty": ObjectiveMetrics(
        stage="loyalty",
        on_platform=("follower_growth",),
        off_platform=("repeat_rate", "ugc_volume"),
    ),
}


def brand_key(name: str) -> str:
    """By what brands' names are compared: small letters, no blanks about them.

    >>> brand_key(" Brindle & Fen") == brand_key("brindle & fen")
    True
    """
    return name.strip().lower()


class Deliverable(Record):
    """One post that a creator is paid for; `post_id` once it is published."""

    creator_id: str = Field(max_length=100)
    slot: int = Field(1, ge=1, le=1000)
    platform: str | None = Field(None, max_length=40)
    stage: Stage | None = Field(None, description="of this post; default: the campaign's")
    fee: Money = 0.0
    revenue_share: float = Field(0.0, ge=0, le=1, description="of the attributed revenue")
    planned_at: AwareDatetime | None = None
    post_id: str | None = Field(None, max_length=200)
    link: str | None = Field(None, max_length=2000)
    promo_code: str | None = Field(None, max_length=60)


class Campaign(Record):
    """A campaign as agreed: one primary objective, at most one secondary.

    What is left out follows from the type (TYPE_DEFAULTS). `targets` are the metrics' values to
    reach, set at `set_at`, which must lie before the first post.
    """

    campaign_id: str = Field(min_length=1, max_length=100, pattern=r"^[a-z0-9][a-z0-9_-]*$")
    brand: str = Field(min_length=1, max_length=200)
    type: CampaignType
    primary: Objective
    secondary: Objective | None = None
    stage: Stage
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    window_days: WindowDays
    attribution: Attribution
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$")
    budget: Money | None = None
    aov: Money | None = Field(None, description="average order value, where orders have none")
    targets: dict[str, float] = Field(default_factory=dict)
    set_at: AwareDatetime
    country: str | None = Field(
        None, pattern=r"^[A-Z]{2}$", description="ISO 3166, for holidays; default: none are known"
    )
    timezone: str = Field(
        "UTC", max_length=60, description="IANA name, e.g. Europe/Berlin: whose days are counted"
    )
    promo_days: tuple[date, ...] = Field((), description="days of sales not due to the campaign")
    deliverables: tuple[Deliverable, ...] = ()

    @property
    def review_days(self) -> tuple[int, ...]:
        """When posts are looked at; a campaign of 28 days looks then instead of at 30."""
        last = 28 if self.window_days == 28 else REVIEW_DAYS[-1]
        return (*REVIEW_DAYS[:-1], last)

    @property
    def zone(self) -> tzinfo:
        """The time zone whose days the campaign's are."""
        return zone_of(self.timezone)

    def local(self, moment: datetime) -> datetime:
        """The same moment by the campaign's clocks: for showing and for days."""
        return moment.astimezone(self.zone)

    def stage_of(self, one: Deliverable) -> Stage:
        """The funnel stage at which a post is judged."""
        return one.stage or self.stage

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            zone_of(name)
        except InputError as exc:
            raise ValueError(str(exc)) from exc
        return name

    @model_validator(mode="before")
    @classmethod
    def _take_the_types_defaults(cls, given: object) -> object:
        if not isinstance(given, dict) or given.get("type") not in TYPE_DEFAULTS:
            return given
        return {**TYPE_DEFAULTS[given["type"]].model_dump(), **given}

    @model_validator(mode="after")
    def _is_consistent(self) -> Campaign:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at lies before starts_at")
        if self.secondary == self.primary:
            raise ValueError(f"primary and secondary are both {self.primary}: name two, or one")
        slots = [(one.creator_id, one.slot) for one in self.deliverables]
        twice = sorted(
            {f"{who} slot {slot}" for who, slot in slots if slots.count((who, slot)) > 1}
        )
        if twice:
            raise ValueError(f"planned twice: {', '.join(twice)}")
        planned = [one.planned_at for one in self.deliverables if one.planned_at]
        if self.targets and planned and self.set_at >= min(planned):
            raise ValueError(
                f"targets were set at {self.set_at}, after the first post is planned "
                f"({min(planned)}): a target set afterwards proves nothing; set_at says when they "
                "were set"
            )
        return self
