"""Tags of readings: what the heads answer, with evidence."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from content_tagging.records import Tag
from content_tagging.sentences import embed
from content_tagging.tags.encoding import encoder_of
from content_tagging.tags.evidence import evidence_of
from content_tagging.tags.heads import SHIPPED, Heads, load
from content_tagging.tags.reading import Reading
from content_tagging.tags.seeing import Embed, Sight, look
from content_tagging.tags.taxonomy import GROUPS, ONE_ANSWER, nothing
from reelcast.errors import MismatchError
from reelcast.settings import Settings

log = logging.getLogger(__name__)
F64 = npt.NDArray[np.float64]
CHUNK = 2000  # readings at a time


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one group: labels in order of probability, and whether the first is sure."""

    labels: tuple[str, ...]
    probabilities: dict[str, float]
    abstained: bool


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
        return cls(
            _heads_for(settings, encoder.name),
            lambda texts: embed(texts, settings.sentence_cache, encoder.make),
        )

    @property
    def version(self) -> str:
        """What tags are kept under: the detector and the taxonomy."""
        manifest = self.heads.manifest
        return f"{manifest.detector}/taxonomy-{manifest.taxonomy_version}"

    def tag(self, readings: Sequence[Reading]) -> list[tuple[Tag, ...]]:
        """The tags of each reading, in its place; a reading without words or signs has those of
        `none` and `other` alone."""
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

    def _answers(self, sight: Sight) -> list[dict[str, Answer]]:
        given = self.heads.probabilities(sight)
        return [
            {group: self._answer(group, of[row]) for group, of in given.items()}
            for row in range(len(sight.readings))
        ]

    def _answer(self, group: str, probabilities: F64) -> Answer:
        calibration = self.heads.manifest.groups[group]
        order = [int(i) for i in np.argsort(-probabilities, kind="stable")]
        empty = [i for i in order if calibration.labels[i] == nothing(group)]
        said = [i for i in order if probabilities[i] >= calibration.thresholds[i]]
        if group in ONE_ANSWER:
            said = [order[0], *(i for i in said if i not in (order[0], *empty))]
        else:
            said = [i for i in said if i not in empty] or empty
        return Answer(
            labels=tuple(calibration.labels[i] for i in said),
            probabilities={calibration.labels[i]: round(float(probabilities[i]), 4) for i in order},
            abstained=bool(probabilities[order[0]] < calibration.abstain_below),
        )

    def _tag(self, readings: Sequence[Reading]) -> list[tuple[Tag, ...]]:
        sight = look(readings, self._embed)
        answers = self._answers(sight)
        return [self._tags(sight, row, answers[row]) for row in range(len(readings))]

    def _tags(self, sight: Sight, row: int, answers: dict[str, Answer]) -> tuple[Tag, ...]:
        tags = []
        for group in GROUPS:
            answer = answers[group]
            for rank, label in enumerate(answer.labels):
                primary = rank == 0 and group in ONE_ANSWER and not answer.abstained
                tags.append(self._tag_of(sight, row, group, label, answer, primary))
        return tuple(tags)

    def _tag_of(
        self, sight: Sight, row: int, group: str, label: str, answer: Answer, primary: bool
    ) -> Tag:
        reading, wording = sight.readings[row], sight.wordings[row]
        found = evidence_of(reading, wording, sight.hits[row], group, label)
        return Tag(
            group=group,
            label=label,
            probability=answer.probabilities[label],
            primary=primary,
            modality=found.modality,
            start_s=found.start_s,
            end_s=found.end_s,
            evidence=found.quote,
            detector=self.heads.manifest.detector,
        )


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
