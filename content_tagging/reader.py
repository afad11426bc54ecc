"""Reads measures and tags from signals: in a batch, for one clip, and when tags are made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from content_tagging.contents import About, Content, tags_version_of
from content_tagging.measures import measures_of
from content_tagging.records import Signals
from content_tagging.sentences import SentenceEncoder
from content_tagging.tags.encoding import encoder_of
from content_tagging.tags.heads import Heads
from content_tagging.tags.reading import reading_of_signals
from content_tagging.tags.tagger import Tagger
from content_tagging.tags.taxonomy import taxonomy_version
from reelcast.settings import Settings


@dataclass(frozen=True, slots=True)
class Unread:
    """A content before its tags."""

    name: str
    about: About
    signals: Signals
    versions: Mapping[str, str]


class Reader:
    """Holds the tagger, its weights loaded once, and how its sentence encoder is made."""

    def __init__(self, tagger: Tagger, encoder: Callable[[], SentenceEncoder]) -> None:
        self._tagger, self._encoder = tagger, encoder
        self._version = f"{tagger.version}+{_digest(tagger.heads)}"

    @classmethod
    def load(cls, settings: Settings) -> Reader:
        """The reader with the tagger of the settings."""
        return cls(Tagger.from_settings(settings), encoder_of(settings).make)

    def warm(self) -> None:
        """Load the weights that the first new text would wait for, while others work."""
        self._encoder().encode(["a warm start"])

    def tags_version(self, versions: Mapping[str, str], about: About) -> str:
        """The version under which the tags of such a content stand."""
        return tags_version_of(taxonomy_version(), self._version, versions, about)

    def read(self, unread: Sequence[Unread]) -> list[Content]:
        """The contents with their measures and tags, in order."""
        readings = [reading_of_signals(each.signals, each.about.caption or "") for each in unread]
        tags = self._tagger.tag(readings)
        return [
            Content(
                content_id=each.signals.content_id,
                name=each.name,
                **each.about.model_dump(),
                signals=each.signals,
                measures=measures_of(each.signals, each.about.brand, each.about.product, of_each),
                tags=tuple(of_each),
                tags_version=self.tags_version(each.versions, each.about),
                taxonomy_version=taxonomy_version(),
                versions=dict(each.versions),
            )
            for each, of_each in zip(unread, tags, strict=True)
        ]


def _digest(heads: Heads) -> str:
    """Tells heads apart that learned from other examples, corrections among them."""
    digest = sha256(heads.manifest.model_dump_json().encode())
    for group in sorted(heads.weights):
        for block in sorted(heads.weights[group]):
            digest.update(heads.weights[group][block].tobytes())
        digest.update(heads.bias[group].tobytes())
    return digest.hexdigest()[:8]
