"""Campaigns in the lake: saved once and again without change, loaded as they were agreed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from reelcast.campaigns import Campaign
from reelcast.errors import InputError, NotFoundError
from reelcast.store import Lake, MergeCount
from reelcast.tables import TABLES


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a campaign changed, and what a reader should know of it."""

    campaign_id: str
    campaigns: MergeCount
    deliverables: MergeCount
    notes: tuple[str, ...]


def load(lake: Lake, campaign_id: str) -> Campaign:
    """The campaign with its deliverables, by creator and slot. Raises NotFoundError."""
    found = lake.read_keys("campaigns", [campaign_id]).to_pylist()
    if not found:
        known = ", ".join(sorted(lake.read_columns("campaigns", ["campaign_id"])[0].to_pylist()))
        raise NotFoundError(
            f"no campaign {campaign_id!r}: {known or 'none is stored; add one with a file'}"
        )
    return _campaign(found[0], lake.read_keys("deliverables", [campaign_id]).to_pylist())


def load_all(lake: Lake) -> list[Campaign]:
    """Every campaign, in order of its start."""
    planned: dict[str, list[dict[str, Any]]] = {}
    for row in lake.read("deliverables").to_pylist():
        planned.setdefault(row["campaign_id"], []).append(row)
    rows = lake.read("campaigns").to_pylist()
    made = [_campaign(row, planned.get(row["campaign_id"], [])) for row in rows]
    return sorted(made, key=lambda one: (one.starts_at, one.campaign_id))


def save(lake: Lake, campaign: Campaign, now: datetime) -> Saved:
    """Store a campaign; the same one again changes nothing.

    The same targets stay set when they first were. Raises InputError where targets were set, or
    are changed, after the first post went out.
    """
    stored = _stored(lake, campaign.campaign_id)
    if stored is not None and stored.targets == campaign.targets:
        campaign = campaign.model_copy(update={"set_at": stored.set_at})
    notes = _check_targets(campaign, stored, first_post_at(lake, campaign), now)
    counts = (
        lake.merge("campaigns", _table("campaigns", [_row(campaign)])),
        lake.merge("deliverables", _table("deliverables", _rows(campaign))),
    )
    return Saved(campaign.campaign_id, *counts, (*notes, *_kept(campaign, stored)))


def published_at(lake: Lake, campaigns: Iterable[Campaign]) -> dict[str, datetime]:
    """When the campaigns' posts went out, by post id, where the lake knows it."""
    ids = {one.post_id for of in campaigns for one in of.deliverables if one.post_id}
    rows = lake.read_keys("posts", sorted(ids)).select(["post_id", "published_at"]).to_pylist()
    return {row["post_id"]: row["published_at"] for row in rows if row["published_at"]}


def first_post_at(lake: Lake, campaign: Campaign) -> datetime | None:
    """When the first post went out, or is planned to; None where neither is known."""
    actual = published_at(lake, [campaign])
    times = [actual.get(one.post_id or "") or one.planned_at for one in campaign.deliverables]
    return min((at for at in times if at is not None), default=None)


def _check_targets(
    campaign: Campaign, stored: Campaign | None, first: datetime | None, now: datetime
) -> list[str]:
    """What to say of the targets' time; raises where they prove nothing."""
    if campaign.set_at > now:
        raise InputError(f"set_at {campaign.set_at} lies in the future: give when it was agreed")
    if first is None or first > now:
        return []
    if stored is not None and campaign.targets != stored.targets:
        raise InputError(
            f"the targets of {campaign.campaign_id} are {stored.targets or 'none'}; its first post "
            f"went out at {first}: a target set afterwards proves nothing, leave them as they were"
        )
    if campaign.targets and campaign.set_at >= first:
        raise InputError(
            f"targets were set at {campaign.set_at}, the first post went out at {first}: "
            "a target set afterwards proves nothing, leave them out"
        )
    if campaign.targets and stored is None:
        return [f"entered after the first post ({first}): set_at is taken on your word"]
    return []


def _kept(campaign: Campaign, stored: Campaign | None) -> list[str]:
    """What an earlier file said and this one does not: the lake forgets nothing but targets."""
    if stored is None:
        return []
    slots = {(one.creator_id, one.slot) for one in campaign.deliverables}
    left = [
        f"{one.creator_id} slot {one.slot}"
        for one in stored.deliverables
        if (one.creator_id, one.slot) not in slots
    ]
    said = [f"{len(left)} slots stay from an earlier file: {', '.join(left[:5])}"] if left else []
    if stored.targets and not campaign.targets:
        were = ", ".join(f"{name} {value:g}" for name, value in stored.targets.items())
        said.append(f"targets are taken back: {were}")
    before, after = stored.model_dump(exclude={"targets"}), campaign.model_dump()
    fields = [name for name, value in before.items() if value and after[name] in (None, (), {})]
    return said + [f"{name} stays as it was: {before[name]}" for name in fields]


def _stored(lake: Lake, campaign_id: str) -> Campaign | None:
    try:
        return load(lake, campaign_id)
    except NotFoundError:
        return None


def _campaign(row: dict[str, Any], planned: list[dict[str, Any]]) -> Campaign:
    known = {name: value for name, value in row.items() if value is not None}
    known["targets"] = json.loads(row["targets"] or "{}")
    ones = sorted(planned, key=lambda one: (one["creator_id"], one["slot"]))
    known["deliverables"] = [_without_campaign(one) for one in ones]
    try:
        return Campaign.model_validate(known)
    except ValidationError as exc:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors()[:5])
        raise InputError(
            f"campaign {row['campaign_id']} is stored as no valid campaign ({said}): add it again "
            "from a corrected file"
        ) from exc


def _without_campaign(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k != "campaign_id" and v is not None}


def _row(campaign: Campaign) -> dict[str, Any]:
    targets = json.dumps(campaign.targets, sort_keys=True)
    promo_days = sorted(campaign.promo_days) or None
    return {**campaign.model_dump(), "targets": targets, "promo_days": promo_days}


def _rows(campaign: Campaign) -> list[dict[str, Any]]:
    name = {"campaign_id": campaign.campaign_id}
    return [{**name, **one.model_dump()} for one in campaign.deliverables]


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=TABLES[name].schema)
