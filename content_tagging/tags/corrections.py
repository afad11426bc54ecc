"""What people say that tags should be, as examples to learn from and to be measured on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import AwareDatetime

from content_tagging.tags.corpus import Example
from content_tagging.tags.reading import Reading
from content_tagging.tags.taxonomy import GROUPS, load_taxonomy
from reelcast.errors import InputError
from reelcast.records import Record

WEIGHT = 3.0  # what a person's word counts, beside a corpus example's 1
HELD_OUT_ONE_IN = 5


class Correction(Record):
    """The labels that a person gives a content in one group, the primary one first."""

    content_id: str
    group: str
    labels: tuple[str, ...]
    at: AwareDatetime
    reason: str | None = None


def checked(correction: Correction) -> Correction:
    """The correction, if the taxonomy has its group and labels; InputError names what it lacks."""
    if correction.group not in GROUPS:
        raise InputError(f"there is no group {correction.group!r}: {', '.join(GROUPS)}")
    names = load_taxonomy().names(correction.group)
    wrong = [label for label in correction.labels if label not in names]
    if wrong or not correction.labels:
        raise InputError(
            f"{correction.group} has no label {', '.join(wrong) or 'given'}: {', '.join(names)}"
        )
    return correction


def examples_of(
    corrections: Sequence[Correction], readings: Mapping[str, Reading]
) -> list[Example]:
    """One example per corrected content, with the latest labels of each group, by content.

    Corrections of contents that have no reading are left out.
    """
    latest: dict[str, dict[str, tuple[datetime, tuple[str, ...]]]] = {}
    for each in map(checked, corrections):
        groups = latest.setdefault(each.content_id, {})
        if each.group not in groups or groups[each.group][0] <= each.at:
            groups[each.group] = (each.at, each.labels)
    return [
        Example(
            reading=readings[content_id],
            labels={group: labels for group, (_, labels) in sorted(groups.items())},
            weight=WEIGHT,
            source="correction",
        )
        for content_id, groups in sorted(latest.items())
        if content_id in readings
    ]


def is_held_out(content_id: str) -> bool:
    """Whether a content's corrections are measured on and not learned from: one in five, by the
    hash of its id, so that a content never changes sides.

    >>> sum(is_held_out(str(n)) for n in range(1000))
    207
    """
    digest = hashlib.sha256(content_id.encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_ONE_IN == 0
