from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from scipy import stats

from features.panel import F64, I64
from features.state import TIER_NAMES
from reelcast.records import QUANTILES
from training.conformal import Calibration, calibrate, merge_small, moved, scores_of, shifts_of

LEVELS = np.array(QUANTILES)
N_TIERS = len(TIER_NAMES)
NOISE = np.array([0.3, 0.5, 0.8, 1.2, 2.0, 0.6])  # each tier's own spread


def deep(tier: I64) -> I64:
    """Twenty earlier posts for every row."""
    return np.full(len(tier), 20)


def drawn(n_of_tier: int, seed: int) -> tuple[F64, F64, I64]:
    """Raw quantiles that are too narrow and biased, outcomes, tiers: exchangeable rows."""
    rng = np.random.default_rng(seed)
    tier = np.repeat(np.arange(N_TIERS), n_of_tier)
    centre = rng.normal(8, 2, len(tier))
    outcome = centre + 0.3 + NOISE[tier] * rng.standard_t(5, len(tier))
    raw = centre[:, None] + 0.4 * stats.norm.ppf(LEVELS)[None, :]
    return raw, outcome, tier.astype(np.int64)


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    raw, outcome, tier = drawn(2000, seed=1)
    return calibrate(raw, outcome, tier, deep(tier), min_rows=60)


@pytest.mark.parametrize("tier", range(N_TIERS))
@pytest.mark.parametrize("column", range(len(QUANTILES)))
def test_each_quantile_holds_in_each_tier(calibration: Calibration, tier: int, column: int) -> None:
    raw, outcome, tiers = drawn(2000, seed=2)
    own = tiers == tier
    below = (outcome <= calibration.apply(raw, tiers, deep(tiers))[:, column])[own].mean()
    # both halves are samples of 2,000, and a group is pooled with the rest by 50 rows in 2,050
    spread = np.sqrt(2 * LEVELS[column] * (1 - LEVELS[column]) / 2000)
    assert abs(below - LEVELS[column]) < 3.5 * spread + 0.02


def test_the_80_percent_interval_covers_80_percent_overall(calibration: Calibration) -> None:
    raw, outcome, tier = drawn(2000, seed=3)
    calibrated = calibration.apply(raw, tier, deep(tier))
    inside = (outcome >= calibrated[:, 1]) & (outcome <= calibrated[:, 5])
    low, high = stats.binom.ppf([1e-4, 1 - 1e-4], len(outcome), 0.8) / len(outcome)
    assert low - 0.01 < inside.mean() < high + 0.01


def test_without_calibration_the_same_intervals_cover_too_little() -> None:
    raw, outcome, _ = drawn(2000, seed=3)
    assert ((outcome >= raw[:, 1]) & (outcome <= raw[:, 5])).mean() < 0.65


def test_calibration_on_few_rows_covers_on_average() -> None:
    """Mean coverage over many calibrations of 40 rows: conformal sets are not too small."""
    covered = []
    for seed in range(60):
        raw, outcome, tier = (part[:40] for part in drawn(200, seed=100 + seed))
        fitted = calibrate(raw, outcome, tier, deep(tier), min_rows=20)
        raw, outcome, tier = (part[:200] for part in drawn(200, seed=1000 + seed))
        calibrated = fitted.apply(raw, tier, deep(tier))
        covered.append(((outcome >= calibrated[:, 1]) & (outcome <= calibrated[:, 5])).mean())
    assert 0.79 < np.mean(covered) < 0.87


def test_calibrated_quantiles_never_cross() -> None:
    rng = np.random.default_rng(4)
    raw = np.sort(rng.normal(0, 3, (500, len(QUANTILES))), axis=1)
    shift = rng.normal(0, 5, (2, len(QUANTILES)))
    fitted = Calibration(
        shift, np.array([0, 0, 1, 1, 1, 1]), np.array([250, 250]), np.zeros((4, 7))
    )
    tier = rng.integers(0, N_TIERS, 500)
    calibrated = fitted.apply(raw, tier, deep(tier))
    assert (np.diff(calibrated, axis=1) >= 0).all()


def test_one_calibration_row_is_enough_to_be_finite() -> None:
    raw, outcome, tier = (part[:1] for part in drawn(1, seed=5))
    assert np.isfinite(
        calibrate(raw, outcome, tier, deep(tier), 60).apply(raw, tier, deep(tier))
    ).all()


@pytest.mark.parametrize(
    ("rows", "groups"),
    [
        ([500, 500, 500, 500, 500, 500], [0, 1, 2, 3, 4, 5]),
        ([500, 30, 10, 400, 5, 0], [0, 0, 0, 1, 1, 1]),
        ([5, 5, 5, 5, 5, 5], [0, 0, 0, 0, 0, 0]),
        ([0, 0, 300, 300, 0, 0], [0, 0, 0, 1, 1, 1]),
        ([199, 200, 200, 0, 0, 200], [0, 0, 1, 1, 1, 2]),
    ],
)
def test_small_tiers_join_their_neighbours(rows: list[int], groups: list[int]) -> None:
    assert merge_small(np.array(rows), 200).tolist() == groups


