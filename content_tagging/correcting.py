"""A person's corrections of tags: kept in the lake, and learned from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from content_tagging.contents import corrections, find, keep_corrections, load
from content_tagging.tags.corrections import Correction, checked
from content_tagging.tags.reading import reading_of_signals
from content_tagging.tags.train import TrainingReport, train
from reelcast.errors import InputError
from reelcast.mentions import without_mentions
from reelcast.plain import plain
from reelcast.settings import Settings
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
    content_id = find(lake, content)
    given = [
        Correction(
            content_id=content_id,
            group=group,
            labels=tuple(dict.fromkeys(names)),
            at=now,
            reason=None if reason is None else without_mentions(plain(reason)),
        )
        for group, names in labels.items()
    ]
    keep_corrections(lake, map(checked, given))
    return content_id


def train_on_corrections(lake: Lake, settings: Settings) -> TrainingReport:
    """What was learned from the corpus and the corrections in the lake, and whether it helped."""
    given = corrections(lake)
    contents = load(lake, [*{each.content_id: None for each in given}])
    readings = {
        content_id: reading_of_signals(content.signals, content.caption or "")
        for content_id, content in contents.items()
    }
    return train(settings, given, readings)
