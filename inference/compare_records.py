"""What is asked of a comparison, and what it answers."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from reelcast.records import Brief, CreatorQuestion, ModelName, Record, Target

RATE = "engagement_rate"
ENGAGING = ("likes", "comments", "shares")  # what it counts, over views
IN_RATE = ("views", *ENGAGING)
Comparable = Target | Literal["engagement_rate"]
_LETTERS = "ABCDEFGHIJ"


class CompareRequest(Record):
    """Whose post, and its drafts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "creator": {"platform": "tiktok", "handle": "@ana"},
                    "drafts": [
                        {"caption": "Stop buying this serum #skincare", "duration_s": 20},
                        {"caption": "My skincare, week 4 #skincare", "duration_s": 45},
                    ],
                    "names": ["warning", "diary"],
                    "targets": ["views", "engagement_rate"],
                }
            ]
        }
    )

    creator: CreatorQuestion
    drafts: tuple[Brief, ...] = Field(
        min_length=2,
        max_length=10,
        description="content_id may be the start of an id, 8 characters or more, or a file's name",
    )
    names: tuple[str, ...] | None = Field(None, description="of the drafts; default: A, B, ...")
    targets: tuple[Comparable, ...] | None = Field(
        None, min_length=1, description="default: all that the model forecasts, and the rate"
    )

    @model_validator(mode="after")
    def _names_each(self) -> CompareRequest:
        if self.names is not None and len(set(self.names)) != len(self.drafts):
            raise ValueError("names: give each draft one of its own")
        return self

    @property
    def called(self) -> tuple[str, ...]:
        """The drafts' names."""
        return self.names or tuple(_LETTERS[: len(self.drafts)])


class Duel(Record):
    """One draft against another, by one target: `chance` that the first gets more."""

    target: str
    first: str
    second: str
    chance: float = Field(description="that this one post of the first gets more")
    times: float = Field(description="typical count of the first over the second, as believed")
    sign_error: float = Field(description="chance that the typical counts differ the other way")
    is_clear: bool
    words: str


class Draft(Record):
    """A draft's forecast by target: quantiles of counts, as forecast alone."""

    name: str
    content_id: str | None = None
    quantiles: dict[str, dict[str, float]]
    chance_best: dict[str, float] = Field(description="that it gets most of all drafts")


class CompareResponse(Record):
    """The drafts, each against each, and how far posts of one creator are told apart."""

    model: ModelName
    drafts: tuple[Draft, ...]
    duels: tuple[Duel, ...]
    shared_noise: float
    control: str = Field(description="what is done about looking at many duels, in words")
    evidence: dict[str, str] = Field(description="by target: what the test posts say, in words")
    content_evidence: dict[str, str] = Field(
        default_factory=dict, description="the same of videos' labels and measures"
    )
