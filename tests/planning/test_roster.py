"""Rosters: the best one under a budget, against every choice, and refusals in words."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.roster_world import exact, simulated_problem
from inference import roster_solve
from inference.plan import Plan, reached
from inference.roster import choose
from inference.roster_program import tail_mean
from inference.roster_solve import cheapest, solve
from reelcast.rosters import RosterTarget
from tests.planning.plans import FEES, plan_of

SIZE = (8, 2, 300)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of()


@pytest.mark.parametrize("rule", ["none", "cvar", "chance"])
@pytest.mark.parametrize("seed", range(4))
def test_a_small_roster_is_the_best_of_all(rule: str, seed: int) -> None:
    problem = simulated_problem(seed, SIZE, rule, 0.02)
    best, least = exact(problem)
    found = solve(problem)
    assert found.feasible == (best is not None)
    if best is not None:
        assert problem.worth(found.x) == pytest.approx(best)
    else:
        assert found.least == pytest.approx(least)


@pytest.mark.parametrize("rule", ["none", "cvar", "chance"])
@pytest.mark.parametrize("seed", range(3))
def test_the_program_comes_within_a_percent_without_looking_at_every_choice(
    rule: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = simulated_problem(seed, (14, 1, 300), rule, 0.0)
    best, _ = exact(problem)
    assert best is not None
    monkeypatch.setattr(roster_solve, "MOST_CHOICES", 0)
    found = solve(problem)
    assert found.feasible
    assert problem.worth(found.x) >= 0.99 * best
    assert found.bound is not None
    assert found.bound >= best * (1 - 1e-6)


@pytest.mark.parametrize("rule", ["cvar", "chance"])
def test_the_cheapest_roster_meets_the_target(rule: str) -> None:
    problem = simulated_problem(1, (40, 2, 300), rule, 0.0)
    x = cheapest(problem)
    assert problem.need is not None
    assert problem.need.met(x)
    assert problem.cost[x].sum() <= problem.budget


def test_a_large_roster_is_within_budget_in_order_and_near_its_bound() -> None:
    problem = simulated_problem(2, (120, 3, 400), "cvar", 0.0)
    found = solve(problem)
    taken = np.bincount(problem.candidate[found.x], minlength=120)
    assert (found.x == (problem.place < taken[problem.candidate])).all()
    assert problem.cost[found.x].sum() <= problem.budget
    assert found.bound is not None
    assert problem.worth(found.x) >= 0.99 * found.bound


def test_the_roster_stays_within_budget(plan: Plan) -> None:
    made = choose(plan)
    assert made.feasible
    assert made.totals.cost <= 1000
    assert made.value == made.totals.totals["views"].mean


def test_a_larger_budget_never_brings_less(plan: Plan) -> None:
    values = [choose(plan, budget=budget).value for budget in (200, 500, 1000, 3000)]
    assert values == sorted(values)


def test_a_target_is_met_by_its_rule(plan: Plan) -> None:
    for rule in ("chance", "cvar"):
        target = RosterTarget(metric="views", at_least=25_000, chance=0.8, rule=rule)  # type: ignore[arg-type]
        made = choose(plan, target=target)
        assert made.feasible
        assert reached(plan, made.posts, target)


def test_a_budget_too_small_is_explained_with_the_cheapest_plan(plan: Plan) -> None:
    target = RosterTarget(metric="views", at_least=60_000, chance=0.8)
    made = choose(plan, budget=100, target=target)
    assert not made.feasible
    assert made.cheapest is not None
    assert f"the cheapest plan that meets the target costs {made.cheapest:,.0f}" in made.words
    assert reached(plan, made.posts, target)
    again = choose(plan, budget=made.cheapest, target=target)
    assert again.feasible


def test_a_target_that_nobody_reaches_is_said_so(plan: Plan) -> None:
    made = choose(plan, target=RosterTarget(metric="views", at_least=10**9))
    assert not made.feasible
    assert "all candidates together do not reach" in made.words


def test_who_must_be_is_in_the_roster() -> None:
    people = [
        {"creator": {"creator_id": name}, "fee": fee, "slots": 2, "must": int(name == "ana")}
        for name, fee in FEES.items()
    ]
    plan = plan_of(candidates=people)
    assert choose(plan).posts["ana"] == 1
    refused = choose(plan, budget=100)
    assert not refused.feasible
    assert "must be cost 900" in refused.words


def test_another_fee_may_change_the_roster(plan: Plan) -> None:
    assert choose(plan, fees={"ana": 10.0}).posts["ana"] == 2
    assert "ana" not in choose(plan, fees={"ana": 10_000.0}).posts


def test_nothing_is_bought_for_nothing(plan: Plan) -> None:
    made = choose(plan, budget=0)
    assert made.posts == {}
    assert made.feasible


def test_a_tail_is_at_least_one_future() -> None:
    assert tail_mean(np.array([3.0, 1.0, 2.0]), 0.01) == 1.0


def test_choosing_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    for seed in range(4):
        solve(simulated_problem(seed, (30, 1, 200), "cvar", 0.02))
    assert capfd.readouterr().out == ""
