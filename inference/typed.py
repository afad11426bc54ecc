"""Typed hooks and scripts as the tagger reads them: words without a video."""

from __future__ import annotations

from collections.abc import Sequence

from content_tagging.records import Tag
from content_tagging.tags.reading import Reading, reading_of_item
from content_tagging.tags.tagger import Tagger
from reelcast.records import Brief


def typed_tags(tagger: Tagger, drafts: Sequence[Brief]) -> list[tuple[Tag, ...]]:
    """The tags of each draft's words; a script is taken as spoken."""
    return tagger.tag([_reading(str(i), draft) for i, draft in enumerate(drafts)])


def _reading(name: str, draft: Brief) -> Reading:
    item = {"id": name, "caption": draft.caption or "", "speech": draft.script or ""}
    return reading_of_item(item)
