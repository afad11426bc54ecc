"""The roster's mixed-integer program under a budget and cuts, solved by HiGHS.

What sampled futures must reach is a concave function of the choice: it enters as cuts (Kelley
1960), first where the relaxed choice falls short, then where a whole one does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from features.panel import F64, I64
from reelcast.quiet import quiet_stdout

B = npt.NDArray[np.bool_]
GAP = 5e-4
SLACK = 2e-3  # below its bound a choice is good enough
TIGHT = 1e-9
_RELAXED = 60  # rounds of cuts at relaxed choices
_FREE = 40  # posts that stay free at first when whole ones are sought
_NEARLY = 1e-3  # how much the relaxed choice may fall short


@dataclass(frozen=True, slots=True)
class Need:
    """What the total of `samples` (n_posts, draws) must reach, with what chance, by what rule."""

    samples: F64
    at_least: float
    chance: float
    is_cvar: bool

    def total(self, x: B) -> F64:
        return np.asarray(self.samples[x].sum(axis=0))

    def met(self, x: B) -> bool:
        return self.met_by(self.total(x))

    def met_by(self, total: F64) -> bool:
        """Whether a sampled total (draws,) is enough."""
        if self.is_cvar:
            return bool(tail_mean(total, 1 - self.chance) >= self.at_least * (1 - TIGHT))
        return bool((total >= self.at_least).mean() >= self.chance - TIGHT)


@dataclass(frozen=True, slots=True)
class Problem:
    """Posts (n,): mean value, cost, whose they are, their place among theirs, which must be.

    `seconds` is for the whole answer, of the thread's own time: a busy machine changes no answer.
    """

    value: F64
    cost: F64
    candidate: I64
    place: I64
    must: B
    budget: float
    need: Need | None = None
    seconds: float = 4.0

    def worth(self, x: B) -> float:
        return float(self.value[x].sum())


@dataclass(slots=True)
class Cuts:
    """Rows g x >= low."""

    rows: list[F64] = field(default_factory=list)
    low: list[float] = field(default_factory=list)

    def add(self, row: F64, low: float) -> None:
        self.rows.append(row)
        self.low.append(low)


Cut = tuple[F64, float]
Lacking = Callable[[F64, float], Cut | None]  # what a choice (n,) violates by more than a share


def tail_size(share: float, draws: int) -> int:
    """How many draws the worst `share` is, at least one."""
    return max(int(np.ceil(share * draws - TIGHT)), 1)


def tail_mean(total: F64, share: float) -> float:
    """The mean of the worst `share` of futures.

    >>> tail_mean(np.array([4.0, 1.0, 3.0, 2.0]), 0.5)
    1.5
    """
    k = tail_size(share, len(total))
    return float(np.partition(total, k - 1)[:k].mean())


def lacking_cvar(need: Need) -> Lacking:
    """The cut of a choice whose worst 1 - chance of futures misses the target on average."""
    k = tail_size(1 - need.chance, need.samples.shape[1])
    scaled = need.samples / need.at_least

    def lacking(x: F64, leeway: float) -> Cut | None:
        total = x @ scaled
        worst = np.argpartition(total, k - 1)[:k]
        if total[worst].mean() >= 1 - max(leeway, TIGHT):
            return None
        return np.asarray(scaled[:, worst].mean(axis=1)), 1.0

    return lacking


def lacking_capped(need: Need) -> Lacking:
    """The cut of a choice with mean(min(total, target)) < chance * target."""
    scaled = need.samples / need.at_least

    def lacking(x: F64, leeway: float) -> Cut | None:
        total = x @ scaled
        short = total < 1
        reached = np.minimum(total, 1.0).mean()
        if reached >= need.chance * (1 - max(leeway, TIGHT)):
            return None
        row = scaled[:, short].sum(axis=1) / len(total)
        return np.asarray(row), need.chance - float((~short).mean())

    return lacking


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxed best choice (n,), its value's bound, and how far each post is from changing."""

    x: F64
    bound: float
    apart: F64


@dataclass(frozen=True, slots=True)
class Found:
    """The best choice found that lacks nothing; a bound of any; the relaxed choice.

    `bound` and `relaxed` are None where not even posts taken in part meet all: there is no choice.
    `nearly` is the last whole choice that lacks something.
    """

    x: B | None
    bound: float | None = None
    relaxed: F64 | None = None
    nearly: B | None = None

    def is_good(self, problem: Problem) -> bool:
        """Whether the choice is within SLACK of its bound."""
        if self.x is None or self.bound is None:
            return False
        return problem.worth(self.x) >= self.bound - SLACK * abs(self.bound)


Mend = Callable[[B], B | None]  # a choice that lacks nothing, made of one that does


