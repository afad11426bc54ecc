"""From probabilities to answers: which labels are said, and whether the first is sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from content_tagging.tags.heads import Calibration
from content_tagging.tags.taxonomy import ONE_ANSWER, nothing

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one group: labels by probability, and whether the first is unsure."""

    labels: tuple[str, ...]
    probabilities: dict[str, float]
    abstained: bool

    @property
    def best(self) -> str | None:
        return self.labels[0] if self.labels else None


def answer_of(group: str, probabilities: F64, calibration: Calibration) -> Answer:
    """The answer of one row, (labels,) probabilities.

    Hook, format and theme always name their best label first; further labels, and those of the
    other groups, are said from their threshold on. `none` is said where nothing else is.
    """
    order = [int(i) for i in np.argsort(-probabilities, kind="stable")]
    empty = [i for i in order if calibration.labels[i] == nothing(group)]
    said = [i for i in order if probabilities[i] >= calibration.thresholds[i] and i not in empty]
    if group in ONE_ANSWER:
        said = [order[0], *(i for i in said if i != order[0])]
    return Answer(
        labels=tuple(calibration.labels[i] for i in said or empty),
        probabilities={calibration.labels[i]: round(float(probabilities[i]), 4) for i in order},
        abstained=bool(probabilities[order[0]] < calibration.abstain_below),
    )
