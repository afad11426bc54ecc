"""How often a tagger is right: any accepted answer counts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from content_tagging.tags.calibration import calibration_error
from content_tagging.tags.corpus import Example
from content_tagging.tags.taxonomy import ONE_ANSWER, load_taxonomy

F64 = npt.NDArray[np.float64]


def accuracy(said: Sequence[str], accepted: Sequence[Sequence[str]]) -> float:
    """Share of answers that are among the accepted.

    >>> accuracy(["a", "b"], [["a", "c"], ["a"]])
    0.5
    """
    return float(np.mean([s in a for s, a in zip(said, accepted, strict=True)]))


def macro_f1(said: Sequence[str], accepted: Sequence[Sequence[str]]) -> float:
    """Mean F1 over the labels that are accepted somewhere; of a row's accepted labels the said one
    counts where it is among them, else the first.

    >>> macro_f1(["a", "a"], [["a"], ["b"]])
    0.3333333333333333
    """
    true = [s if s in a else a[0] for s, a in zip(said, accepted, strict=True)]
    return float(np.mean([_f1(said, true, label) for label in sorted(set(true))]))


def _f1(said: Sequence[str], true: Sequence[str], label: str) -> float:
    both = sum(s == label and t == label for s, t in zip(said, true, strict=True))
    either = sum(s == label for s in said) + sum(t == label for t in true)
    return 2 * both / either if either else 0.0


def micro_f1(said: Sequence[set[str]], true: Sequence[set[str]], leave_out: str = "none") -> float:
    """F1 over all labels but `leave_out`, of sets of labels.

    >>> micro_f1([{"a"}, {"none"}], [{"a", "b"}, {"none"}])
    0.6666666666666666
    """
    out = {leave_out}
    both = sum(len((s & t) - out) for s, t in zip(said, true, strict=True))
    either = sum(len(s - out) + len(t - out) for s, t in zip(said, true, strict=True))
    return 2 * both / either if either else 1.0


def unseen_scores(examples: Sequence[Example], group: str, unseen: F64) -> dict[str, float]:
    """Scores of out-of-fold probabilities on the rows that have a label of the group."""
    names = load_taxonomy().names(group)
    rows = [i for i, example in enumerate(examples) if example.labels.get(group)]
    accepted = [examples[i].labels[group] for i in rows]
    said = unseen[rows]
    best = [names[at] for at in said.argmax(axis=1)]
    top = said.max(axis=1)
    hit = np.array([float(b in a) for b, a in zip(best, accepted, strict=True)])
    scores = {"accuracy": float(hit.mean()), "calibration_error": calibration_error(top, hit)}
    if group in ONE_ANSWER:
        scores["accuracy_primary"] = accuracy(best, [a[:1] for a in accepted])
        scores["macro_f1"] = macro_f1(best, accepted)
    return {name: round(value, 4) for name, value in scores.items()}
