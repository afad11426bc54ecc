"""A person's corrections of tags, checked against the taxonomy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from content_tagging.contents import Correction, find, keep_corrections
from content_tagging.tags.taxonomy import load_taxonomy
from reelcast.errors import InputError
from reelcast.store import Lake


def correct_tags(
    lake: Lake,
    content: str,
    labels: Mapping[str, tuple[str, ...]],
    now: datetime,
    reason: str | None,
) -> str:
    """The id of the content whose groups' labels are now kept as given.

    Raises InputError for an unknown label or none at all, NotFoundError for an unknown content.
    """
    if not labels:
        raise InputError("say what is right, e.g. --hook listicle")
    for group, names in labels.items():
        _check(group, names)
    content_id = find(lake, content)
    keep_corrections(
        lake,
        [
            Correction(
                content_id=content_id,
                group=group,
                labels=tuple(dict.fromkeys(names)),
                corrected_at=now,
                reason=reason,
            )
            for group, names in labels.items()
        ],
    )
    return content_id


def _check(group: str, names: tuple[str, ...]) -> None:
    known = load_taxonomy().names(group)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(
            f"{', '.join(unknown)}: no {group} of the taxonomy; there are {', '.join(known)}"
        )
