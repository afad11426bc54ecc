"""One row per question: the same code for a training table and for a live request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from features import blocks, history, shared
from features.context import Context
from features.gather import Past, Questions, followers_before, gather, kinds_asked, tier_followers
from features.panel import F64, I64, Panel
from features.state import State, tier_index
from reelcast.tables import TARGETS

_ARRAYS = (
    "values",
    "creator",
    "tier",
    "followers",
    "n_history",
    "stand_in",
    "level",
    "last5_median",
    "prior",
)
_CHUNK = 4096  # questions at once: bounds memory at about 200 MB


@dataclass(frozen=True, slots=True)
class Rows:
    """Features (n, n_columns) float64 by name, and what reports and baselines need beside them."""

    names: tuple[str, ...]
    values: F64
    creator: I64  # (n,) index into the panel's creators
    tier: I64  # (n,) index into TIER_NAMES
    followers: F64  # (n,) for tier and baseline: see features.gather.tier_followers
    n_history: I64  # (n,) earlier posts seen (at most 64)
    stand_in: F64  # (n,) share of them seen only in hindsight, 0 without history
    level: F64  # (n, 5) log: the fading mean of grown counts that the models start from
    last5_median: F64  # (n, 5) counts, NaN without history
    prior: F64  # (n, 5) the typical mature count of such creators (State.prior_log)

    def __len__(self) -> int:
        return len(self.values)

    def pick(self, columns: tuple[str, ...]) -> F64:
        """The values of these columns, (n, len(columns))."""
        return self.values[:, _positions(self.names, columns)]

    def take(self, rows: I64) -> Rows:
        """The rows at indices (k,)."""
        return Rows(self.names, *(getattr(self, name)[rows] for name in _ARRAYS))


@lru_cache(maxsize=64)
def _positions(names: tuple[str, ...], columns: tuple[str, ...]) -> list[int]:
    at = {name: i for i, name in enumerate(names)}
    return [at[name] for name in columns]


@lru_cache(maxsize=64)
def column_names(
    extra: tuple[str, ...] = (), targets: tuple[str, ...] = TARGETS
) -> tuple[str, ...]:
    """All columns in their order, with those of blocks (features.blocks.names) at the end."""
    levels = [f"{target}_{name}" for target in targets for name in history.COLUMNS]
    return (*levels, *shared.COLUMNS, *extra)


def build_rows(
    panel: Panel,
    asked: Questions,
    state: State,
    gap_days: float | None,
    targets: tuple[str, ...] = TARGETS,
) -> Rows:
    """The rows of `asked`; `panel.vectors`, `panel.shown`, `asked.vectors` are the state's columns.

    `gap_days`: see `features.gather.gather`. Level columns are built of `targets` alone.
    """
    chunks = [
        _build(panel, asked.take(slice(at, at + _CHUNK)), state, (gap_days, targets))
        for at in range(0, max(1, len(asked)), _CHUNK)
    ]
    if len(chunks) == 1:
        return chunks[0]
    return Rows(
        chunks[0].names, *(np.concatenate([getattr(c, name) for c in chunks]) for name in _ARRAYS)
    )


def _build(
    panel: Panel, asked: Questions, state: State, how: tuple[float | None, tuple[str, ...]]
) -> Rows:
    gap_days, targets = how
    past = gather(panel, asked, gap_days)
    for_tier = tier_followers(panel, asked, gap_days)
    tier = tier_index(for_tier)
    prior_log = state.prior_log(for_tier, kinds_asked(panel, asked))
    known = {t: _known(past, state, prior_log, t) for t in dict.fromkeys(("views", *targets))}
    levels = [column(known[t]) for t in targets for column in history.COLUMNS.values()]
    seen_by = Context(asked, past, known["views"], state, panel, followers_before(panel, asked))
    of_all = [column(seen_by) for column in shared.COLUMNS.values()]
    n_seen = past.seen.sum(axis=1)
    return Rows(
        column_names(blocks.names(state), targets),
        np.column_stack([*levels, *of_all, *blocks.columns(seen_by)]),
        asked.creator,
        tier,
        for_tier,
        n_seen,
        past.stand_in.sum(axis=1) / np.maximum(n_seen, 1),
        _by_target(targets, len(asked), lambda t: history.fading_mean(known[t])),
        _by_target(targets, len(asked), lambda t: _last5_median(past, t)),
        np.expm1(prior_log),
    )


def _by_target(targets: tuple[str, ...], n: int, column: Callable[[str], F64]) -> F64:
    """(n, 5) with the column of each asked target, NaN for the others."""
    values = np.full((n, len(TARGETS)), np.nan)
    for target in targets:
        values[:, TARGETS.index(target)] = column(target)
    return values


def _known(past: Past, state: State, prior_log: F64, target: str) -> history.Known:
    index = TARGETS.index(target)
    prior = history.Prior(prior_log[:, index], float(state.prior_ratio[index]))
    share = state.growth.log_share(past.observed_age_days)
    grown = np.log1p(past.counts[:, :, index]) - share
    return history.known_of(grown, past.age_days, prior)


def _last5_median(past: Past, target: str) -> F64:
    """The naive baseline (n,): the median of the last five known counts, as they stood."""
    plain = history.Prior(np.full(len(past.seen), np.nan), 1.0)
    counts = past.counts[:, :, TARGETS.index(target)]
    return history.last5_median(history.known_of(counts, past.age_days, plain))
