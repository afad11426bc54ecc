"""What is asked of a campaign: who posts what when, and what the total should reach."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from reelcast.campaigns import Money, Objective, WindowDays
from reelcast.records import Brief, CreatorQuestion, Record, Target

Sold = Literal["clicks", "conversions", "revenue"]
GoalName = Target | Literal["engagements"] | Sold
ConversionKind = Literal[
    "purchase", "signup", "install", "trial", "lead", "download", "registration"
]  # as in the table `orders`


class Selling(Record):
    """What the posts are to sell: clicks, conversions and revenue are forecast for it."""

    brand: str = Field(min_length=1, max_length=200)
    objective: Objective = "sales"
    conversion: ConversionKind | None = Field(
        None, description="what counts; default: as the objective has it"
    )
    offer: str | None = Field(None, max_length=100, description="e.g. percent_off, free_trial")
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$")
    aov: float | None = Field(
        None, gt=0, le=10**9, description="average order value, until orders say it"
    )
    window_days: WindowDays | None = Field(
        None, description="days after a post in which a sale counts; default: as campaigns had it"
    )


class Deliverable(Record):
    """One post of one creator under its own brief; `posts` of the same kind may be asked for."""

    creator: CreatorQuestion
    brief: Brief = Brief()
    posts: int = Field(1, ge=1, le=50)
    fee: Money | None = Field(None, description="of one post, in the currency of `selling`")
    format: str | None = Field(None, max_length=100, description="as tagged, e.g. unboxing")
    hook: str | None = Field(None, max_length=100, description="as tagged, e.g. question")


class Share(Record):
    """A share that somebody estimated: 80% sure that it lies between `low` and `high`."""

    low: float = Field(gt=0, lt=1)
    high: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _is_a_range(self) -> Share:
        if self.low > self.high:
            raise ValueError("low must not exceed high")
        return self


class Assumptions(Record):
    """What no data of ours says; each is shown beside what follows from it."""

    reach_per_view: float = Field(
        0.68, gt=0, le=1, description="unique viewers per view of one post (a vendor's figure)"
    )
    audience_overlap: float = Field(
        0.10, ge=0, lt=1, description="chance that a viewer of one post saw any one other too"
    )
    in_target: Share | None = Field(
        None, description="share of viewers whom the brand wants to reach, as somebody estimated it"
    )
    authentic: Share | None = Field(
        None, description="share of viewers who are real people, as somebody estimated it"
    )


class CampaignPlan(Record):
    """A campaign's deliverables, its goals, and how it is sampled."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "campaign_id": "spring-serum",
                    "deliverables": [
                        {
                            "creator": {
                                "label": "Ana",
                                "followers": 48_000,
                                "posts": [
                                    {"published_at": "2026-01-02T18:00:00Z", "views": 15_300}
                                ],
                            },
                            "brief": {"theme": "beauty_skincare", "horizon_days": 7},
                            "posts": 2,
                        }
                    ],
                    "goals": {"views": 40_000, "engagements": 3_000},
                }
            ]
        }
    )

    campaign_id: str | None = Field(None, max_length=100)
    deliverables: Annotated[tuple[Deliverable, ...], Field(fail_fast=True)] = Field(
        min_length=1, max_length=1000
    )
    targets: tuple[Target, ...] | None = Field(None, min_length=1)
    goals: dict[GoalName, Annotated[float, Field(ge=0, le=1e15)]] = Field(
        default_factory=dict, description="totals whose chance is asked for"
    )
    assumptions: Assumptions = Assumptions()
    selling: Selling | None = Field(
        None, description="given, clicks, conversions and revenue are forecast too"
    )
    draws: int = Field(4000, ge=500, le=20_000)
    seed: int = Field(7, ge=0, le=2**31)


class Total(Record):
    """A campaign's total: P10, P50 and P90 of sampled totals, their mean, and the goal's chance."""

    p10: float
    p50: float
    p90: float
    mean: float
    goal: float | None = None
    chance: float | None = Field(None, description="share of sampled totals that reach the goal")
    basis: Literal["modelled", "estimated"] = "modelled"
    words: str | None = Field(None, description="what the number rests on, where that is apart")


class Cost(Record):
    """Money per result: fees over sampled totals. None: no result in that share of futures."""

    p10: float | None
    p50: float | None
    p90: float | None
    mean: float | None = Field(description="fees over the mean result")
    unit: str = Field(description="currency, or `ratio` (roas)")
    words: str


class Part(Record):
    """One deliverable's share of the campaign."""

    label: str | None
    creator_id: str | None
    forecast_id: str | None
    posts: int
    grade: str
    means: dict[str, float]
    medians: dict[str, float]


class Dependence(Record):
    """How strongly posts of one campaign move together, and where that is known from."""

    campaign_shock: float = Field(description="correlation of two creators' posts of a campaign")
    creator_effect: float = Field(description="what two posts of one creator share besides")
    campaigns: int = Field(description="finished campaigns behind it")
    basis: Literal["prior", "ledger"]
    words: str


class CampaignForecast(Record):
    """The totals of a campaign, what they rest on, and its parts."""

    campaign_id: str | None
    posts: int
    totals: dict[str, Total] = Field(
        description="by target; engagements: likes, comments and shares, where all are forecast"
    )
    reach: Total | None = Field(None, description="unique viewers, under `assumptions`")
    qualified_reach: Total | None = Field(
        None, description="of `reach` those in target, those real, or both, as far as assumed"
    )
    costs: dict[str, Cost] = Field(
        default_factory=dict, description="cpv, cpe, cpc, cpa, roas; where all fees are given"
    )
    follows: dict[str, Total] = Field(
        default_factory=dict,
        description="new and repeat customers, paid trials, lead score: where data has them",
    )
    assumptions: tuple[str, ...]
    dependence: Dependence
    parts: tuple[Part, ...]
    draws: int
    seed: int
