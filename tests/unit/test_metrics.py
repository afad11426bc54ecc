from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from training.baselines import Baselines, fit_baselines
from training.metrics import (
    MIN_SLICE,
    QUANTILE_COLUMNS,
    coverage,
    interval_scores,
    paired_bootstrap,
    pinball,
    point_scores,
    score,
    spearman_within,
)

NAN = float("nan")


def test_quantile_columns_carry_their_level_in_percent() -> None:
    assert QUANTILE_COLUMNS == ("q05", "q10", "q25", "q50", "q75", "q90", "q95")


def test_a_difference_of_zero_has_an_interval_of_zero() -> None:
    gain = paired_bootstrap(np.zeros(50), np.repeat(np.arange(10), 5))
    assert gain == {"mean": 0.0, "low": 0.0, "high": 0.0}


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_clear_difference_keeps_its_sign_throughout_the_interval(sign: float) -> None:
    rng = np.random.default_rng(0)
    gain = paired_bootstrap(sign * (0.5 + rng.normal(0, 0.2, 300)), np.repeat(np.arange(30), 10))
    assert sign * gain["low"] > 0
    assert sign * gain["high"] > 0


def test_noise_about_zero_is_found_significant_in_about_one_of_twenty_draws() -> None:
    rng = np.random.default_rng(1)
    creator = np.repeat(np.arange(40), 5)
    false_alarms = 0
    for _ in range(200):
        loss = np.repeat(rng.normal(0, 1, 40), 5) + rng.normal(0, 1, 200)
        gain = paired_bootstrap(loss, creator, draws=400)
        false_alarms += not gain["low"] <= 0 <= gain["high"]
    assert 2 <= false_alarms <= 24


def test_the_same_creator_written_by_any_code_gives_the_same_interval() -> None:
    loss = np.random.default_rng(2).normal(0, 1, 60)
    creator = np.repeat(np.arange(6), 10)
    assert paired_bootstrap(loss, creator) == paired_bootstrap(loss, creator * 1000 + 7)


def test_of_one_creator_alone_the_posts_are_resampled() -> None:
    loss = np.random.default_rng(3).normal(-0.05, 1, 40)
    gain = paired_bootstrap(loss, np.zeros(40, np.int64))
    assert gain["low"] < 0 < gain["high"]
    assert gain["high"] - gain["low"] == pytest.approx(4 / np.sqrt(40), rel=0.3)


def test_pinball_weighs_a_miss_by_its_side() -> None:
    assert pinball(np.array([1.0, 3.0]), np.array([2.0, 2.0]), 0.9) == pytest.approx(0.5)
    assert pinball(np.array([3.0]), np.array([2.0]), 0.9) == pytest.approx(0.9)
    assert pinball(np.array([1.0]), np.array([2.0]), 0.9) == pytest.approx(0.1)


def test_an_outcome_on_the_bound_is_covered() -> None:
    assert coverage(np.array([1.0, 2.0]), np.array([1.0, 0.0]), np.array([3.0, 2.0])) == 1.0


def test_coverages_are_those_of_the_named_levels() -> None:
    quantiles = np.array([[5.0, 10, 25, 50, 75, 90, 95]] * 4)
    scores = interval_scores(np.array([50.0, 80.0, 92.0, 99.0]), quantiles)
    assert scores["coverage_50"] == 0.25
    assert scores["coverage_80"] == 0.5
    assert scores["coverage_90"] == 0.75
    assert scores["width_80_log"] == pytest.approx(np.log(91 / 11))


def test_point_scores_of_a_perfect_forecast() -> None:
    y = np.array([1.0, 10, 100, 1000, 5, 7])
    scores = point_scores(y, y, np.zeros(6, np.int64))
    assert scores["mae_log"] == 0
    assert scores["r2_log"] == 1
    assert scores["spearman"] == pytest.approx(1)
    assert scores["spearman_within_creator"] == pytest.approx(1)
    assert scores["mdape"] == 0


def test_the_relative_error_is_that_of_the_median_post() -> None:
    scores = point_scores(np.array([10.0, 10, 10]), np.array([12.0, 15, 40]), np.zeros(3, np.int64))
    assert scores["mdape"] == pytest.approx(0.5)


def test_what_does_not_vary_has_no_rank_correlation_and_no_r2() -> None:
    scores = point_scores(np.full(5, 7.0), np.arange(5.0), np.zeros(5, np.int64))
    assert scores["spearman"] is None
    assert scores["r2_log"] is None


def test_ranks_within_creators_leave_their_levels_out() -> None:
    creator = np.repeat([0, 1], 5)
    y = np.array([1.0, 2, 3, 4, 5, 101, 102, 103, 104, 105])
    reversed_within = np.array([5.0, 4, 3, 2, 1, 105, 104, 103, 102, 101])
    assert spearman_within(y, reversed_within, creator) == pytest.approx(-1)


def test_creators_with_few_posts_have_no_ranks() -> None:
    assert spearman_within(np.arange(8.0), np.arange(8.0), np.repeat([0, 1], 4)) is None


def test_baselines_by_hand() -> None:
    counts = np.array([1.0, 2, 3, 4, 5, 100])
    tier = np.array([0, 0, 0, 0, 0, 1])
    followers = np.array([10.0, 10, 10, 10, 10, NAN])
    fitted = fit_baselines(counts, tier, followers)
    assert fitted.tier_median.tolist() == [3, 3.5, 3.5, 3.5, 3.5, 3.5]
    assert fitted.tier_rate == pytest.approx(0.3)


def test_baselines_survive_json() -> None:
    fitted = fit_baselines(np.arange(12.0), np.arange(12) % 6, np.arange(12.0))
    back = Baselines.from_json(fitted.to_json())
    assert back.tier_median.tolist() == fitted.tier_median.tolist()
    assert back.tier_rate.tolist() == fitted.tier_rate.tolist()


def predictions(n: int, **columns: Any) -> pa.Table:
    y = np.linspace(1, 1000, n)
    table = {
        "creator_id": [f"c{i % 10}" for i in range(n)],
        "published_at": [datetime(2026, 1, 1, tzinfo=UTC)] * n,
        "n_history": np.arange(n) % 20,
        "tier": ["nano" if i % 2 else "mid" for i in range(n)],
        "y": y,
        **{name: y * (0.4 + 0.2 * i) for i, name in enumerate(QUANTILE_COLUMNS)},
        "mean": y * 2,
        **dict.fromkeys(("last5_median", "tier_median", "followers_rate"), y * 3),
    }
    return pa.table({**table, **columns})


def test_a_baseline_that_is_worse_leaves_a_difference_below_zero() -> None:
    difference = score(predictions(400))["baselines"]["tier_median"]["model_less_baseline"]
    assert difference["high"] < 0


def test_a_baseline_without_a_number_falls_back_on_the_tiers_median() -> None:
    nothing = pa.array([None] * 400, pa.float64())
    baselines = score(predictions(400, last5_median=nothing))["baselines"]
    assert baselines["last5_median"]["mae_log"] == baselines["tier_median"]["mae_log"]
    assert baselines["last5_median"]["n"] == 400


def test_the_mean_ratio_is_the_sum_of_means_over_the_sum_of_outcomes() -> None:
    assert score(predictions(400))["mean_ratio"] == pytest.approx(2)


def test_tiers_are_reported_from_the_smallest_slice_on() -> None:
    small = ["mega"] * (MIN_SLICE - 1) + ["nano"] * MIN_SLICE
    by_tier = score(predictions(len(small), tier=small))["by_tier"]
    assert {name: own["n"] for name, own in by_tier.items()} == {"nano": MIN_SLICE}
