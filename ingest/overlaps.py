"""Visits that the lake holds twice: the same days by other dimensions, from another export."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb
import pyarrow as pa

from reelcast.store import Lake

_COLUMNS = ("day", "utm_source", "utm_medium", "utm_campaign", "utm_content", "landing_page")
_TOLD = " || ".join(f"(CASE WHEN {name} = '' THEN 0 ELSE 1 END)::VARCHAR" for name in _COLUMNS[1:])
_SQL = f"""
SELECT count(*) FROM (
    SELECT day FROM touches SEMI JOIN days USING (day)
    GROUP BY day HAVING count(DISTINCT {_TOLD}) > 1
)
"""


def days_twice(lake: Lake, days: Iterable[date]) -> int:
    """How many of the days the lake holds by several sets of dimensions: their sums count twice."""
    touches = lake.read_columns("touches", _COLUMNS)
    with duckdb.connect() as db:
        db.register("touches", touches)
        db.register("days", pa.table({"day": pa.array(sorted(set(days)), pa.date32())}))
        return int(db.sql(_SQL).to_arrow_table().column(0)[0].as_py())
