"""A plan: candidates' posts with their futures drawn once, from which all answers follow quickly.

`plan_make` asks the predictor and draws; `totals` says what a choice of posts would bring, also
under other fees, and `moved` the same after a small change; `ceiling` is the highest fee that
meets a cost per result. A plan holds its samples in memory and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from features.panel import F64, I64
from inference.campaign import total_of
from inference.conversions import costs_of
from inference.roster_program import TIGHT, tail_mean
from reelcast.errors import InputError
from reelcast.plans import Dependence, Total
from reelcast.records import Forecast, ModelName
from reelcast.rosters import (
    Ceiling,
    CreatorTotals,
    Metric,
    RosterPlan,
    RosterTarget,
    RosterTotals,
)

Fees = Mapping[str, float]
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plan:
    """Posts of all candidates (n_posts) with sampled counts (n_posts, draws) by metric.

    `candidate` and `place` (n_posts,) say whose a post is and its place among theirs; `fee` is by
    candidate. `words` say what clicks, conversions and revenue rest on.
    """

    asked: RosterPlan
    names: tuple[str, ...]
    candidate: I64
    place: I64
    fee: F64
    samples: Mapping[str, F32]
    forecasts: tuple[Forecast, ...]
    model: ModelName
    conversions: str
    dependence: Dependence
    words: Mapping[str, str]
    notes: tuple[str, ...]

    def posts_of(self, choice: Mapping[str, int]) -> npt.NDArray[np.bool_]:
        """The chosen posts (n_posts,). Raises InputError for an unknown name or too many posts."""
        unknown = sorted(set(choice) - set(self.names))
        if unknown:
            raise InputError(f"{', '.join(unknown)}: no such candidate in this plan")
        wanted = np.array([choice.get(name, 0) for name in self.names], np.int64)
        slots = np.bincount(self.candidate, minlength=len(self.names))
        wrong = [n for n, w, s in zip(self.names, wanted, slots, strict=True) if not 0 <= w <= s]
        if wrong:
            raise InputError(f"{', '.join(wrong)}: posts beyond their slots, or below 0")
        return np.asarray(self.place < wanted[self.candidate])

    def metric(self, name: str) -> F32:
        """A count's samples. Raises InputError where it is not forecast."""
        if name not in self.samples:
            raise InputError(
                f"{name} is not forecast: there are {', '.join(self.samples)}; clicks, "
                "conversions and revenue need `selling`"
            )
        return self.samples[name]


def totals(
    plan: Plan,
    choice: Mapping[str, int],
    fees: Fees | None = None,
    only: Collection[str] | None = None,
) -> RosterTotals:
    """What these posts would bring, by creator and in total; `fees` change those of some.

    `only` names the candidates whose own figures are told; the total is that of all.
    Raises InputError for an unknown candidate, or posts beyond its slots.
    """
    chosen, fee = plan.posts_of(choice), fees_of(plan, fees)
    posts = np.bincount(plan.candidate[chosen], minlength=len(plan.names))
    cost = float(posts @ fee)
    sampled = {name: np.asarray(of[chosen].sum(0), np.float64) for name, of in plan.samples.items()}
    target = plan.asked.target
    return RosterTotals(
        posts=int(posts.sum()),
        cost=cost,
        budget=plan.asked.budget,
        currency=plan.asked.currency,
        totals={name: _total(plan, name, of) for name, of in sampled.items()},
        costs=costs_of(sampled, cost, plan.asked.currency),
        chance=None if target is None else _chance(sampled[target.metric], target),
        creators=tuple(
            _creator(plan, i, int(posts[i]), float(fee[i]))
            for i in np.flatnonzero(posts).tolist()
            if only is None or plan.names[i] in only
        ),
    )


