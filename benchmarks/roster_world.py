"""Simulated candidates with fees, and futures of their posts, for the roster's benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import numpy as np

from features.panel import F64, I64
from inference.conversions import sold
from inference.conversions_draw import Offer
from inference.dependence import prior, scores_of
from inference.plan import Plan
from inference.roster_program import Need, Problem, tail_mean
from inference.roster_solve import solve
from reelcast.plans import Selling
from reelcast.records import CreatorQuestion, Forecast, Grade, ModelName
from reelcast.rosters import Candidate, RosterPlan, RosterTarget
from training.conversions_model import prior_model


def simulated_problem(
    seed: int, size: tuple[int, int, int], rule: str, stress: float = 0.0, futures: int = 0
) -> Problem:
    """Posts of creators from 3,000 to 300,000 usual views, fees about 18 USD per 1,000 of them.

    `size` is candidates, most slots and draws. The value is conversions, whose rate differs
    between creators; the need is of views. Its target is what the best roster without one
    reaches, times 1 + `stress`, so that it binds. Other `futures` are of the same candidates.
    """
    candidates, slots, draws = size
    rng = np.random.default_rng([seed, candidates])
    of = rng.integers(1, slots + 1, candidates)
    candidate = np.repeat(np.arange(candidates), of)
    place = np.concatenate([np.arange(n) for n in of])
    usual, spread = rng.uniform(8.0, 12.6, candidates), rng.uniform(0.5, 1.3, candidates)
    drawn = np.random.default_rng([seed, candidates, futures, 1])
    scores = scores_of((candidate, draws), prior(), drawn).T
    views = np.exp(usual[candidate][:, None] + spread[candidate][:, None] * scores)
    rate = np.exp(rng.normal(np.log(3e-5), 0.5, candidates))[candidate]
    fee = (18.0 / 1000 * np.exp(usual + rng.normal(0.0, 0.5, candidates)) + 40.0).round()
    cost = fee[candidate]
    value = views.mean(axis=1) * rate
    budget = float(cost.sum() * rng.uniform(0.15, 0.4))
    free = Problem(value, cost, candidate, place, np.zeros(len(cost), bool), budget)
    if rule == "none":
        return free
    target = _target(free, views, rule, 0.8, stress)
    return Problem(
        value, cost, candidate, place, free.must, budget,
        Need(views, target, 0.8, rule == "cvar"),
    )  # fmt: skip


def _target(free: Problem, views: F64, rule: str, chance: float, stress: float) -> float:
    total = views[solve(free).x].sum(axis=0)
    reached = tail_mean(total, 1 - chance) if rule == "cvar" else np.quantile(total, 1 - chance)
    return float(reached * (1 + stress))


def simulated_plan(seed: int, size: tuple[int, int, int]) -> Plan:
    """The same candidates as a plan with views, clicks, conversions and revenue by the prior."""
    problem = simulated_problem(seed, size, "chance")
    assert problem.need is not None
    views = problem.need.samples
    names = tuple(f"creator {i}" for i in range(size[0]))
    slots = np.bincount(problem.candidate)
    fees = problem.cost[problem.place == 0]
    asked = RosterPlan(
        budget=problem.budget,
        candidates=tuple(
            Candidate(creator=CreatorQuestion(creator_id=name), fee=float(fee), slots=int(n))
            for name, fee, n in zip(names, fees, slots, strict=True)
        ),
        maximise="conversions",
        target=RosterTarget(metric="views", at_least=problem.need.at_least),
        selling=Selling(brand="b"),
    )
    offers = [Offer(brand="b", creator=names[i]) for i in problem.candidate]
    made = sold(prior_model(), Selling(brand="b"), offers, views.T, seed)
    counts = {"views": views, "engagements": views * 0.05}
    counts |= {name: of.T for name, of in made.counts.items()}
    return Plan(
        asked=asked,
        names=names,
        candidate=problem.candidate,
        place=problem.place,
        fee=fees,
        samples={name: of.astype(np.float32) for name, of in counts.items()},
        forecasts=tuple(_forecast(names[i]) for i in problem.candidate),
        model=_MODEL,
        conversions="prior",
        dependence=prior(),
        words=made.words,
        notes=(),
    )


def _forecast(name: str) -> Forecast:
    return Forecast(
        creator_id=name,
        label=name,
        tier="micro",
        followers=None,
        n_history=0,
        horizon_days=30.0,
        post_at=datetime(2026, 1, 1, tzinfo=UTC),
        grade=Grade(grade="D", reason="simulated"),
        targets={},
        measured_coverage={},
    )


_MODEL = ModelName(
    created_at="", data_version="", code_version="", history="as_of", hindsight=(), tested_posts=0
)


def all_choices(problem: Problem) -> Iterator[I64]:
    """Every choice of posts (n_choices, n_posts), a few thousand at a time."""
    of = np.bincount(problem.candidate)
    taken = np.array(list(product(*(range(n + 1) for n in of))), np.int64)
    for at in range(0, len(taken), 4000):
        yield (problem.place[None, :] < taken[at : at + 4000][:, problem.candidate]).astype(
            np.int64
        )


def exact(problem: Problem) -> tuple[float | None, float | None]:
    """The best value within budget that meets the need, and the least cost that meets it."""
    best: float | None = None
    least: float | None = None
    for choices in all_choices(problem):
        ok = _meets(problem.need, choices)
        cost = choices @ problem.cost
        if ok.any():
            least = min(float(cost[ok].min()), least if least is not None else np.inf)
        ok &= cost <= problem.budget
        if ok.any():
            best = max(float((choices @ problem.value)[ok].max()), best or -np.inf)
    return best, least


def _meets(need: Need | None, choices: I64) -> np.ndarray:
    if need is None:
        return np.ones(len(choices), bool)
    total = choices.astype(np.float64) @ need.samples
    if need.is_cvar:
        k = max(int(np.ceil((1 - need.chance) * total.shape[1] - 1e-9)), 1)
        return np.asarray(np.partition(total, k - 1, axis=1)[:, :k].mean(axis=1) >= need.at_least)
    return np.asarray((total >= need.at_least).mean(axis=1) >= need.chance)
