"""Fits one head per group: ridge on the blocks, out-of-fold calibration and thresholds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from content_tagging.tags import calibration as cal
from content_tagging.tags import priors, ridge
from content_tagging.tags.corpus import Example
from content_tagging.tags.heads import Calibration
from content_tagging.tags.taxonomy import ONE_ANSWER, load_taxonomy

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
FOLDS = 4
PENALTY = 0.3
SECONDARY = 0.35  # what a further label of a one-answer group counts, beside its primary's 1
MESSAGE = ("cta", "angle", "proof", "offer", "disclosure")


@dataclass(frozen=True, slots=True)
class Family:
    """Groups that are learned together, from the same blocks with the same weights."""

    groups: tuple[str, ...]
    blocks: Mapping[str, float]
    variants: bool  # whether noisy copies of the examples are learned from too


# chosen by leave-themes-out scores on the corpus, see docs/experiments.md
FAMILIES = (
    Family(
        ("hook",),
        {"spoken": 1, "on_screen": 1, "joint": 1, "rules": 1, "form": 0.7,
         "grams_o": 1, "grams_s": 1, "grams_b": 1, "grams_c": 0.5},
        variants=True,
    ),
    Family(
        ("format",),
        {"spoken": 1, "on_screen": 1, "joint": 1, "rules": 1, "form": 1,
         "grams_o": 1, "grams_s": 1, "grams_b": 1, "grams_c": 1, "grams_a": 1},
        variants=True,
    ),
    Family(
        ("theme",),
        {"spoken": 1, "on_screen": 1, "joint": 2, "rules": 3, "grams_c": 0.5, "grams_a": 1},
        variants=True,
    ),
    Family(
        MESSAGE,
        {"joint": 1, "rules": 1, "grams_c": 1, "grams_a": 1, "form": 0.5},
        variants=False,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fitted:
    """A group's head and what it says of rows that it had not seen."""

    weights: dict[str, npt.NDArray[np.float16]]
    bias: npt.NDArray[np.float32]
    calibration: Calibration
    unseen: F64  # (n, labels) out-of-fold probabilities; NaN for rows that it did not learn from


def families_for(examples: Sequence[Example]) -> tuple[Family, ...]:
    """The families; where an example has labels of only some groups of one, as corrections do,
    its groups are learned one by one."""
    out: list[Family] = []
    for family in FAMILIES:
        known = [sum(g in example.labels for g in family.groups) for example in examples]
        if all(n in (0, len(family.groups)) for n in known):
            out.append(family)
        else:
            out += [replace(family, groups=(group,)) for group in family.groups]
    return tuple(out)


def fit_family(
    family: Family, blocks: Mapping[str, Any], examples: Sequence[Example]
) -> dict[str, Fitted]:
    """The heads of a family, each learned from the examples that have its group's labels."""
    rows = np.array([_learns(family, example) for example in examples])
    known = [example for example, has in zip(examples, rows, strict=True) if has]
    weights = np.array([example.weight for example in known])
    mine = {name: blocks[name][rows] for name in family.blocks if blocks[name].shape[1]}
    scales = {name: family.blocks[name] * ridge.block_scale(of) ** 2 for name, of in mine.items()}
    gram, unit = ridge.gram(mine, scales)
    targets = np.hstack([targets_of(known, group) for group in family.groups])
    scores = ridge.out_of_fold(gram, targets, weights, folds_of(known, family), PENALTY)
    mean = np.average(targets, axis=0, weights=weights)
    dual = ridge.solve(gram, targets - mean, weights, PENALTY)
    primal = {name: (of.T @ dual) * (scales[name] / unit) for name, of in mine.items()}
    out, at = {}, 0
    for group in family.groups:
        here = slice(at, at + len(load_taxonomy().names(group)))
        at = here.stop
        calibration, said = calibrate(group, scores[:, here], targets[:, here], weights)
        unseen = np.full((len(examples), said.shape[1]), np.nan)
        unseen[rows] = said
        heads = {name: np.asarray(of[:, here], np.float16) for name, of in primal.items()}
        out[group] = Fitted(heads, mean[here].astype(np.float32), calibration, unseen)
    return out


def _learns(family: Family, example: Example) -> bool:
    known = all(example.labels.get(group) for group in family.groups)
    return known and (family.variants or example.source != "variant")


def folds_of(examples: Sequence[Example], family: Family) -> I64:
    """(n,) fold of each row. Whole themes leave together, so that what is measured holds for other
    kinds of creators; for themes themselves, examples by their id, copies with their original."""
    return np.array([_place(_leaves_with(example, family)) for example in examples])


def _leaves_with(example: Example, family: Family) -> str:
    theme = example.labels.get("theme", ("",))[0]
    return example.reading.id if family.groups == ("theme",) or not theme else theme


def _place(key: str) -> int:
    names = load_taxonomy().names("theme")
    if key in names:
        return names.index(key) % FOLDS
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % FOLDS


def targets_of(examples: Sequence[Example], group: str) -> F64:
    """(n, labels): 1 where a label holds; in groups of one answer a further label counts less."""
    names = load_taxonomy().names(group)
    column = {label: i for i, label in enumerate(names)}
    out = np.zeros((len(examples), len(names)))
    for row, example in enumerate(examples):
        for at, label in enumerate(example.labels[group]):
            out[row, column[label]] = 1 if at == 0 or group not in ONE_ANSWER else SECONDARY
    return out


def calibrate(group: str, scores: F64, targets: F64, weights: F64) -> tuple[Calibration, F64]:
    """The calibration of out-of-fold scores, and the probabilities that it gives them.

    Those of hook, format and theme are by the shares of what was learned from, since they are
    scored on it; the answers' prior comes on top.
    """
    labels = load_taxonomy().names(group)
    right = (targets > 0).astype(np.float64)
    learned = (targets == 1) * 1.0 if group in ONE_ANSWER else right
    shares = [float(share) for share in np.average(learned, axis=0, weights=weights)]
    shifts = priors.shifts(group, labels, shares)
    if group in ONE_ANSWER:
        slope = cal.fit_scale(scores, learned, weights)
        slopes, offsets = [slope] * len(labels), shifts
        said = cal.softmax(scores * slope)
        thresholds = [
            cal.best_f1_threshold(said[:, i], right[:, i], weights) for i in range(len(labels))
        ]
    else:
        fits = [cal.fit_platt(scores[:, i], right[:, i], weights) for i in range(len(labels))]
        slopes = [slope for slope, _ in fits]
        offsets = [offset + shift for (_, offset), shift in zip(fits, shifts, strict=True)]
        said = cal.sigmoid(scores * np.array(slopes) + np.array(offsets))
        thresholds = [
            cal.best_f1_threshold(said[:, i], right[:, i], weights * _importance(group, i, right))
            for i in range(len(labels))
        ]
    top, hit = said.max(axis=1), right[np.arange(len(said)), said.argmax(axis=1)]
    return Calibration(
        labels=labels,
        slopes=tuple(slopes),
        offsets=tuple(offsets),
        thresholds=tuple(thresholds),
        abstain_below=cal.abstention_threshold(top, hit, weights),
    ), said


def _importance(group: str, column: int, right: F64) -> F64:
    """(n,) what each row counts, so that the label has the share that it has in the world."""
    labels = load_taxonomy().names(group)
    if group not in priors.PERCENT:
        return np.ones(len(right))
    wanted = priors.world_shares(group, labels)[column]
    share = float(np.clip(right[:, column].mean(), 1e-4, 1 - 1e-4))
    return np.array([priors.row_importance(bool(has), share, wanted) for has in right[:, column]])
