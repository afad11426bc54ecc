"""Who is in the lake: each account's platform and niche, and the stages it was booked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reelcast.records import creator_id_of
from reelcast.store import Lake

UNKNOWN = "unknown"
ANY = ("tiktok", "instagram", "youtube")  # where a handle is looked for that names no platform


@dataclass(frozen=True, slots=True)
class Known:
    """What the lake says of an account; `stages` are those of the campaigns that booked it."""

    platform: str
    niche: str | None
    stages: tuple[str, ...]


def directory_of(lake: Lake) -> dict[str, Known]:
    """Every account that the lake knows something of, by id."""
    platforms = _platforms(lake)
    niches = {
        row["creator_id"]: row["niche"]
        for row in lake.read_columns("creators", ["creator_id", "niche"]).to_pylist()
    }
    stages = _stages(lake)
    ids = dict.fromkeys([*platforms, *niches, *stages])
    return {
        id_: Known(platforms.get(id_, UNKNOWN), niches.get(id_), stages.get(id_, ())) for id_ in ids
    }


def _platforms(lake: Lake) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in ("posts", "creators"):
        rows = lake.read_columns(table, ["creator_id", "platform"])
        pairs = rows.group_by(["creator_id", "platform"]).aggregate([]).to_pylist()
        found |= {row["creator_id"]: row["platform"] for row in pairs if row["platform"]}
    return {id_: platform for id_, platform in found.items() if id_ is not None}


def _stages(lake: Lake) -> dict[str, tuple[str, ...]]:
    """The stages of the campaigns that booked each creator: peers are those of one stage."""
    of_campaign = {
        row["campaign_id"]: row["stage"]
        for row in lake.read_columns("campaigns", ["campaign_id", "stage"]).to_pylist()
    }
    booked: dict[str, set[str]] = {}
    for row in lake.read_columns("deliverables", ["campaign_id", "creator_id"]).to_pylist():
        stage = of_campaign.get(row["campaign_id"])
        if stage is not None:
            booked.setdefault(row["creator_id"], set()).add(stage)
    return {id_: tuple(sorted(stages)) for id_, stages in booked.items()}


def names_of(text: str, platform: str | None, salt: str | None) -> dict[str, str]:
    """The ids that handles in a text would have, each with the handle: `@ana, @ben`.

    Handles are hashed here and forgotten: the lake holds pseudonyms alone. Without a salt no
    account was imported, and nothing is found.
    """
    handles = [word for word in text.replace(",", " ").split() if word.strip("@")]
    platforms = (platform,) if platform else ANY
    if salt is None:
        return {}
    return {
        creator_id_of(where, handle, salt): "@" + handle.lstrip("@")
        for handle in handles
        for where in platforms
    }


def matches(known: Known, tier: str, wanted: Mapping[str, str | None]) -> bool:
    """Whether an account is among those asked for: platform, niche, stage and tier, where given.

    >>> ana = Known("tiktok", "beauty", ("awareness",))
    >>> matches(ana, "micro", {"stage": "awareness"}), matches(ana, "micro", {"tier": "mid"})
    (True, False)
    """
    own = {"platform": (known.platform,), "niche": (known.niche or UNKNOWN,), "tier": (tier,)}
    of = {**own, "stage": known.stages}
    return all(value in of[name] for name, value in wanted.items() if value)
