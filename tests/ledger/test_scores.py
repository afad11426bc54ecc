"""Coverage and bias by slice, drift, and the adaptive step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.ledger_adaptive import Level, adapt, follow, keep_levels, kept_levels
from inference.ledger_scores import Resolved, drift, slices
from inference.ledger_store import Ledger
from inference.quantiles import logs_of, score_of
from measurement.intervals import wilson
from tests.ledger.made import forecast, target
from tests.support import NOW

BASE = Resolved(
    forecast_id="f",
    target="views",
    window="7 d",
    tier="micro",
    made_at=NOW.isoformat(),
    source="api",
    due_at=NOW.isoformat(),
    post_id="t:1",
    creator_id="c",
    campaign_id=None,
    median=999.0,
    low=277.0,
    high=3602.0,
    mean=1500.0,
    actual=999.0,
    score=0.0,
    own_score=0.0,
)


def outcomes(scores: np.ndarray, **others: object) -> list[Resolved]:
    """Outcomes at these normal scores of a forecast with standard deviation 1 in logs, each of
    another creator's post where not told otherwise."""
    made = []
    for i, z in enumerate(scores.tolist()):
        whose: dict[str, Any] = {"post_id": f"t:{i}", "creator_id": f"c{i}", **others}
        actual = float(np.expm1(np.log(1000) + z))
        made.append(replace(BASE, actual=actual, score=z, own_score=z, **whose))
    return made


def together(scores: np.ndarray) -> list[Resolved]:
    """Outcomes (n_creators, n_posts) at these normal scores, those of a row of one creator."""
    return [
        of
        for creator, own in enumerate(scores)
        for post, z in enumerate(own)
        for of in outcomes(np.array([z]), creator_id=f"c{creator}", post_id=f"t:{creator}-{post}")
    ]


def hanging_together(n_creators: int, n_posts: int, seed: int) -> np.ndarray:
    """Calibrated scores (n_creators, n_posts): half of their variance is their creator's."""
    rng = np.random.default_rng(seed)
    of_creator = rng.standard_normal((n_creators, 1))
    own = rng.standard_normal((n_creators, n_posts))
    return np.asarray((of_creator + own) / np.sqrt(2))


def test_a_slice_counts_holds_and_misses() -> None:
    (row, *_) = slices(outcomes(np.array([0.0, 1.0, -1.0, 2.0])), {})
    assert (row.n, row.coverage_80) == (4, 0.75)
    assert row.coverage_interval[0] < 0.75 < row.coverage_interval[1]
    assert row.bias_log == pytest.approx(0.5)


def test_bias_is_above_zero_where_forecasts_were_too_low() -> None:
    (row, *_) = slices(outcomes(np.linspace(0.5, 1.5, 50)), {})
    assert row.bias_interval[0] > 0


def test_outcomes_of_one_creator_make_intervals_wider() -> None:
    scores = np.tile([-2.0, 0.0, 0.0, 0.5, 1.0, 2.0], 10)
    (apart, *_), (alike, *_) = (
        slices(outcomes(scores), {}),
        slices(together(scores.reshape(10, 6).T.copy()), {}),
    )
    assert (apart.n, apart.creators, alike.n, alike.creators) == (60, 60, 60, 6)
    assert apart.coverage_interval == wilson(40, 60)
    for interval in ("coverage_interval", "bias_interval"):
        narrow, wide = (np.ptp(getattr(row, interval)) for row in (apart, alike))
        assert wide > 1.5 * narrow


def test_windows_of_one_post_are_not_as_many_outcomes() -> None:
    scores = np.random.default_rng(0).standard_normal(30)
    windows = ("24 h", "72 h", "7 d", "30 d")
    fourfold = [of for window in windows for of in outcomes(scores, window=window)]
    (once, *_), (four, *_) = slices(outcomes(scores), {}), slices(fourfold, {})
    assert (four.n, four.posts, four.creators) == (120, 30, 30)
    assert four.bias_interval == pytest.approx(once.bias_interval)
    assert np.ptp(four.coverage_interval) > 0.95 * np.ptp(once.coverage_interval)


def test_outcomes_of_one_creator_alone_are_taken_by_post() -> None:
    scores = np.random.default_rng(0).standard_normal(30)
    apart, alone = slices(outcomes(scores), {})[0], slices(outcomes(scores, creator_id="c"), {})[0]
    assert (alone.creators, alone.bias_interval) == (1, apart.bias_interval)


def test_posts_of_unknown_creators_stand_for_themselves() -> None:
    (row, *_) = slices(outcomes(np.zeros(5), creator_id=None), {})
    assert row.creators == 5


def test_one_outcome_tells_next_to_nothing() -> None:
    (row, *_) = slices(outcomes(np.zeros(1)), {})
    assert row.coverage_interval[0] < 0.25
    assert row.bias_interval == (-50.0, 50.0)


def test_the_intervals_of_clustered_outcomes_hold_as_often_as_promised() -> None:
    held = [
        slices(together(hanging_together(25, 8, seed)), {})[0].coverage_interval
        for seed in range(200)
    ]
    assert np.mean([low <= 0.8 <= high for low, high in held]) > 0.91


def test_slices_are_by_the_format_of_tagged_posts() -> None:
    mixed = [*outcomes(np.zeros(3)), *outcomes(np.zeros(2), post_id="t:9")]
    rows = slices(mixed, {"t:9": "tutorial"})
    assert [(row.name, row.n) for row in rows if row.by == "format"] == [("tutorial", 2)]


def test_slices_are_by_tier_and_window() -> None:
    mixed = [*outcomes(np.zeros(3)), *outcomes(np.zeros(2), tier="nano")]
    names = {(row.by, row.name): row.n for row in slices(mixed, {})}
    assert names["tier", "nano"] == 2
    assert names["tier", "micro"] == 3
    assert names["window", "7 d"] == 5


