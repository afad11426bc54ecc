"""Exchanges of posts, on the very samples, towards a roster that meets its need with more value.

A choice's height is its value less a penalty for what the total's quantile lacks. Exchanges drop
at most two posts and add at most two; they are ranked by the quantile's slope and then tried
exactly. Kicks drop posts at random (seeded) and climb again; the best roster that meets the
need is kept.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from features.panel import F64, I64
from inference.roster_program import TIGHT, B, Need, Problem, tail_size

_WIDE = 14  # posts in reach of an exchange: the least worthy in, the worthiest out
_TRIED = 300
_PENALTY, _SHORT = 20.0, 0.1  # value's worth of lacking all of the target, of lacking any
_BAND = 0.03  # of the draws around the quantile, whose mean is its slope
_CLIMBS = 60


@dataclass(frozen=True, slots=True)
class _At:
    """A choice, its sampled total (draws,), and its height."""

    x: B
    total: F64
    height: float


def slope(need: Need, x: F64) -> F64:
    """How the total's quantile at 1 - chance, in units of the target, changes with x (n,).

    Scaled so that slope @ x is the quantile itself.
    """
    total = x @ need.samples
    near = _near(need, total)
    row = need.samples[:, near].mean(axis=1)
    exact = float(np.quantile(total, 1 - need.chance))
    return np.asarray(row * (exact / max(float(x @ row), 1e-300)) / need.at_least)


def _near(need: Need, total: F64) -> I64:
    """The draws whose total is about the quantile; for CVaR, the worst."""
    if need.is_cvar:
        return np.argsort(total, kind="stable")[: tail_size(1 - need.chance, len(total))]
    rank = int((1 - need.chance) * (len(total) - 1))
    half = max(int(_BAND * len(total)), 1)
    return np.argsort(total, kind="stable")[max(rank - half, 0) : rank + half + 1]


def search(problem: Problem, start: B, kicks: int, until: float) -> B | None:
    """The best roster found from `start` that meets the need within budget; None: none found."""
    need = problem.need
    assert need is not None
    rng = np.random.default_rng(0)
    scale = max(abs(problem.worth(start)), 1e-12)
    best: _At | None = None
    here = _climb(problem, need, _place(problem, need, start, scale), scale, until)
    for kick in range(kicks + 1):
        is_higher = best is None or here.height > best.height
        if is_higher and _fits(problem, here.x) and need.met_by(here.total):
            best = here
        if kick == kicks or time.thread_time() > until:
            break
        kicked = _kicked(problem, (best or here).x, rng)
        here = _climb(problem, need, _place(problem, need, kicked, scale), scale, until)
    return None if best is None else best.x


def _place(problem: Problem, need: Need, x: B, scale: float) -> _At:
    total = need.total(x)
    worth = np.array([problem.worth(x)])
    return _At(x, total, float(_heights(need, (worth, total[None, :]), scale)[0]))


def _heights(need: Need, at: tuple[F64, F64], scale: float) -> F64:
    """The heights (n,) of choices with these values (n,) and totals (n, draws)."""
    worth, totals = at
    if need.is_cvar:
        k = tail_size(1 - need.chance, totals.shape[1])
        reached = np.partition(totals, k - 1, axis=1)[:, :k].mean(axis=1)
    else:
        k = int(np.floor((1 - need.chance) * totals.shape[1] + TIGHT))  # so many may fall short
        reached = np.partition(totals, k, axis=1)[:, k]
    lacks = np.maximum(1.0 - reached / need.at_least, 0.0)
    return np.asarray(worth / scale - _PENALTY * lacks - _SHORT * (lacks > 0))


def _fits(problem: Problem, x: B) -> bool:
    return bool(problem.cost[x].sum() <= problem.budget * (1 + TIGHT))


def _climb(problem: Problem, need: Need, at: _At, scale: float, until: float) -> _At:
    for _ in range(_CLIMBS):
        higher = _exchange(problem, need, at, scale)
        if higher is None or time.thread_time() > until:
            return at
        at = higher
    return at


def _exchange(problem: Problem, need: Need, at: _At, scale: float) -> _At | None:
    """The highest of the likeliest exchanges, where it is higher than here."""
    tide, reached = _tide(need, at.total)
    steep = problem.value / scale + (_PENALTY if reached < 1.0 else 0.3) * tide
    drop = _up_to_two(_can_drop(problem, at.x), steep / np.maximum(problem.cost, 1e-9))
    add = _up_to_two(_can_add(problem, at.x), -steep / np.maximum(problem.cost, 1e-9))
    change = [_of(of, add)[None, :] - _of(of, drop)[:, None] for of in (problem.value, tide)]
    cost = _of(problem.cost, add)[None, :] - _of(problem.cost, drop)[:, None]
    room = problem.budget * (1 + TIGHT) - float(problem.cost[at.x].sum())
    lacks = np.maximum(1.0 - reached - change[1], 0.0)
    likely = change[0] / scale - _PENALTY * lacks - _SHORT * (lacks > 0)
    rows, columns = np.nonzero((cost <= max(room, 0.0)) | ((room < 0) & (cost < 0)))
    order = np.argsort(-likely[rows, columns], kind="stable")[:_TRIED]
    drop, add = drop[rows[order]], add[columns[order]]
    apart = _apart(problem, drop, add)
    drop, add = drop[apart], add[apart]
    if not len(drop):
        return None
    samples = np.vstack([need.samples, np.zeros(need.samples.shape[1])])  # -1 reads the zeros
    totals = at.total + samples[add].sum(axis=1) - samples[drop].sum(axis=1)
    worth = problem.worth(at.x) + _of(problem.value, add) - _of(problem.value, drop)
    heights = _heights(need, (worth, totals), scale)
    best = int(heights.argmax())
    if heights[best] <= at.height + 1e-9:
        return None
    x = at.x.copy()
    x[drop[best][drop[best] >= 0]] = False
    x[add[best][add[best] >= 0]] = True
    return _At(x, totals[best], float(heights[best]))


def _up_to_two(posts: I64, first: F64) -> I64:
    """None, one or two of the posts (n, 2), -1 for none, of those lowest in `first`."""
    few = posts[np.argsort(first[posts], kind="stable")[:_WIDE]]
    pairs = [(-1, -1), *((post, -1) for post in few), *combinations(few.tolist(), 2)]
    return np.array(pairs, np.int64)


def _apart(problem: Problem, drop: I64, add: I64) -> B:
    """Which exchanges (n,) add no post of a creator whose earlier one they drop."""
    of_drop = np.where(drop >= 0, problem.candidate[drop], -2)
    of_add = np.where(add >= 0, problem.candidate[add], -3)
    return np.asarray(~(of_drop[:, :, None] == of_add[:, None, :]).any(axis=(1, 2)))


def _tide(need: Need, total: F64) -> tuple[F64, float]:
    """What each post adds to what is reached, to first order, and that, in targets."""
    near = _near(need, total)
    tide = need.samples[:, near].mean(axis=1) / need.at_least
    return np.asarray(tide), float(total[near].mean()) / need.at_least


def _kicked(problem: Problem, x: B, rng: np.random.Generator) -> B:
    """The choice without one to three of the posts that may be dropped."""
    x = x.copy()
    for _ in range(int(rng.integers(1, 4))):
        free = _can_drop(problem, x)
        if len(free):
            x[rng.choice(free)] = False
    return x


def _of(values: F64, at: I64) -> F64:
    """Sums (n,) of values at posts (n, 2), of which -1 is none."""
    return np.asarray(np.where(at >= 0, values[at], 0.0).sum(axis=1))


def _taken(problem: Problem, x: B) -> I64:
    return np.bincount(problem.candidate[x], minlength=int(problem.candidate.max()) + 1)


def _can_add(problem: Problem, x: B) -> I64:
    """Each creator's next post."""
    return np.flatnonzero(~x & (problem.place == _taken(problem, x)[problem.candidate]))


def _can_drop(problem: Problem, x: B) -> I64:
    """Each creator's last post, where it need not be."""
    last = problem.place == _taken(problem, x)[problem.candidate] - 1
    return np.flatnonzero(x & last & ~problem.must)
