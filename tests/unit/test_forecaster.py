from __future__ import annotations

import itertools
from copy import copy
from typing import Any

import lightgbm
import numpy as np
import pytest
from scipy import stats

from features import text
from features.dataset import Dataset
from features.growth import Growth, curve_doubt
from features.panel import F64
from features.rows import Rows
from reelcast.errors import NotEnoughDataError
from reelcast.records import QUANTILES
from tests.support import FAST, fitted_state
from training.forecaster import MEDIAN, TargetForecaster, columns_of, mean_of, widened
from training.heads import fit_heads, merge_heads, one_head

COLUMNS = columns_of("views")


@pytest.fixture(scope="module")
def known(dataset: Dataset) -> tuple[Rows, F64, F64]:
    """Rows, mature log views and horizons of all posts."""
    asked, outcomes = dataset.ask()
    rows = dataset.rows(asked, fitted_state(dataset))
    return rows, outcomes.mature_log(Growth())[:, 0], asked.horizon_days


@pytest.fixture(scope="module")
def heads(known: tuple[Rows, F64, F64]) -> list[Any]:
    rows, log, _ = known
    return fit_heads(rows.pick(COLUMNS), log - rows.level[:, 0], COLUMNS, FAST)


@pytest.fixture(scope="module")
def fitted(known: tuple[Rows, F64, F64]) -> TargetForecaster:
    rows, log, _ = known
    older, latest = np.arange(900), np.arange(900, len(rows))
    forecaster = TargetForecaster("views", COLUMNS, Growth()).fit(
        rows.take(older), log[older], FAST
    )
    return forecaster.calibrate(rows.take(latest), log[latest], FAST.min_tier_rows)


def test_merged_heads_answer_as_each_alone_bit_for_bit(
    heads: list[Any], known: tuple[Rows, F64, F64]
) -> None:
    values = known[0].pick(COLUMNS)
    merged = np.asarray(merge_heads(heads).predict(values))
    for index, head in enumerate(heads):
        assert merged[:, index].tobytes() == head.predict(values).tobytes()


def test_a_head_taken_out_answers_as_it_did_alone(
    heads: list[Any], known: tuple[Rows, F64, F64]
) -> None:
    values = known[0].pick(COLUMNS)
    merged = merge_heads(heads)
    for index, head in enumerate(heads):
        assert one_head(merged, index).predict(values).tobytes() == head.predict(values).tobytes()


def test_merged_heads_survive_their_text_format(
    heads: list[Any], known: tuple[Rows, F64, F64]
) -> None:
    values = known[0].pick(COLUMNS)
    merged = merge_heads(heads)
    back = lightgbm.Booster(model_str=merged.model_to_string())
    assert back.predict(values).tobytes() == merged.predict(values).tobytes()


def test_unequal_heads_merge_and_forecast_as_before(known: tuple[Rows, F64, F64]) -> None:
    rows, log, _ = known
    short = FAST.model_copy(update={"trees": 10})
    values = rows.pick(COLUMNS)
    heads = [fit_heads(values, log, COLUMNS, settings)[0] for settings in (FAST, short)]
    merged = merge_heads(heads).predict(values)
    for column, head in enumerate(heads):
        assert (merged[:, column] == head.predict(values)).all()


def test_predicting_before_fitting_is_an_error(known: tuple[Rows, F64, F64]) -> None:
    with pytest.raises(RuntimeError, match="before predict"):
        TargetForecaster("views", COLUMNS, Growth()).predict(known[0], known[2])


def test_calibrating_before_fitting_is_an_error(known: tuple[Rows, F64, F64]) -> None:
    with pytest.raises(RuntimeError, match="fit before"):
        TargetForecaster("views", COLUMNS, Growth()).calibrate(known[0], known[1], 60)


def test_predicting_before_calibrating_is_an_error(known: tuple[Rows, F64, F64]) -> None:
    forecaster = TargetForecaster("views", COLUMNS, Growth()).fit(known[0], known[1], FAST)
    with pytest.raises(RuntimeError, match="calibrate before predict"):
        forecaster.predict(known[0], known[2])


def test_too_few_rows_say_how_many_are_needed(known: tuple[Rows, F64, F64]) -> None:
    few = np.arange(59)
    with pytest.raises(NotEnoughDataError, match=r"59 posts.*at least 60.*import more"):
        TargetForecaster("views", COLUMNS, Growth()).fit(known[0].take(few), known[1][few], FAST)


def test_quantiles_never_cross_and_are_never_below_zero(
    fitted: TargetForecaster, known: tuple[Rows, F64, F64]
) -> None:
    rows, _, _ = known
    for age in (0.05, 1.0, 30.0, 365.0):
        logs = fitted.predict(rows, np.full(len(rows), age))
        assert logs.shape == (len(rows), len(QUANTILES))
        assert (np.diff(logs, axis=1) >= 0).all()
        assert (logs >= 0).all()


