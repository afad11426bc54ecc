"""Plans: totals of a choice, what-if answers, fees' ceilings."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from inference.plan import Plan, ceiling, moved, totals
from reelcast.errors import InputError
from tests.planning.plans import FEES, MEDIANS, asked, plan_of
from tests.support import NOW


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(target={"metric": "views", "at_least": 30_000})


def test_a_choice_costs_its_fees(plan: Plan) -> None:
    made = totals(plan, {"ben": 2, "dot": 1})
    assert made.cost == 2 * FEES["ben"] + FEES["dot"]
    assert made.posts == 3
    assert [(one.name, one.posts, one.cost) for one in made.creators] == [
        ("ben", 2, 600.0),
        ("dot", 1, 40.0),
    ]


def test_means_add_up_and_ends_do_not(plan: Plan) -> None:
    made = totals(plan, dict.fromkeys(MEDIANS, 2))
    means = sum(one.totals["views"].mean for one in made.creators)
    assert made.totals["views"].mean == pytest.approx(means, rel=1e-4)
    assert made.totals["views"].p90 < sum(one.totals["views"].p90 for one in made.creators)


def test_the_funnel_narrows_in_every_number(plan: Plan) -> None:
    of = totals(plan, {"ana": 1}).totals
    assert of["views"].mean > of["engagements"].mean > 0
    assert of["views"].mean > of["clicks"].mean > of["conversions"].mean
    assert (plan.samples["conversions"] <= plan.samples["clicks"]).all()
    assert (plan.samples["clicks"] <= plan.samples["views"]).all()


def test_a_moved_choice_is_told_as_if_it_were_asked_anew(plan: Plan) -> None:
    before = totals(plan, {"ana": 1, "ben": 2})
    choice, fees = {"ana": 0, "ben": 2, "dot": 1}, {"dot": 55.0}
    assert moved(plan, before, choice, fees, {"ana", "dot"}) == totals(plan, choice, fees)


def test_another_fee_changes_costs_alone(plan: Plan) -> None:
    before, after = totals(plan, {"ana": 1}), totals(plan, {"ana": 1}, {"ana": 450.0})
    assert after.totals == before.totals
    assert after.cost == 450.0
    assert (after.costs["cpv"].mean or 0) == pytest.approx((before.costs["cpv"].mean or 0) / 2)


def test_one_more_post_brings_more(plan: Plan) -> None:
    one, two = (totals(plan, {"ben": n}).totals["views"].mean for n in (1, 2))
    assert two == pytest.approx(2 * one, rel=0.15)


def test_nobody_brings_nothing(plan: Plan) -> None:
    made = totals(plan, {})
    assert (made.posts, made.cost, made.creators) == (0, 0.0, ())
    assert made.totals["views"].p90 == 0.0
    assert made.costs["cpv"].mean is None


def test_the_chance_of_the_target_is_told(plan: Plan) -> None:
    few, many = (totals(plan, {"ana": n}).chance for n in (1, 2))
    assert few is not None
    assert many is not None
    assert few < many


@pytest.mark.parametrize("choice", [{"nobody": 1}, {"ana": 3}, {"ana": -1}])
def test_a_choice_that_cannot_be_is_refused(plan: Plan, choice: dict[str, int]) -> None:
    with pytest.raises(InputError):
        totals(plan, choice)


@pytest.mark.parametrize("fees", [{"nobody": 1.0}, {"ana": -1.0}])
def test_a_fee_that_cannot_be_is_refused(plan: Plan, fees: dict[str, float]) -> None:
    with pytest.raises(InputError):
        totals(plan, {"ana": 1}, fees)


def test_the_ceiling_is_the_cost_times_the_views(plan: Plan) -> None:
    found = ceiling(plan, "ana", "views", 0.02)
    views = totals(plan, {"ana": 1}).totals["views"]
    assert found.mean == pytest.approx(0.02 * views.mean, rel=0.001)
    assert found.p10 == pytest.approx(0.02 * views.p10, rel=0.01)
    assert found.p10 < found.p50 < found.p90


def test_at_the_ceiling_the_cost_is_as_asked(plan: Plan) -> None:
    fee = ceiling(plan, "ben", "conversions", 40.0).mean
    cost = totals(plan, {"ben": 1}, {"ben": fee}).costs["cpa"].mean
    assert cost == pytest.approx(40.0, rel=0.01)


def test_a_ceiling_of_nothing_is_refused(plan: Plan) -> None:
    with pytest.raises(InputError):
        ceiling(plan, "ana", "views", 0.0)


def test_posts_are_spread_over_the_dates(plan: Plan) -> None:
    times = [forecast.post_at for forecast in plan.forecasts[:2]]
    assert times == [NOW, NOW + timedelta(days=10)]


def test_the_same_question_gives_the_same_plan() -> None:
    first, second = plan_of(), plan_of()
    assert all(np.array_equal(first.samples[n], second.samples[n]) for n in first.samples)


def test_what_is_maximised_must_be_forecast() -> None:
    with pytest.raises(InputError, match="selling"):
        plan_of(selling=None, maximise="conversions")


def test_two_candidates_of_one_name_are_refused() -> None:
    twice = [{"creator": {"creator_id": "ana"}, "fee": 1}] * 2
    with pytest.raises(InputError, match="label"):
        plan_of(candidates=twice)


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget": -1},
        {"ends_at": NOW - timedelta(days=1)},
        {"candidates": []},
        {"candidates": [{"creator": {"creator_id": "a"}, "fee": 1, "slots": 1, "must": 2}]},
        {"selling": {"brand": "b", "currency": "EUR"}},
        {"target": {"metric": "views", "at_least": 5, "chance": 0.3}},
        {"maximise": "likes"},
    ],
)
def test_a_question_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        asked(**wrong)
