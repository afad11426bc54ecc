"""Tags of readings: what the heads answer, with evidence."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from content_tagging.records import Modality, Tag
from content_tagging.tags.answers import Answer, answer_of
from content_tagging.tags.encoding import encoder_of
from content_tagging.tags.evidence import evidence_of
from content_tagging.tags.heads import SHIPPED, Heads, load
from content_tagging.tags.reading import Reading
from content_tagging.tags.seeing import Embed, Sight, look, only
from content_tagging.tags.taxonomy import GROUPS, ONE_ANSWER, nothing
from content_tagging.tags.visual import visual_hooks, visual_theme
from reelcast.errors import MismatchError
from reelcast.settings import Settings

log = logging.getLogger(__name__)
CHUNK = 2000  # readings at a time
Apart = dict[Modality, Answer]  # the hook of what is said, and of what is shown


class Tagger:
    """Reads tags off words and signals. Heads and encoder load once, here."""

    def __init__(self, heads: Heads, embed_texts: Embed) -> None:
        self.heads = heads
        self._embed = embed_texts

    @classmethod
    def from_settings(cls, settings: Settings) -> Tagger:
        """With the heads trained here (`reelcast tags train`) where they fit, else the shipped.

        Raises MismatchError where neither fits the sentence encoder that the settings name.
        """
        encoder = encoder_of(settings)
        return cls(_heads_for(settings, encoder.name), encoder.embed)

    @property
    def version(self) -> str:
        """What tags are kept under: the detector and the taxonomy."""
        manifest = self.heads.manifest
        return f"{manifest.detector}/taxonomy-{manifest.taxonomy_version}"

    def tag(self, readings: Sequence[Reading]) -> list[tuple[Tag, ...]]:
        """The tags of each reading, in its place.

        `primary` marks the one answer of hook, format and theme, where it is sure enough: a group
        without a primary tag is one that the tagger abstains from.
        """
        return [
            tags
            for at in range(0, len(readings), CHUNK)
            for tags in self._tag(readings[at : at + CHUNK])
        ]

    def answers(self, readings: Sequence[Reading]) -> list[dict[str, Answer]]:
        """What is said of each group of each reading, without evidence."""
        return [
            answers
            for at in range(0, len(readings), CHUNK)
            for answers in self._answers(look(readings[at : at + CHUNK], self._embed))
        ]

    def _answers(self, sight: Sight, groups: Sequence[str] = GROUPS) -> list[dict[str, Answer]]:
        given = self.heads.probabilities(sight, groups)
        fits = self.heads.manifest.groups
        return [
            {group: answer_of(group, of[row], fits[group]) for group, of in given.items()}
            for row in range(len(sight.readings))
        ]

    def _tag(self, readings: Sequence[Reading]) -> list[tuple[Tag, ...]]:
        sight = look(readings, self._embed)
        answers, apart = self._answers(sight), self._apart(sight)
        return [self._tags(sight, row, answers[row], apart[row]) for row in range(len(readings))]

    def _apart(self, sight: Sight) -> list[Apart]:
        """The hook of what is said and of what is shown, for readings that have both."""
        rows = [i for i, w in enumerate(sight.wordings) if w.spoken and w.on_screen]
        out: list[Apart] = [{} for _ in sight.readings]
        if rows:
            spoken = self._answers(only(sight, rows, "spoken"), ("hook",))
            shown = self._answers(only(sight, rows, "on_screen"), ("hook",))
            for row, said, seen in zip(rows, spoken, shown, strict=True):
                out[row] = {"on_screen": seen["hook"], "spoken": said["hook"]}
        return out

    def _tags(
        self, sight: Sight, row: int, answers: dict[str, Answer], apart: Apart
    ) -> tuple[Tag, ...]:
        tags: list[Tag] = []
        for group in GROUPS:
            answer = answers[group]
            for rank, label in enumerate(answer.labels):
                place = _place_of(apart, label) if group == "hook" else None
                tag = self._tag_of(sight, row, (group, label), answer, place)
                sure = rank == 0 and group in ONE_ANSWER and not answer.abstained
                tags.append(tag.model_copy(update={"primary": sure}))
            if group == "hook":
                tags += self._further_hooks(sight, row, tags, apart)
                tags += visual_hooks(sight.readings[row].seen)
            if group == "theme":
                tags += visual_theme(sight.readings[row].seen, primary=answer.abstained)
        return tuple(tags)

    def _further_hooks(
        self, sight: Sight, row: int, tags: Sequence[Tag], apart: Apart
    ) -> list[Tag]:
        """The hooks of what is said and of what is shown that are not among the tags yet."""
        known = {(tag.label, tag.modality) for tag in tags}
        return [
            self._tag_of(sight, row, ("hook", answer.labels[0]), answer, place)
            for place, answer in apart.items()
            if not answer.abstained
            and answer.labels[0] != nothing("hook")
            and (answer.labels[0], place) not in known
        ]

    def _tag_of(
        self,
        sight: Sight,
        row: int,
        what: tuple[str, str],
        answer: Answer,
        place: Modality | None,
    ) -> Tag:
        group, label = what
        hits = [hit for hit in sight.hits[row] if place in (None, hit.place)]
        found = evidence_of(sight.readings[row], sight.wordings[row], hits, what, place)
        return Tag(
            group=group,
            label=label,
            probability=answer.probabilities[label],
            modality=found.modality,
            start_s=found.start_s,
            end_s=found.end_s,
            evidence=found.quote,
            detector=self.heads.manifest.detector,
        )


def _place_of(apart: Apart, label: str) -> Modality | None:
    """Where a hook is: said or shown, whichever alone makes it more probable."""
    if not apart:
        return None
    return max(apart, key=lambda place: apart[place].probabilities[label])


def _heads_for(settings: Settings, encoder: str) -> Heads:
    trained = trained_folder(settings)
    if trained.is_dir():
        try:
            return load(trained, encoder)
        except MismatchError as exc:
            log.warning("%s; the shipped tagger is used", exc)
    return load(SHIPPED, encoder)


def trained_folder(settings: Settings) -> Path:
    """Where `reelcast tags train` keeps its heads."""
    return settings.local_home / "tagger"
