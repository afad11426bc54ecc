"""Time of 21 quantile heads for one creator and for 10,000, of joint samples, and of training.

    python -m benchmarks.speed [--no-training]

Heads are those of three counts, merged by count, on rows of features already made. Training is
that of the views of 50,124 posts with a backtest at four origins, two threads.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.evidence import target
from benchmarks.splits import load, settings_with
from features.panel import F64
from features.rows import Rows
from reelcast.settings import Settings, TrainingSettings
from training.backtest import backtest, origins
from training.fit import fit_model
from training.joint import sample
from training.model import Model

TARGETS = ("views", "likes", "comments")
MANY = 10_000
MAX_ONE_MS, MAX_MANY_S, MAX_TRAINING_S = 2.0, 5.0, 300.0


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    dataset = load("hotels", folder)
    cut_s = origins(dataset, "views", 1)[0].start_s
    model = fit_model(dataset, cut_s, settings_with("never"), TARGETS)
    rows = dataset.rows(dataset.ask()[0], model.state)
    figures: dict[str, Any] = {**_heads(model, rows), "trees": model_trees(model)}
    goals = [
        target("21 heads, one creator, median", figures["one_ms"], "ms", "< 2",
               figures["one_ms"] < MAX_ONE_MS),
        target("21 heads, 10,000 creators", figures["many_s"], "s", "< 5",
               figures["many_s"] < MAX_MANY_S),
    ]  # fmt: skip
    if "--no-training" not in sys.argv:
        figures["training_s"] = seconds = _training(load("famous", folder))
        goals.append(
            target("training on famous with backtest", seconds, "s", "< 300",
                   seconds < MAX_TRAINING_S)
        )  # fmt: skip
    print("wrote", evidence.write("speed", {**figures, "targets": goals}, started))


def model_trees(model: Model) -> int:
    """Trees of all heads."""
    return sum(of.model.num_trees() for of in model.forecasters.values())


def _heads(model: Model, rows: Rows) -> dict[str, float]:
    one, many = rows.take(np.array([0])), rows.take(np.arange(MANY) % len(rows))
    day, days = np.full(1, 30.0), np.full(MANY, 30.0)

    def logs(of: Rows, horizon: F64) -> dict[str, F64]:
        return {t: f.predict(of, horizon) for t, f in model.forecasters.items()}

    for_one, for_many = logs(one, day), logs(many, days)
    return {
        "one_ms": 1e3 * _median(lambda: logs(one, day), 300),
        "many_s": _median(lambda: logs(many, days), 3),
        "samples_one_ms": 1e3 * _median(lambda: sample(for_one, one.n_history, model.rates), 300),
        "samples_many_s": _median(lambda: sample(for_many, many.n_history, model.rates), 1),
    }


def _median(work: Callable[[], object], times: int) -> float:
    """Median seconds of so many calls, after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))


def _training(dataset: Any) -> float:
    training = TrainingSettings(threads=2)
    settings = Settings(features=settings_with("never").features, training=training)
    began = time.monotonic()
    at = origins(dataset, "views", 4)
    backtest(dataset, "views", at, settings)
    fit_model(dataset, at[-1].end_s, settings, ["views"])
    return time.monotonic() - began


if __name__ == "__main__":
    main()
