"""Leak tests on the collections in which the same videos were counted repeatedly.

*Shuffled*: what came of each count is handed out at random among the counts of a task's age, those
learned from and those asked about; the stage model must then be no better than a constant ratio.
*Future*: counts made after four fifths of the young ones are multiplied at random; no column of a
count made before may change, nor an outcome that was known before, nor a growth curve.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.trajectory_data import COLLECTIONS, Repeated, panel_of
from benchmarks.trajectory_methods import Split, Task, forecasts, task_of
from features.growth_curves import fit_curves, segments_of
from features.panel import Panel
from features.snapshots import PanelTracks, Snapshots, snapshots
from training.trajectory import StageModel


def figures(folder: Path) -> dict[str, Any]:
    """Of each collection the skill on shuffled outcomes and what a future count changes."""
    found = {}
    for name, of in COLLECTIONS.items():
        panel = panel_of(of, folder)
        task = task_of(of, panel)
        found[name] = {
            "shuffled_skill": shuffled_skill(task, of),
            **future(task, of),
        }
        print(name, found[name], flush=True)
    return found


def shuffled_skill(task: Task, collection: Repeated) -> float:
    """By how much the stage model's error lies below the constant ratio's, outcomes shuffled."""
    splits = [_shuffled(split, collection, seed) for seed, split in enumerate(task.splits)]
    mixed = replace(task, splits=splits)
    _, made = forecasts(mixed, collection)
    came = np.concatenate([split.of.log_ratio[split.test] for split in splits])
    stage = np.abs(made["stage_model"][:, 3] - came).mean()
    return float(1 - stage / np.abs(made["constant_ratio"] - came).mean())


def _shuffled(split: Split, collection: Repeated, seed: int) -> Split:
    """The split with the outcomes of its stage's rows handed out at random."""
    stage = StageModel(collection.from_days, collection.horizon_days)
    rows = np.union1d(stage.of_stage(split.of, split.known), split.test)
    log_ratio = split.of.log_ratio.copy()
    log_ratio[rows] = np.random.default_rng(seed).permutation(log_ratio[rows])

    def early(cut_s: int) -> Snapshots:
        return replace(split.early(cut_s), log_ratio=log_ratio)

    return replace(split, of=replace(split.of, log_ratio=log_ratio), early=early)


def future(task: Task, collection: Repeated) -> dict[str, int]:
    """How many counts made by a time change in a column, or in an outcome known by then, with
    counts made after it, and how many later ones do; curves are those known at the time."""
    panel = task.panel
    middle = int(np.quantile(task.of.observed_s, 0.8))
    later = panel.obs_s > middle
    counts = panel.obs_counts.copy()
    counts[later] *= np.random.default_rng(5).uniform(2, 50, (int(later.sum()), counts.shape[1]))
    before = _known_at(panel, middle, collection.horizon_days)
    after = _known_at(replace(panel, obs_counts=counts), middle, collection.horizon_days)
    by_then = before.observed_s <= middle
    moved = (~np.isclose(before.values, after.values, equal_nan=True)).any(axis=1)
    other = ~np.isclose(before.log_ratio, after.log_ratio, equal_nan=True)
    moved |= other & (before.known_s <= middle)
    return {
        "rows_changed": int(moved[by_then].sum()),
        "later_rows_changed": int(moved[~by_then].sum()),
    }


def _known_at(panel: Panel, until_s: int, horizon_days: float) -> Snapshots:
    """All counts as rows, by the curves of posts and counts until a second."""
    segments = segments_of(panel)
    learned = np.flatnonzero(panel.published_s < until_s)
    curves = fit_curves(panel, learned, until_s, segments)
    return snapshots(PanelTracks(panel, curves, segments), horizon_days)
