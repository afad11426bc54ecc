"""Overlapping posts share what they sold; nothing is found where nothing was."""

from __future__ import annotations

import numpy as np
import pytest

from measurement.attribution.combine import Signal, combine
from measurement.attribution.spike import Days, Posts, SpikeLift, response, spike_lift
from measurement.attribution.survey import survey_orders
from reelcast.errors import InputError, NotEnoughDataError

N_DAYS, BEFORE, WINDOW = 130, 90, 14
POSTS = Posts(np.array([92.5, 95.0, 96.5, 104.0]), np.array([1.0, 3.0, 1.0, 2.0]))
LIFTS = np.array([60.0, 250.0, 90.0, 150.0])


def days(lifts: np.ndarray, seed: int = 1) -> Days:
    rng = np.random.default_rng(seed)
    weekday = np.arange(N_DAYS) % 7
    shapes = np.stack([response(N_DAYS, at, 2.5, WINDOW) for at in POSTS.day], axis=1)
    mean = 50 + 8 * (weekday >= 5) + shapes @ lifts
    outcome = rng.poisson(mean).astype(np.float64)
    return Days(outcome, weekday, np.zeros((N_DAYS, 0)), np.ones(N_DAYS, bool))


def covered(made: SpikeLift, truth: float) -> bool:
    return made.total_low <= truth <= made.total_high


def test_the_total_of_overlapping_posts_is_covered_in_most_of_twenty_worlds() -> None:
    found = [spike_lift(days(LIFTS, seed), POSTS, WINDOW) for seed in range(20)]
    assert sum(covered(made, LIFTS.sum()) for made in found) >= 16
    assert np.mean([made.total for made in found]) == pytest.approx(LIFTS.sum(), rel=0.06)


def test_the_larger_of_two_overlapping_posts_is_told_from_the_smaller() -> None:
    made = spike_lift(days(LIFTS), POSTS, WINDOW)
    assert made.mean[1] > 2 * made.mean[0]


def test_no_lift_is_found_where_there_is_none_in_most_of_twenty_worlds() -> None:
    found = [spike_lift(days(LIFTS * 0, seed), POSTS, WINDOW) for seed in range(20)]
    assert sum(covered(made, 0.0) for made in found) >= 16


def test_the_same_days_give_the_same_lift() -> None:
    first, again = (spike_lift(days(LIFTS), POSTS, WINDOW) for _ in range(2))
    assert np.array_equal(first.draws, again.draws)


def test_days_left_out_change_nothing_but_themselves() -> None:
    plain = days(LIFTS, seed=2)
    outcome, use = plain.outcome.copy(), plain.use.copy()
    outcome[40], use[40] = 5000.0, False  # a promotion
    made = spike_lift(Days(outcome, plain.weekday, plain.regressors, use), POSTS, WINDOW)
    assert covered(made, LIFTS.sum())


def test_too_few_days_without_posts_are_said_to_be_so() -> None:
    short = Days(np.ones(30), np.arange(30) % 7, np.zeros((30, 0)), np.ones(30, bool))
    with pytest.raises(NotEnoughDataError, match="21 are needed"):
        spike_lift(short, Posts(np.array([10.0]), np.ones(1)), WINDOW)


def test_a_post_without_size_is_refused() -> None:
    with pytest.raises(InputError, match="above zero"):
        spike_lift(days(LIFTS), Posts(np.array([95.0]), np.array([0.0])), WINDOW)


def test_a_response_sums_to_one_within_its_window() -> None:
    assert response(60, 3.4, 2.0, 14).sum() == pytest.approx(1)


def test_survey_answers_of_more_than_ordered_are_refused() -> None:
    with pytest.raises(InputError, match="at most the next"):
        survey_orders(np.array([5]), 4, 10)


def test_an_answer_by_all_is_no_estimate() -> None:
    made = survey_orders(np.array([3, 2]), 10, 10)
    assert (made.low == made.high).all()


def test_combined_orders_lie_between_the_proven_and_what_the_spike_sees() -> None:
    proven = np.array([10.0, 20.0, 30.0])
    spike = Signal("spike", np.array([25.0, 45.0, 50.0]), np.eye(3) * 100)
    made = combine(proven, [spike])
    assert (made.floor <= made.ceiling).all()
    assert 60 < made.total < 130
    assert made.multiple == pytest.approx(2.0, rel=0.3)


def test_proven_orders_alone_are_refused() -> None:
    with pytest.raises(InputError, match="how many orders they miss"):
        combine(np.array([1.0]), [])


def test_a_holdout_of_the_total_narrows_the_total() -> None:
    proven = np.array([10.0, 20.0, 30.0])
    spike = Signal("spike", np.array([25.0, 45.0, 50.0]), np.eye(3) * 400)
    total = Signal("holdout", np.array([120.0]), np.array([[25.0]]), only_total=True)
    wide, narrow = combine(proven, [spike]), combine(proven, [spike, total])
    assert narrow.total_high - narrow.total_low < wide.total_high - wide.total_low
