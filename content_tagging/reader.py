"""Reads measures and tags from signals: in a batch, for one clip, and when tags are made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from content_tagging.contents import Content, tags_version_of
from content_tagging.measures import measures_of
from content_tagging.records import Signals
from content_tagging.tags.reading import reading_of_signals
from content_tagging.tags.tagger import Tagger
from content_tagging.tags.taxonomy import taxonomy_version
from reelcast.settings import Settings


@dataclass(frozen=True, slots=True)
class Unread:
    """A content before its tags."""

    name: str
    caption: str | None
    signals: Signals
    versions: Mapping[str, str]


class Reader:
    """Holds the tagger, its weights loaded once."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    @classmethod
    def load(cls, settings: Settings) -> Reader:
        """The reader with the tagger of the settings."""
        return cls(Tagger.from_settings(settings))

    def tags_version(self, versions: Mapping[str, str], caption: str | None) -> str:
        """The version under which the tags of such a content stand."""
        return tags_version_of(taxonomy_version(), self.tagger.version, versions, caption)

    def read(self, unread: Sequence[Unread]) -> list[Content]:
        """The contents with their measures and tags, in order."""
        readings = [reading_of_signals(each.signals, each.caption or "") for each in unread]
        tags = self.tagger.tag(readings)
        return [
            Content(
                content_id=each.signals.content_id,
                name=each.name,
                caption=each.caption,
                signals=each.signals,
                measures=measures_of(each.signals, None, None, of_each),
                tags=tuple(of_each),
                tags_version=self.tags_version(each.versions, each.caption),
                taxonomy_version=taxonomy_version(),
                versions=dict(each.versions),
            )
            for each, of_each in zip(unread, tags, strict=True)
        ]