def test_nothing_known_is_no_slice_and_no_drift() -> None:
    assert slices([], {}) == []
    assert drift([]) == []


def test_calibrated_outcomes_are_no_drift() -> None:
    assert drift(outcomes(np.random.default_rng(0).standard_normal(100))) == []


def test_calibrated_outcomes_of_few_creators_are_no_drift() -> None:
    alarms = [len(drift(together(hanging_together(12, 8, seed)))) > 0 for seed in range(200)]
    assert np.mean(alarms) < 0.04  # 14 of 100 where each outcome speaks for itself


def test_many_targets_and_windows_are_no_reason_to_warn() -> None:
    rng = np.random.default_rng(0)
    looks = [
        drift(
            [
                of
                for target in ("views", "likes", "comments", "shares", "saves")
                for window in ("24 h", "72 h", "7 d", "30 d")
                for of in outcomes(rng.standard_normal(60), target=target, window=window)
            ]
        )
        for _ in range(40)
    ]
    assert sum(map(bool, looks)) <= 3


def test_a_warning_names_how_many_creators_stand_behind_it() -> None:
    (found,) = drift(together(2 * np.random.default_rng(2).standard_normal((20, 5))))
    assert (found.n, found.posts, found.creators) == (100, 100, 20)
    assert "100 outcomes of 20 creators" in found.words


def test_intervals_that_became_too_narrow_are_a_warning() -> None:
    found = drift(outcomes(2 * np.random.default_rng(1).standard_normal(100)))
    assert [warning.kind for warning in found] == ["coverage"]
    assert "too narrow" in found[0].words


def test_forecasts_that_became_too_low_are_a_warning() -> None:
    found = drift(outcomes(0.7 + np.random.default_rng(1).standard_normal(100)))
    assert "bias" in [warning.kind for warning in found]
    assert any("too low" in warning.words for warning in found)


def test_few_outcomes_are_no_warning() -> None:
    assert drift(outcomes(np.full(10, 5.0))) == []


@pytest.mark.parametrize("spread", [0.6, 1.0, 1.7])
def test_the_step_brings_coverage_back_to_80_percent(spread: float) -> None:
    scores = spread * np.random.default_rng(3).standard_normal(4000)
    level, held = Level(), []
    for score in scores:
        held.append(abs(score) <= level.stretch * 1.2816)
        level = level.step(float(score), 0.02)
    assert np.mean(held[500:]) == pytest.approx(0.8, abs=0.02)
    assert level.stretch == pytest.approx(spread, rel=0.25)


def test_the_step_is_the_same_whenever_it_is_followed() -> None:
    scores = np.random.default_rng(0).standard_normal(50).tolist()
    half = follow(scores[:20], 0.02)
    assert follow(scores[20:], 0.02, half) == follow(scores, 0.02)


def test_an_adapted_forecast_keeps_its_median_and_says_what_was_done() -> None:
    made = forecast()
    (wider,), (done,) = adapt([made], {("views", "7 d"): Level(0.1, 40)})
    before, after = (f.targets["views"].quantiles for f in (made, wider))
    assert after["q50"] == pytest.approx(before["q50"], rel=1e-3)
    assert after["q10"] < before["q10"] < before["q90"] < after["q90"]
    assert done["adapted_from"]["views"]["quantiles"] == before


def test_a_forecast_of_another_window_is_left_alone() -> None:
    made = forecast(horizon_days=30.0)
    assert adapt([made], {("views", "7 d"): Level(0.1, 40)}) == ([made], [{}])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


def test_where_the_step_stands_is_kept(ledger: Ledger) -> None:
    keep_levels(ledger, {("views", "7 d"): Level(0.15, 10)})
    keep_levels(ledger, {("views", "7 d"): Level(0.12, 25)})
    assert kept_levels(ledger) == {("views", "7 d"): Level(0.12, 25)}


def test_a_step_that_stands_elsewhere_after_as_many_outcomes_is_kept(ledger: Ledger) -> None:
    for alpha in (0.15, 0.12, 0.15):
        keep_levels(ledger, {("views", "7 d"): Level(alpha, 10)})
        assert kept_levels(ledger) == {("views", "7 d"): Level(alpha, 10)}


def test_a_step_that_did_not_move_is_not_kept_again(ledger: Ledger) -> None:
    kept = [keep_levels(ledger, {("views", "7 d"): Level(0.15, 10)}) for _ in range(2)]
    assert kept == [1, 0]


def test_a_score_is_the_inverse_of_a_quantile() -> None:
    logs = logs_of(target().quantiles)
    for z in (-3.0, -1.5, 0.0, 0.4, 2.5):
        count = float(np.expm1(np.log1p(1000.0) + z))
        assert score_of(logs, count) == pytest.approx(z, abs=1e-3)


def test_a_forecast_without_width_still_has_scores() -> None:
    logs = np.zeros(7)
    assert score_of(logs, 0.0) == pytest.approx(0.0, abs=2.0)
    assert score_of(logs, 10.0) > 2


def test_no_count_where_most_of_the_distribution_is_at_none_is_inside() -> None:
    logs = np.log1p([0.0, 0.0, 0.0, 0.0, 1.0, 3.0, 5.0])
    assert score_of(logs, 0.0) == 0.0
    assert replace(BASE, score=score_of(np.log1p([0.0, 0, 0, 1, 2, 3, 4]), 0.0)).held


def test_counts_that_equal_the_median_are_no_bias() -> None:
    many_ties = np.concatenate([np.zeros(80), np.full(10, 0.5), np.full(10, -0.5)])
    assert "bias" not in [warning.kind for warning in drift(outcomes(many_ties))]
