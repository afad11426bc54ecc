"""Following outcomes in the coverage benchmark: what is known by each day, and nothing later."""

from __future__ import annotations

import numpy as np
from scipy import stats

from benchmarks.coverage import followed
from features.panel import DAY_S, F64, I64
from reelcast.records import QUANTILES
from training.joint import MEDIAN

N = 3000
DAYS = 60


def too_wide(seed: int) -> tuple[F64, F64, tuple[I64, I64]]:
    """Forecasts twice as wide as their outcomes over 60 days, outcomes known two days after."""
    rng = np.random.default_rng(seed)
    logs = 8 + 2 * np.broadcast_to(stats.norm.ppf(np.array(QUANTILES)), (N, len(QUANTILES)))
    decided = np.sort(rng.integers(0, DAYS, N)) * int(DAY_S)
    return logs, 8 + rng.normal(size=N), (decided, decided + 2 * int(DAY_S))


def covered(logs: F64, outcome: F64) -> float:
    return float(((outcome >= logs[:, 1]) & (outcome <= logs[:, 5])).mean())


def test_intervals_that_are_too_wide_come_to_hold_what_they_promise() -> None:
    logs, outcome, times = too_wide(1)
    late = slice(N // 2, None)
    assert covered(logs, outcome) > 0.97
    assert 0.75 < covered(followed(logs, outcome, times)[late], outcome[late]) < 0.86


def test_the_first_days_stay_as_they_were() -> None:
    logs, outcome, times = too_wide(2)
    early = times[0] < 2 * DAY_S
    assert np.array_equal(followed(logs, outcome, times)[early], logs[early])


def test_a_later_outcome_changes_no_earlier_forecast() -> None:
    logs, outcome, times = too_wide(3)
    changed = np.where(times[1] > 15 * DAY_S, 100.0, outcome)
    before = times[0] <= 15 * DAY_S
    one, two = (followed(logs, y, times)[before] for y in (outcome, changed))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, logs[before])


def test_medians_stay_where_they_are() -> None:
    logs, outcome, times = too_wide(4)
    made = followed(logs, outcome + 1, times)
    assert np.allclose(made[:, MEDIAN], logs[:, MEDIAN])


def test_unknown_outcomes_teach_nothing() -> None:
    logs, _, times = too_wide(5)
    assert np.array_equal(followed(logs, np.full(N, np.nan), times), logs)
