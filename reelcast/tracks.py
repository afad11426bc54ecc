"""What is asked of a post that is out: its counts so far, and where it will go from there."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field, model_validator

from reelcast.records import (
    Brief,
    Count,
    CreatorQuestion,
    ModelName,
    Record,
    Target,
    check_engagement,
)

Method = Literal["before posting", "counted", "between counts", "stage model", "growth update"]
State = Literal["below", "inside", "above", "unknown"]


class Seen(Record):
    """What a post had counted at a time."""

    observed_at: AwareDatetime
    views: Count | None = None
    likes: Count | None = None
    comments: Count | None = None
    shares: Count | None = None
    saves: Count | None = None

    @model_validator(mode="after")
    def _counts_fit(self) -> Seen:
        check_engagement(self)
        return self


class UpdateRequest(Record):
    """A post: one of the lake (`post_id`), or its creator, its time and what it counted."""

    post_id: str | None = Field(None, max_length=200, description="as the lake keeps it")
    creator: CreatorQuestion | None = None
    brief: Brief = Brief()
    published_at: AwareDatetime | None = None
    observed: tuple[Seen, ...] = Field((), max_length=2000)
    targets: tuple[Target, ...] | None = Field(None, min_length=1)
    forecast_id: str | None = Field(
        None, max_length=100, description="of the ledger: its forecast is what it is held against"
    )

    @model_validator(mode="after")
    def _names_a_post(self) -> UpdateRequest:
        if self.post_id is not None:
            if self.creator is not None or self.published_at is not None or self.observed:
                raise ValueError("with post_id the lake knows creator, time and counts: leave out")
        elif self.creator is None or self.published_at is None or not self.observed:
            raise ValueError("give post_id, or creator, published_at and observed (a list)")
        return self


class Window(Record):
    """A count at a horizon: what it was, or what is expected of it."""

    window: str
    horizon_days: float
    quantiles: dict[str, float]
    mean: float
    basis: Literal["counted", "modelled"]
    method: Method
    words: str


class EarlyWarning(Record):
    """Whether a post runs below the 10% or above the 90% path of its forecast before posting."""

    state: State
    level: float | None = Field(description="share of the forecast at this age below the count")
    words: str


class Trajectory(Record):
    """One target of one post, window by window."""

    before: tuple[Window, ...]
    now: tuple[Window, ...]
    warning: EarlyWarning


class UpdateResponse(Record):
    """Where a post stands and where it goes; `age_days` is that of the last count."""

    model: ModelName
    creator_id: str | None
    post_id: str | None
    age_days: float
    targets: dict[str, Trajectory]
    forecast_id: str | None = Field(
        None, description="the ledger's forecast that it is held against; null: one made anew"
    )
    notes: tuple[str, ...]


class PathForecast(Record):
    """The windows of one creator's next post."""

    creator_id: str | None
    label: str | None
    forecast_ids: tuple[str | None, ...]
    targets: dict[str, tuple[Window, ...]]
    notes: tuple[str, ...]


class PathResponse(Record):
    """One path per creator, in the order asked."""

    model: ModelName
    paths: tuple[PathForecast, ...]
