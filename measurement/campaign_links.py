"""Links and codes of a campaign in the lake: made for slots that have none, and looked over."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from measurement.campaigns import load_all
from measurement.links import LinkAndCode, Slot, content_of, make_links, utm_of
from measurement.links_lint import Finding, lint
from reelcast.campaigns import Campaign, Deliverable
from reelcast.errors import InputError, NotFoundError
from reelcast.records import creator_id_of
from reelcast.store import Lake

DEFAULT_PLATFORM = "tiktok"
_ONSETS, _VOWELS = "BDFGKLMNPRSTVZ", "AEIOU"


def with_links(
    lake: Lake, campaign: Campaign, landing_page: str, words: Mapping[str, str]
) -> tuple[Campaign, list[LinkAndCode]]:
    """The campaign with a link and a code in each slot, and those of all slots.

    What a slot has already stays. `words` are what codes begin with, by creator id (a handle, a
    first name); a creator without one gets a made-up word.
    """
    platforms = platforms_of(lake, campaign)
    slots = [
        Slot(
            one.creator_id,
            one.slot,
            one.platform or platforms.get(one.creator_id, DEFAULT_PLATFORM),
            words.get(one.creator_id) or spoken_word(one.creator_id),
        )
        for one in campaign.deliverables
    ]
    made = make_links(slots, landing_page, campaign.campaign_id, _taken(lake, campaign))
    own = {one.creator_id: one.promo_code for one in campaign.deliverables if one.promo_code}
    pairs = list(zip(campaign.deliverables, made, strict=True))
    kept = [
        replace(
            fresh,
            link=one.link or fresh.link,
            promo_code=one.promo_code or own.get(one.creator_id) or fresh.promo_code,
        )
        for one, fresh in pairs
    ]
    filled = [
        one.model_copy(update={"link": new.link, "promo_code": new.promo_code})
        for one, new in zip(campaign.deliverables, kept, strict=True)
    ]
    return campaign.model_copy(update={"deliverables": tuple(filled)}), kept


def spoken_word(creator_id: str) -> str:
    """A word that can be said aloud, the same for the same creator, from which nobody is known.

    >>> len(spoken_word("c42")), spoken_word("c42") == spoken_word("c42")
    (6, True)
    """
    number = int(hashlib.sha256(creator_id.encode()).hexdigest(), 16)
    letters = []
    for _ in range(3):
        number, onset = divmod(number, len(_ONSETS))
        number, vowel = divmod(number, len(_VOWELS))
        letters.append(_ONSETS[onset] + _VOWELS[vowel])
    return "".join(letters)


def platforms_of(lake: Lake, campaign: Campaign) -> dict[str, str]:
    """The platform of each creator whom the lake knows."""
    ids = sorted({one.creator_id for one in campaign.deliverables})
    rows = lake.read_keys("creators", ids).select(["creator_id", "platform"]).to_pylist()
    return {row["creator_id"]: row["platform"] for row in rows if row["platform"]}


def lint_lake(
    lake: Lake, given: Sequence[Campaign] = (), seen: Mapping[str, str] | None = None
) -> list[Finding]:
    """The findings over the lake's campaigns, those `given` taking the place of stored ones.

    `seen` are links as published, by creator_slot. Links that analytics counted for one of the
    campaigns, but that no slot carries, are found in the table `touches`.
    """
    campaigns = {of.campaign_id: of for of in [*load_all(lake), *given]}
    planned = {name: of.deliverables for name, of in campaigns.items()}
    found = [*lint(planned, seen), *_strays(lake, planned)]
    return sorted(found, key=lambda f: (f.severity != "error", f.rule, f.where))


def read_seen(path: Path, salt: str) -> dict[str, str]:
    """Links as published, by creator_slot, of a CSV: creator_id or platform and handle; slot; link.

    Raises NotFoundError without the file, InputError for a line that lacks one of them.
    """
    if not path.is_file():
        raise NotFoundError(f"no file {path}: give a CSV of creator_id, slot, link")
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (ValueError, csv.Error) as exc:
        raise InputError(f"{path.name} cannot be read: {exc}") from exc
    seen = {}
    for row in rows:
        who, link = row.get("creator_id"), row.get("link")
        if not who and row.get("handle") and row.get("platform"):
            who = creator_id_of(row["platform"], row["handle"], salt)
        slot = (row.get("slot") or "1").strip()
        if not who or not link or not slot.isdigit():
            raise InputError(f"{path.name} lacks creator_id, slot or link in {row}")
        seen[content_of(who, int(slot))] = link
    return seen


def _taken(lake: Lake, campaign: Campaign) -> set[str]:
    """The codes of creators in other campaigns, and those of this one."""
    rows = lake.read_columns("deliverables", ["promo_code"])["promo_code"].to_pylist()
    return {code for code in rows if code} | {
        one.promo_code for one in campaign.deliverables if one.promo_code
    }


def _strays(lake: Lake, planned: Mapping[str, Sequence[Deliverable]]) -> list[Finding]:
    """Visits with a campaign's utm_campaign whose utm_content belongs to none of its slots.

    An empty utm_content counts as one where analytics tell others of that campaign apart.
    """
    columns = ["utm_campaign", "utm_content", "sessions"]
    counted: dict[tuple[str, str], int] = {}
    for row in lake.read_columns("touches", columns).to_pylist():
        key = tuple(str(row[name] or "").strip().lower() for name in columns[:2])
        counted[key[0], key[1]] = counted.get((key[0], key[1]), 0) + int(row["sessions"] or 0)
    ours = {
        (name.lower(), utm_of(one.link or "").get("utm_content", "").strip().lower())
        for name, ones in planned.items()
        for one in ones
    }
    told = {campaign for campaign, content in counted if content}
    names = {name.lower() for name, ones in planned.items() if any(one.link for one in ones)}
    return [
        Finding(
            "unknown_content",
            "error",
            (f"{campaign}:{content or '(none)'}",),
            f"{n:,} sessions came with utm_content={content or '(none)'}, which no slot of "
            f"{campaign} carries: a link was changed on the way",
        )
        for (campaign, content), n in sorted(counted.items())
        if campaign in names and (campaign, content) not in ours and (content or campaign in told)
    ]
