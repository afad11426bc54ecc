"""What a trained bundle must do whatever its weights: invariance, direction, minimum function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.dataset import Dataset
from features.panel import F64
from reelcast.settings import Settings
from reelcast.simulated import World
from reelcast.tables import TARGETS
from tests.support import DATA_TABLES, NOW, Tables, dataset_of, fast_settings, table_of
from training.backtest import forecast_between, origins
from training.fit import Model, fit_model
from training.forecaster import MEDIAN
from training.metrics import score

CUT_S = int(NOW.timestamp()) - 60 * 86_400


@pytest.fixture(scope="module")
def settings() -> Settings:
    return fast_settings()


@pytest.fixture(scope="module")
def model(dataset: Dataset, settings: Settings) -> Model:
    return fit_model(dataset, CUT_S, settings)


@pytest.fixture(scope="module")
def tested(dataset: Dataset, model: Model) -> pa.Table:
    window = replace(origins(dataset, "views", 1)[0], start_s=CUT_S)
    return forecast_between(dataset, model, "views", window)


def changed(tables: Tables, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Tables:
    return {
        name: table_of(name, [change(row) for row in tables[name].to_pylist()])
        for name in DATA_TABLES
    }


def forecasts(model: Model, tables: Tables, target: str = "views") -> dict[str, F64]:
    """Quantiles of log1p counts at 30 days by post id, of the posts after the cut."""
    dataset = dataset_of(tables, None)
    asked, outcomes = dataset.ask()
    chosen = np.flatnonzero(asked.post_s >= CUT_S)
    asked = replace(asked.take(chosen), horizon_days=np.full(len(chosen), 30.0))
    logs = model.forecasters[target].predict(dataset.rows(asked, model.state), asked.horizon_days)
    ids = [dataset.panel.post_ids[i] for i in outcomes.post[chosen]]
    return dict(zip(ids, logs, strict=True))


@pytest.fixture(scope="module")
def before(model: Model, tables: Tables) -> dict[str, F64]:
    return forecasts(model, tables)


def test_a_creators_name_changes_no_forecast(
    model: Model, tables: Tables, before: dict[str, F64]
) -> None:
    def renamed(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "creator_id": row["creator_id"][::-1]} if "creator_id" in row else row

    after = forecasts(model, changed(tables, renamed))
    assert all(np.allclose(after[post], own, atol=1e-9) for post, own in before.items())


def test_a_posts_name_changes_no_forecast(
    model: Model, tables: Tables, before: dict[str, F64]
) -> None:
    def renamed(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "post_id": f"x{row['post_id']}"} if "post_id" in row else row

    after = forecasts(model, changed(tables, renamed))
    assert all(np.allclose(after[f"x{post}"], own, atol=1e-9) for post, own in before.items())


def test_a_caption_changes_no_forecast_of_a_model_without_text_but_by_its_length(
    model: Model, tables: Tables, before: dict[str, F64]
) -> None:
    def reworded(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "caption": row["caption"].swapcase()} if "caption" in row else row

    after = forecasts(model, changed(tables, reworded))
    assert all(np.allclose(after[post], own, atol=1e-9) for post, own in before.items())


def times_past_views(tables: Tables, factor: float) -> Tables:
    def scaled(row: dict[str, Any]) -> dict[str, Any]:
        return {**row, "views": int(row["views"] * factor)} if "views" in row else row

    return changed(tables, scaled)


def with_history(before: dict[str, F64], tested: pa.Table) -> list[str]:
    known = tested["n_history"].to_numpy() >= 5
    return [post for post, keep in zip(tested["post_id"].to_pylist(), known, strict=True) if keep]


def test_a_creator_whose_past_views_all_double_gets_a_higher_median(
    model: Model, tables: Tables, before: dict[str, F64], tested: pa.Table
) -> None:
    after = forecasts(model, times_past_views(tables, 2))
    gains = [after[p][MEDIAN] - before[p][MEDIAN] for p in with_history(before, tested)]
    assert min(gains) > 0
    assert np.median(gains) == pytest.approx(np.log(2), abs=0.2)


def test_a_creator_whose_past_views_all_halve_gets_a_lower_median(
    model: Model, tables: Tables, before: dict[str, F64], tested: pa.Table
) -> None:
    after = forecasts(model, times_past_views(tables, 0.5))
    assert all(after[p][MEDIAN] < before[p][MEDIAN] for p in with_history(before, tested))


def test_a_creator_without_posts_is_forecast_from_the_tier_with_a_wider_interval(
    model: Model, dataset: Dataset, before: dict[str, F64], tested: pa.Table
) -> None:
    asked, _ = dataset.ask()
    asked = asked.take(np.flatnonzero(asked.post_s >= CUT_S))
    unknown = replace(
        asked, creator=np.full(len(asked), -1), horizon_days=np.full(len(asked), 30.0)
    )
    logs = model.forecasters["views"].predict(
        dataset.rows(unknown, model.state), unknown.horizon_days
    )
    assert np.isfinite(logs).all()
    known = np.array([before[post] for post in with_history(before, tested)])
    assert (logs[:, 5] - logs[:, 1]).mean() > (known[:, 5] - known[:, 1]).mean()


def test_quantiles_never_cross_for_any_target(model: Model, tables: Tables) -> None:
    for target in TARGETS:
        logs = np.array(list(forecasts(model, tables, target).values()))
        assert (np.diff(logs, axis=1) >= 0).all()


def test_likes_are_forecast_below_views(
    model: Model, tables: Tables, before: dict[str, F64]
) -> None:
    likes = forecasts(model, tables, "likes")
    assert all(likes[post][MEDIAN] < own[MEDIAN] for post, own in before.items())


def test_the_80_percent_interval_covers_70_to_90_percent(tested: pa.Table) -> None:
    assert tested.num_rows > 250
    assert 0.7 < score(tested)["model"]["coverage_80"] < 0.9


def test_the_model_is_no_worse_than_the_naive_baselines(tested: pa.Table) -> None:
    for name, scores in score(tested)["baselines"].items():
        assert scores["model_less_baseline"]["mean"] < 0.02, name


def test_the_median_lies_near_the_truth_that_the_world_knows(
    tested: pa.Table, world: World
) -> None:
    """Against each post's true median: no bias beyond a tenth, as the outcome's noise allows."""
    truth = {f"{post.platform}:{post.post_id}": post.true_log_median for post in world.posts}
    old = tested["horizon_days"].to_numpy() > 14
    misses = [
        np.log1p(row["q50"]) - truth[row["post_id"]]
        for row, keep in zip(tested.to_pylist(), old, strict=True)
        if keep and row["n_history"] >= 5
    ]
    assert len(misses) > 100
    assert abs(np.median(misses)) < 0.15


def test_the_80_percent_interval_of_an_outcome_holds_nearly_all_true_medians(
    tested: pa.Table, world: World
) -> None:
    truth = {f"{post.platform}:{post.post_id}": post.true_log_median for post in world.posts}
    rows = [row for row in tested.to_pylist() if row["horizon_days"] > 14 and row["n_history"] >= 5]
    inside = [row["q10"] <= np.exp(truth[row["post_id"]]) <= row["q90"] for row in rows]
    assert np.mean(inside) > 0.88
