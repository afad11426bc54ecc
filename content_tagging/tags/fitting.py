"""Fits one head per group: ridge on the blocks, out-of-fold calibration and thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.tags import calibration as cal
from content_tagging.tags import ridge
from content_tagging.tags.corpus import Example, themes_of
from content_tagging.tags.heads import Calibration
from content_tagging.tags.taxonomy import ONE_ANSWER, load_taxonomy

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
FOLDS = 5
PENALTY = 0.3
SECONDARY = 0.35  # what a further label of a one-answer group counts, beside its primary's 1
# weights of the blocks by group, chosen by leave-themes-out scores on the corpus
BLOCK_WEIGHTS: dict[str, dict[str, float]] = {
    "hook": {
        "spoken": 1,
        "on_screen": 1,
        "joint": 1,
        "rules": 1,
        "form": 0.7,
        "grams_o": 1,
        "grams_s": 1,
        "grams_b": 1,
        "grams_c": 0.5,
    },
    "format": {
        "spoken": 1,
        "on_screen": 1,
        "joint": 1,
        "rules": 1,
        "form": 1,
        "grams_o": 1,
        "grams_s": 1,
        "grams_b": 1,
        "grams_c": 1,
        "grams_a": 1,
    },
    "theme": {"spoken": 1, "on_screen": 1, "joint": 2, "rules": 1, "grams_c": 0.5, "grams_a": 1},
}
OTHERS = {"joint": 1.0, "rules": 1.0, "grams_c": 1.0, "grams_a": 1.0, "form": 0.5}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A group's head and what it says of rows that it had not seen."""

    weights: dict[str, npt.NDArray[np.float16]]
    bias: npt.NDArray[np.float32]
    calibration: Calibration
    unseen: F64  # (n, labels) out-of-fold probabilities; NaN rows have no label of the group


def folds_of(examples: Sequence[Example], group: str) -> I64:
    """(n,) fold of each row: whole themes leave for hooks and formats, whole stretches of the
    corpus, as it was written, for the rest."""
    themes = themes_of(examples)
    if group != "theme":
        names = sorted(set(themes))
        return np.array([names.index(theme) % FOLDS for theme in themes])
    seen: dict[str, int] = {}
    rows = []
    for theme in themes:
        rows.append(seen.get(theme, 0) // 20 % FOLDS)
        seen[theme] = seen.get(theme, 0) + 1
    return np.array(rows)


def targets_of(examples: Sequence[Example], group: str) -> F64:
    """(n, labels): 1 where a label holds; in groups of one answer a further label counts less."""
    names = load_taxonomy().names(group)
    column = {label: i for i, label in enumerate(names)}
    out = np.zeros((len(examples), len(names)))
    for row, example in enumerate(examples):
        for at, label in enumerate(example.labels.get(group, ())):
            out[row, column[label]] = 1 if at == 0 or group not in ONE_ANSWER else SECONDARY
    return out


def fit(blocks: Mapping[str, Any], examples: Sequence[Example], group: str) -> Fitted:
    """The group's head, learned from the examples that have a label of it."""
    rows = np.array([bool(example.labels.get(group)) for example in examples])
    known = [example for example, has in zip(examples, rows, strict=True) if has]
    targets = targets_of(known, group)
    row_weights = np.array([example.weight for example in known])
    weights = BLOCK_WEIGHTS.get(group, OTHERS)
    mine = {name: blocks[name][rows] for name in weights if blocks[name].shape[1]}
    kernels = {name: ridge.kernel(block) for name, block in mine.items()}
    weights = {name: weights[name] for name in mine}
    total = sum(weights[name] * kernels[name] for name in mine)
    gram = ridge.combined(kernels, weights)
    scores = ridge.out_of_fold(gram, targets, row_weights, folds_of(known, group), PENALTY)
    mean = np.average(targets, axis=0, weights=row_weights)
    dual = ridge.solve(gram, targets - mean, row_weights, PENALTY)
    unit = float(np.mean(np.diag(total)))
    primal = {
        name: np.asarray(
            block.T @ dual * (weights[name] * ridge.block_scale(block) ** 2 / unit), np.float16
        )
        for name, block in mine.items()
    }
    calibration, said = calibrate(group, scores, targets, row_weights)
    unseen = np.full((len(examples), targets.shape[1]), np.nan)
    unseen[rows] = said
    return Fitted(primal, mean.astype(np.float32), calibration, unseen)


def calibrate(group: str, scores: F64, targets: F64, row_weights: F64) -> tuple[Calibration, F64]:
    """The calibration of out-of-fold scores, and the probabilities it gives them."""
    labels = load_taxonomy().names(group)
    k = len(labels)
    right = (targets > 0).astype(np.float64)
    if group in ONE_ANSWER:
        slopes, offsets = [cal.fit_scale(scores, (targets == 1) * 1.0, row_weights)] * k, [0.0] * k
        said = cal.softmax(scores * slopes[0])
    else:
        fits = [cal.fit_platt(scores[:, i], right[:, i], row_weights) for i in range(k)]
        slopes, offsets = [a for a, _ in fits], [b for _, b in fits]
        said = cal.sigmoid(scores * np.array(slopes) + np.array(offsets))
    thresholds = [cal.best_f1_threshold(said[:, i], right[:, i]) for i in range(k)]
    top, hit = said.max(axis=1), right[np.arange(len(said)), said.argmax(axis=1)]
    return Calibration(
        labels=labels,
        slopes=tuple(slopes),
        offsets=tuple(offsets),
        thresholds=tuple(thresholds),
        abstain_below=cal.abstention_threshold(top, hit, row_weights),
    ), said