def moved(
    plan: Plan,
    made: RosterTotals,
    choice: Mapping[str, int],
    fees: Fees,
    changed: Collection[str],
) -> RosterTotals:
    """The totals of this choice, where since `made` only `changed` candidates' posts or fees were.

    The same as `totals`, sooner: the others' own figures are taken from `made`.
    """
    anew = totals(plan, choice, fees, changed)
    own = {one.name: one for one in made.creators if one.name not in changed}
    own |= {one.name: one for one in anew.creators}
    creators = tuple(own[name] for name in plan.names if name in own)
    return anew.model_copy(update={"creators": creators})


def fees_of(plan: Plan, fees: Fees | None = None) -> F64:
    """The fee of one post by candidate (n,), some changed. Raises InputError for unknown names."""
    changed = dict(fees or {})
    unknown = sorted(set(changed) - set(plan.names))
    if unknown:
        raise InputError(f"{', '.join(unknown)}: no such candidate in this plan")
    found = [changed.get(n, f) for n, f in zip(plan.names, plan.fee.tolist(), strict=True)]
    if min(found) < 0:
        raise InputError("a fee below 0: give what is paid, 0 or more")
    return np.array(found, np.float64)


def _total(plan: Plan, name: str, sampled: F64) -> Total:
    p10, p50, p90, mean = total_of(sampled)
    target = plan.asked.target
    is_goal = target is not None and target.metric == name
    return Total(
        p10=round(p10, 1),
        p50=round(p50, 1),
        p90=round(p90, 1),
        mean=round(mean, 1),
        goal=target.at_least if is_goal and target is not None else None,
        chance=_chance(sampled, target) if is_goal and target is not None else None,
        words=plan.words.get(name),
    )


def _chance(sampled: F64, target: RosterTarget) -> float:
    return round(float((sampled >= target.at_least).mean()), 4)


def _creator(plan: Plan, i: int, posts: int, fee: float) -> CreatorTotals:
    rows = np.flatnonzero((plan.candidate == i) & (plan.place < posts))
    sampled = {n: np.asarray(of[rows].sum(0), np.float64) for n, of in plan.samples.items()}
    made = plan.forecasts[int(rows[0])]
    return CreatorTotals(
        name=plan.names[i],
        creator_id=made.creator_id,
        grade=made.grade.grade,
        posts=posts,
        slots=int((plan.candidate == i).sum()),
        fee=fee,
        cost=fee * posts,
        totals={name: _own_total(of) for name, of in sampled.items()},
        costs=costs_of(sampled, fee * posts, plan.asked.currency),
    )


def _own_total(sampled: F64) -> Total:
    p10, p50, p90, mean = (round(value, 1) for value in total_of(sampled))
    return Total(p10=p10, p50=p50, p90=p90, mean=mean)


def reached(plan: Plan, choice: Mapping[str, int], target: RosterTarget) -> bool:
    """Whether a choice meets a target by its rule."""
    total = np.asarray(plan.metric(target.metric)[plan.posts_of(choice)].sum(0), np.float64)
    if target.rule == "cvar":
        return bool(tail_mean(total, 1 - target.chance) >= target.at_least * (1 - TIGHT))
    return bool((total >= target.at_least).mean() >= target.chance - TIGHT)


def ceiling(plan: Plan, name: str, metric: Metric, cost_per_result: float) -> Ceiling:
    """The highest fee of one post at which a candidate's views (or other results) cost as asked.

    In each future it is the cost asked for times the first post's results. Raises InputError.
    """
    if cost_per_result <= 0:
        raise InputError(f"a cost per result of {cost_per_result:g}: give more than 0")
    results = np.asarray(plan.metric(metric)[plan.posts_of({name: 1})].sum(0), np.float64)
    p10, p50, p90, mean = (round(value, 2) for value in total_of(results * cost_per_result))
    currency = plan.asked.currency
    return Ceiling(
        name=name,
        metric=metric,
        cost_per_result=cost_per_result,
        currency=currency,
        p10=p10,
        p50=p50,
        p90=p90,
        mean=mean,
        words=f"at {mean:,.2f} {currency} the mean of {metric} costs {cost_per_result:g} each; at "
        f"{p10:,.2f} or less they cost no more in 90% of futures, at {p90:,.2f} in 10%",
    )
