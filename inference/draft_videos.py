"""Drafts that are videos: what their files say, filled into their briefs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from features.shown import GROUPS
from inference.tagged import Label, Read
from reelcast.records import Brief

_SAID = 0.5  # from this probability on, a video counts as one with the label


@dataclass(frozen=True, slots=True)
class Video:
    """A tagged video: its id, how it is read, its row of contents, and whether a post shows it."""

    content_id: str
    read: Read
    about: Mapping[str, Any]
    is_shown: bool


def filled(brief: Brief, video: Video | None) -> Brief:
    """The brief with its video's length and caption, where it says none.

    A video that no post shows stands there by its labels: forecasts know contents by their posts.
    """
    if video is None:
        return brief
    known = {name: video.about[name] for name in ("duration_s", "caption")}
    own: Mapping[Any, Sequence[str]] = brief.tags or {}
    labels = None if video.is_shown else {**_labels(video.read), **own}
    return Brief.model_validate(
        {
            **{name: value for name, value in known.items() if value is not None},
            **brief.model_dump(exclude_none=True),
            "content_id": video.content_id if video.is_shown else None,
            **({} if labels is None else {"tags": labels}),
        }
    )


def read_as(brief: Brief, video: Video | None) -> Read | None:
    """How the draft is read: its own tags go before its video's; None where it has neither."""
    tags: Mapping[Any, Sequence[str]] = brief.tags or {}
    if video is None and not tags:
        return None
    own = [
        Label(group, label, 1.0, at == 0)
        for group, of in tags.items()
        for at, label in enumerate(of)
    ]
    if video is None:
        return Read(tuple(own), {})
    seen = [label for label in video.read.labels if label.group not in tags]
    return Read((*seen, *own), video.read.measures)


def _labels(read: Read) -> dict[Any, list[str]]:
    """The labels of each group of which a video counts as one, of the groups that briefs name."""
    found: dict[str, list[str]] = {}
    for of in read.labels:
        if of.group in GROUPS and (of.probability is None or of.probability >= _SAID):
            found.setdefault(of.group, []).append(of.label)
    return {group: list(dict.fromkeys(labels)) for group, labels in found.items()}
