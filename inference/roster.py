"""Chooses a plan's roster: which candidates, with how many posts each, under its budget."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from inference.plan import Fees, Plan, fees_of, totals
from inference.roster_program import B, Need, Problem
from inference.roster_solve import Solved, solve
from reelcast.rosters import Chosen, RosterTarget

SECONDS = 4.0


def choose(
    plan: Plan,
    budget: float | None = None,
    target: RosterTarget | None = None,
    fees: Fees | None = None,
) -> Chosen:
    """The roster with the highest mean of what the plan maximises, within budget and on target.

    `budget`, `target` and `fees` take the place of the plan's own. Where the budget is too small
    for the target, the cheapest roster that meets it is returned, `feasible` False and in words.
    """
    started = time.monotonic()
    changes: dict[str, Any] = {} if budget is None else {"budget": budget}
    changes |= {} if target is None else {"target": target}
    plan = _with(plan, changes, fees)
    solved = solve(_problem(plan))
    posts = choice_of(plan, solved.x)
    made = totals(plan, posts)
    return Chosen(
        posts=posts,
        feasible=solved.feasible,
        words=_words(plan, solved),
        value=made.totals[plan.asked.maximise].mean,
        bound=solved.bound if solved.feasible else None,
        cheapest=solved.least,
        seconds=round(time.monotonic() - started, 3),
        totals=made,
    )


def choice_of(plan: Plan, chosen: B) -> dict[str, int]:
    """Posts by candidate, of those who have any, of chosen posts (n_posts,)."""
    posts = np.bincount(plan.candidate[chosen], minlength=len(plan.names)).tolist()
    return {name: n for name, n in zip(plan.names, posts, strict=True) if n}


def _with(plan: Plan, changes: Mapping[str, Any], fees: Fees | None) -> Plan:
    asked = plan.asked.model_copy(update=dict(changes))
    return replace(plan, asked=asked, fee=fees_of(plan, fees))


def _problem(plan: Plan) -> Problem:
    target = plan.asked.target
    must = np.array([one.must for one in plan.asked.candidates])
    need = None
    if target is not None:
        samples = np.asarray(plan.metric(target.metric), np.float64)
        need = Need(samples, target.at_least, target.chance, target.rule == "cvar")
    return Problem(
        value=np.asarray(plan.metric(plan.asked.maximise).mean(axis=1), np.float64),
        cost=plan.fee[plan.candidate],
        candidate=plan.candidate,
        place=plan.place,
        must=plan.place < must[plan.candidate],
        budget=plan.asked.budget,
        need=need,
        seconds=SECONDS,
    )


def _words(plan: Plan, solved: Solved) -> str:
    asked, target = plan.asked, plan.asked.target
    budget = f"{asked.budget:,.0f} {asked.currency}"
    aim = "" if target is None else _target(target)
    if solved.why == "must":
        return f"the posts that must be cost {solved.least:,.0f}, more than {budget}"
    if solved.why == "unreachable":
        return f"all candidates together do not reach {aim}: lower the target or add candidates"
    if solved.why == "budget":
        return (
            f"{budget} is too little for {aim}: the cheapest plan that meets the target costs "
            f"{solved.least:,.0f} {asked.currency}"
        )
    on = f", {aim}" if aim else ""
    return f"the highest mean of {asked.maximise} within {budget}{on}{_proof(plan, solved)}"


def _target(target: RosterTarget) -> str:
    if target.rule == "cvar":
        return (
            f"{target.at_least:,.0f} {target.metric} on average in the worst "
            f"{1 - target.chance:.0%} of futures"
        )
    return f"{target.at_least:,.0f} {target.metric} with a chance of {target.chance:.0%}"


def _proof(plan: Plan, solved: Solved) -> str:
    if solved.bound is None or solved.bound <= 0:
        return ""
    value = float(plan.metric(plan.asked.maximise)[solved.x].mean(axis=1).sum())
    share = min(value / solved.bound, 1.0)
    return f"; proven to reach {share:.1%} of the best possible"
