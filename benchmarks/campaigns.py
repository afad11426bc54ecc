"""Totals of campaigns of random creators, against what their posts came to.

    python -m benchmarks.campaigns [--data vi|famous|hotels|all] [--campaigns 1000]

Posts are those of the rolling backtest: each was forecast from what came before its origin. A
campaign is K different creators of one origin with one post each. Beside the sampled totals stands
the naive sum of medians (of exp of the log forecasts). The prior of how posts move
together was chosen on vi and famous; hotels is a check of it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks import evidence
from benchmarks.forecast import COLLECTIONS, _load
from features.panel import F64, I64
from inference.campaign import total_of
from inference.dependence import prior, scores_of
from inference.quantiles import at_scores, score_of
from inference.sampling import TAIL
from reelcast.records import QUANTILE_COLUMNS
from reelcast.settings import FeatureSettings, Settings
from reelcast.store import Lake
from training.backtest import backtest, origins

SIZES = (5, 10, 30)
DATA = ("vi", "famous", "hotels")
CHECK = "hotels"  # looked at once the prior was settled on the other two
DRAWS = 1000
TRIED = (
    "campaigns: one post in a hundred holds 22% of all views, so that a total of 30 posts is known "
    "to a factor only; MAPE also weighs campaigns that came to little the most. Tried: tails read "
    "up to normal scores of 2, 2.5 and 3 (2 taken: with the others the mean is too high), shocks "
    "of 0, .05 and .08 (taken), the mean in place of P50 (worse)."
)
BIAS, MAPE, COVERAGE = 0.05, 0.16, (0.75, 0.88)


def main() -> None:
    started = time.monotonic()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=[*DATA, "all"], default="all")
    parser.add_argument("--campaigns", type=int, default=1000)
    given = parser.parse_args()
    folder = evidence.real_data_or_exit()
    names = list(DATA) if given.data == "all" else [given.data]
    measured = {name: measure(forecasts_of(name, folder), given.campaigns) for name in names}
    figures = {
        "campaigns": given.campaigns,
        "prior": prior().model_dump(mode="json"),
        "collections": measured,
        "targets": goals_of(measured),
    }
    print("wrote", evidence.write("campaigns", figures, started))
    for goal in figures["targets"]:
        print(f"{goal['what']}: {goal['value']:.3f} ({goal['target']})", flush=True)


def forecasts_of(name: str, folder: Path) -> pa.Table:
    """The rolling backtest of a collection's views."""
    settings = Settings(features=FeatureSettings(history="hindsight"))
    with tempfile.TemporaryDirectory() as lake:
        dataset = _load(COLLECTIONS[name], folder, Lake(lake), settings)
    return backtest(dataset, "views", origins(dataset, "views", 4), settings)


def measure(table: pa.Table, n: int) -> dict[str, Any]:
    """Scores by size, and how strongly posts of a creator or of a week move together."""
    logs = np.log1p(np.column_stack([table[name].to_numpy() for name in QUANTILE_COLUMNS]))
    y = table["y"].to_numpy()
    creator = np.unique(table["creator_id"].to_pylist(), return_inverse=True)[1]
    origin = table["origin"].to_numpy()
    by_origin = [_posts_by_creator(np.flatnonzero(origin == o), creator) for o in np.unique(origin)]
    score = np.clip([score_of(log, count) for log, count in zip(logs, y, strict=True)], -4, 4)
    week = table["published_at"].cast(pa.int64()).to_numpy() // (7 * 86_400 * 10**6)
    return {
        "n_posts": len(y),
        "n_creators": len(np.unique(creator)),
        "together_creator": _within(score, creator),
        "together_week": _between(score, week, creator),
        "sizes": {str(size): campaigns(logs, y, by_origin, (size, n)) for size in SIZES},
    }


def _posts_by_creator(rows: I64, creator: I64) -> list[I64]:
    rows = rows[np.argsort(creator[rows], kind="stable")]
    return np.split(rows, np.flatnonzero(np.diff(creator[rows])) + 1)


def campaigns(
    logs: F64, y: F64, by_origin: list[list[I64]], asked: tuple[int, int]
) -> dict[str, Any]:
    """Bias, MAPE and coverage of `asked` = (size, campaigns) random campaigns, seed 0."""
    size, n = asked
    rng = np.random.default_rng(0)
    rows = []
    for _ in range(n):
        creators = by_origin[rng.integers(len(by_origin))]
        chosen = [creators[i] for i in rng.choice(len(creators), size, replace=False)]
        posts = np.array([own[rng.integers(len(own))] for own in chosen])
        scores = scores_of((np.arange(size), DRAWS), prior(), rng).T
        sampled = np.expm1(at_scores(logs[posts], np.clip(scores, -TAIL, TAIL))).sum(axis=0)
        rows.append((*total_of(sampled), np.expm1(logs[posts, 3]).sum(), y[posts].sum()))
    p10, p50, p90, mean, naive, actual = np.array(rows).T
    return {
        "bias": _bias(mean, actual),
        "bias_naive": _bias(naive, actual),
        "mape_mean": _mape(mean, actual),
        "mape_median": _mape(p50, actual),
        "mape_naive": _mape(naive, actual),
        "mdape_median": float(np.median(np.abs(p50 / actual - 1))),
        "coverage_80": float(((actual >= p10) & (actual <= p90)).mean()),
        "below": float((actual < p10).mean()),
    }


def _bias(forecast: F64, actual: F64) -> float:
    return float(forecast.sum() / actual.sum() - 1)


def _mape(forecast: F64, actual: F64) -> float:
    return float(np.abs(forecast / actual - 1).mean())


def _within(score: F64, group: I64) -> float:
    """Mean product of two posts' scores of one group over the mean square."""
    total, pairs = 0.0, 0.0
    for own in _posts_by_creator(np.arange(len(score)), group):
        n = len(own)
        if n > 1:
            product = (score[own].sum() ** 2 - (score[own] ** 2).sum()) / (n * (n - 1))
            total, pairs = total + product * min(n, 10), pairs + min(n, 10)
    return float(total / pairs / (score**2).mean())


def _between(score: F64, week: I64, creator: I64) -> float:
    """The same of two creators' mean scores of one week."""
    total, weight = 0.0, 0.0
    for rows in _posts_by_creator(np.arange(len(score)), week):
        means = np.array([score[own].mean() for own in _posts_by_creator(rows, creator)])
        n = len(means)
        if n > 1:
            product = (means.sum() ** 2 - (means**2).sum()) / (n * (n - 1))
            total, weight = total + product * n, weight + n
    return float(total / weight / (score**2).mean())


def goals_of(measured: dict[str, Any]) -> list[dict[str, Any]]:
    """The issue's goals for campaigns, met or not."""
    goals: list[dict[str, Any]] = []
    for name, of in measured.items():
        if name == CHECK:
            continue
        of30, of5 = of["sizes"]["30"], of["sizes"]["5"]
        held = ".75 to .88"
        rows = (
            ("30 creators, bias of the mean", of30["bias"], "within .05", (-BIAS, BIAS)),
            ("30 creators, MAPE of the median", of30["mape_median"], "at most .16", (0.0, MAPE)),
            ("30 creators, coverage of P10 to P90", of30["coverage_80"], held, COVERAGE),
            ("5 creators, coverage of P10 to P90", of5["coverage_80"], held, COVERAGE),
        )
        for what, value, goal, span in rows:
            met = evidence.within(value, *span)
            row = evidence.target(f"{name}: campaigns of {what}", value, "share", goal, met)
            goals.append(row if met else {**row, "note": TRIED})
    return goals


if __name__ == "__main__":
    main()
