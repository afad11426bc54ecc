"""What is asked of a roster: candidates with fees and slots, a budget, a target; and the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from reelcast.campaigns import Money
from reelcast.plans import Cost, Dependence, Selling, Total
from reelcast.records import Brief, CreatorQuestion, ModelName, Record

Metric = Literal["views", "engagements", "clicks", "conversions", "revenue"]
Rule = Literal["chance", "cvar"]
MOST_CANDIDATES = 500


class Candidate(Record):
    """A creator who may be booked: the fee of one post, and how many posts at most."""

    creator: CreatorQuestion
    fee: Money
    slots: int = Field(1, ge=1, le=20, description="most posts")
    must: int = Field(0, ge=0, le=20, description="fewest posts, e.g. those signed already")
    brief: Brief = Brief()
    format: str | None = Field(None, max_length=100)
    hook: str | None = Field(None, max_length=100)

    @model_validator(mode="after")
    def _has_slots_for_what_must(self) -> Candidate:
        if self.must > self.slots:
            raise ValueError(f"must is {self.must}, but there are {self.slots} slots")
        return self


class RosterTarget(Record):
    """What the roster's total must reach, and how surely.

    chance: the total reaches it in that share of futures. cvar: the mean total of the worst
    1 - chance of futures reaches it, which is stricter.
    """

    metric: Metric
    at_least: float = Field(gt=0, le=1e15)
    chance: float = Field(0.8, ge=0.5, le=0.99)
    rule: Rule = "chance"


class RosterPlan(Record):
    """Candidates, budget and dates, what to maximise, and a target if there is one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "spring-serum",
                    "budget": 3000,
                    "starts_at": "2026-03-02T17:00:00Z",
                    "ends_at": "2026-03-16T17:00:00Z",
                    "candidates": [
                        {
                            "creator": {"label": "Ana", "followers": 48_000, "posts": []},
                            "fee": 450,
                            "slots": 2,
                        }
                    ],
                    "selling": {"brand": "Brindle & Fen"},
                    "maximise": "conversions",
                    "target": {"metric": "views", "at_least": 100_000, "chance": 0.8},
                }
            ]
        }
    )

    name: str | None = Field(None, max_length=100, description="the campaign's id, once it has one")
    budget: Money
    starts_at: AwareDatetime | None = Field(None, description="default: now")
    ends_at: AwareDatetime | None = None
    candidates: Annotated[tuple[Candidate, ...], Field(fail_fast=True)] = Field(
        min_length=1, max_length=MOST_CANDIDATES
    )
    selling: Selling | None = None
    maximise: Metric = "views"
    target: RosterTarget | None = None
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="of fees and budget")
    horizon_days: float = Field(30, ge=1, le=365)
    draws: int = Field(2000, ge=500, le=10_000)
    seed: int = Field(7, ge=0, le=2**31)

    @model_validator(mode="after")
    def _is_consistent(self) -> RosterPlan:
        if self.ends_at is not None and (self.starts_at is None or self.ends_at < self.starts_at):
            raise ValueError("ends_at needs a starts_at before it")
        if self.selling is not None and self.selling.currency != self.currency:
            raise ValueError("selling.currency differs from the currency of fees: give one")
        return self


class CreatorTotals(Record):
    """One creator's share of a roster."""

    name: str
    creator_id: str | None
    grade: str
    posts: int
    slots: int
    fee: float
    cost: float
    totals: dict[str, Total]
    costs: dict[str, Cost]


class RosterTotals(Record):
    """What a choice of posts would bring, by creator and in total."""

    posts: int
    cost: float
    budget: float
    currency: str
    totals: dict[str, Total]
    costs: dict[str, Cost]
    chance: float | None = Field(None, description="of the target")
    creators: tuple[CreatorTotals, ...]


class Chosen(Record):
    """The roster chosen: posts by candidate, how near to the best it is, and why so."""

    posts: dict[str, int]
    feasible: bool
    words: str
    value: float = Field(description="mean total of what is maximised")
    bound: float | None = Field(None, description="no roster has a higher mean, where proven")
    cheapest: float | None = Field(None, description="least cost that meets the target, if found")
    seconds: float
    totals: RosterTotals


class Ceiling(Record):
    """The highest fee of one post at which a creator meets a cost per result."""

    name: str
    metric: Metric
    cost_per_result: float
    currency: str
    p10: float = Field(description="a fee that holds in 90% of futures")
    p50: float
    p90: float
    mean: float = Field(description="at which the mean result costs as asked")
    words: str


class FrozenPost(Record):
    """A post of a frozen plan: whose, when, and its forecasts by window as the ledger has them."""

    name: str
    creator_id: str | None
    planned_at: datetime
    forecast_ids: dict[str, str | None]


class FrozenPlan(Record):
    """A plan as decided: its roster, totals by window, models and data. It is never changed."""

    plan_id: str
    name: str | None
    made_at: datetime
    model: ModelName
    conversions: str = Field(description="version of the conversions model")
    asked_sha256: str = Field(description="of the question, whose handles are not kept")
    dependence: Dependence
    choice: dict[str, int]
    totals: RosterTotals
    windows: dict[str, dict[str, Total]] = Field(description="totals by window and count")
    posts: tuple[FrozenPost, ...]


class FollowedWindow(Record):
    """A window of a frozen plan: what was forecast, what has been counted."""

    window: str
    target: str
    forecast: Total
    due: int = Field(description="posts whose window has passed")
    counted: int
    actual: float | None = Field(None, description="total, once all posts are counted")
    state: Literal["waiting", "below", "as expected", "above"]
    words: str


class Followed(Record):
    """A frozen plan against what came."""

    plan_id: str
    name: str | None
    made_at: datetime
    windows: tuple[FollowedWindow, ...]
    posts: tuple[FollowedWindow, ...] = Field(description="single posts outside P10 to P90")
    sold: tuple[FollowedWindow, ...] = Field(description="clicks, conversions, revenue")
    notes: tuple[str, ...]
