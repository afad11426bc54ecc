"""Counts a week after posting, from what videos had counted in their first days.

    python -m benchmarks.trajectories

The references (a constant ratio; the log-linear law of Szabo & Huberman 2010) and the stage
models learn from the same rows and are asked about the same videos. What the first day is worth is
shown beside the project's own forecast before posting, which also is the prior of the update.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import evidence
from benchmarks.trajectory_data import COLLECTIONS, Repeated, panel_of
from benchmarks.trajectory_methods import METHODS, Task, forecasts, task_of
from features.dataset import Dataset
from features.gather import Questions
from features.growth_curves import fit_curves
from features.panel import F64, I64
from features.questions import ask_of_posts
from features.snapshots import PanelTracks, Snapshots
from inference.growing import Normal, meet
from inference.quantiles import normal_of
from reelcast.settings import FeatureSettings, Settings
from training.backtest import Origin, forecast_between
from training.fit import fit_model
from training.metrics import paired_bootstrap
from training.together import held_of, together
from training.trajectories import Fallback, Rows, fit_fallback

TRIED = (
    "trajectories: an interval calibrated on one block of months and asked in the next comes out a "
    "point or so off; its own 95% interval is wider than the four points asked for. Tried: a "
    "smaller model of the scale (taken), calibration on all ages at once (no better)."
)
GAIN, COVERAGE, FIRST_DAY = 0.10, (0.78, 0.82), 0.45
AGES = (0.5, 1.5, 2.5, 3.5, 5.5)


def main() -> None:
    started = time.monotonic()
    folder = evidence.real_data_or_exit()
    measured = {name: measure(of, folder) for name, of in COLLECTIONS.items()}
    figures = {"collections": measured, "targets": goals_of(measured)}
    print("wrote", evidence.write("trajectories", figures, started))
    for goal in figures["targets"]:
        print(f"{goal['what']}: {goal['value']:.3f} ({goal['target']})", flush=True)


def measure(collection: Repeated, folder: Path) -> dict[str, Any]:
    """All figures of one collection."""
    panel = panel_of(collection, folder)
    task = task_of(collection, panel)
    rows, made = forecasts(task, collection)
    figures: dict[str, Any] = {
        "file": collection.file,
        "split": "time" if collection.by_time else "creators, five parts",
        "from_days": collection.from_days,
        "horizon_days": collection.horizon_days,
        "n_test": len(rows),
        "methods": scores(task, rows, made),
    }
    if collection.by_time:
        figures |= first_day(task, collection, rows, made["stage_model"])
    print(f"{collection.file}: {len(rows)} videos", flush=True)
    return figures


def scores(task: Task, rows: I64, made: dict[str, F64]) -> dict[str, Any]:
    """MdAPE, MAE of the log, and the stage model less each reference, bootstrapped by creator."""
    y, creator = task.of.log_ratio[rows], task.panel.creator[task.of.post[rows]]
    median = {name: of if of.ndim == 1 else of[:, 3] for name, of in made.items()}
    misses = {name: np.abs(of - y) for name, of in median.items()}
    relative = {name: np.abs(np.expm1(of - y)) for name, of in median.items()}
    found: dict[str, Any] = {
        name: {"mdape": float(np.median(relative[name])), "mae_log": float(misses[name].mean())}
        for name in METHODS
    }
    for name in METHODS[:-1]:
        found[name]["model_less_this"] = paired_bootstrap(
            misses["stage_model"] - misses[name], creator
        )
        found[name]["mdape_ratio"] = ratio_bootstrap(
            relative["stage_model"], relative[name], creator
        )
    found["stage_model"] |= interval(made["stage_model"], y, creator)
    return found


def interval(quantiles: F64, y: F64, creator: I64) -> dict[str, Any]:
    """Coverage of the 80% interval with its 95% interval by creators, and its width in logs."""
    inside = ((y >= quantiles[:, 1]) & (y <= quantiles[:, 5])).astype(np.float64)
    between = paired_bootstrap(inside, creator)
    return {
        "coverage_80": float(inside.mean()),
        "coverage_80_95": [between["low"], between["high"]],
        "width_80_log": float((quantiles[:, 5] - quantiles[:, 1]).mean()),
    }


def ratio_bootstrap(mine: F64, other: F64, creator: I64, draws: int = 1000) -> dict[str, float]:
    """The ratio of two median errors with a 95% interval, resampling whole creators."""
    _, index = np.unique(creator, return_inverse=True)
    order = np.argsort(index, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(index[order])) + 1)
    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(draws):
        drawn = np.concatenate([groups[i] for i in rng.integers(0, len(groups), len(groups))])
        ratios.append(np.median(mine[drawn]) / np.median(other[drawn]))
    low, high = np.quantile(ratios, [0.025, 0.975])
    return {
        "ratio": float(np.median(mine) / np.median(other)), "low": float(low), "high": float(high)
    }  # fmt: skip


def first_day(task: Task, collection: Repeated, rows: I64, model: F64) -> dict[str, Any]:
    """The error with the first day's count against none, and the update at every age."""
    settings = Settings(features=FeatureSettings(text="never", history="as_of"))
    dataset = Dataset(task.panel, None, collection.file)
    before = fit_model(dataset, task.cut_s, settings, ["views"])
    asked, outcomes = ask_of_posts(task.panel, collection.horizon_days)
    number = {post: at for at, post in enumerate(outcomes.post.tolist())}
    prior = _prior(dataset, before, asked.take(_rows(number, task.of.post[rows])), collection)
    now, y = task.of.stand.log_views[rows], task.of.log_ratio[rows]
    creator = task.panel.creator[task.of.post[rows]]
    without = np.abs(prior[:, 3] - (now + y))
    with_it = np.abs(model[:, 3] - y)
    learned = np.flatnonzero(task.panel.published_s < task.cut_s)
    fallback = fit_fallback(task.panel, learned, task.cut_s, task.tracks.segments)
    fallback = replace(fallback, together=_together(task, dataset, settings))
    posts = {post: at for at, post in enumerate(task.of.post[rows].tolist())}
    return {
        "mae_before_posting": float(without.mean()),
        "mae_with_first_day": float(with_it.mean()),
        "lower_by": 1 - float(with_it.mean() / without.mean()),
        "difference": paired_bootstrap(with_it - without, creator),
        "update_by_age": {
            f"{age:g}": update_at(task, (prior, posts), (age, collection.horizon_days), fallback)
            for age in AGES
        },
    }


