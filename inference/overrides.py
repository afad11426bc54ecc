"""What people decide over a forecast, with their reason: kept beside it, never in its place.

Nothing is rejected by itself, and no override changes a model's figures: who reads a forecast reads
what a person said of it too.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from pydantic import AwareDatetime, Field
from sqlalchemy import Column, DateTime, Engine, Float, Index, String, Table, Text, insert, select

from reelcast.database import METADATA, ensure_tables, open_database, reading, writing
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


class Override(Record):
    """A person's decision about a creator; `expect` says how many views instead."""

    creator_id: str = Field(max_length=100)
    decision: Decision
    expected_views: float | None = Field(None, ge=0, le=10**12)
    reason: str = Field(min_length=3, max_length=2000)
    forecast_id: str | None = Field(None, max_length=120, description="which forecast it is about")


class KeptOverride(Override):
    """An override as it is kept."""

    override_id: str
    at: AwareDatetime


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
        kept = KeptOverride(override_id=secrets.token_hex(12), at=now, **given.model_dump())
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


def _aware(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite forgets the zone: times are UTC."""
    at: datetime = row["at"]
    return {**row, "at": at if at.tzinfo else at.replace(tzinfo=UTC)}
