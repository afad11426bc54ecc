"""Ways to forecast a count at a horizon from one at an age, fitted and asked on the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.trajectory_data import Repeated
from features.growth_curves import fit_curves, segments_of
from features.panel import F64, I64, Panel
from features.snapshots import PanelTracks, Snapshots, snapshots
from training.trajectory import StageModel

METHODS = ("constant_ratio", "log_linear", "growth_curve", "stage_model")
N_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Task:
    """A collection's counts at the task's age (`asked`, one a post), and those learned from."""

    panel: Panel
    of: Snapshots
    asked: I64
    splits: list[tuple[I64, I64]]  # rows of `of` that a split learns from, rows that it forecasts
    tracks: PanelTracks
    cut_s: int


def task_of(collection: Repeated, panel: Panel) -> Task:
    """The task's rows and splits.

    Split by time where the collection is long: learned from is what was known at the cut, asked
    are the posts published after it. Re-tracking lasted two weeks, so there it is split into five
    parts by creator, each forecast from the other four.
    """
    published = panel.published_s
    cut = int(np.quantile(published, 0.8))
    until = cut if collection.by_time else 2**33
    learned = np.flatnonzero(published < cut) if collection.by_time else np.arange(panel.n_posts)
    segments = segments_of(panel)
    tracks = PanelTracks(panel, fit_curves(panel, learned, until, segments), segments)
    of = snapshots(tracks, collection.horizon_days)
    asked = _asked(of, collection)
    if collection.by_time:
        cut = int(np.quantile(published[of.post[asked]], 0.8))
        known = np.flatnonzero((of.known_s < cut) & (published[of.post] < cut))
        return Task(
            panel, of, asked, [(known, asked[published[of.post[asked]] >= cut])], tracks, cut
        )
    part = np.random.default_rng(0).permutation(len(panel.creator_ids)) % N_FOLDS
    rows = np.flatnonzero(~np.isnan(of.log_ratio))
    row_part, asked_part = (part[panel.creator[of.post[r]]] for r in (rows, asked))
    splits = [(rows[row_part != k], asked[asked_part == k]) for k in range(N_FOLDS)]
    return Task(panel, of, asked, splits, tracks, cut)


def _asked(of: Snapshots, collection: Repeated) -> I64:
    """Per post the count nearest to the task's age, where one is near and the outcome known."""
    apart = np.abs(of.stand.age_days - collection.from_days)
    rows = np.flatnonzero((apart <= collection.within_days) & ~np.isnan(of.log_ratio))
    rows = rows[np.lexsort((apart[rows], of.post[rows]))]
    return rows[np.diff(of.post[rows], prepend=-1) != 0]


def forecasts(task: Task, collection: Repeated) -> tuple[I64, dict[str, F64]]:
    """The rows asked, in the splits' order, and each method's log ratios (n,).

    The stage model's are quantiles (n, 7).
    """
    found: dict[str, list[F64]] = {name: [] for name in METHODS}
    for known, test in task.splits:
        base = np.intersect1d(task.asked, known)
        for name, values in _of_split(task, collection, (known, base, test)).items():
            found[name].append(values)
    tests = np.concatenate([test for _, test in task.splits])
    return tests, {name: np.concatenate(parts) for name, parts in found.items()}


def _of_split(task: Task, collection: Repeated, rows: tuple[I64, I64, I64]) -> dict[str, F64]:
    known, base, test = rows
    of = task.of
    now, ratio = of.stand.log_views, of.log_ratio
    design = np.column_stack([np.ones(len(base)), now[base]])
    weights = np.linalg.lstsq(design, now[base] + ratio[base], rcond=None)[0]
    model = StageModel(collection.from_days, collection.horizon_days).fit(of, known)
    return {
        "constant_ratio": np.full(len(test), np.median(ratio[base])),
        "log_linear": weights[0] + (weights[1] - 1) * now[test],
        "growth_curve": of.rise[test],
        "stage_model": model.predict(of, test) - now[test][:, None],
    }
