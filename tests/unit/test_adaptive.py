"""The adaptive step: follows what is known by each day, and nothing later."""

from __future__ import annotations

import json

import numpy as np
from scipy import stats

from features.panel import DAY_S, F64, I64
from reelcast.records import QUANTILES
from training.adaptive import Recent, follow, recent_of
from training.joint import MEDIAN

N = 1200
DAYS = 30


def too_wide(seed: int) -> tuple[F64, F64, tuple[I64, I64], tuple[I64, I64]]:
    """Forecasts twice as wide as their outcomes over 30 days, outcomes known two days after."""
    rng = np.random.default_rng(seed)
    logs = 8 + 2 * np.broadcast_to(stats.norm.ppf(np.array(QUANTILES)), (N, len(QUANTILES)))
    decided = np.sort(rng.integers(0, DAYS, N)) * int(DAY_S)
    groups = np.zeros(N, np.int64), np.full(N, 20)
    return logs, 8 + rng.normal(size=N), groups, (decided, decided + 2 * int(DAY_S))


def covered(logs: F64, outcome: F64) -> float:
    return float(((outcome >= logs[:, 1]) & (outcome <= logs[:, 5])).mean())


def test_intervals_that_are_too_wide_come_to_hold_what_they_promise() -> None:
    logs, outcome, groups, times = too_wide(1)
    late = slice(N // 2, None)
    assert covered(logs, outcome) > 0.97
    followed = follow(logs, outcome, groups, times, 60)
    assert 0.74 < covered(followed[late], outcome[late]) < 0.9


def test_the_first_days_stay_as_they_were() -> None:
    logs, outcome, groups, times = too_wide(2)
    early = times[0] < 2 * DAY_S
    assert np.array_equal(follow(logs, outcome, groups, times, 60)[early], logs[early])


def test_a_later_outcome_changes_no_earlier_forecast() -> None:
    logs, outcome, groups, times = too_wide(3)
    changed = np.where(times[1] > 15 * DAY_S, 100.0, outcome)
    before = times[0] <= 15 * DAY_S
    one, two = (follow(logs, y, groups, times, 60)[before] for y in (outcome, changed))
    assert np.array_equal(one, two)


def test_medians_stay_where_they_are() -> None:
    logs, outcome, groups, times = too_wide(4)
    followed = follow(logs, outcome + 1, groups, times, 60)
    assert np.allclose(followed[:, MEDIAN], logs[:, MEDIAN])


def test_unknown_outcomes_teach_nothing() -> None:
    logs, _, groups, times = too_wide(5)
    followed = follow(logs, np.full(N, np.nan), groups, times, 60)
    assert np.array_equal(followed, logs)


def test_a_handful_of_outcomes_is_no_step() -> None:
    logs, outcome, groups, _ = too_wide(6)
    few = tuple(g[:29] for g in groups)
    assert recent_of(logs[:29], outcome[:29], (few[0], few[1]), 60) is None


def test_a_step_survives_json() -> None:
    logs, outcome, groups, _ = too_wide(7)
    step = recent_of(logs, outcome, groups, 60)
    assert step is not None
    back = Recent.from_json(json.loads(json.dumps(step.to_json())))
    assert np.array_equal(back.apply(logs, groups), step.apply(logs, groups))
