"""What is believed of differences, and which of many duels may be called clear."""

from __future__ import annotations

import numpy as np
import pytest

from inference.duels import (
    FALSE_SHARE,
    called,
    content_part,
    forecast_part,
    sign_error,
    tells_apart,
)

SKILL = {"n_creators": 40, "low": 0.55, "slope": 0.8, "slope_error": 0.1}


def test_the_tested_share_of_a_difference_is_believed() -> None:
    made = forecast_part(np.array([1.0, 3.0]), SKILL)
    assert made.believed.tolist() == pytest.approx([-0.8, 0.8])
    assert made.draws.mean(axis=0) == pytest.approx(made.believed, abs=0.02)


@pytest.mark.parametrize(
    "other", [{"low": 0.5}, {"n_creators": 9}, {"slope_error": None}, {"slope": -0.3}]
)
def test_nothing_is_believed_where_tests_do_not_tell_apart(other: dict[str, float | None]) -> None:
    assert not forecast_part(np.array([1.0, 3.0]), {**SKILL, **other}).believed.any()


def test_an_untested_model_tells_nothing_apart() -> None:
    assert not tells_apart(None)
    assert not tells_apart({})


def test_no_content_adds_nothing() -> None:
    made = forecast_part(np.array([1.0, 3.0]), SKILL)
    both = made + content_part(None, None, 2)
    assert np.array_equal(both.draws, made.draws)


def test_a_surer_slope_has_a_smaller_sign_error() -> None:
    errors = []
    for error in (0.1, 0.8):
        draws = forecast_part(np.array([1.0, 3.0]), {**SKILL, "slope_error": error}).draws
        errors.append(sign_error(draws[:, 1] - draws[:, 0]))
    assert errors[0] < 0.001 < errors[1] == pytest.approx(0.16, abs=0.02)


def test_of_the_duels_called_about_so_many_point_the_wrong_way_as_is_said() -> None:
    """Truths are drawn from what is believed: effects as large as their errors, 45 a look."""
    rng = np.random.default_rng(1)
    wrong = total = 0
    for _ in range(100):
        truth = rng.normal(0, 0.3, 45)
        seen = 0.5 * (truth + rng.normal(0, 0.3, 45))
        draws = seen + np.sqrt(0.5) * 0.3 * rng.standard_normal((1000, 45))
        clear = np.array(called(np.array([sign_error(of) for of in draws.T])))
        wrong += int((np.sign(seen[clear]) != np.sign(truth[clear])).sum())
        total += int(clear.sum())
    assert total > 500
    assert wrong / total == pytest.approx(FALSE_SHARE, abs=0.02)
