"""What is wrong with a campaign's links and codes: collisions, case, missing and mixed schemes.

Each finding names its rule, the slots concerned and what to do. Nothing is corrected in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from measurement.links import MEDIUM, UTM, is_web_address, read_content, utm_of
from reelcast.campaigns import Deliverable


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `error`: orders will be credited wrongly; `warning`: may be."""

    rule: str
    severity: Literal["error", "warning"]
    where: tuple[str, ...]  # creator_slot
    said: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A deliverable of a campaign, with the UTM parameters that its link carries."""

    campaign_id: str
    planned: Deliverable
    utm: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.planned.creator_id}_{self.planned.slot}"

    def value(self, parameter: str) -> str:
        """The parameter's value in lower case, '' where it is missing."""
        given = {name.lower(): value for name, value in self.utm.items()}
        return given.get(parameter, "").strip().lower()


def lint(
    campaigns: Mapping[str, Sequence[Deliverable]], seen_links: Mapping[str, str] | None = None
) -> list[Finding]:
    """The findings over all campaigns' deliverables, errors first.

    `seen_links` are links as found in the published posts, by `creator_slot` in small letters: a
    link that was changed on the way is found by them.
    """
    placed = [
        Placed(campaign_id, one, utm_of(one.link or ""))
        for campaign_id, planned in campaigns.items()
        for one in planned
    ]
    found = [finding for rule in RULES for finding in rule(placed)]
    found += changed_links(placed, seen_links or {})
    return sorted(found, key=lambda f: (f.severity != "error", f.rule, f.where))


def missing(placed: Sequence[Placed]) -> Iterator[Finding]:
    """A slot without link and code, a link without a parameter."""
    for one in placed:
        if not one.planned.link and not one.planned.promo_code:
            yield _error("nothing", [one], "has neither link nor code: its orders cannot be seen")
        lacking = [name for name in UTM if not one.value(name)] if one.planned.link else []
        if lacking:
            said = f"the link lacks {', '.join(lacking)}: make it with `reelcast links make`"
            yield _error("missing_parameter", [one], said)
        if one.planned.link and not is_web_address(one.planned.link):
            yield _error("no_address", [one], f"{one.planned.link!r} is no web address")


def case(placed: Sequence[Placed]) -> Iterator[Finding]:
    """Capitals or blanks: analytics count `TikTok` and `tiktok` as two sources."""
    for one in placed:
        odd = [f"{k}={v}" for k, v in one.utm.items() if (k + v) != (k + v).lower().strip()]
        if odd:
            yield _warning("case", [one], f"{', '.join(odd)}: write it in lower case")
        code = one.planned.promo_code
        if code and (code != code.upper() or code != code.strip()):
            yield _warning("code_case", [one], f"code {code!r}: write it in capitals, no blanks")


def collisions(placed: Sequence[Placed]) -> Iterator[Finding]:
    """Two slots with one utm_content, a link in two campaigns, one code of two creators."""
    for content, slots in _grouped(placed, lambda one: one.value("utm_content")):
        if len({one.name for one in slots}) > 1:
            said = f"share utm_content={content}: their orders cannot be told apart"
            yield _error("same_content", slots, said)
    for link, slots in _grouped(placed, lambda one: (one.planned.link or "").strip().lower()):
        if len({one.campaign_id for one in slots}) > 1:
            yield _error("link_of_two_campaigns", slots, f"{link} serves two campaigns")
    for code, slots in _grouped(placed, lambda one: (one.planned.promo_code or "").strip().upper()):
        if len({one.planned.creator_id for one in slots}) > 1:
            yield _error("code_of_two_creators", slots, f"code {code} belongs to two creators")


def schemes(placed: Sequence[Placed]) -> Iterator[Finding]:
    """One creator on two schemes; a campaign, creator or medium that the link says otherwise."""
    for creator, slots in _grouped(placed, lambda one: one.planned.creator_id):
        mediums = {(one.value("utm_source"), one.value("utm_medium")) for one in slots if one.utm}
        if len(mediums) > 1:
            said = ", ".join("/".join(pair) for pair in sorted(mediums))
            yield _warning("two_schemes", slots, f"{creator} is written in two ways: {said}")
    for one in placed:
        if one.value("utm_campaign") not in ("", one.campaign_id.lower()):
            said = f"utm_campaign={one.value('utm_campaign')}, but the campaign is "
            yield _error("other_campaign", [one], said + one.campaign_id)
        read = read_content(one.value("utm_content"))
        if read and read[0] != one.planned.creator_id.lower():
            yield _error("other_creator", [one], f"utm_content names {read[0]}")
        if one.value("utm_medium") not in ("", MEDIUM):
            said = f"utm_medium={one.value('utm_medium')}: write {MEDIUM}, as everywhere"
            yield _warning("other_medium", [one], said)


def changed_links(placed: Sequence[Placed], seen: Mapping[str, str]) -> Iterator[Finding]:
    """Links that are published otherwise than they were made: shortened, cut, retyped.

    A published link that names one of a creator's campaigns is held against that one alone.
    """
    campaigns: dict[str, set[str]] = defaultdict(set)
    for one in placed:
        campaigns[one.name].add(one.campaign_id.lower())
    for one in placed:
        there = seen.get(one.name.lower())
        if there is None or not one.planned.link or there.strip() == one.planned.link.strip():
            continue
        named = utm_of(there).get("utm_campaign", "").strip().lower()
        if named in campaigns[one.name] - {one.campaign_id.lower()}:
            continue
        lost = [f"{k}={v}" for k, v in one.utm.items() if utm_of(there).get(k) != v]
        if lost:
            yield _error("changed", [one], f"the published link lost {', '.join(lost)}: {there}")
        else:
            yield _warning("changed", [one], f"the published link is another: {there}")


RULES: tuple[Callable[[Sequence[Placed]], Iterable[Finding]], ...] = (
    missing,
    case,
    collisions,
    schemes,
)


def _grouped(
    placed: Sequence[Placed], key: Callable[[Placed], str]
) -> Iterator[tuple[str, list[Placed]]]:
    """Those that share a key, for each key that is not empty."""
    groups: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        groups[key(one)].append(one)
    return ((value, ones) for value, ones in groups.items() if value)


def _error(rule: str, slots: Sequence[Placed], said: str) -> Finding:
    return Finding(rule, "error", tuple(one.name for one in slots), said)


def _warning(rule: str, slots: Sequence[Placed], said: str) -> Finding:
    return Finding(rule, "warning", tuple(one.name for one in slots), said)
