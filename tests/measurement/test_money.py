"""Costs per result and returns: their intervals hold, with few creators too."""

from __future__ import annotations

import numpy as np
import pytest

from measurement.measured import Measured, Provenance
from measurement.money import CPA, ROAS, per_unit


def ends(of: Measured) -> tuple[float, float]:
    assert of.low is not None
    assert of.high is not None
    return of.low, of.high


@pytest.mark.parametrize("n", [3, 10, 30])
def test_the_interval_of_a_return_covers_the_truth_with_few_creators(n: int) -> None:
    rng = np.random.default_rng(n)
    covered = []
    for _ in range(300):
        fee = np.exp(rng.normal(0, 0.5, n))
        revenue = 2 * fee * np.exp(rng.normal(-0.18, 0.6, n))
        low, high = ends(per_unit(ROAS, revenue, fee, "USD", Provenance()))
        covered.append(low <= 2 <= high)
    assert np.mean(covered) > 0.87


def test_what_was_paid_without_a_conversion_counts_in_value_and_interval() -> None:
    fees, orders = np.array([100.0, 100.0, 100.0, 100.0]), np.array([0.0, 4.0, 5.0, 6.0])
    made = per_unit(CPA, fees, orders, "USD", Provenance())
    without = per_unit(CPA, fees[1:], orders[1:], "USD", Provenance())
    assert made.value == pytest.approx(400 / 15)
    assert ends(made)[1] > ends(without)[1]


def test_where_one_creator_sold_everything_there_is_no_interval() -> None:
    made = per_unit(CPA, np.full(4, 100.0), np.array([0.0, 0.0, 0.0, 6.0]), "USD", Provenance())
    assert made.value == pytest.approx(400 / 6)
    assert (made.low, made.high, made.method) == (None, None, None)
