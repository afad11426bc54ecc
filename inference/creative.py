"""Comparisons and effects as the doors ask for them; what is learned of contents is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from pydantic import Field

from content_tagging.contents import find
from features.dataset import Dataset, load_dataset
from features.shown import OWN
from inference.compare import Contents, compare
from inference.compare_records import CompareRequest, CompareResponse
from inference.content_model import ContentModel, learn_content
from inference.draft_videos import Video, filled, read_as
from inference.effect_design import described_in
from inference.effects import FALSE_SHARE, Effect, effects_of
from inference.predictor import Predictor
from inference.tagged import Read, read_of
from reelcast.errors import NotFoundError
from reelcast.records import Record
from reelcast.settings import Settings
from reelcast.store import Lake

_CONTROL = (
    f"of the effects called clear at most {FALSE_SHARE:.0%} are expected to be none "
    "(Benjamini-Hochberg over all of them); association among posts, not proof of cause"
)
Tables = tuple[pa.Table, pa.Table | None]


class EffectsResponse(Record):
    """What content goes with, against the same creators' other posts."""

    target: str
    data_version: str
    n_clear: int
    control: str = Field(description="what is done about looking at many effects, in words")
    effects: tuple[Effect, ...]


class Creative:
    """Answers on drafts, videos and effects; what is learned of one state of the lake is kept."""

    def __init__(self, settings: Settings, current: Callable[[], Predictor]) -> None:
        self._settings, self._current = settings, current
        self._lake = Lake(settings.lake_root, settings.storage_options)
        self._version = ""
        self._kept: dict[tuple[str, ...], Any] = {}

    def compare(self, asked: CompareRequest, now: datetime) -> CompareResponse:
        """Say how likely each draft or video of a creator does better than each other.

        Raises NotFoundError for an unknown creator, or a video that was never tagged.
        """
        predictor = self._current()
        if all(draft.content_id is None and not draft.tags for draft in asked.drafts):
            return compare(predictor, asked, now)
        ids = [
            None if draft.content_id is None else find(self._lake, draft.content_id)
            for draft in asked.drafts
        ]
        known = [content_id for content_id in ids if content_id is not None]
        read = read_of(self._lake, known)
        self._check(known, read)
        rows = self._lake.read_keys("contents", known).to_pylist()
        about = {row["content_id"]: row for row in rows}
        videos = [
            None if of is None else Video(of, read[of], about[of], _is_shown(predictor, of))
            for of in ids
        ]
        drafts = tuple(filled(*pair) for pair in zip(asked.drafts, videos, strict=True))
        reads = [read_as(*pair) for pair in zip(asked.drafts, videos, strict=True)]
        shown = Contents(ids, reads, *self._models(predictor))
        return compare(predictor, asked.model_copy(update={"drafts": drafts}), now, shown)

    def _models(self, predictor: Predictor) -> tuple[dict[str, ContentModel | None], list[str]]:
        """What contents are worth by target, and the targets whose forecasts read them."""
        collection = predictor.bundle.manifest["collection"]
        forecasters = predictor.bundle.model.forecasters
        reading = [target for target, of in forecasters.items() if OWN in of.columns]
        others = [target for target in forecasters if target not in reading]
        return {target: self._content_model(target, collection) for target in others}, reading

    def effects(self, target: str) -> EffectsResponse:
        """What labels and measures go with in the lake's tagged posts.

        Raises NotFoundError where no post is tagged, NotEnoughDataError where too few are.
        """
        found = self._once(("effects", target), lambda: self._effects(target))
        return EffectsResponse(
            target=target,
            data_version=self._version,
            n_clear=sum(effect.is_clear for effect in found),
            control=_CONTROL,
            effects=tuple(found),
        )

    def _effects(self, target: str) -> list[Effect]:
        labels, measures = self._described()
        return effects_of(self._dataset(None), labels, measures, target)

    def _content_model(self, target: str, collection: str | None) -> ContentModel | None:
        def learn() -> ContentModel | None:
            try:
                tables = self._described()
            except NotFoundError:
                return None
            return learn_content(self._dataset(collection), tables, target)

        made: ContentModel | None = self._once(("content", target, collection or ""), learn)
        return made

    def _described(self) -> Tables:
        made: Tables = self._once(("described",), lambda: described_in(self._lake))
        return made

    def _dataset(self, collection: str | None) -> Dataset:
        plain = self._settings.features.model_copy(update={"text": "never"})
        cache = self._settings.sentence_cache
        made: Dataset = self._once(
            ("dataset", collection or ""),
            lambda: load_dataset(self._lake, plain, cache, collection),
        )
        return made

    def _once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """What was made of the lake as it is now, made at the first call."""
        version = self._lake.data_version()
        if version != self._version:
            self._version, self._kept = version, {}
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @staticmethod
    def _check(known: Sequence[str], reads: Mapping[str, Read]) -> None:
        missing = [content_id[:12] for content_id in known if content_id not in reads]
        if missing:
            raise NotFoundError(f"no tags of {', '.join(missing)}: run `reelcast tags remake`")


def _is_shown(predictor: Predictor, content_id: str) -> bool:
    shown = predictor.panel.shown
    return shown is not None and content_id in shown.of_content
