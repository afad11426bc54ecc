"""What answers in the tagging benchmark: the head in folds, and the baselines beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.tagging_data import Gold
from content_tagging.tags import calibration, ridge
from content_tagging.tags.corpus import Example
from content_tagging.tags.fitting import FAMILIES, PENALTY, Family, targets_of
from content_tagging.tags.seeing import Embed, Sight, look
from content_tagging.tags.taxonomy import ONE_ANSWER, load_taxonomy, nothing
from content_tagging.tags.vocabulary import Vocabulary

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
GOLD_WEIGHT = 3.0  # what a labelled opening counts, beside one of the corpus
GROUPS = (*ONE_ANSWER, "cta")


def majority(gold: Gold, folds: I64, group: str) -> list[str]:
    """The most frequent first answer of the other folds."""
    firsts = [labels[0] if labels else nothing(group) for labels in gold.accepted[group]]
    out = []
    for fold in folds:
        seen = [f for f, other in zip(firsts, folds, strict=True) if other != fold]
        out.append(Counter(seen).most_common(1)[0][0])
    return out


def rules_alone(sight: Sight, group: str) -> list[str]:
    """The label with most hits of its rules, on screen before said before captioned."""
    weight = {"on_screen": 3, "spoken": 2, "caption": 1}
    out = []
    for hits in sight.hits:
        points: Counter[str] = Counter()
        for hit in hits:
            if hit.group == group:
                points[hit.label] += hit.count * weight[hit.place]
        best = sorted(points.items(), key=lambda of: (-of[1], of[0]))
        out.append(best[0][0] if best else nothing(group))
    return out


def zero_shot(texts: Sequence[str], group: str, embed: Embed) -> list[str]:
    """The label whose description means most nearly what the opening means."""
    labels = load_taxonomy().labels[group]
    said = [f"{name.replace('_', ' ')}. {words}" for name, words in labels.items()]
    vectors = np.nan_to_num(embed(list(texts))) @ np.nan_to_num(embed(said)).T
    names = list(labels)
    return [names[at] for at in vectors.argmax(axis=1)]


def plain_head(vectors: npt.NDArray[np.float32], gold: Gold, folds: I64, group: str) -> list[str]:
    """A logistic regression on the openings' embeddings, in folds."""
    from sklearn.linear_model import LogisticRegression

    firsts = np.array([labels[0] if labels else nothing(group) for labels in gold.accepted[group]])
    x = np.nan_to_num(vectors)
    out = np.empty(len(gold), object)
    for fold in np.unique(folds):
        head = LogisticRegression(C=10, max_iter=1000).fit(x[folds != fold], firsts[folds != fold])
        out[folds == fold] = head.predict(x[folds == fold])
    return [str(label) for label in out]


def head_in_folds(
    corpus: Sequence[Example], gold: Gold, folds: I64, embed: Embed
) -> dict[str, F64]:
    """By group, (n, labels) probabilities of each gold row, from a head that learned the corpus and
    the other folds, calibrated on the other folds' scores."""
    examples = [*corpus, *gold.examples]
    sight = look([example.reading for example in examples], embed)
    vocabulary = Vocabulary.learned(sight.grams[: len(corpus)], 3)
    blocks = sight.blocks(vocabulary)
    out: dict[str, F64] = {}
    for family in FAMILIES:
        for group in family.groups:
            if group in GROUPS:
                scores, shares = _scores(family, group, blocks, examples, folds)
                out[group] = _calibrated(group, scores, shares, gold, folds)
    return out


def _scores(
    family: Family, group: str, blocks: dict[str, Any], examples: Sequence[Example], folds: I64
) -> tuple[F64, F64]:
    """(n, labels) scores of the gold rows by heads that saw neither them nor their fold, and the
    labels' shares in what was learned."""
    has = np.array([group in example.labels for example in examples])
    known = [example for example, known in zip(examples, has, strict=True) if known]
    fold = np.concatenate([np.full(len(known) - len(folds), -1), folds])
    weights = np.where(fold < 0, [example.weight for example in known], GOLD_WEIGHT)
    mine = {name: blocks[name][has] for name in family.blocks}
    scales = {name: family.blocks[name] * ridge.block_scale(of) ** 2 for name, of in mine.items()}
    gram, _ = ridge.gram(mine, scales)
    targets = targets_of(known, group)
    scores = np.zeros((len(folds), targets.shape[1]))
    for at in np.unique(folds):
        seen = fold != at
        mean = np.average(targets[seen], axis=0, weights=weights[seen])
        dual = ridge.solve(gram[np.ix_(seen, seen)], targets[seen] - mean, weights[seen], PENALTY)
        scores[folds == at] = gram[np.ix_(fold == at, seen)] @ dual + mean
    return scores, np.average(targets == 1, axis=0, weights=weights)


def _calibrated(group: str, scores: F64, shares: F64, gold: Gold, folds: I64) -> F64:
    """Probabilities of a fold's scores, by slope and shift to the gold's shares as the other folds
    have them."""
    names = load_taxonomy().names(group)
    right = np.array([[name in labels for name in names] for labels in gold.accepted[group]], float)
    out = np.empty_like(scores)
    for at in np.unique(folds):
        seen = folds != at
        if group in ONE_ANSWER:
            near = (right[seen].sum(axis=0) + 1) / (seen.sum() + len(names))
            shift = np.log(near / np.maximum(shares, 1e-4))
            slope, much = _fit(scores[seen], shift, right[seen])
            out[~seen] = calibration.softmax(scores[~seen] * slope + shift * much)
        else:
            for i in range(len(names)):
                ones = np.ones(int(seen.sum()))
                a, b = calibration.fit_platt(scores[seen, i], right[seen, i], ones)
                out[~seen, i] = calibration.sigmoid(a * scores[~seen, i] + b)
    return out


def _fit(scores: F64, shift: F64, right: F64) -> tuple[float, float]:
    """The slope, and how much of the shift, under which the accepted labels are most probable."""
    from scipy.optimize import minimize

    def loss(of: F64) -> float:
        given = calibration.softmax(scores * np.exp(of[0]) + shift * of[1])
        return float(-np.log((given * right).sum(axis=1) + 1e-9).mean())

    found = minimize(loss, np.array([1.5, 0.5]), bounds=((-1, 4), (0, 1.5)), method="L-BFGS-B")
    return float(np.exp(found.x[0])), float(found.x[1])
