"""One row per question: the same code for a training table and for a live request."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features import history, shared
from features.gather import Past, Questions, followers_before, followers_for_tier, gather
from features.growth import log_growth
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
    followers: F64  # (n,) for tier and baseline: as of the decision, else the first count after
    n_history: I64  # (n,) earlier posts seen (at most 64)
    stand_in: F64  # (n,) share of them seen only in hindsight, 0 without history
    level: F64  # (n, 5) log: the fading mean of grown counts that the models start from
    last5_median: F64  # (n, 5) counts, NaN without history
    prior: F64  # (n, 5) the tier's typical mature count

    def __len__(self) -> int:
        return len(self.values)

    def pick(self, columns: tuple[str, ...]) -> F64:
        """The values of these columns, (n, len(columns))."""
        return self.values[:, [self.names.index(name) for name in columns]]

    def take(self, rows: I64) -> Rows:
        """The rows at indices (k,)."""
        return Rows(self.names, *(getattr(self, name)[rows] for name in _ARRAYS))


def column_names(n_components: int) -> tuple[str, ...]:
    """All columns in their order, for a state with so many text components."""
    levels = [f"{target}_{name}" for target in TARGETS for name in history.COLUMNS]
    return (*levels, *shared.names(n_components))


def build_rows(panel: Panel, asked: Questions, state: State, gap_days: float | None) -> Rows:
    """The rows of `asked`; `panel.vectors` and `asked.vectors` are the state's components.

    `gap_days`: see `features.gather.gather`.
    """
    chunks = [
        _build(panel, asked.take(slice(at, at + _CHUNK)), state, gap_days)
        for at in range(0, max(1, len(asked)), _CHUNK)
    ]
    if len(chunks) == 1:
        return chunks[0]
    return Rows(
        chunks[0].names, *(np.concatenate([getattr(c, name) for c in chunks]) for name in _ARRAYS)
    )


def _build(panel: Panel, asked: Questions, state: State, gap_days: float | None) -> Rows:
    past = gather(panel, asked, gap_days)
    for_tier = followers_for_tier(panel, asked)
    tier = tier_index(for_tier)
    prior_log = state.prior_mean[:, tier].T
    known = [_known(past, state, prior_log, t) for t in range(len(TARGETS))]
    levels = [column(h) for h in known for column in history.COLUMNS.values()]
    seen_by = shared.Context(asked, past, known, state, panel, followers_before(panel, asked))
    n_seen = past.seen.sum(axis=1)
    return Rows(
        column_names(state.n_components),
        np.column_stack([*levels, *shared.columns(seen_by)]),
        asked.creator,
        tier,
        for_tier,
        n_seen,
        past.stand_in.sum(axis=1) / np.maximum(n_seen, 1),
        np.column_stack([history.fading_mean(h) for h in known]),
        _last5_median(past),
        np.expm1(prior_log),
    )


def _known(past: Past, state: State, prior_log: F64, target: int) -> history.Known:
    prior = history.Prior(prior_log[:, target], float(state.prior_ratio[target]))
    grown = np.log1p(past.counts[:, :, target]) - log_growth(past.observed_age_days)
    return history.known_of(grown, past.age_days, prior)


def _last5_median(past: Past) -> F64:
    """The naive baseline: medians of the last five known counts, as they stood, (n, 5)."""
    plain = history.Prior(np.full(len(past.seen), np.nan), 1.0)
    of_each = (
        history.known_of(past.counts[:, :, t], past.age_days, plain) for t in range(len(TARGETS))
    )
    return np.column_stack([history.last5_median(h) for h in of_each])
