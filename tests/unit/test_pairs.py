"""Posts of one creator: what their misses share, and whether forecasts tell them apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from features.panel import F64, I64
from reelcast.records import QUANTILES
from training.pairs import pair_skill, shared_noise


def missed(common: float, seed: int = 1) -> tuple[F64, F64, I64]:
    """Quantiles, counts and creators (60 with 20 posts) whose misses share `common` of variance."""
    rng = np.random.default_rng(seed)
    creator = np.repeat(np.arange(60), 20)
    noise = np.sqrt(common) * rng.normal(size=60)[creator]
    noise = noise + np.sqrt(1 - common) * rng.normal(size=1200)
    logs = 9 + np.broadcast_to(stats.norm.ppf(np.array(QUANTILES)), (1200, len(QUANTILES)))
    return logs, np.expm1(9 + noise), creator


@pytest.mark.parametrize("common", [0.0, 0.3, 0.7])
def test_the_shared_part_of_misses_is_found(common: float) -> None:
    assert shared_noise(*missed(common)) == pytest.approx(common, abs=0.12)


def test_unknown_counts_say_nothing() -> None:
    logs, counts, creator = missed(0.3)
    known = shared_noise(logs[::2], counts[::2], creator[::2])
    assert shared_noise(logs, np.where(np.arange(1200) % 2, np.nan, counts), creator) == known


def test_a_single_creator_shares_nothing_that_can_be_told() -> None:
    logs, counts, creator = missed(0.5)
    assert shared_noise(logs, counts, creator * 0) == 0


def told(slope: float, seed: int = 2) -> tuple[F64, F64, I64]:
    """Outcomes that follow forecast differences to this extent."""
    rng = np.random.default_rng(seed)
    creator = np.repeat(np.arange(80), 10)
    forecast = 9 + 0.5 * rng.normal(size=800)
    return (
        np.expm1(9 + slope * (forecast - 9) + 0.5 * rng.normal(size=800)),
        np.expm1(forecast),
        creator,
    )


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_how_much_of_a_forecast_difference_comes_true_is_found(slope: float) -> None:
    assert pair_skill(*told(slope))["slope"] == pytest.approx(slope, abs=0.12)


def test_forecasts_that_know_nothing_put_half_of_the_pairs_right() -> None:
    skill = pair_skill(*told(0.0))
    assert skill["low"] < 0.5 < skill["high"]


def test_forecasts_that_know_something_are_shown_to() -> None:
    assert pair_skill(*told(1.0))["low"] > 0.5


def test_creators_with_one_post_make_no_pair() -> None:
    y = np.array([1.0, 2.0, 3.0])
    assert pair_skill(y, y, np.arange(3))["n_pairs"] == 0


def test_that_older_posts_count_more_is_no_skill() -> None:
    creator = np.repeat(np.arange(20), 4)
    age = np.tile([1.0, 1.1, 30.0, 31.0], 20)
    rng = np.random.default_rng(3)
    y = np.exp(np.log(age) + rng.normal(0, 0.3, 80)) * 100
    told = age * 100
    assert pair_skill(y, told, creator)["low"] > 0.6
    aged = pair_skill(y, told, creator, age)
    assert aged["n_pairs"] == 40
    assert aged["low"] < 0.6


def test_the_slopes_error_falls_with_more_creators() -> None:
    rng = np.random.default_rng(4)

    def error(n: int) -> float:
        told = rng.normal(9, 1, 10 * n)
        y = told + rng.normal(0, 1, 10 * n)
        return float(
            pair_skill(np.exp(y), np.exp(told), np.repeat(np.arange(n), 10))["slope_error"]
        )

    assert error(400) < 0.5 * error(20)
