"""The frozen records that stages hand to each other and that the API shows."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

QUANTILES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
QUANTILE_COLUMNS = tuple(f"q{round(level * 100):02d}" for level in QUANTILES)
TIERS = (
    ("nano", 10_000),
    ("micro", 100_000),
    ("mid", 500_000),
    ("macro", 1_000_000),
    ("mega", float("inf")),
)

TagGroup = Literal["hook", "format", "theme", "cta"]
Labels = Annotated[tuple[str, ...], Field(max_length=10)]
Target = Literal["views", "likes", "comments", "shares", "saves"]
Count = Annotated[int, Field(ge=0, le=10**12)]


class Record(BaseModel):
    """The base: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def tier_of(followers: float | None) -> str:
    """The follower tier's name, "unknown" where followers are not known.

    >>> tier_of(9_999), tier_of(10_000), tier_of(None)
    ('nano', 'micro', 'unknown')
    """
    if followers is None or followers != followers:
        return "unknown"
    return next(name for name, below in TIERS if followers < below)


def creator_id_of(platform: str, handle: str, salt: str) -> str:
    """The pseudonym under which an account is kept: a salted hash, the same at every import.

    >>> creator_id_of("tiktok", "@Ana", "s") == creator_id_of("TikTok", "ana ", "s")
    True
    """
    name = f"{salt}|{platform.strip().lower()}|{handle.strip().lstrip('@').lower()}"
    return "c" + hashlib.sha256(name.encode()).hexdigest()[:16]


ENGAGEMENT = ("likes", "comments", "shares", "saves")


def check_engagement(counts: Record) -> None:
    """Raises ValueError where an engagement is far above the views: twice, and by more than 100.

    Platforms count the two with different delays, so a little more is none; in four public
    collections fewer than 1 count in 1,000 is so far above.
    """
    views = getattr(counts, "views", None)
    for name in ENGAGEMENT:
        engaged = getattr(counts, name)
        if views is not None and engaged is not None and engaged > max(2 * views, views + 100):
            raise ValueError(
                f"{name} ({engaged:,}) are far above views ({views:,}): correct the counts, or "
                "leave out the one that is not known"
            )


class PastPost(Record):
    """An earlier post of a creator, given inline."""

    published_at: AwareDatetime
    observed_at: AwareDatetime | None = Field(None, description="when counted; default: now")
    views: Count | None = None
    likes: Count | None = None
    comments: Count | None = None
    shares: Count | None = None
    saves: Count | None = None
    caption: str | None = Field(None, max_length=5000)
    hashtags: tuple[str, ...] = Field((), max_length=100)
    duration_s: float | None = Field(None, gt=0, le=36_000, description="seconds")
    sound_id: str | None = Field(None, max_length=200)
    language: str | None = Field(None, max_length=20, description="of its text, e.g. vi, de-AT")

    @model_validator(mode="after")
    def _counts_fit(self) -> PastPost:
        check_engagement(self)
        return self


# the first bad item is told, not each of a million: a body of 5 MB can hold so many
PastPosts = Annotated[tuple[PastPost, ...], Field(max_length=2000, fail_fast=True)]


class CreatorQuestion(Record):
    """Whose post: an account in the lake (`creator_id`, or `platform` and `handle`), or posts."""

    creator_id: str | None = Field(None, max_length=100)
    platform: str | None = Field(None, max_length=40)
    handle: str | None = Field(None, max_length=200, description="hashed on arrival, never kept")
    followers: Count | None = None
    niche: str | None = Field(None, max_length=200, description="as in the lake, e.g. food")
    posts: PastPosts | None = None
    label: str | None = Field(None, max_length=100, description="returned as given")

    @model_validator(mode="after")
    def _names_someone(self) -> CreatorQuestion:
        if self.creator_id is None and self.handle is None and self.posts is None:
            raise ValueError("give creator_id, or platform and handle, or posts (a list, maybe [])")
        if self.handle is not None and self.platform is None:
            raise ValueError("a handle needs its platform, e.g. tiktok")
        return self


