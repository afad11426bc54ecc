"""Ways to forecast a count at a horizon from one at an age, fitted and asked on the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.trajectory_data import Repeated
from features.growth_curves import fit_curves, segments_of
from features.panel import F64, I64, Panel
from features.snapshots import PanelTracks, Snapshots, snapshots
from training.trajectory import Early, StageModel

METHODS = ("constant_ratio", "log_linear", "growth_curve", "stage_model")
N_FOLDS = 5
NEVER = 2**33  # seconds: later than any count


@dataclass(frozen=True, slots=True)
class Split:
    """Rows that a split learns from and rows that it forecasts, their columns by curves that were
    fitted on posts it may learn from alone; `early` gives them by those of what was published
    before a second."""

    of: Snapshots
    known: I64
    test: I64
    early: Early


@dataclass(frozen=True, slots=True)
class Task:
    """A collection's counts at the task's age (`asked`, one a post), and those learned from."""

    panel: Panel
    of: Snapshots
    asked: I64
    splits: list[Split]
    tracks: PanelTracks
    cut_s: int


def task_of(collection: Repeated, panel: Panel) -> Task:
    """The task's rows and splits.

    Split by time where the collection is long: learned from is what was known at the cut, asked
    are the posts published after it. Re-tracking lasted two weeks, so there it is split into five
    parts by creator, each forecast from the other four.
    """
    tracks = _tracks(panel, np.arange(panel.n_posts), NEVER)
    of = snapshots(tracks, collection.horizon_days)
    task = Task(panel, of, _asked(of, collection), [], tracks, NEVER)
    return _by_time(task, collection) if collection.by_time else _by_creator(task, collection)


def _by_time(task: Task, collection: Repeated) -> Task:
    published = task.panel.published_s
    cut = int(np.quantile(published[task.of.post[task.asked]], 0.8))
    tracks = _tracks(task.panel, np.flatnonzero(published < cut), cut)
    of = snapshots(tracks, collection.horizon_days)
    asked = _asked(of, collection)
    known = np.flatnonzero((of.known_s < cut) & (published[of.post] < cut))
    early = _early(task.panel, np.arange(task.panel.n_posts), cut, collection)
    split = Split(of, known, asked[published[of.post[asked]] >= cut], early)
    return Task(task.panel, of, asked, [split], tracks, cut)


def _by_creator(task: Task, collection: Repeated) -> Task:
    panel = task.panel
    part = np.random.default_rng(0).permutation(len(panel.creator_ids)) % N_FOLDS
    of_asked = part[panel.creator[task.of.post[task.asked]]]
    for k in range(N_FOLDS):
        others = np.flatnonzero(part[panel.creator] != k)
        of = snapshots(_tracks(panel, others, NEVER), collection.horizon_days)
        mine = part[panel.creator[of.post]] == k
        known = np.flatnonzero(~np.isnan(of.log_ratio) & ~mine)
        early = _early(panel, others, NEVER, collection)
        task.splits.append(Split(of, known, task.asked[of_asked == k], early))
    return task


def _early(panel: Panel, learned: I64, until_s: int, collection: Repeated) -> Early:
    def before(cut_s: int) -> Snapshots:
        older = learned[panel.published_s[learned] < cut_s]
        return snapshots(_tracks(panel, older, until_s), collection.horizon_days)

    return before


def _tracks(panel: Panel, learned: I64, until_s: int) -> PanelTracks:
    """The posts with the curves of those learned from, by what was counted until then."""
    segments = segments_of(panel)
    return PanelTracks(panel, fit_curves(panel, learned, until_s, segments), segments)


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
    for split in task.splits:
        base = np.intersect1d(task.asked, split.known)
        for name, values in _of_split(split, base, collection).items():
            found[name].append(values)
    tests = np.concatenate([split.test for split in task.splits])
    return tests, {name: np.concatenate(parts) for name, parts in found.items()}


def _of_split(split: Split, base: I64, collection: Repeated) -> dict[str, F64]:
    """Each method's log ratios of the split's test rows; the references learn from `base` alone,
    the stage model from counts at other ages too."""
    of, known, test = split.of, split.known, split.test
    now, ratio = of.stand.log_views, of.log_ratio
    design = np.column_stack([np.ones(len(base)), now[base]])
    weights = np.linalg.lstsq(design, now[base] + ratio[base], rcond=None)[0]
    model = StageModel(collection.from_days, collection.horizon_days).fit(of, known, split.early)
    return {
        "constant_ratio": np.full(len(test), np.median(ratio[base])),
        "log_linear": weights[0] + (weights[1] - 1) * now[test],
        "growth_curve": of.rise[test],
        "stage_model": model.predict(of, test) - now[test][:, None],
    }