def _together(task: Task, dataset: Dataset, settings: Settings) -> Rows:
    """How the misses of forecast and growth go together, on posts of the latest quarter before
    the cut, by a model and curves of what was known before them."""
    published = task.panel.published_s
    early_s = int(np.quantile(published[published < task.cut_s], 0.75))
    model = fit_model(dataset, early_s, settings, ["views"])
    window = Origin(0, early_s, task.cut_s)
    held = held_of(forecast_between(dataset, model, "views", window), task.panel)
    learned, segments = np.flatnonzero(published < early_s), task.tracks.segments
    curves = fit_curves(task.panel, learned, early_s - 1, segments)
    return together(
        PanelTracks(task.panel, curves, segments),
        fit_fallback(task.panel, learned, early_s, segments),
        held,
        task.cut_s,
    )


def _rows(number: dict[int, int], posts: I64) -> I64:
    return np.array([number[post] for post in posts.tolist()], np.int64)


def _prior(dataset: Dataset, before: Any, asked: Questions, collection: Repeated) -> F64:
    horizon = np.full(len(asked), collection.horizon_days)
    return np.asarray(
        before.forecasters["views"].predict(dataset.rows(asked, before.state), horizon)
    )


def update_at(
    task: Task, known: tuple[F64, dict[int, int]], ages: tuple[float, float], fallback: Fallback
) -> dict[str, Any]:
    """The conjugate update of the forecasts before posting; `ages` = of the count, of the goal."""
    prior, posts = known
    of: Snapshots = task.of
    apart = np.abs(np.log(of.stand.age_days / ages[0]))
    rows = np.array([r for r in np.flatnonzero(apart < 0.2) if int(of.post[r]) in posts], np.int64)
    if len(rows) < 100:
        return {"n": len(rows)}
    shift, factor = fallback.of(of.stand.age_days[rows], ages[1])
    close = fallback.together_at(of.stand.age_days[rows], ages[1])
    now = of.stand.log_views[rows]
    said = now + of.rise[rows] + shift * of.noise[rows], of.noise[rows] * factor
    logs = np.array(
        [
            meet(
                Normal(*normal_of(prior[posts[int(of.post[r])]])),
                Normal(float(said[0][i]), float(said[1][i])),
                float(close[i]),
            ).quantiles(float(now[i]))
            for i, r in enumerate(rows)
        ]
    )
    y = of.stand.log_views[rows] + of.log_ratio[rows]
    creator = task.panel.creator[of.post[rows]]
    miss = float(np.abs(logs[:, 3] - y).mean())
    return {"n": len(rows), "mae_log": miss, **interval(logs, y, creator)}


def goals_of(measured: dict[str, Any]) -> list[dict[str, Any]]:
    """The issue's goals for trajectories, met or not."""
    goals = []
    for name, of in measured.items():
        methods = of["methods"]
        best = min(methods[m]["mdape"] for m in ("constant_ratio", "log_linear"))
        task = f"{name}, day {of['from_days']:g} to {of['horizon_days']:g}"
        mine, held = methods["stage_model"]["mdape"], methods["stage_model"]["coverage_80"]
        goals.append(
            evidence.target(
                f"{task}: MdAPE over the better reference's", mine / best, "times",
                f"at most {1 - GAIN:.2f}", mine <= (1 - GAIN) * best,
            )
        )  # fmt: skip
        met = evidence.within(held, *COVERAGE)
        what = f"{task}: coverage of the 80% interval"
        row = evidence.target(what, held, "share", ".78 to .82", met)
        goals.append(row if met else {**row, "note": TRIED})
        if "lower_by" in of:
            goals.append(
                evidence.target(
                    f"{task}: MAE with the first day's count lower by", of["lower_by"], "share",
                    f"at least {FIRST_DAY}", of["lower_by"] >= FIRST_DAY,
                )
            )  # fmt: skip
    return goals


if __name__ == "__main__":
    main()
