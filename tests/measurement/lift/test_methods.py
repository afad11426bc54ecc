"""Every lift method finds what is there, keeps still where nothing is, and says what it lacks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from measurement.lift.did import did_daily_lift, did_lift
from measurement.lift.holdout import Arm, means_lift, shares_lift
from measurement.lift.panel import Panel, comparable
from measurement.lift.placebos import checked
from measurement.lift.side_by_side import Exposure, compare
from measurement.lift.structural import structural_lift
from measurement.lift.synthetic import synthetic_lift
from reelcast.errors import InputError, NotEnoughDataError
from tests.measurement.lift.worlds import AFTER, BEFORE, N_UNITS, panel

METHODS = [
    lambda of: synthetic_lift(of, check=False),
    did_lift,
    did_daily_lift,
    structural_lift,
]


@pytest.mark.parametrize("method", METHODS)
def test_a_large_lift_lies_in_the_interval(method) -> None:
    made = method(panel(3, 0.3, treated=3))
    assert made.low < 0.3 < made.high
    assert made.p_value < 0.05


def test_one_change_a_unit_calls_few_nulls() -> None:
    called = [did_lift(panel(seed, treated=3)).p_value < 0.05 for seed in range(60)]
    assert sum(called) <= 8


def test_logs_are_taken_where_no_outcome_is_zero_and_shares_else() -> None:
    of = panel(1)
    assert comparable(of).in_logs
    outcome = of.outcome.copy()
    outcome[3, 2] = 0
    assert not comparable(replace(of, outcome=outcome)).in_logs


def test_a_unit_that_sold_nothing_before_is_named() -> None:
    of = panel(1)
    outcome = of.outcome.copy()
    outcome[:BEFORE, 4] = 0
    with pytest.raises(InputError, match="unit 5 sold nothing"):
        comparable(replace(of, outcome=outcome))


def test_larger_orders_of_all_units_change_no_lift() -> None:
    of = panel(2, 0.1)
    tenfold = replace(of, outcome=of.outcome * 10)
    assert did_lift(of).relative == pytest.approx(did_lift(tenfold).relative)


def test_three_exposed_regions_tell_more_than_one() -> None:
    def width(treated: int) -> float:
        made = [synthetic_lift(panel(s, 0.1, treated), check=False) for s in range(15)]
        return float(np.mean([one.high - one.low for one in made]))

    assert width(3) < width(1)


def test_placebos_are_counted_in_space_and_in_time() -> None:
    made = checked(panel(5), did_lift)
    assert made.n_placebos == 2 * (N_UNITS - 1)
    assert made.false_positives is not None


def test_without_a_held_out_unit_differences_are_refused() -> None:
    of = panel(1, treated=N_UNITS)
    with pytest.raises(NotEnoughDataError, match="held out"):
        did_daily_lift(of)


def test_own_past_alone_still_gives_a_forecast_that_nothing_checks() -> None:
    made = checked(panel(1, treated=N_UNITS), structural_lift)
    assert made.false_positives is None


def test_what_each_person_bought_before_narrows_the_interval() -> None:
    rng = np.random.default_rng(2)
    past = rng.normal(20, 5, 2000)
    now = past + rng.normal(0, 2, 2000)
    arms = [Arm(now[:1000], past[:1000]), Arm(now[1000:], past[1000:])]
    known = means_lift(*arms)
    blind = means_lift(Arm(now[:1000]), Arm(now[1000:]))
    assert known.high - known.low < 0.6 * (blind.high - blind.low)


def test_a_past_of_other_people_is_refused() -> None:
    with pytest.raises(InputError, match="give each"):
        means_lift(Arm(np.ones(40), np.ones(39)), Arm(np.ones(40), np.ones(40)))


def test_an_arm_of_a_few_people_is_refused() -> None:
    with pytest.raises(NotEnoughDataError, match="30 are needed"):
        means_lift(Arm(np.ones(10)), Arm(np.ones(50)))


def test_a_control_arm_without_buyers_is_refused() -> None:
    with pytest.raises(NotEnoughDataError, match="nobody"):
        shares_lift((5, 100), (0, 100))


def exposure(of: Panel) -> Exposure:
    exposed = np.zeros(of.outcome.shape, bool)
    exposed[of.start :, of.treated] = True
    return Exposure(of.outcome, exposed, np.full(of.n_units, np.nan))


def test_side_by_side_the_synthetic_control_stands_first() -> None:
    made = compare(exposure(panel(6, 0.3)))
    assert [one.method for one in made.lifts][:2] == [
        "synthetic control",
        "differences in differences",
    ]
    assert any("two arms" in why for why in made.left_out)


def test_a_unit_that_begins_later_is_left_out_by_name() -> None:
    of = exposure(panel(6, 0.3))
    of.exposed[BEFORE + 5 :, 7] = True
    assert "1 units begin later: left out" in compare(of).left_out


def test_two_audiences_with_their_people_are_compared_as_shares() -> None:
    outcome = np.array([[20.0, 12.0]] * AFTER)
    exposed = np.tile([True, False], (AFTER, 1))
    made = compare(Exposure(outcome, exposed, np.array([10_000.0, 10_000.0])))
    assert [one.method for one in made.lifts] == ["holdout, shares"]
    assert made.lifts[0].relative == pytest.approx(8 / 12)
