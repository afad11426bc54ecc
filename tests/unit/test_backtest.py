from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from features.dataset import Dataset
from reelcast.errors import NotEnoughDataError
from reelcast.tables import TARGETS
from tests.support import Tables, dataset_of, fast_settings, scraped_once, shuffled, table_of
from training.backtest import Origin, backtest, origins
from training.fit import fit_model
from training.metrics import QUANTILE_COLUMNS, score

SETTINGS = fast_settings()
FIRST = [  # as promised to whoever scores a backtest's file apart
    *("post_id", "creator_id", "published_at", "origin", "n_history", "tier", "y", "last5_median"),
    *("q05", "q10", "q25", "q50", "q75", "q90", "q95", "mean"),
]


@pytest.fixture(scope="module")
def at(dataset: Dataset) -> list[Origin]:
    return origins(dataset, "views", 3)


@pytest.fixture(scope="module")
def predictions(dataset: Dataset, at: list[Origin]) -> pa.Table:
    return backtest(dataset, "views", at, SETTINGS)


def changed(
    tables: Tables, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> Tables:
    return {**tables, name: table_of(name, [change(row) for row in tables[name].to_pylist()])}


def time_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_the_promised_columns_come_first_and_in_their_order(predictions: pa.Table) -> None:
    assert predictions.column_names[: len(FIRST)] == FIRST


def test_counts_are_counts_and_not_logs(predictions: pa.Table, tables: Tables) -> None:
    views = set(tables["post_observations"]["views"].to_pylist())
    assert set(predictions["y"].to_pylist()) <= views
    ratio = np.median(predictions["q50"].to_numpy() / np.maximum(predictions["y"].to_numpy(), 1))
    assert 0.5 < ratio < 2


def test_every_observed_post_of_the_windows_has_one_row(
    predictions: pa.Table, at: list[Origin], tables: Tables
) -> None:
    observed = set(tables["post_observations"]["post_id"].to_pylist())
    expected = [
        row["post_id"]
        for row in tables["posts"].to_pylist()
        if row["post_id"] in observed
        and at[0].start_s <= row["published_at"].timestamp() < at[-1].end_s
    ]
    assert sorted(predictions["post_id"].to_pylist()) == sorted(expected)


def test_each_origin_holds_the_posts_published_in_its_window(
    predictions: pa.Table, at: list[Origin]
) -> None:
    for origin in at:
        own = predictions.filter(pc.equal(predictions["origin"], origin.number))
        times = [time.timestamp() for time in own["published_at"].to_pylist()]
        assert origin.start_s <= min(times)
        assert max(times) < origin.end_s


def test_windows_follow_each_other_and_hold_about_equally_many_posts(
    predictions: pa.Table, at: list[Origin]
) -> None:
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(at))
    sizes = [pc.sum(pc.equal(predictions["origin"], o.number)).as_py() for o in at]
    assert max(sizes) - min(sizes) <= 0.05 * sum(sizes)


def test_quantiles_are_ordered_and_finite(predictions: pa.Table) -> None:
    quantiles = np.column_stack([predictions[name].to_numpy() for name in QUANTILE_COLUMNS])
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (quantiles >= 0).all()


def test_the_same_seed_gives_the_same_table(
    dataset: Dataset, at: list[Origin], predictions: pa.Table
) -> None:
    assert backtest(dataset, "views", at, SETTINGS).equals(predictions)


def test_another_seed_gives_another_table(
    dataset: Dataset, at: list[Origin], predictions: pa.Table
) -> None:
    other = SETTINGS.model_copy(
        update={"training": SETTINGS.training.model_copy(update={"seed": 8})}
    )
    assert not backtest(dataset, "views", at, other).equals(predictions)


def forecasts(dataset: Dataset, origin: Origin) -> bytes:
    table = backtest(dataset, "views", [origin], SETTINGS).sort_by("post_id")
    return b"".join(table[name].to_numpy().tobytes() for name in (*QUANTILE_COLUMNS, "mean"))


def test_counts_observed_after_the_window_change_no_forecast(
    dataset: Dataset, tables: Tables, at: list[Origin]
) -> None:
    """Counts observed after the last decision become noise; outcomes of the test move alone."""
    origin = at[1]
    rng = np.random.default_rng(5)

    def noise(row: dict[str, Any]) -> dict[str, Any]:
        if row["observed_at"].timestamp() < origin.end_s:
            return row
        return {**row, **{target: int(rng.integers(0, 10**7)) for target in TARGETS}}

    perturbed = dataset_of(changed(tables, "post_observations", noise), None)
    assert forecasts(perturbed, origin) == forecasts(dataset, origin)


def test_later_posts_and_followers_change_no_forecast(
    dataset: Dataset, tables: Tables, at: list[Origin]
) -> None:
    end = time_of(at[1].end_s)
    kept = {
        "posts": tables["posts"].filter(pc.less(tables["posts"]["published_at"], end)),
        "post_observations": tables["post_observations"],
        "creator_observations": tables["creator_observations"].filter(
            pc.less(tables["creator_observations"]["observed_at"], end)
        ),
    }
    assert forecasts(dataset_of(kept, None), at[1]) == forecasts(dataset, at[1])


