"""Rosters so small that every choice is looked at: the best one, without doubt."""

from __future__ import annotations

from itertools import product

import numpy as np

from features.panel import F64, I64
from inference.roster_program import TIGHT, B, Problem, tail_size

MOST_CHOICES = 2**18
_BLOCK = 1000


def choices_of(problem: Problem) -> int:
    """How many choices there are."""
    return int(np.prod(_slots(problem).astype(float) - _must(problem) + 1))


def best_of_all(problem: Problem) -> B | None:
    """The choice with the highest value within budget that meets the need; None: there is none."""
    taken = np.array(
        list(
            product(
                *(range(m, n + 1) for m, n in zip(_must(problem), _slots(problem), strict=True))
            )
        ),
        np.int16,
    )
    x = problem.place[None, :] < taken[:, problem.candidate]
    x = x[x @ problem.cost <= problem.budget * (1 + TIGHT)]
    if problem.need is not None:  # whose mean is too low cannot reach it so often
        least = problem.need.at_least * problem.need.chance
        x = x[x @ problem.need.samples.mean(axis=1) >= (1 - TIGHT) * least]
    x = x[np.argsort(-(x @ problem.value), kind="stable")]
    for at in range(0, len(x), _BLOCK):
        met = np.flatnonzero(_met(problem, x[at : at + _BLOCK]))
        if len(met):
            return np.asarray(x[at + met[0]])
    return None


def _met(problem: Problem, x: B) -> B:
    need = problem.need
    if need is None:
        return np.ones(len(x), bool)
    total: F64 = x.astype(np.float64) @ need.samples
    if need.is_cvar:
        k = tail_size(1 - need.chance, total.shape[1])
        tail = np.partition(total, k - 1, axis=1)[:, :k].mean(axis=1)
        return np.asarray(tail >= need.at_least * (1 - TIGHT))
    return np.asarray((total >= need.at_least).mean(axis=1) >= need.chance - TIGHT)


def _slots(problem: Problem) -> I64:
    return np.bincount(problem.candidate)


def _must(problem: Problem) -> I64:
    return np.bincount(problem.candidate[problem.must], minlength=len(_slots(problem)))