def test_the_median_forecast_of_one_row_grows_with_the_age(
    fitted: TargetForecaster, known: tuple[Rows, F64, F64]
) -> None:
    """The same features at growing ages: the growth curve alone moves the median."""
    row = known[0].take(np.arange(50))
    medians = [fitted.predict(row, np.full(50, age))[:, MEDIAN] for age in (0.5, 1, 3, 7, 14, 30)]
    assert all((later >= earlier).all() for earlier, later in itertools.pairwise(medians))


def test_an_age_younger_than_all_learned_from_widens_the_interval(
    fitted: TargetForecaster, known: tuple[Rows, F64, F64]
) -> None:
    rows, _, _ = known
    width = {}
    for age in (0.2, 30.0):
        logs = fitted.predict(rows, np.full(len(rows), age))
        width[age] = (logs[:, 5] - logs[:, 1]).mean()
    assert width[0.2] > width[30.0]


def test_where_the_curve_was_not_measured_young_ages_are_wider_still(
    fitted: TargetForecaster, known: tuple[Rows, F64, F64]
) -> None:
    """With a doubt of .2 an age e times younger than all learned from adds .2 of noise."""
    doubting = copy(fitted)
    doubting.curve_doubt = 0.2
    rows, _, _ = known
    for age in (fitted.youngest_days / np.e, fitted.youngest_days, 60.0):
        ages = np.full(len(rows), age)
        sure, made = fitted.predict(rows, ages), doubting.predict(rows, ages)
        assert np.array_equal(sure[:, MEDIAN], made[:, MEDIAN])
        assert (np.diff(made, axis=1) >= 0).all()
        wider = (made[:, 5] - made[:, 1]).mean() > (sure[:, 5] - sure[:, 1]).mean()
        assert wider == (age < fitted.youngest_days)


def test_pairs_of_counts_take_the_curves_doubt_away() -> None:
    doubts = [curve_doubt(n) for n in (0, 50, 5000)]
    assert doubts[0] == 0.2
    assert doubts[1] == pytest.approx(0.2 / np.sqrt(2))
    assert doubts[2] < 0.021


def test_growth_unlike_the_curve_is_covered_in_the_mean_over_collections() -> None:
    """Collections whose slopes truly vary by .2: one day, asked of a model that knows 30 days on.

    Each collection's posts all miss alike, so a single one may be covered badly.
    """
    rng = np.random.default_rng(3)
    logs = 8 + 1.2 * stats.norm.ppf(np.array(QUANTILES))[None, :]
    noise = 0.6
    held: dict[float, list[float]] = {0.0: [], curve_doubt(0): []}
    for _ in range(400):
        slope = 0.2 * rng.normal()
        after = 8 + 1.2 * rng.normal(size=200) + noise * rng.normal(size=200) + slope * np.log(30)
        for doubt, of in held.items():
            made = widened(logs, np.hypot(noise, doubt * np.log(30))[None], np.zeros(1))
            of.append(((after >= made[0, 1]) & (after <= made[0, 5])).mean())
    without, with_doubt = (float(np.mean(of)) for of in held.values())
    assert without < 0.77
    assert with_doubt == pytest.approx(0.8, abs=0.015)


def test_contributions_and_a_constant_add_up_to_the_median_head(
    fitted: TargetForecaster, known: tuple[Rows, F64, F64]
) -> None:
    rows = known[0].take(np.arange(40))
    head = one_head(fitted.model, MEDIAN).predict(rows.pick(COLUMNS))
    rest = head - fitted.contributions(rows).sum(axis=1)
    assert np.ptp(rest) == pytest.approx(0, abs=1e-9)


def test_importance_has_a_number_for_each_column(fitted: TargetForecaster) -> None:
    assert fitted.importance().shape == (len(COLUMNS),)
    assert fitted.importance().sum() > 0


def test_a_model_reads_its_own_levels_and_no_other_targets() -> None:
    others = ("likes", "comments", "shares", "saves")
    assert all(not name.startswith(tuple(f"{t}_" for t in others)) for name in COLUMNS)
    assert len(set(COLUMNS)) == len(COLUMNS)


def test_without_components_no_text_is_read() -> None:
    assert not [name for name in COLUMNS if name.startswith("text_")]
    assert len(columns_of("views", text.names(8))) == len(COLUMNS) + 10


def test_the_mean_of_a_log_normal_lies_within_a_twentieth_of_the_true_one() -> None:
    for sd in (0.3, 0.8):
        logs = 8 + sd * stats.norm.ppf(np.array(QUANTILES))[None, :]
        assert mean_of(logs)[0] == pytest.approx(np.exp(8 + sd**2 / 2), rel=0.05)
