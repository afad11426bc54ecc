"""What analytics counted of each slot's link: the table `touches`, row by row to its slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from measurement.attribution.claims import PlacedSlot
from reelcast.store import Lake

VISITS = ("clicks", "sessions", "engaged_sessions", "engaged_s")


@dataclass(frozen=True, slots=True)
class Visits:
    """Rows by slot, the campaigns whose links analytics tell apart, and what they count.

    A link without a row, of a campaign among these, had no visit: analytics export no zeros.
    """

    by_slot: Mapping[int, Sequence[dict[str, Any]]]
    campaigns: frozenset[str]
    counted: frozenset[str]


def visits_of(lake: Lake, slots: Sequence[PlacedSlot]) -> Visits:
    """The visits of all slots. A row that names no campaign is matched by its content alone."""
    of: dict[tuple[str, str], list[PlacedSlot]] = {}
    for slot in slots:
        for campaign in {slot.utm_campaign, ""}:
            of.setdefault((campaign, slot.utm_content), []).append(slot)
    found: dict[int, list[dict[str, Any]]] = {}
    campaigns, counted = set(), set()
    columns = ["day", "utm_campaign", "utm_content", *VISITS]
    for row in lake.read_columns("touches", columns).to_pylist():
        key = tuple((row[name] or "").strip().lower() for name in columns[1:3])
        mine = _slot_of(of.get((key[0], key[1]), []) if key[1] else [], row["day"])
        if mine is not None:
            found.setdefault(mine.index, []).append(row)
            campaigns.add(mine.campaign_id)
            counted |= {name for name in VISITS if row[name] is not None}
    return Visits(found, frozenset(campaigns), frozenset(counted))


def _slot_of(same: Sequence[PlacedSlot], day: date) -> PlacedSlot | None:
    """Of slots that share a link the latest whose window holds the day, as with orders.

    None where none does, or the windows of two campaigns do.
    """
    if len(same) < 2:
        return same[0] if same else None
    out = [slot for slot in same if slot.opens_on <= day <= slot.closes_on]
    if len({slot.campaign_id for slot in out}) != 1:
        return None
    return max(out, key=lambda slot: (slot.opens_at, slot.index))
