"""The best roster under a budget: exact for CVaR, near the exact optimum for a chance.

CVaR is concave in the choice, so cuts lead to its optimum. A chance is not: the choice is led to
it by the slope of the total's quantile, then improved by exchanges on the very samples, and held
against a bound: every roster that meets the chance has mean(min(total, target)) >= chance *
target, which is concave. Small rosters are searched through.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from inference.roster_program import (
    TIGHT,
    B,
    Cuts,
    Found,
    Need,
    Problem,
    lacking_capped,
    lacking_cvar,
    relax,
    whole,
    with_cuts,
)
from inference.roster_search import search, slope
from inference.roster_small import MOST_CHOICES, best_of_all, choices_of

_CVAR_ROUNDS, _CHANCE_ROUNDS = 60, 3  # of cuts at whole choices
_STEPS, _KICKS = 6, 3200
_MARGINS = (0.99, 1.0, 1.01)


@dataclass(frozen=True, slots=True)
class Solved:
    """A roster (n,) of posts, whether it meets all or why not, and the proven bound of its value.

    budget: `x` is the cheapest roster found that meets the need, and `least` its cost.
    unreachable: `x` is all posts, which do not meet it. must: `x` is what must be, and is too dear.
    """

    x: B
    why: Literal["feasible", "budget", "unreachable", "must"]
    bound: float | None = None
    least: float | None = None

    @property
    def feasible(self) -> bool:
        return self.why == "feasible"


def solve(problem: Problem) -> Solved:
    """The roster with the highest mean value within budget that meets the need."""
    until = time.thread_time() + problem.seconds
    everything = np.ones(len(problem.cost), bool)
    if float(problem.cost[problem.must].sum()) > problem.budget:
        return Solved(problem.must, "must", None, float(problem.cost[problem.must].sum()))
    if problem.need is not None and not problem.need.met(everything):
        return Solved(everything, "unreachable")
    halfway = time.thread_time() + problem.seconds * 0.6
    x, bound = _best(problem, halfway)
    if x is not None:
        return Solved(x, "feasible", bound)
    least = cheapest(problem, until)
    cost = float(problem.cost[least].sum())
    if cost <= problem.budget * (1 + TIGHT):
        return Solved(least, "feasible", bound, cost)
    return Solved(least, "budget", bound, cost)


def cheapest(problem: Problem, until: float | None = None) -> B:
    """The least costly roster found that meets the need, whatever the budget; all posts meet it."""
    until = until or time.thread_time() + problem.seconds
    x, _ = _best(replace(problem, budget=np.inf, value=-problem.cost), until)
    return np.ones(len(problem.cost), bool) if x is None else x


def _best(problem: Problem, until: float) -> tuple[B | None, float | None]:
    need = problem.need
    if choices_of(problem) <= MOST_CHOICES:
        x = best_of_all(problem)
        return x, None if x is None else problem.worth(x)
    if need is None:
        found = with_cuts(problem, lambda x, leeway: None, lambda x: x, until, 1)
        return found.x, found.bound
    now = time.thread_time()
    lacking = lacking_cvar(need) if need.is_cvar else lacking_capped(need)

    def mend(x: B) -> B | None:
        return x if need.met(x) else search(problem, x, 0, until)

    rounds = _CVAR_ROUNDS if need.is_cvar else _CHANCE_ROUNDS
    found = with_cuts(problem, lacking, mend, now + (until - now) / 2, rounds)
    if found.relaxed is None or found.is_good(problem):
        return found.x, found.bound
    return _searched(problem, need, found, until), found.bound


def _searched(problem: Problem, need: Need, found: Found, until: float) -> B | None:
    """The best choice by exchanges from several starts."""
    assert found.relaxed is not None
    starts = [found.relaxed > 0.01, *(x for x in (found.nearly, found.x) if x is not None)]
    if not need.is_cvar:
        led = (_led(problem, need, margin, until) for margin in _MARGINS)
        starts += [x for x in led if x is not None]
    climbed = [x for start in starts if (x := search(problem, start, 0, until)) is not None]
    best = max(climbed, key=problem.worth, default=None)
    kicks = int(np.clip(_KICKS / len(problem.cost), 8, 200))
    kicked = search(problem, starts[-1] if best is None else best, kicks, until)
    return best if kicked is None else kicked


def _led(problem: Problem, need: Need, margin: float, until: float) -> B | None:
    """The best choice by the quantile's slope, taken anew where it led to."""
    relaxed = relax(replace(problem, value=need.samples.mean(axis=1)), Cuts())
    cuts = Cuts()
    for _ in range(_STEPS):
        if relaxed is None:
            return None
        cuts = Cuts()
        cuts.add(slope(need, relaxed.x), margin)
        relaxed = relax(problem, cuts)
    return None if relaxed is None else whole(problem, cuts, relaxed, until)
