"""Posts of the rolling backtest with their joint forecasts: what campaigns are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.splits import load, settings_with
from features.dataset import Dataset
from features.panel import F64, I64
from reelcast.tables import TARGETS
from training.backtest import Origin, origins
from training.fit import fit_model
from training.joint import MEDIAN, Rate
from training.outlook import outlook

ORIGINS = 4


@dataclass(frozen=True)
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
    age_days: F64
    rates: dict[int, Mapping[str, Rate]]

    def __len__(self) -> int:
        return len(self.creator)

    @cached_property
    def medians(self) -> dict[str, F64]:
        """Counts (n,) by target."""
        return {target: np.expm1(of[:, MEDIAN]) for target, of in self.logs.items()}

    @cached_property
    def rows_by_creator(self) -> list[list[I64]]:
        """For each origin the rows of each of its creators."""
        return [
            by_creator(np.flatnonzero(self.origin == origin), self.creator)
            for origin in np.unique(self.origin)
        ]


def by_creator(rows: I64, creator: I64) -> list[I64]:
    """Those rows in a group for each creator."""
    rows = rows[np.argsort(creator[rows], kind="stable")]
    return np.split(rows, np.flatnonzero(np.diff(creator[rows])) + 1)


def draw_campaign(posts: Posts, size: int, rng: np.random.Generator) -> I64:
    """The rows of one post each of so many different creators of one origin."""
    creators = posts.rows_by_creator[rng.integers(len(posts.rows_by_creator))]
    chosen = [creators[i] for i in rng.choice(len(creators), size, replace=False)]
    return np.array([own[rng.integers(len(own))] for own in chosen], np.int64)


def posts_of(name: str, folder: Path, targets: Sequence[str], text: str = "never") -> Posts:
    """The posts of a collection, each forecast from what came before its origin.

    Of the `targets`, views first, those that most posts know.
    """
    dataset, asked = load(name, folder, text), (targets, text)
    parts = [_forecast(dataset, origin, asked) for origin in origins(dataset, "views", ORIGINS)]
    known = [t for t in targets if all(_is_usual(part, t) for part in parts)]
    return _with_all(known, parts)


def _is_usual(part: Posts, target: str) -> bool:
    """Whether a target is forecast and known of most posts."""
    return target in part.logs and float(np.isnan(part.counts[target]).mean()) < 0.1


def _with_all(targets: Sequence[str], parts: Sequence[Posts]) -> Posts:
    """The parts' posts that know all of these counts."""
    joined = _join(targets, parts)
    known = ~np.isnan(np.column_stack(list(joined.counts.values()))).any(axis=1)
    return Posts(
        {t: of[known] for t, of in joined.logs.items()},
        {t: of[known] for t, of in joined.counts.items()},
        *(of[known] for of in (joined.creator, joined.origin, joined.published_s)),
        joined.n_history[known],
        joined.age_days[known],
        joined.rates,
    )


def _join(targets: Sequence[str], parts: Sequence[Posts]) -> Posts:
    return Posts(
        {t: np.concatenate([part.logs[t] for part in parts]) for t in targets},
        {t: np.concatenate([part.counts[t] for part in parts]) for t in targets},
        _joined([part.creator for part in parts]),
        _joined([part.origin for part in parts]),
        _joined([part.published_s for part in parts]),
        _joined([part.n_history for part in parts]),
        np.concatenate([part.age_days for part in parts]),
        {number: rates for part in parts for number, rates in part.rates.items()},
    )


def _joined(parts: Sequence[I64]) -> I64:
    return np.concatenate(parts).astype(np.int64)


def _forecast(dataset: Dataset, origin: Origin, asked_for: tuple[Sequence[str], str]) -> Posts:
    targets, text = asked_for
    model = fit_model(dataset, origin.start_s, settings_with(text), targets)
    asked, outcomes = dataset.ask()
    is_test = (asked.post_s >= origin.start_s) & (asked.post_s < origin.end_s)
    is_test &= dataset.counts_for(outcomes, origin.start_s) & ~np.isnan(outcomes.counts[:, 0])
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
        asked.horizon_days,
        {origin.number: model.rates},
    )
