"""Coverage and bias by slice, drift, and the adaptive step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.ledger_adaptive import Level, adapt, follow, keep_levels, kept_levels
from inference.ledger_scores import Resolved, drift, slices
from inference.ledger_store import Ledger
from inference.quantiles import logs_of, score_of
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
    """Outcomes at these normal scores of a forecast with standard deviation 1 in logs."""
    return [
        replace(BASE, actual=float(np.expm1(np.log(1000) + z)), score=z, own_score=z, **others)
        for z in scores.tolist()
    ]


def test_a_slice_counts_holds_and_misses() -> None:
    (row, *_) = slices(outcomes(np.array([0.0, 1.0, -1.0, 2.0])), {})
    assert (row.n, row.coverage_80) == (4, 0.75)
    assert row.coverage_interval[0] < 0.75 < row.coverage_interval[1]
    assert row.bias_log == pytest.approx(0.5)


def test_bias_is_above_zero_where_forecasts_were_too_low() -> None:
    (row, *_) = slices(outcomes(np.linspace(0.5, 1.5, 50)), {})
    assert row.bias_interval[0] > 0


def test_slices_are_by_the_format_of_tagged_posts() -> None:
    mixed = [*outcomes(np.zeros(3)), *outcomes(np.zeros(2), post_id="t:2")]
    rows = slices(mixed, {"t:2": "tutorial"})
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
