"""Posts of the rolling backtest with their joint forecasts: what campaigns are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.splits import load, settings_with
from features.dataset import Dataset
from features.panel import F64, I64
from reelcast.tables import TARGETS
from training.backtest import Origin, origins
from training.fit import fit_model
from training.joint import Rate
from training.outlook import outlook

ORIGINS = 4


@dataclass(frozen=True, slots=True)
class Posts:
    """Test posts of all origins (n,): quantiles of log1p counts (n, 7) and counts by target.

    `rates` are those of each origin's model, by its number.
    """

    logs: dict[str, F64]
    counts: dict[str, F64]
    creator: I64
    origin: I64
    published_s: I64
    n_history: I64
    rates: dict[int, Mapping[str, Rate]]

    def __len__(self) -> int:
        return len(self.creator)


def posts_of(name: str, folder: Path, text: str = "never") -> Posts:
    """The posts of a collection, each forecast from what came before its origin."""
    dataset = load(name, folder, text)
    parts = [_forecast(dataset, origin, text) for origin in origins(dataset, "views", ORIGINS)]
    targets = [t for t in TARGETS if all(t in part.logs for part in parts)]
    return Posts(
        {t: np.concatenate([part.logs[t] for part in parts]) for t in targets},
        {t: np.concatenate([part.counts[t] for part in parts]) for t in targets},
        _joined([part.creator for part in parts]),
        _joined([part.origin for part in parts]),
        _joined([part.published_s for part in parts]),
        _joined([part.n_history for part in parts]),
        {number: rates for part in parts for number, rates in part.rates.items()},
    )


def _joined(parts: Sequence[I64]) -> I64:
    return np.concatenate(parts).astype(np.int64)


def _forecast(dataset: Dataset, origin: Origin, text: str) -> Posts:
    model = fit_model(dataset, origin.start_s, settings_with(text))
    asked, outcomes = dataset.ask()
    is_test = (asked.post_s >= origin.start_s) & (asked.post_s < origin.end_s)
    is_test &= dataset.counts_for(outcomes) & ~np.isnan(outcomes.counts[:, 0])
    chosen = np.flatnonzero(is_test)
    asked, outcomes = asked.take(chosen), outcomes.take(chosen)
    rows = dataset.rows(asked, model.state)
    seen = outlook(model, rows, asked.horizon_days, list(model.forecasters))
    print(f"  origin {origin.number}: {len(chosen)} posts", flush=True)
    return Posts(
        {t: of.log_quantiles for t, of in seen.items()},
        {t: outcomes.counts[:, TARGETS.index(t)] for t in seen},
        asked.creator,
        np.full(len(chosen), origin.number),
        asked.post_s,
        rows.n_history,
        {origin.number: model.rates},
    )
