"""Scores of a backtest's table with the plain models beside it, on the same rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.plain import NAMES, VARIANTS, fit_and_forecast, plain_columns
from features.dataset import Dataset
from features.panel import F64, I64
from reelcast.tables import TARGETS
from training.backtest import Origin
from training.metrics import paired_bootstrap, point_scores, score

VIEWS = TARGETS.index("views")


def with_plain(dataset: Dataset, table: pa.Table, at: list[Origin]) -> tuple[pa.Table, list[int]]:
    """The backtest's table with the plain models' forecasts; how many rows each learned from.

    `n_counted` says how many earlier posts with a view count each row has (at most 64).
    """
    asked, outcomes = dataset.ask()
    columns = plain_columns(dataset, asked, dataset.gap_days or 0.0)
    counts = outcomes.counts[:, VIEWS]
    row_of = {post: row for row, post in enumerate(outcomes.post.tolist())}
    number_of = {post_id: post for post, post_id in enumerate(dataset.panel.post_ids)}
    rows = _rows([number_of[post_id] for post_id in table["post_id"].to_pylist()], row_of)
    origin = table["origin"].to_numpy()
    forecasts = {name: np.full(len(rows), np.nan) for name in VARIANTS}
    n_train = []
    for each in at:
        _, learned = dataset.ask(each.start_s)
        train = _rows(learned.post[~np.isnan(learned.counts[:, VIEWS])].tolist(), row_of)
        n_train.append(len(train))
        mine = origin == each.number
        for name, read in VARIANTS.items():
            split = (train, rows[mine])
            forecasts[name][mine] = fit_and_forecast(columns, counts, split, read)
    table = table.append_column("n_counted", pa.array(columns[rows, NAMES.index("n")]))
    for name, values in forecasts.items():
        table = table.append_column(name, pa.array(values))
    return table, n_train


def _rows(posts: list[int], row_of: dict[int, int]) -> I64:
    return np.array([row_of[post] for post in posts], np.int64)


def scored(table: pa.Table) -> dict[str, Any]:
    """The project's own scores, and the plain models' with the model less each."""
    result = score(table)
    y = table["y"].to_numpy()
    creator = np.unique(table["creator_id"].to_pylist(), return_inverse=True)[1]
    result["n_without_last5"] = table["last5_median"].null_count
    for name in VARIANTS:
        forecast = table[name].to_numpy()
        gain = _miss(y, table["q50"].to_numpy()) - _miss(y, forecast)
        result["baselines"][name] = {
            **point_scores(y, forecast, creator),
            "model_less_baseline": paired_bootstrap(gain, creator),
        }
    inside = _inside(table)
    result["model"] |= _coverage(inside, creator)
    tier = np.array(table["tier"].to_pylist())
    for name, of_tier in result["by_tier"].items():
        of_tier |= _coverage(inside[tier == name], creator[tier == name])
    return result


def _coverage(inside: F64, creator: I64) -> dict[str, Any]:
    """How many creators stand behind a coverage, and its 95% interval by resampling them."""
    between = paired_bootstrap(inside, creator)
    return {
        "n_creators": len(np.unique(creator)),
        "coverage_80_95": [between["low"], between["high"]],
    }


def _inside(table: pa.Table) -> F64:
    y, low, high = (table[name].to_numpy() for name in ("y", "q10", "q90"))
    return np.asarray((y >= low) & (y <= high), np.float64)


def by_origin(table: pa.Table, at: list[Origin]) -> list[dict[str, Any]]:
    """Each origin's rows, coverage and log MAE of the model and others: does a gain hold?"""
    return [_of_origin(table.filter(pc.equal(table["origin"], o.number)), o) for o in at]


def _of_origin(table: pa.Table, origin: Origin) -> dict[str, Any]:
    y = table["y"].to_numpy()
    last5 = pc.coalesce(table["last5_median"], table["tier_median"]).to_numpy()
    forecasts = {"model": table["q50"].to_numpy(), "last5_median": last5}
    forecasts |= {name: table[name].to_numpy() for name in VARIANTS}
    miss = {name: _miss(y, forecast) for name, forecast in forecasts.items()}
    creator = np.unique(table["creator_id"].to_pylist(), return_inverse=True)[1]
    return {
        "from": str(np.datetime64(origin.start_s, "s")),
        "n": len(y),
        "median_age_days": float(np.median(table["horizon_days"].to_numpy())),
        "coverage_80": float(_inside(table).mean()),
        **{name: float(values.mean()) for name, values in miss.items()},
        "less_plain": paired_bootstrap(miss["model"] - miss["plain_lightgbm"], creator),
    }


def _miss(y: F64, forecast: F64) -> F64:
    return np.abs(np.log1p(y) - np.log1p(forecast))
