"""A measured number with all that is needed to read it: how it was counted, over what, how sure."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reelcast.records import Record

Basis = Literal["counted", "estimated", "modelled"]


class Measured(Record):
    """A value with its interval; `value` is None where the denominator is zero or unknown."""

    metric: str
    value: float | None
    unit: str = Field(
        description="share, s, count, ratio, points, score, or a currency's ISO 4217 code"
    )
    low: float | None = Field(None, description="of the interval at `level`; None: not estimable")
    high: float | None = None
    level: float = 0.95
    method: str | None = Field(
        None, description="of the interval: wilson, jackknife over units, ..."
    )
    n: int | None = Field(None, description="how many things the value rests on")
    basis: Basis
    denominator: str | None = Field(None, description="what is divided by, in words")
    threshold_s: float | None = Field(None, description="seconds watched that count")
    window: str | None = Field(None, description="e.g. 7 d after posting")
    source: str | None = Field(None, description="the export or model the counts come from")
    note: str | None = None


class Provenance(Record):
    """Where counts come from: the same for all metrics made of one export and window."""

    basis: Basis = "counted"
    window: str | None = None
    source: str | None = None
