"""Creators whom the model has never seen, with 0 to 2 known posts, beside what else one could do.

    python -m benchmarks.cold_start

A third of the creators is set apart. The model learns from the others' posts before the cut and
forecasts those creators' posts after it; those with 0, 1 or 2 counted earlier posts are scored.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import evidence
from benchmarks.evidence import target, within
from benchmarks.splits import load, settings_with
from features.dataset import Dataset
from features.gather import Questions
from features.panel import F64, I64
from features.questions import Outcomes
from features.rows import Rows
from training.backtest import origins
from training.fit import fit_model
from training.metrics import paired_bootstrap

NAMES = ("vi", "famous", "hotels", "smp")
MOST_POSTS = 2
SHARE = 1 / 3
GOAL = 0.10


@dataclass(frozen=True, slots=True)
class Disjoint(Dataset):
    """A dataset that teaches nothing of the creators who are set apart."""

    def ask(self, before_s: int | None = None) -> tuple[Questions, Outcomes]:
        """As a dataset's, without those creators where it is asked to learn from."""
        asked, outcomes = Dataset.ask(self, before_s)
        if before_s is None:
            return asked, outcomes
        rows = np.flatnonzero(~is_apart(asked.creator))
        return asked.take(rows), outcomes.take(rows)


def is_apart(creator: I64) -> npt.NDArray[np.bool_]:
    """Which creators (n,) are set apart: a third, by a fixed draw, not by time or size."""
    drawn = np.random.default_rng(11).random(int(creator.max(initial=0)) + 1) < SHARE
    return np.asarray(drawn[creator])


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    found = {}
    for name in NAMES:
        found[name] = measure(load(name, folder, "auto"))
        print(name, found[name]["mae"], found[name]["coverage_80"], flush=True)
    goals = [row for name, of in found.items() for row in _goals(name, of)]
    print("wrote", evidence.write("cold_start", {"data": found, "targets": goals}, started))


def measure(dataset: Dataset) -> dict[str, Any]:
    """Errors of the model and the two baselines, coverage, the gain and its interval."""
    origin = origins(dataset, "views", 1, 0.3)[0]
    joined = _forecasts(dataset, origin.start_s)
    miss = {
        name: np.abs(joined["y"] - joined[name])
        for name in ("model", "followers_line", "tier_median")
    }
    mae = {name: float(of.mean()) for name, of in miss.items()}
    better = min(("followers_line", "tier_median"), key=lambda name: mae[name])
    depth = joined["n_history"]
    return {
        "n": len(joined["y"]),
        "n_creators": len(np.unique(joined["creator"])),
        "mae": mae,
        "better_baseline": better,
        "lower_by": 1 - mae["model"] / mae[better],
        "model_less_better": paired_bootstrap(miss["model"] - miss[better], joined["creator"]),
        "coverage_80": float(joined["inside"].mean()),
        "by_history": {
            str(n): {
                "n": int((depth == n).sum()),
                "mae": float(miss["model"][depth == n].mean()),
                better: float(miss[better][depth == n].mean()),
                "coverage_80": float(joined["inside"][depth == n].mean()),
            }
            for n in range(MOST_POSTS + 1)
            if (depth == n).sum() >= 30
        },
    }


def _forecasts(dataset: Dataset, cut_s: int) -> dict[str, F64]:
    apart = Disjoint(dataset.panel, dataset.gap_days, dataset.data_version)
    model = fit_model(apart, cut_s, settings_with("auto"), ["views"])
    asked, outcomes = dataset.ask()
    new = (asked.post_s >= cut_s) & is_apart(asked.creator)
    at = np.flatnonzero(new & ~np.isnan(outcomes.counts[:, 0]))
    rows = dataset.rows(asked.take(at), model.state)
    few = np.flatnonzero(rows.n_history <= MOST_POSTS)
    at, rows = at[few], rows.take(few)
    y = np.log1p(outcomes.counts[at, 0])
    logs = model.forecasters["views"].predict(rows, asked.horizon_days[at])
    naive = model.baselines["views"].predict(rows, 0)
    learned, learned_out = apart.ask(cut_s)
    return {
        "y": y,
        "model": logs[:, 3],
        "tier_median": np.log1p(naive["tier_median"]),
        "followers_line": _line(apart, (learned, learned_out), rows, model.state),
        "inside": ((y >= logs[:, 1]) & (y <= logs[:, 5])).astype(np.float64),
        "creator": asked.creator[at],
        "n_history": rows.n_history,
    }


def _line(dataset: Dataset, learned: tuple[Questions, Outcomes], rows: Rows, state: Any) -> F64:
    """The line of log1p views on log1p followers with the least absolute errors, learned apart."""
    from scipy.optimize import minimize

    known = dataset.rows(learned[0], state)
    y, x = np.log1p(learned[1].counts[:, 0]), np.log1p(known.followers)
    use = ~np.isnan(y) & ~np.isnan(x)
    start = np.polyfit(x[use], y[use], 1)
    fitted = minimize(
        lambda line: np.abs(y[use] - line[0] * x[use] - line[1]).mean(), start, method="Nelder-Mead"
    ).x
    forecast = fitted[0] * np.log1p(rows.followers) + fitted[1]
    return np.where(np.isnan(forecast), float(np.median(y[use])), forecast)


def _goals(name: str, of: dict[str, Any]) -> list[dict[str, Any]]:
    lower, covered = of["lower_by"], of["coverage_80"]
    where = f"{name}: creators not learned from, 0-2 posts"
    return [
        target(f"{where}, MAE below the better", lower, "share", ">= .10", lower >= GOAL),
        target(f"{where}, 80% held", covered, "share", ".75-.85", within(covered, 0.75, 0.85)),
    ]


if __name__ == "__main__":
    main()
