"""Levels by platform and niche: the gain of knowing them, the cost where they tell nothing.

    python -m benchmarks.levels

A third of the creators is set apart, as in `benchmarks.cold_start`; at each of four cuts in time
the model learns from the others and forecasts those creators' posts, with their history and as if
they had none. Once it knows platform and niche, once not. In simulated worlds niches differ by a
known spread. The real collections name no niches but one, so there random ones stand in: what
knowing those costs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.cold_start import Disjoint, is_apart
from benchmarks.levels_world import dataset_of, world_of
from benchmarks.splits import load, settings_with
from features.dataset import Dataset
from features.kinds import UNKNOWN, Kind
from features.panel import F64
from training.backtest import Origin, origins
from training.fit import fit_model
from training.metrics import paired_bootstrap

SPREADS = (0.0, 0.3, 0.6)
WORLDS = (1, 2, 3)
N_CREATORS = 400
PLACEBO = ("vi", "famous", "hotels", "smp")
N_ORIGINS = 4
NEVER_DAYS = 1e6  # no earlier post precedes a decision by so long: a creator without history


@dataclass(frozen=True, slots=True)
class Arm:
    """A dataset as one model sees it."""

    name: str
    dataset: Dataset


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    simulated = {}
    for spread in SPREADS:
        worlds = [dataset_of(world_of(seed, N_CREATORS, spread)) for seed in WORLDS]
        simulated[f"{spread:g}"] = [measure(_arms(of, of.panel.kinds)) for of in worlds]
        print(spread, [_short(of) for of in simulated[f"{spread:g}"]], flush=True)
    placebo = {}
    for name in PLACEBO:
        dataset = load(name, folder)
        placebo[name] = measure(_arms(dataset, _random_kinds(len(dataset.panel.kinds))))
        print(name, _short(placebo[name]), flush=True)
    figures = {"simulated_by_spread": simulated, "random_niches": placebo}
    print("wrote", evidence.write("levels", figures, started))


def _arms(dataset: Dataset, kinds: list[Kind]) -> tuple[Arm, Arm]:
    hidden = [(UNKNOWN, UNKNOWN)] * len(kinds)
    return (
        Arm("known", replace(dataset, panel=replace(dataset.panel, kinds=kinds))),
        Arm("hidden", replace(dataset, panel=replace(dataset.panel, kinds=hidden))),
    )


def _random_kinds(n: int) -> list[Kind]:
    """Two platforms and eight niches of unequal size by a fixed draw: they tell nothing."""
    rng = np.random.default_rng(5)
    niche = rng.choice(8, n, p=rng.dirichlet(np.full(8, 2.0)))
    platform = rng.random(n) < 0.2
    return [(f"p{int(p)}", f"n{m}") for p, m in zip(platform, niche.tolist(), strict=True)]


def measure(arms: tuple[Arm, Arm]) -> dict[str, Any]:
    """Errors of both arms by protocol over all cuts, and their paired difference."""
    cuts = origins(arms[0].dataset, "views", N_ORIGINS)
    parts = [{arm.name: _forecasts(arm.dataset, at) for arm in arms} for at in cuts]
    return {how: _compared(parts, how) for how in ("with_history", "without_history")}


def _compared(parts: list[dict[str, dict[str, F64]]], how: str) -> dict[str, Any]:
    by_cut = [_paired([part], how) for part in parts]
    return {
        **_paired(parts, how),
        "better_at": sum(of["known_less_hidden"]["mean"] < 0 for of in by_cut),
        "cuts": len(by_cut),
    }


def _paired(parts: list[dict[str, dict[str, F64]]], how: str) -> dict[str, Any]:
    creator = np.concatenate([part["known"]["creator"] for part in parts])
    y = np.concatenate([part["known"]["y"] for part in parts])
    logs = {
        name: np.concatenate([part[name][how] for part in parts]) for name in ("known", "hidden")
    }
    miss = {name: np.abs(y - of[:, 3]) for name, of in logs.items()}
    return {
        "n": len(y),
        "n_creators": len(np.unique(creator)),
        "mae": {name: float(of.mean()) for name, of in miss.items()},
        "coverage_80": {
            name: float(((y >= of[:, 1]) & (y <= of[:, 5])).mean()) for name, of in logs.items()
        },
        "known_less_hidden": paired_bootstrap(miss["known"] - miss["hidden"], creator),
    }


def _forecasts(dataset: Dataset, at: Origin) -> dict[str, F64]:
    apart = Disjoint(dataset.panel, dataset.gap_days, dataset.data_version)
    model = fit_model(apart, at.start_s, settings_with("never"), ["views"])
    asked, outcomes = dataset.ask()
    inside = (asked.post_s >= at.start_s) & (asked.post_s < at.end_s) & is_apart(asked.creator)
    new = np.flatnonzero(inside & ~np.isnan(outcomes.counts[:, 0]))
    asked = asked.take(new)
    predict = model.forecasters["views"].predict
    unseen = replace(dataset, gap_days=NEVER_DAYS)
    return {
        "y": np.log1p(outcomes.counts[new, 0]),
        "creator": asked.creator,
        "with_history": predict(dataset.rows(asked, model.state), asked.horizon_days),
        "without_history": predict(unseen.rows(asked, model.state), asked.horizon_days),
    }


def _short(of: dict[str, Any]) -> dict[str, Any]:
    return {
        how: (
            each["n"],
            each["mae"],
            each["coverage_80"],
            each["known_less_hidden"],
            each["better_at"],
        )
        for how, each in of.items()
    }


if __name__ == "__main__":
    main()
