"""Rivals of the shipped median head, on the same rows: does one deserve to enter?

    python -m benchmarks.challengers

tiktok_vi's profile histories under the reference protocol, four rolling origins, posts with 3 or
more counted earlier ones. Each rival learns the same response (log count less the creator's level)
from the same columns; the network also reads components of the caption's embedding. A rival enters
where its paired bootstrap by creator stays below zero at 3 of 4 origins (docs/experiments.md).
Packages that are not installed (extra `challengers`) are named and left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.markdown import difference, table
from benchmarks.splits import ONE_THREAD, Split, load, split_at
from features.panel import F64, I64
from features.text import names
from reelcast.packages import require
from reelcast.tables import TARGETS
from training.backtest import origins
from training.forecaster import columns_of
from training.heads import fit_median
from training.metrics import paired_bootstrap

N_ORIGINS = 4
COMPONENTS = 8
MIN_HISTORY = 3
SEED = 7
NETWORK_SEEDS = (1, 2, 3)
_EPOCHS, _BATCH, _PATIENCE = 40, 256, 4
NEEDS = {"CatBoost, absolute errors": "catboost", "quantile forest": "quantile_forest"}
NEEDS |= {"creators as random effects (GPBoost)": "gpboost"}


@dataclass(frozen=True, slots=True)
class Task:
    """What every rival gets: columns and responses to learn from, columns to answer for."""

    x: F64  # (n_train, n_columns)
    y: F64  # (n_train,) mature log count less the creator's level
    creator: I64  # (n_train,)
    asked: F64  # (n_test, n_columns)
    asked_creator: I64  # (n_test,)
    text: tuple[F64, F64]  # (n_train, k) and (n_test, k) components of the caption's embedding


def main() -> None:
    started = time.monotonic()
    dataset = replace(load("vi", evidence.real_data_or_exit(), "always"), gap_days=0.0)
    found: list[dict[str, Any]] = []
    for origin in origins(dataset, "views", N_ORIGINS):
        found.append(_at(split_at(dataset, origin, COMPONENTS)))
        print({name: round(of["mae"], 4) for name, of in found[-1].items()}, flush=True)
    missing = {name: package for name, package in NEEDS.items() if find_spec(package) is None}
    figures = {"origins": found, "not installed": missing, "targets": []}
    print("wrote", evidence.write("challengers", figures, started))


def _at(split: Split) -> dict[str, Any]:
    """Each rival's error at one origin, and its difference to the shipped head's."""
    task, columns = _task(split), columns_of("views")
    head = fit_median(task.x, task.y, columns, ONE_THREAD)
    made = {"shipped head": np.asarray(head.predict(task.asked, num_threads=1))}
    seconds = {"shipped head": 0.0}
    for name, rival in RIVALS.items():
        if find_spec(NEEDS.get(name, "numpy")) is not None:
            began = time.monotonic()
            made[name] = rival(task)
            seconds[name] = time.monotonic() - began
    for name in [name for name in made if name != "shipped head"]:
        made[f"head and {name}, mean"] = (made["shipped head"] + made[name]) / 2
    deep = split.test.n_history >= MIN_HISTORY
    level = split.test.level[:, TARGETS.index("views")] + split.share
    miss = {k: np.abs(split.test_log - np.maximum(v + level, 0.0))[deep] for k, v in made.items()}
    creator = split.test.creator[deep]
    return {
        name: {
            "mae": float(of.mean()),
            "n": len(of),
            "seconds": seconds.get(name),
            "less_shipped": paired_bootstrap(of - miss["shipped head"], creator),
        }
        for name, of in miss.items()
    }


def _task(split: Split) -> Task:
    columns = columns_of("views")
    words = names(COMPONENTS)
    index = TARGETS.index("views")
    return Task(
        split.train.pick(columns),
        split.train_log - split.train.level[:, index],
        split.train.creator,
        split.test.pick(columns),
        split.test.creator,
        (split.train.pick(words), split.test.pick(words)),
    )


def catboost(task: Task) -> F64:
    model = require("catboost").CatBoostRegressor(
        loss_function="MAE",
        iterations=600,
        learning_rate=0.05,
        depth=6,
        random_seed=SEED,
        thread_count=1,
        verbose=0,
        allow_writing_files=False,
    )
    return np.asarray(model.fit(task.x, task.y).predict(task.asked))


def quantile_forest(task: Task) -> F64:
    forest = require("quantile_forest").RandomForestQuantileRegressor(
        150, min_samples_leaf=10, max_features=0.4, n_jobs=1, random_state=SEED
    )
    forest.fit(np.nan_to_num(task.x, nan=-1.0), task.y)
    return np.asarray(forest.predict(np.nan_to_num(task.asked, nan=-1.0), quantiles=[0.5])).ravel()


def mixed_effects(task: Task) -> F64:
    """Trees for what posts share, a normal random effect for each creator (Sigrist 2022)."""
    gpboost = require("gpboost")
    effects = gpboost.GPModel(group_data=task.creator.astype(str), likelihood="gaussian")
    params = {
        "learning_rate": 0.05,
        "num_leaves": 31,
        "max_depth": 7,
        "min_data_in_leaf": 20,
        "feature_fraction": 0.7,
        "lambda_l2": 1.0,
        "seed": SEED,
        "num_threads": 1,
        "verbose": -1,
    }
    data = gpboost.Dataset(task.x, task.y)
    trees = gpboost.train(params=params, train_set=data, gp_model=effects, num_boost_round=200)
    made = trees.predict(
        data=task.asked, group_data_pred=task.asked_creator.astype(str), pred_latent=False
    )
    return np.asarray(made["response_mean"])


def network(task: Task) -> F64:
    """A small network on the columns, their gaps and the text; the mean of several seeds."""
    scale = require("sklearn.preprocessing").QuantileTransformer(
        output_distribution="normal", n_quantiles=500, random_state=SEED
    )
    scale.fit(task.x)
    gaps = np.isnan(task.x).any(axis=0)

    def inputs(x: F64, text: F64) -> F64:
        scaled = np.clip(scale.transform(x), -3, 3)
        return np.nan_to_num(np.column_stack([scaled, np.isnan(x[:, gaps]), text]))

    learn, asked = inputs(task.x, task.text[0]), inputs(task.asked, task.text[1])
    return np.mean([_trained(learn, task.y, asked, seed) for seed in NETWORK_SEEDS], axis=0)


def _trained(x: F64, y: F64, asked: F64, seed: int) -> F64:
    """Least absolute errors, stopped by the latest tenth of the rows (rows come by time)."""
    torch = require("torch")
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    layers = torch.nn.Sequential(
        torch.nn.Linear(x.shape[1], 128), torch.nn.SiLU(), torch.nn.Dropout(0.2),
        torch.nn.Linear(128, 64), torch.nn.SiLU(), torch.nn.Dropout(0.2),
        torch.nn.Linear(64, 1),
    )  # fmt: skip
    step = torch.optim.AdamW(layers.parameters(), lr=1e-3, weight_decay=1e-2)
    values = torch.tensor(x, dtype=torch.float32)
    wanted = torch.tensor(y, dtype=torch.float32)
    cut = int(len(x) * 0.9)
    best, kept, waited = np.inf, layers.state_dict(), 0
    for _ in range(_EPOCHS):
        layers.train()
        for rows in torch.randperm(cut).split(_BATCH):
            step.zero_grad()
            (layers(values[rows])[:, 0] - wanted[rows]).abs().mean().backward()
            step.step()
        layers.eval()
        with torch.no_grad():
            miss = float((layers(values[cut:])[:, 0] - wanted[cut:]).abs().mean())
        if miss < best:
            best, waited = miss, 0
            kept = {name: of.clone() for name, of in layers.state_dict().items()}
        elif (waited := waited + 1) == _PATIENCE:
            break
    layers.load_state_dict(kept)
    with torch.no_grad():
        return np.asarray(layers(torch.tensor(asked, dtype=torch.float32))[:, 0], np.float64)


def challengers_part(figures: dict[str, Any]) -> Iterator[str]:
    yield (
        "tiktok_vi's profile histories, reference protocol, posts with 3 or more earlier ones, at "
        "four origins. MAE of log1p views less the shipped head's, with its 95% interval by "
        "creator: below 0 the rival is better. A rival enters where that holds at 3 of 4."
    )
    origins_of = figures["origins"]
    head = ("", *(f"origin {n + 1}" for n in range(len(origins_of))))
    shipped = [of["shipped head"]["mae"] for of in origins_of]
    rows = [
        (name, *(difference(of[name]["less_shipped"]) for of in origins_of))
        for name in origins_of[0]
        if name != "shipped head"
    ]
    yield table(head, [("shipped head, MAE", *shipped), *rows])


RIVALS: dict[str, Callable[[Task], F64]] = {
    "CatBoost, absolute errors": catboost,
    "quantile forest": quantile_forest,
    "creators as random effects (GPBoost)": mixed_effects,
    "small network on columns and text": network,
}


if __name__ == "__main__":
    main()
