"""Rolling-origin backtest: at each origin, learn the past and forecast what came next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.dataset import Dataset, warn_of_mixture
from features.gather import Questions
from features.panel import F64, I64
from features.questions import Outcomes
from features.state import TIER_NAMES
from reelcast.errors import InputError, NotEnoughDataError
from reelcast.records import QUANTILE_COLUMNS
from reelcast.settings import Settings
from reelcast.table_spec import TIME
from reelcast.tables import TARGETS
from training.fit import fit_model
from training.metrics import crps, rank, score
from training.model import Model
from training.outlook import outlook

BACKTEST_SHARE = 0.4  # the latest share of posts that the origins walk through


@dataclass(frozen=True, slots=True)
class Origin:
    """Posts published from `start_s` until before `end_s` are forecast from what came before."""

    number: int
    start_s: int
    end_s: int


def origins(dataset: Dataset, target: str, n: int, share: float = BACKTEST_SHARE) -> list[Origin]:
    """`n` origins that split the latest share of posts with a known count into equal parts."""
    asked, outcomes = dataset.ask()
    known = ~np.isnan(outcomes.counts[:, TARGETS.index(target)])
    if known.any():
        start_s = int(np.quantile(asked.post_s[known], 1 - share))
        known &= dataset.counts_for(outcomes, start_s)
    published = np.sort(asked.post_s[known])
    if len(published) < 5 * n:
        raise NotEnoughDataError(
            f"{len(published)} posts with known {target} cannot be split at {n} origins: "
            "import more history or ask for fewer"
        )
    edges = np.quantile(published, np.linspace(1 - share, 1, n + 1)).astype(np.int64)
    edges[-1] = published[-1] + 1
    return [Origin(i + 1, int(edges[i]), int(edges[i + 1])) for i in range(n)]


def backtest(
    dataset: Dataset,
    target: str,
    at: list[Origin],
    settings: Settings,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> pa.Table:
    """One row per test post of all origins: outcome, baselines, quantiles and mean (counts).

    An engagement is forecast jointly with views, so those are learned too.
    """
    parts = []
    for origin in at:
        progress(origin.number - 1, len(at))
        model = fit_model(dataset, origin.start_s, settings, list(dict.fromkeys(("views", target))))
        parts.append(forecast_between(dataset, model, target, origin))
    progress(len(at), len(at))
    return pa.concat_tables(parts)


def forecast_between(dataset: Dataset, model: Model, target: str, origin: Origin) -> pa.Table:
    """Forecasts of the posts published in the origin's window whose count is known."""
    if target not in model.forecasters:
        raise NotEnoughDataError(
            f"too few known {target} before {np.datetime64(model.trained_until_s, 's')} to learn "
            "from: import more history, or ask for fewer origins"
        )
    asked, outcomes = dataset.ask()
    index = TARGETS.index(target)
    is_test = (asked.post_s >= origin.start_s) & (asked.post_s < origin.end_s)
    is_test &= dataset.counts_for(outcomes, origin.start_s)
    chosen = np.flatnonzero(is_test & ~np.isnan(outcomes.counts[:, index]))
    return (
        _predict(dataset, model, target, (asked.take(chosen), outcomes.take(chosen)))
        .append_column("origin", pa.array([origin.number] * len(chosen), pa.int32()))
        .select(list(_columns()))
    )


def _predict(
    dataset: Dataset, model: Model, target: str, test: tuple[Questions, Outcomes]
) -> pa.Table:
    asked, outcomes = test
    rows = dataset.rows(asked, model.state)
    index = TARGETS.index(target)
    seen = outlook(model, rows, asked.horizon_days, [target])[target]
    y, logs = outcomes.counts[:, index], seen.log_quantiles
    naive = model.baselines[target].predict(rows, index)
    columns = {
        "post_id": _names(dataset.panel.post_ids[i] for i in outcomes.post),
        "creator_id": _names(dataset.panel.creator_ids[i] for i in asked.creator),
        "published_at": pa.array(asked.post_s * 1_000_000, pa.int64()).cast(TIME),
        "n_history": rows.n_history,
        "tier": _names(TIER_NAMES[t] for t in rows.tier),
        "y": y,
        "last5_median": _nullable(naive["last5_median"]),
        **{name: np.expm1(logs[:, i]) for i, name in enumerate(QUANTILE_COLUMNS)},
        "mean": seen.mean,
        "horizon_days": asked.horizon_days,
        "tier_median": _nullable(naive["tier_median"]),
        "followers_rate": _nullable(naive["followers_rate"]),
        "hindsight": rows.stand_in,
        "crps_log": crps(np.log1p(seen.samples), np.log1p(y)),
        "rank": rank(seen.samples, y),
    }
    return pa.table(columns)


def _columns() -> Iterator[str]:
    yield from ("post_id", "creator_id", "published_at", "origin", "n_history", "tier", "y")
    yield from ("last5_median", *QUANTILE_COLUMNS, "mean")
    yield from ("horizon_days", "tier_median", "followers_rate", "hindsight", "crps_log", "rank")


def _names(values: Iterable[str]) -> pa.Array:
    return pa.array(list(values), pa.string())


def _nullable(values: F64 | I64) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def run_backtest(
    dataset: Dataset,
    target: str,
    n_origins: int,
    settings: Settings,
    out: Path,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """Backtest, write the rows to the Parquet file `out`, and return the scores.

    Raises InputError for a target that is none.
    """
    if out.is_dir():
        raise InputError(f"{out} is a folder: name a file to write, e.g. {out / 'preds.parquet'}")
    if target not in TARGETS:
        raise InputError(f"{target!r} is no target: choose of {', '.join(TARGETS)}")
    at = origins(dataset, target, n_origins)
    warn_of_mixture(dataset, at[0].start_s)
    table = backtest(dataset, target, at, settings, progress)
    table = table.replace_schema_metadata(
        {"target": target, "history": dataset.history, "data_version": dataset.data_version}
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, out)
    return score(table)