def test_no_group_is_smaller_than_asked_unless_all_are() -> None:
    rng = np.random.default_rng(6)
    for _ in range(200):
        rows = rng.integers(0, 400, N_TIERS)
        group = merge_small(rows, 200)
        sizes = np.bincount(group, rows)
        assert (np.diff(group) >= 0).all()
        assert len(sizes) == 1 or (sizes >= 200).all(), rows


def test_a_calibration_survives_json(calibration: Calibration) -> None:
    raw, _, tier = drawn(20, seed=7)
    back = Calibration.from_json(json.loads(json.dumps(calibration.to_json())))
    assert (
        back.apply(raw, tier, deep(tier)).tobytes()
        == calibration.apply(raw, tier, deep(tier)).tobytes()
    )


def test_each_depth_of_history_is_covered_though_few_posts_miss_more() -> None:
    rng = np.random.default_rng(8)
    depth = rng.choice([0, 2, 5, 30], 8000)
    spread = np.select([depth == 0, depth == 2, depth == 5], [2.0, 1.5, 1.0], 0.6)
    raw = 0.5 * np.broadcast_to(stats.norm.ppf(LEVELS), (8000, len(LEVELS)))
    outcome, tier = spread * rng.normal(size=8000), np.zeros(8000, np.int64)
    old, new = slice(0, 4000), slice(4000, 8000)
    fitted = calibrate(raw[old], outcome[old], tier[old], depth[old], 60)
    made = fitted.apply(raw[new], tier[new], depth[new])
    inside = (outcome[new] >= made[:, 1]) & (outcome[new] <= made[:, 5])
    held = [inside[depth[new] == d].mean() for d in (0, 2, 5, 30)]
    assert held == pytest.approx([0.8] * 4, abs=0.05)


def noisy(n: int, rng: np.random.Generator) -> tuple[F64, F64, I64]:
    """Raw quantiles whose widths are noise about the one true width, outcomes, tiers."""
    width = np.exp(0.5 * rng.normal(size=n))
    raw = 0.7 * width[:, None] * stats.norm.ppf(LEVELS)[None, :]
    return raw, rng.normal(size=n), np.zeros(n, np.int64)


def test_where_widths_are_noise_intervals_cover_as_much_and_are_narrower() -> None:
    rng = np.random.default_rng(9)
    raw, outcome, tier = noisy(4000, rng)
    fitted = calibrate(raw, outcome, tier, deep(tier), 60)
    new, after, tier = noisy(4000, rng)
    made = fitted.apply(new, tier, deep(tier))
    as_told = moved(new, shifts_of(scores_of(raw, outcome)))
    held, held_as_told = (((after >= q[:, 1]) & (after <= q[:, 5])).mean() for q in (made, as_told))
    assert held == pytest.approx(0.8, abs=0.025)
    assert held_as_told == pytest.approx(0.8, abs=0.025)
    assert (made[:, 5] - made[:, 1]).mean() < 0.97 * (as_told[:, 5] - as_told[:, 1]).mean()


def test_a_row_as_wide_as_usual_keeps_its_width() -> None:
    fitted = Calibration(
        np.zeros((1, 7)), np.zeros(N_TIERS, np.int64), np.array([9]), np.zeros((4, 7)), 2.0
    )
    usual = 2.0 * stats.norm.ppf(LEVELS)[None, :] / (2 * stats.norm.ppf(0.9))
    tier = np.zeros(1, np.int64)
    assert np.allclose(fitted.apply(usual, tier, deep(tier)), usual)
    for factor in (0.25, 4.0):
        made = fitted.apply(factor * usual, tier, deep(tier))
        assert made[0, 5] - made[0, 1] == pytest.approx(2.0 * factor**0.8)
        assert made[0, 3] == usual[0, 3]


def test_with_no_drift_coverage_over_many_blocks_is_80_percent_in_the_mean() -> None:
    """Block after block, each forecast by the calibration on the one before."""
    blocks = [drawn(60, seed=2000 + b) for b in range(61)]
    held = []
    for before, block in itertools.pairwise(blocks):
        raw, outcome, tier = before
        fitted = calibrate(raw, outcome, tier, deep(tier), 60)
        raw, outcome, tier = block
        made = fitted.apply(raw, tier, deep(tier))
        held.append(((outcome >= made[:, 1]) & (outcome <= made[:, 5])).mean())
    assert 0.785 < np.mean(held) < 0.82
