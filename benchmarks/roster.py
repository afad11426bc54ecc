"""Rosters against the exact optimum on small problems, against a proven bound on large ones.

    python -m benchmarks.roster [--small 20] [--large 8]

Small: every choice is looked at (9 to 17 candidates). The same problems are also solved without
looking at every choice, to see what large ones are solved by. Large: 200 candidates with up to
three posts, 2,000 futures. The target is what the best roster without one reaches, and some
percent more, so that it binds. What-if answers are timed on 200 candidates. Seconds are of the
thread's own time; what passed on the wall meanwhile, on a machine that others use, stands beside.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np

from benchmarks import evidence
from benchmarks.roster_world import exact, simulated_plan, simulated_problem
from inference import roster_solve
from inference.plan import totals
from inference.roster import choose
from inference.roster_program import B, Problem
from inference.roster_solve import cheapest, solve

RULES = ("none", "cvar", "chance")
STRESSES = (0.0, 0.02, 0.05)
SIZES = ((9, 2, 600), (12, 1, 1000), (17, 1, 400))
LARGE = (200, 3, 2000)
LONGER_KICKS = 40_000
TRIED = (
    "rosters: a chance is not concave, so that large rosters have no proven optimum: the bound "
    "is of a relaxation, and where the target is at the edge of what the budget can reach it is "
    "loose. Tried: CVaR at the level that goes with the chance (bisected; slower, worse), the "
    "quantile's slope (taken as a start), exchanges of one post (worse), of two (taken), kicks."
)


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=20)
    parser.add_argument("--large", type=int, default=8)
    given = parser.parse_args()
    figures: dict[str, Any] = {
        "small": [_small(rule, given.small) for rule in RULES],
        "large": [_large(rule, stress, given.large) for rule in RULES for stress in _of(rule)],
        "what_if": _what_if(),
    }
    figures["targets"] = goals_of(figures)
    print("wrote", evidence.write("roster", figures, started))
    for goal in figures["targets"]:
        print(f"{goal['what']}: {goal['value']} ({goal['target']}) {goal['met']}", flush=True)


def _of(rule: str) -> Sequence[float]:
    return (0.0,) if rule == "none" else STRESSES


def _small(rule: str, n: int) -> dict[str, Any]:
    """Shares of the exact optimum, as asked and without looking at every choice."""
    rows: dict[str, list[float]] = {"asked": [], "searched": [], "cheapest": []}
    infeasible = wrong = 0
    for seed in range(n):
        candidates, slots, draws = SIZES[seed % len(SIZES)]
        stress = _of(rule)[seed % len(_of(rule))]
        problem = simulated_problem(seed, (candidates, slots, draws), rule, stress)
        best, least = exact(problem)
        asked = solve(problem)
        with mock.patch.object(roster_solve, "MOST_CHOICES", 0):
            searched = solve(problem)
            dear = None if problem.need is None else float(problem.cost[cheapest(problem)].sum())
        if best is None:
            infeasible += 1
            wrong += asked.feasible + searched.feasible
            continue
        rows["asked"].append(problem.worth(asked.x) / best if asked.feasible else 0.0)
        rows["searched"].append(problem.worth(searched.x) / best if searched.feasible else 0.0)
        if dear is not None and least is not None:
            rows["cheapest"].append(dear / least)
    return {
        "rule": rule,
        "n": n,
        "infeasible": infeasible,
        "wrongly_feasible": wrong,
        "least_asked": min(rows["asked"]),
        "least_searched": min(rows["searched"]),
        "searched_99": float(np.mean(np.array(rows["searched"]) >= 0.99)),
        "cheapest_searched_worst": max(rows["cheapest"], default=None),
    }


def _large(rule: str, stress: float, n: int) -> dict[str, Any]:
    """Shares of the proven bound, and seconds."""
    shares, seconds, wall, fresh = [], [], [], []
    longer: list[float] = []
    infeasible = 0
    for seed in range(n):
        problem = simulated_problem(seed, LARGE, rule, stress)
        started = time.thread_time(), time.monotonic()
        solved = solve(problem)
        seconds.append(time.thread_time() - started[0])
        wall.append(time.monotonic() - started[1])
        if solved.feasible and solved.bound is not None:
            shares.append(problem.worth(solved.x) / solved.bound)
            if rule == "chance":
                fresh.append(_fresh(seed, problem, solved.x))
            if rule == "chance" and stress == STRESSES[-1]:
                longer.append(problem.worth(solved.x) / _longer(problem))
        else:
            infeasible += 1
    return {
        "rule": rule,
        "stress": stress,
        "n": n,
        "infeasible": infeasible,
        "share_least": min(shares, default=None),
        "share_median": float(np.median(shares)) if shares else None,
        "share_of_longer_least": min(longer, default=None),
        "fresh_chance": float(np.mean(fresh)) if fresh else None,
        "seconds_median": float(np.median(seconds)),
        "seconds_most": max(seconds),
        "wall_s_median": float(np.median(wall)),
    }


def _longer(problem: Problem) -> float:
    """The value of the roster that a search twelve times as long finds."""
    with mock.patch.object(roster_solve, "_KICKS", LONGER_KICKS):
        return problem.worth(solve(replace(problem, seconds=60.0)).x)


def _fresh(seed: int, problem: Problem, x: B) -> float:
    """The chance with which a roster reaches its target in futures that it was not chosen on."""
    other = simulated_problem(seed, LARGE, "chance", 0.0, futures=1)
    assert problem.need is not None
    assert other.need is not None
    return float((other.need.total(x) >= problem.need.at_least).mean())


def _what_if(changes: int = 60) -> dict[str, Any]:
    """Milliseconds of answers to changes of fee, posts and creators on 200 candidates."""
    plan = simulated_plan(0, LARGE)
    chosen = choose(plan)
    rng, names = np.random.default_rng(0), plan.names
    taken = []
    for i in range(changes):
        choice = dict(chosen.posts)
        name = names[int(rng.integers(len(names)))]
        choice[name] = i % 2
        started = time.thread_time()
        totals(plan, choice, {name: 100.0 + i})
        taken.append((time.thread_time() - started) * 1000)
    started = time.thread_time()
    choose(plan, budget=plan.asked.budget / 2)
    return {
        "creators_chosen": len(chosen.posts),
        "p50_ms": float(np.median(taken)),
        "p95_ms": float(np.quantile(taken, 0.95)),
        "most_ms": max(taken),
        "choose_s": time.thread_time() - started,
    }


def goals_of(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """At least 99% of the optimum in under 5 s, and what-if answers in under 300 ms."""
    goals: list[dict[str, Any]] = []
    for of in figures["small"]:
        what = f"rosters, {of['rule']}: least share of the exact optimum, up to 17 candidates"
        goals.append(_goal(what, of["least_asked"], "share", "at least .99", 0.99))
    for of in figures["large"]:
        what = f"rosters of 200, {of['rule']}, target {of['stress']:.0%} above"
        if of["share_least"] is not None:
            name = f"{what}: least share of the proven bound"
            goals.append(_goal(name, of["share_least"], "share", "at least .99", 0.99))
        within = of["seconds_most"] < 5.0
        goals.append(
            evidence.target(
                f"{what}: slowest, own time", of["seconds_most"], "s", "under 5", within
            )
        )
    ms = figures["what_if"]["p95_ms"]
    what = "what-if on 200 candidates, 95th percentile"
    goals.append(evidence.target(what, ms, "ms", "under 300", ms < 300))
    return [goal if goal["met"] else {**goal, "note": TRIED} for goal in goals]


def _goal(what: str, value: float, unit: str, words: str, least: float) -> dict[str, Any]:
    return evidence.target(what, value, unit, words, value >= least)


if __name__ == "__main__":
    main()
