"""What people decide over a forecast, with their reason: kept beside it, never in its place.

Nothing is rejected by itself, and no override changes a model's figures: who reads a forecast reads
what a person said of it too.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from pydantic import AwareDatetime, Field, model_validator
from sqlalchemy import Column, DateTime, Engine, Float, Index, String, Table, Text, insert, select

from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_store import Ledger
from reelcast.database import METADATA, ensure_tables, open_database, reading, writing
from reelcast.errors import NotFoundError
from reelcast.mentions import without_mentions
from reelcast.plain import plain
from reelcast.records import Record

OVERRIDES = Table(
    "overrides",
    METADATA,
    Column("override_id", String(32), primary_key=True),
    Column("creator_id", String(100), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("expected_views", Float),
    Column("reason", Text, nullable=False),
    Column("forecast_id", String(120)),
    Index("overrides_creator", "creator_id", "at"),
)
Decision = Literal["prefer", "avoid", "expect"]
DECISIONS: dict[Decision, str] = {
    "prefer": "prefer, against the figures",
    "avoid": "avoid, against the figures",
    "expect": "expect another count",
}


class OverrideAsked(Record):
    """A person's decision; `expect` says how many views instead."""

    decision: Decision
    expected_views: float | None = Field(
        None, ge=0, le=10**12, description="in place of the forecast; with `expect` alone"
    )
    reason: str = Field(min_length=3, max_length=2000, description="others will read it")
    forecast_id: str | None = Field(
        None, max_length=120, pattern="^[!-~]+$", description="the ledger's, which it is about"
    )

    @model_validator(mode="after")
    def _says_how_many(self) -> OverrideAsked:
        if (self.decision == "expect") != (self.expected_views is not None):
            raise ValueError("`expect` needs expected_views, and the others take none")
        return self


class Override(OverrideAsked):
    """A person's decision about a creator."""

    creator_id: str = Field(max_length=100)


class KeptOverride(Record):
    """An override as it is kept, without accounts' names in its reason."""

    override_id: str
    creator_id: str
    at: AwareDatetime
    decision: Decision
    expected_views: float | None
    reason: str
    forecast_id: str | None


class Overrides:
    """The overrides in one database; connected at the first use."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        engine = open_database(self._url)
        ensure_tables(engine, OVERRIDES)
        return engine

    def keep(self, given: Override, now: datetime) -> KeptOverride:
        """The override, kept; earlier ones of the creator stay."""
        said = {**given.model_dump(), "reason": without_mentions(plain(given.reason))}
        kept = KeptOverride(override_id=secrets.token_hex(12), at=now, **said)
        with writing(self._engine) as connection:
            connection.execute(insert(OVERRIDES).values(**kept.model_dump()))
        return kept

    def of(self, creator_id: str) -> tuple[KeptOverride, ...]:
        """All overrides of a creator, the latest first."""
        asked = (
            select(OVERRIDES)
            .where(OVERRIDES.c.creator_id == creator_id)
            .order_by(OVERRIDES.c.at.desc(), OVERRIDES.c.override_id)
        )
        with reading(self._engine) as connection:
            rows = [dict(row) for row in connection.execute(asked).mappings()]
        return tuple(KeptOverride.model_validate(_aware(row)) for row in rows)

    def close(self) -> None:
        """Give the connections back."""
        if "_engine" in self.__dict__:
            self._engine.dispose()


def decide(kept: Overrides, ledger: Ledger, given: Override, now: datetime) -> KeptOverride:
    """The override, kept. Raises NotFoundError where the ledger lacks the forecast it names."""
    if given.forecast_id is not None:
        found = ledger.find(given.forecast_id)
        if found is None or found.kind != FORECAST:
            raise NotFoundError(
                f"the ledger holds no forecast {given.forecast_id!r}: leave forecast_id out, or "
                "give the id that the forecast's answer names"
            )
    return kept.keep(given, now)


def _aware(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite forgets the zone: times are UTC."""
    at: datetime = row["at"]
    return {**row, "at": at if at.tzinfo else at.replace(tzinfo=UTC)}
