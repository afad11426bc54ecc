"""Lift is judged by placebos, and refused where these look like lifts themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from measurement.lift.panel import Lift, Panel
from measurement.lift.synthetic import simplex, synthetic_lift
from reelcast.errors import InputError, NotEnoughDataError

N_UNITS, BEFORE, AFTER = 16, 50, 20


def panel(seed: int, lift: float = 0.0) -> Panel:
    rng = np.random.default_rng(seed)
    common = np.cumsum(rng.normal(0, 0.02, (BEFORE + AFTER, 1)), axis=0)
    noise = rng.normal(0, 0.05, (BEFORE + AFTER, N_UNITS))
    outcome = np.exp(rng.normal(5, 0.4, N_UNITS) + common + noise)
    outcome[BEFORE:, 0] *= 1 + lift
    return Panel(outcome, np.arange(N_UNITS) == 0, BEFORE)


def test_a_large_lift_is_found() -> None:
    made = synthetic_lift(panel(1, 0.3))
    assert made.low <= 0.3 <= made.high
    assert "a lift of" in made.verdict


def test_nothing_is_found_where_there_is_nothing_in_most_of_forty_worlds() -> None:
    found = [synthetic_lift(panel(seed), check=False).p_value < 0.05 for seed in range(40)]
    assert sum(found) <= 6


def test_weights_are_shares() -> None:
    rng = np.random.default_rng(3)
    weights = simplex(rng.normal(0, 1, (40, 5)), rng.normal(0, 1, 40))
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)


def test_a_method_whose_placebos_look_like_lifts_gives_no_verdict() -> None:
    made = Lift("x", 0.2, 0.1, 0.3, 0.01, 5.0, 10, false_positives=0.2)
    assert made.verdict.startswith("no verdict: 20%")
    assert "a lift" in replace(made, false_positives=0.05).verdict


def test_few_controls_are_said_to_be_too_few() -> None:
    of = panel(1)
    with pytest.raises(NotEnoughDataError, match="5 are needed"):
        synthetic_lift(Panel(of.outcome[:, :4], of.treated[:4], BEFORE))


@pytest.mark.parametrize("treated", [np.zeros(3, bool), np.ones(2, bool)])
def test_a_panel_without_treated_units_is_refused(treated: np.ndarray) -> None:
    with pytest.raises(InputError, match="treated"):
        Panel(np.ones((40, 3)), treated, 20)


def test_a_day_without_outcome_is_refused() -> None:
    outcome = np.ones((40, 3))
    outcome[5, 1] = np.nan
    with pytest.raises(InputError, match="without outcome"):
        Panel(outcome, np.array([True, False, False]), 20)
