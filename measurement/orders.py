"""The orders in the lake, by whose shop they are of."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from measurement.attribution.claims import COLUMNS
from reelcast.campaigns import brand_key
from reelcast.store import Lake


def orders_of(lake: Lake, brand: str) -> pa.Table:
    """The orders of a brand (COLUMNS), and those imported without one."""
    rows = lake.read_columns("orders", ["brand", *COLUMNS])
    named = pc.utf8_lower(pc.utf8_trim_whitespace(rows["brand"]))
    mine = pc.or_kleene(pc.is_null(named), pc.equal(named, brand_key(brand)))
    return rows.filter(mine).select(COLUMNS)
