"""Leak tests on each collection: shuffled targets give no skill, a future row changes nothing.

    python -m benchmarks.leaks

*Shuffled*: counts handed out at random among posts before anything is learned; the forecasts' rank
correlation with what came must then be none. *Future*: counts of posts published after each
decision (and within the gap before it) are multiplied at random; no row may change.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.evidence import target
from benchmarks.splits import load, median_of, plain_columns_of, split_at
from features.dataset import Dataset
from features.panel import DAY_S
from reelcast.packages import require
from training.backtest import origins

NAMES = ("vi", "famous", "news", "hotels", "smp", "formats")
MOST_RHO = 0.1


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    found = {}
    for name in NAMES:
        dataset = load(name, folder)
        found[name] = {"shuffled_rho": shuffled(dataset), "rows_changed": future(dataset)}
        print(name, found[name], flush=True)
    rows = []
    for name, of in found.items():
        rho, changed = of["shuffled_rho"], of["rows_changed"]
        goal = f"|rho| < {MOST_RHO}"
        rows += [
            target(f"{name}: shuffled targets", rho, "rho", goal, abs(rho) < MOST_RHO),
            target(f"{name}: future rows", changed, "changed", "0", changed == 0),
        ]
    print(
        "wrote",
        evidence.write("leaks", {"data": found, "off": names_off(), "targets": rows}, started),
    )


def shuffled(dataset: Dataset) -> float:
    """Rank correlation of forecasts learned from shuffled counts with those counts."""
    panel = dataset.panel
    order = np.random.default_rng(9).permutation(len(panel.obs_s))
    mixed = replace(dataset, panel=replace(panel, obs_counts=panel.obs_counts[order]))
    split = split_at(mixed, origins(mixed, "views", 1, 0.2)[0])
    # the age at the count is left out: it says nothing of these counts, but growth grows them
    made = median_of(split, plain_columns_of()) - split.share
    statistic = require("scipy.stats").spearmanr(made, split.test_log).statistic
    return float(statistic)


def future(dataset: Dataset) -> int:
    """Rows decided by the middle of the test window that change with counts from then on."""
    panel = dataset.panel
    origin = origins(dataset, "views", 1, 0.2)[0]
    middle = (origin.start_s + origin.end_s) // 2
    gap_s = int((dataset.gap_days or 0.0) * DAY_S)
    post = np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))
    later = panel.published_s[post] > middle - gap_s
    counts = panel.obs_counts.copy()
    counts[later] *= np.random.default_rng(5).uniform(2, 50, (int(later.sum()), counts.shape[1]))
    changed = replace(dataset, panel=replace(panel, obs_counts=counts))
    asked, outcomes = dataset.ask(origin.start_s)
    state = dataset.fit(asked, outcomes, 0)
    questions, _ = dataset.ask()
    before = questions.take(np.flatnonzero(questions.decided_s <= middle))
    one, two = (of.rows(before, state).values for of in (dataset, changed))
    return int((~np.isclose(one, two, equal_nan=True)).any(axis=1).sum())


def names_off() -> dict[str, Any]:
    """Fields counted at the crawl that a forecast before posting does not read, by collection."""
    from benchmarks.smp import CRAWL_TIME

    return {"smp": CRAWL_TIME, "famous, hotels, formats, vi": ["followers as scraped, as a column"]}


if __name__ == "__main__":
    main()
