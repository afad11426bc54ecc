"""What kind of account a creator's is: its platform and its niche."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

UNKNOWN = "unknown"

Kind = tuple[str, str]  # platform and niche, in small letters


def kind_of(platform: str | None, niche: str | None) -> Kind:
    """A platform and a niche as they are compared: small letters, `unknown` for None or blanks.

    >>> kind_of("TikTok", " Food  & Drink"), kind_of(None, "")
    (('tiktok', 'food & drink'), ('unknown', 'unknown'))
    """
    return _plain(platform), _plain(niche)


def _plain(name: str | None) -> str:
    return " ".join((name or "").casefold().split()) or UNKNOWN


def kinds_of(creator_ids: Sequence[str], posts: pa.Table, creators: pa.Table) -> list[Kind]:
    """The kind of each creator, as the tables of posts and creators tell it.

    The platform is the account's own, else that of its posts.
    """
    pairs = posts.select(["creator_id", "platform"]).group_by(["creator_id", "platform"])
    platform = {
        row["creator_id"]: row["platform"]
        for row in pairs.aggregate([]).sort_by("platform").to_pylist()
        if row["platform"] is not None
    }
    niche: dict[str, str | None] = {}
    for row in creators.select(["creator_id", "platform", "niche"]).to_pylist():
        niche[row["creator_id"]] = row["niche"]
        platform[row["creator_id"]] = row["platform"] or platform.get(row["creator_id"])
    return [kind_of(platform.get(of), niche.get(of)) for of in creator_ids]
