"""What a model says of posts: calibrated quantiles, joint samples, and the samples' means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.panel import F64
from features.rows import Rows
from reelcast.tables import TARGETS
from training.joint import sample
from training.model import Model


@dataclass(frozen=True, slots=True)
class Outlook:
    """Of one target: `log_quantiles` (n, n_quantiles) of log1p counts, `samples` (n, DRAWS)."""

    log_quantiles: F64
    samples: F64

    @property
    def mean(self) -> F64:
        """Mean counts (n,)."""
        return np.asarray(self.samples.mean(axis=1))


def needed_for(model: Model, targets: Sequence[str]) -> tuple[str, ...]:
    """The targets to build rows of: views first, where the model forecasts them, then these."""
    views = ("views",) if "views" in model.forecasters else ()
    return tuple(dict.fromkeys((*views, *targets)))


def outlook(
    model: Model, rows: Rows, horizon_days: F64, targets: Sequence[str]
) -> dict[str, Outlook]:
    """The outlook of rows at an age (n,), for the model's `needed_for` these targets.

    Sample k of one target goes with sample k of every other: they are one future.
    """
    logs = {
        target: model.forecasters[target].predict(rows, horizon_days)
        for target in needed_for(model, targets)
    }
    logs = _consistent(rows, logs)
    drawn = sample(logs, rows.n_history, model.rates)
    return {target: Outlook(logs[target], drawn[target]) for target in logs}


def _consistent(rows: Rows, logs: dict[str, F64]) -> dict[str, F64]:
    """Quantiles of engagement no higher than those of views.

    Where past views are known they bound engagement; elsewhere engagement bounds views.
    """
    views = logs.get("views")
    if views is None:
        return logs
    own = ~np.isnan(rows.last5_median[:, [TARGETS.index("views")]])
    bounded = {t: np.where(own, np.minimum(log, views), log) for t, log in logs.items()}
    return {**bounded, "views": np.max(list(bounded.values()), axis=0)}