def test_nothing_observed_in_the_window_trains_the_model(
    dataset: Dataset, tables: Tables, at: list[Origin]
) -> None:
    """A first post in the window has no past, so that only a model that saw it could move it."""
    origin = at[1]
    rng = np.random.default_rng(6)

    def noise(row: dict[str, Any]) -> dict[str, Any]:
        if row["observed_at"].timestamp() < origin.start_s:
            return row
        return {**row, **{target: int(rng.integers(0, 10**7)) for target in TARGETS}}

    perturbed = dataset_of(changed(tables, "post_observations", noise), None)
    models = [fit_model(d, origin.start_s, SETTINGS, ["views"]) for d in (dataset, perturbed)]
    texts = [model.forecasters["views"].model.model_to_string() for model in models]
    assert texts[0] == texts[1]
    assert models[0].forecasters["views"].calibration is not None
    shifts = [m.forecasters["views"].calibration.shift for m in models]  # type: ignore[union-attr]
    assert shifts[0].tobytes() == shifts[1].tobytes()


def test_in_hindsight_a_test_posts_own_count_changes_no_forecast(
    hindsight_dataset: Dataset, tables: Tables
) -> None:
    origin = origins(hindsight_dataset, "views", 3)[2]
    last = {
        row["post_id"]
        for row in tables["posts"].to_pylist()
        if row["published_at"].timestamp() >= origin.end_s - 3 * 86_400
    }

    def noise(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "views": 1 + row["views"] * 50} if row["post_id"] in last else row

    perturbed = dataset_of(scraped_once(changed(tables, "post_observations", noise)), 3.0)
    assert forecasts(perturbed, origin) == forecasts(hindsight_dataset, origin)


def test_shuffled_outcomes_leave_no_skill(tables: Tables) -> None:
    """Counts handed out at random among posts: nothing can be learned, nothing must seem to be."""
    dataset = dataset_of(shuffled(scraped_once(tables)), 3.0)
    table = backtest(dataset, "views", origins(dataset, "views", 2), SETTINGS)
    scores = score(table)
    assert scores["baselines"]["tier_median"]["model_less_baseline"]["mean"] > -0.05
    assert abs(scores["model"]["spearman"]) < 0.15
    assert 0.7 < scores["model"]["coverage_80"] < 0.9


def test_on_the_simulated_world_the_model_beats_the_tiers_median(predictions: pa.Table) -> None:
    difference = score(predictions)["baselines"]["tier_median"]["model_less_baseline"]
    assert difference["high"] < 0


def test_progress_tells_the_origins_done_and_in_all(dataset: Dataset, at: list[Origin]) -> None:
    told: list[tuple[int, int]] = []
    backtest(dataset, "views", at[:2], SETTINGS, lambda done, of: told.append((done, of)))
    assert told[-1] == (2, 2)


def first(tables: Tables, n: int) -> Tables:
    return {**tables, "posts": tables["posts"].slice(0, n)}


def test_a_thin_history_cannot_be_split_and_says_what_to_do(tables: Tables) -> None:
    with pytest.raises(NotEnoughDataError, match=r"12 posts.*views.*4 origins.*import more"):
        origins(dataset_of(first(tables, 12), None), "views", 4)


def test_a_target_never_counted_cannot_be_split(tables: Tables) -> None:
    def uncounted(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "saves": None}

    dataset = dataset_of(changed(tables, "post_observations", uncounted), None)
    with pytest.raises(NotEnoughDataError, match="0 posts with known saves"):
        origins(dataset, "saves", 2)


def test_too_little_before_an_origin_to_train_says_what_to_do(tables: Tables) -> None:
    dataset = dataset_of(first(tables, 80), None)
    with pytest.raises(NotEnoughDataError, match=r"too few to train.*at least 60.*import more"):
        backtest(dataset, "views", origins(dataset, "views", 4), SETTINGS)


def test_a_window_without_posts_has_no_rows(dataset: Dataset, at: list[Origin]) -> None:
    """Where many posts share one second, an origin can be empty."""
    empty = Origin(2, at[0].end_s, at[0].end_s)
    table = backtest(dataset, "views", [replace(at[0], number=1), empty], SETTINGS)
    assert table["origin"].unique().to_pylist() == [1]


def test_an_empty_dataset_is_not_enough_data(tables: Tables) -> None:
    none = {name: table.slice(0, 0) for name, table in tables.items()}
    with pytest.raises(NotEnoughDataError, match="0 posts"):
        origins(dataset_of(none, None), "views", 1)


def test_a_horizon_is_the_age_at_which_the_outcome_was_counted(predictions: pa.Table) -> None:
    days = predictions["horizon_days"].to_numpy()
    assert (days > 0).all()
    assert days.max() <= timedelta(days=240) / timedelta(days=1)
