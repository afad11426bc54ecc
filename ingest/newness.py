"""Which orders are a customer's first, told from the orders in the lake: no export says it."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from reelcast.store import Lake, MergeCount
from reelcast.tables import TABLES

LOT = 100_000  # rows merged at once: memory for a merge grows with them
_COLUMNS = ("order_hash", "at", "type", "customer_hash", "is_new", "is_cancelled", "source")
_SQL = """
WITH placed AS (
    SELECT order_hash, is_new, source, "at",
           coalesce(sum(CASE WHEN coalesce(is_cancelled, false) THEN 0 ELSE 1 END) OVER (
               PARTITION BY customer_hash ORDER BY "at", order_hash
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ), 0) = 0 AS is_first
    FROM orders
    WHERE customer_hash IS NOT NULL AND "at" IS NOT NULL AND type = 'purchase'
)
SELECT order_hash, is_first AS is_new FROM placed
WHERE source IN (SELECT unnest($sources)) AND is_new IS DISTINCT FROM is_first
ORDER BY order_hash
"""


def tell_new(lake: Lake, sources: Sequence[str]) -> MergeCount:
    """Count the purchases of these sources whose `is_new` was told or changed.

    An order is new where its customer has no earlier one that was not cancelled, in any source.
    Customers from before the first order in the lake look new: import the whole history.
    """
    orders = lake.read_columns("orders", _COLUMNS)
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        db.register("orders", orders)
        changed = db.sql(_SQL, params={"sources": list(sources)}).to_arrow_table()
    del orders
    count = MergeCount()
    for start in range(0, changed.num_rows, LOT):
        count += lake.merge("orders", _rows(changed.slice(start, LOT)))
    return count


def _rows(changed: pa.Table) -> pa.Table:
    """The rows with all columns of the table: what is not told stays as it is."""
    schema = TABLES["orders"].schema
    columns = [
        changed[field.name].cast(field.type)
        if field.name in changed.column_names
        else pa.nulls(changed.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