def with_cuts(problem: Problem, lacking: Lacking, mend: Mend, until: float, rounds: int) -> Found:
    """The best choice that lacks nothing, after so many rounds of cuts at whole choices.

    It ends early where a choice, or a mended one, comes within SLACK of the relaxed bound.
    """
    cuts = Cuts()
    relaxed = relax(problem, cuts)
    for _ in range(_RELAXED):
        cut = None if relaxed is None else lacking(relaxed.x, _NEARLY)
        if cut is None or time.thread_time() > until:
            break
        cuts.add(*cut)
        relaxed = relax(problem, cuts)
    if relaxed is None:
        return Found(None)
    found = Found(None, relaxed.bound, relaxed.x)
    for _ in range(rounds):
        x = whole(problem, cuts, relaxed, until)
        if x is None:
            break
        cut = lacking(x.astype(np.float64), 0.0)
        mended = mend(x)
        if mended is not None and _is_better(problem, mended, found.x):
            found = replace(found, x=mended)
        found = replace(found, nearly=x)
        if cut is None or found.is_good(problem) or time.thread_time() > until:
            break
        cuts.add(*cut)
    return found


def _is_better(problem: Problem, x: B, than: B | None) -> bool:
    return than is None or problem.worth(x) > problem.worth(than)


def relax(problem: Problem, cuts: Cuts) -> Relaxed | None:
    """The best choice where posts may be taken in part; None: not even then is there one."""
    rows, high = _rows(problem, cuts)
    scale = _scale(problem)
    low = problem.must.astype(float)
    found = linprog(
        -problem.value / scale,
        A_ub=rows,
        b_ub=high,
        bounds=np.column_stack([low, np.ones(len(low))]),
        method="highs",
    )
    if found.x is None:
        return None
    apart = np.abs(found.lower.marginals) + np.abs(found.upper.marginals)
    return Relaxed(np.asarray(found.x), -float(found.fun) * scale, np.asarray(apart))


def whole(problem: Problem, cuts: Cuts, relaxed: Relaxed, until: float) -> B | None:
    """The best choice of whole posts among those like the relaxed one; None: none was found.

    Posts that the relaxed choice takes or leaves by far stay so, others are free; where that
    leaves no choice, more are free, once.
    """
    rows, high = _rows(problem, cuts)
    order = np.argsort(relaxed.apart + (np.abs(relaxed.x - 0.5) > 0.499), kind="stable")
    for free in (_FREE, 3 * _FREE):
        low, up = np.round(relaxed.x), np.round(relaxed.x)
        low[order[:free]], up[order[:free]] = 0.0, 1.0
        low = np.maximum(low, problem.must)
        with quiet_stdout():  # HiGHS says there when it repairs a solution
            found = milp(
                -problem.value / _scale(problem),
                integrality=np.ones(len(low)),
                bounds=Bounds(low, np.maximum(up, low)),
                constraints=LinearConstraint(rows, -np.inf, high),
                options={
                    "mip_rel_gap": GAP,
                    "time_limit": max(2 * (until - time.thread_time()), 0.1),
                },
            )
        if found.x is not None:
            return np.asarray(found.x > 0.5)
        if time.thread_time() > until:
            break
    return None


def _scale(problem: Problem) -> float:
    return float(np.abs(problem.value).max()) or 1.0


def _rows(problem: Problem, cuts: Cuts) -> tuple[sparse.csr_matrix, F64]:
    """All that holds, as rows x <= high: posts in order, the budget, the cuts."""
    ordered = _order_rows(problem)
    rows, high = [ordered], [np.zeros(ordered.shape[0])]
    if np.isfinite(problem.budget):
        scale = max(problem.budget, 1e-9)
        rows.append(sparse.csr_matrix(problem.cost / scale))
        high.append(np.array([problem.budget / scale]))
    if cuts.rows:
        rows.append(sparse.csr_matrix(-np.array(cuts.rows)))
        high.append(-np.array(cuts.low))
    return sparse.vstack(rows, "csr"), np.concatenate(high)


def _order_rows(problem: Problem) -> sparse.csr_matrix:
    """A creator's second post only after the first: x[later] - x[earlier] <= 0."""
    at = {(c, p): i for i, (c, p) in enumerate(zip(problem.candidate, problem.place, strict=True))}
    later = [i for (_, place), i in at.items() if place > 0]
    earlier = [at[problem.candidate[i], problem.place[i] - 1] for i in later]
    rows = np.repeat(np.arange(len(later)), 2)
    columns = np.column_stack([later, earlier]).ravel() if later else np.array([], int)
    signs = np.tile([1.0, -1.0], len(later))
    return sparse.csr_matrix((signs, (rows, columns)), (len(later), len(problem.cost)))