class Brief(Record):
    """What is asked for: the draft and when it goes out. All of it may be unknown."""

    theme: str | None = Field(None, max_length=200)
    caption: str | None = Field(None, max_length=5000)
    script: str | None = Field(None, max_length=20_000)
    hashtags: tuple[str, ...] = Field((), max_length=100)
    duration_s: float | None = Field(None, gt=0, le=36_000, description="seconds")
    sound_id: str | None = Field(None, max_length=200)
    post_at: AwareDatetime | None = Field(None, description="planned time; default: now")
    horizon_days: float = Field(30, ge=1, le=365, description="days after posting")
    content_id: str | None = Field(
        None, max_length=64, description="a tagged video of the lake that the draft is like"
    )
    tags: dict[TagGroup, Labels] | None = Field(
        None, description="the draft's own labels by group; they go before those of content_id"
    )


class Driver(Record):
    """How much one input moved the median: `factor` 1.2 means 20% higher than without it."""

    feature: str
    value: float | None
    factor: float
    words: str


class ComparablePost(Record):
    """A past post of the creator like the one asked for."""

    post_id: str | None
    published_at: datetime
    views: float | None
    similarity: float | None
    caption: str | None


class TargetForecast(Record):
    """Counts `horizon_days` after posting: quantiles by their level, mean, naive baselines."""

    quantiles: dict[str, float]
    mean: float
    baselines: dict[str, float | None]
    basis: Literal["modelled"] = "modelled"
    drivers: tuple[Driver, ...] = ()


class Grade(Record):
    """How much data stands behind a forecast: A (much) to D (a prior only), and why."""

    grade: Literal["A", "B", "C", "D"]
    reason: str


class ForecastRequest(Record):
    """Whose next post, under which brief, and what of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "creators": [
                        {
                            "label": "Ana",
                            "platform": "tiktok",
                            "followers": 48_000,
                            "posts": [
                                {
                                    "published_at": "2026-01-02T18:00:00Z",
                                    "views": 15_300,
                                    "likes": 1_210,
                                    "comments": 44,
                                    "shares": 61,
                                    "caption": "3 drugstore finds under 10 dollars #skincare",
                                    "duration_s": 31,
                                }
                            ],
                        }
                    ],
                    "brief": {
                        "theme": "beauty_skincare",
                        "caption": "I tried this serum for 30 days #skincare",
                        "duration_s": 30,
                        "horizon_days": 30,
                    },
                    "targets": ["views", "likes"],
                }
            ]
        }
    )

    creators: tuple[CreatorQuestion, ...] = Field(min_length=1, fail_fast=True)
    brief: Brief = Brief()
    targets: tuple[Target, ...] | None = Field(
        None, min_length=1, description="default: all that the model forecasts"
    )
    explain: bool = Field(True, description="with drivers and comparable posts")


class Forecast(Record):
    """The answer for one creator."""

    creator_id: str | None
    label: str | None
    tier: str
    followers: int | None
    n_history: int
    horizon_days: float
    post_at: datetime
    grade: Grade
    targets: dict[str, TargetForecast]
    measured_coverage: dict[str, float | None] = Field(
        description="share of test posts inside the 80% interval, in this creator's tier"
    )
    comparables: tuple[ComparablePost, ...] = ()
    notes: tuple[str, ...] = Field((), description="what the horizon's figures rest on, if little")
    forecast_id: str | None = Field(
        None, description="under which the ledger keeps it; null where it keeps none"
    )


class ModelName(Record):
    """Which model answered, on which data: what a forecast is to be judged against later."""

    created_at: str
    data_version: str
    code_version: str
    history: Literal["as_of", "hindsight"]
    hindsight: tuple[str, ...] = Field(description="what was seen later than a decision, if any")
    tested_posts: int


class ForecastResponse(Record):
    """One forecast per creator, in the order asked."""

    model: ModelName
    forecasts: tuple[Forecast, ...]
