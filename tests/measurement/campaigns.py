"""What the tests of measurement share: a campaign of two creators and its orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from measurement.links import LinkAndCode, Slot, make_links
from reelcast.campaigns import Campaign, Deliverable
from reelcast.tables import TABLES

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
SLOTS = (
    Slot("c1", 1, "tiktok", "fern"),
    Slot("c1", 2, "tiktok", "fern"),
    Slot("c2", 1, "x", "ida"),
)


def made_links() -> list[LinkAndCode]:
    return make_links(SLOTS, "https://shop.example/new", "spring")


def planned(made: LinkAndCode, day: int, **others: Any) -> Deliverable:
    given = {"link": made.link, "promo_code": made.promo_code, **others}
    return Deliverable(
        creator_id=made.creator_id, slot=made.slot, planned_at=START + day * DAY, **given
    )


def campaign(*deliverables: Deliverable, **others: Any) -> Campaign:
    given: dict[str, Any] = {
        "campaign_id": "spring",
        "brand": "Brindle",
        "type": "direct_response",
        "starts_at": START,
        "ends_at": START + 30 * DAY,
        "set_at": START - DAY,
        **others,
    }
    return Campaign(deliverables=deliverables, **given)


def orders_of(*rows: dict[str, Any]) -> pa.Table:
    """Orders with an id, a time and what the row says more."""
    known = [
        {"order_hash": f"o{i}", "at": START + 5 * DAY, "type": "purchase", "value": 10.0, **row}
        for i, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(known, schema=TABLES["orders"].schema)
