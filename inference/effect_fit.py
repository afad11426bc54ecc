"""Posts against their creators' own level, and labels' and measures' effects on that: numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.dataset import Dataset
from features.panel import DAY_S, F64, I64
from features.questions import Outcomes
from inference.effect_design import Design, design_of
from reelcast.errors import InputError, NotEnoughDataError
from reelcast.tables import TARGETS

_RIDGE = 1.0  # posts' worth of no effect: labels of one group sum to one


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients (k,) and their standard errors, of the design's first k columns."""

    coefficient: F64
    error: F64
    n_creators: int


@dataclass(frozen=True, slots=True)
class Described:
    """Posts (n,) with a known count and any label or measure, against their creators' level.

    `values` (n, k) are the design's columns as they are, `columns` the same and the controls less
    the creators' own level; `log` is the mature log count, `against` less the creator's level.
    """

    values: F64
    columns: tuple[F64, F64]
    log: F64
    against: F64
    weight: F64
    creator: I64

    def fit(self, rows: npt.NDArray[np.bool_] | None = None) -> Fit:
        """The effects as these rows (n,) show them, all where None."""
        use = np.ones(len(self.log), bool) if rows is None else rows
        of, controls = self.columns
        return fit_effects(
            (of[use], controls[use]), (self.against[use], self.weight[use]), self.creator[use]
        )


def described(
    dataset: Dataset,
    tables: tuple[pa.Table, pa.Table | None],
    target: str,
    fewest: tuple[int, int],
) -> tuple[Design, Described]:
    """The design of labels and measures with enough posts and creators, and the posts behind it.

    Raises InputError for a target that is none, NotEnoughDataError where no label has enough.
    """
    if target not in TARGETS:
        raise InputError(f"{target!r} is no target: choose of {', '.join(TARGETS)}")
    outcomes, log, level, ratio = against_own(dataset, target)
    ids = [dataset.panel.post_ids[i] for i in outcomes.post]
    creator = dataset.panel.creator[outcomes.post]
    design = design_of(ids, creator, tables, fewest)
    if not len(design.names):
        raise NotEnoughDataError(
            f"no label stands at {fewest[0]} counted posts of {fewest[1]} creators or more: "
            "tag more videos, or import more counts"
        )
    of = design.is_described
    controls = controls_of(dataset, outcomes)[of]
    values = design.values[of]
    return design, Described(
        values,
        (less_own(values, creator[of], ratio), less_own(controls, creator[of], ratio)),
        log[of],
        (log - level)[of],
        (1 / (1 + 1 / (others(creator) + ratio)))[of],
        creator[of],
    )


def against_own(dataset: Dataset, target: str) -> tuple[Outcomes, F64, F64, float]:
    """Posts with a known count, their mature log, the level of their creators' other posts, and
    the ratio of variances within and between creators."""
    asked, outcomes = dataset.ask()
    state = dataset.fit(asked, outcomes, 0)
    rows = dataset.rows(asked, state)
    index = TARGETS.index(target)
    log = outcomes.mature_log(state.growth)[:, index]
    known = np.flatnonzero(~np.isnan(log))
    log, creator = log[known], asked.creator[known]
    prior, ratio = np.log1p(rows.prior[known, index]), float(state.prior_ratio[index])
    level = level_of_others(log, creator, prior, ratio)
    return outcomes.take(known), log, level, ratio


def others(creator: I64) -> I64:
    """How many other posts (n,) each post's creator has."""
    return np.bincount(creator)[creator] - 1


def level_of_others(values: F64, creator: I64, prior: F64, ratio: float) -> F64:
    """The mean (n,) of the creator's other posts, which `ratio` posts at the prior join."""
    total = np.bincount(creator, values)[creator] - values
    return np.asarray((total + ratio * prior) / (others(creator) + ratio))


def less_own(columns: F64, creator: I64, ratio: float) -> F64:
    """Columns (n, k) less the level of the creator's other posts, as their counts are."""
    less = [of - level_of_others(of, creator, of.mean(), ratio) for of in columns.T]
    return np.column_stack(less) if less else columns


def controls_of(dataset: Dataset, outcomes: Outcomes) -> F64:
    """(n, 9): length, its square, hour, weekend, age, season in sines; unknown is the mean."""
    panel = dataset.panel
    at, length = panel.published_s[outcomes.post], np.log1p(panel.duration_s[outcomes.post])
    length = np.nan_to_num(length - np.nanmean(length)) if (~np.isnan(length)).any() else at * 0.0
    hour, year = 2 * np.pi * (at % DAY_S) / DAY_S, 2 * np.pi * at / (365.25 * DAY_S)
    weekend = ((at // int(DAY_S) + 3) % 7 >= 5).astype(np.float64)
    age = np.log1p(outcomes.age_days)
    waves = (np.sin(hour), np.cos(hour), np.sin(year), np.cos(year))
    return np.column_stack([length, length**2, *waves, weekend, age, (at - at.mean()) / DAY_S])


def fit_effects(columns: tuple[F64, F64], response: tuple[F64, F64], creator: I64) -> Fit:
    """Weighted least squares with errors clustered by creator, as if each creator were left out in
    turn (Bell & McCaffrey 2002): plain clustered errors are too small where creators are few."""
    (values, controls), (against, weight) = columns, response
    spread = controls.std(axis=0)
    controls = controls[:, spread > 0] / spread[spread > 0]
    x = np.column_stack([values, controls])
    x = x - np.average(x, axis=0, weights=weight)
    y = against - np.average(against, weights=weight)
    inverse = np.linalg.inv((x * weight[:, None]).T @ x + _RIDGE * np.eye(x.shape[1]))
    beta = inverse @ (x * weight[:, None]).T @ y
    _, cluster = np.unique(creator, return_inverse=True)
    moved = _moved_without(x, (weight, weight * (y - x @ beta)), cluster, inverse)
    n_clusters = len(moved)
    variance = (moved**2).sum(axis=0) * (n_clusters - 1) / max(n_clusters, 1)
    k = values.shape[1]
    return Fit(beta[:k], np.sqrt(np.maximum(variance[:k], 1e-12)), n_clusters)


def _moved_without(x: F64, of: tuple[F64, F64], cluster: I64, inverse: F64) -> F64:
    """How far coefficients (n_clusters, k) move where a cluster is left out.

    `of`: weights and weighted misses (n,); `inverse` is that of x'Wx. Without a cluster whose part
    of x'Wx is A, they move by inverse (I - A inverse)^-1 x'W miss.
    """
    weight, miss = of
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order])) + 1
    moved = []
    for rows in np.split(order, starts):
        own = x[rows]
        part = (own * weight[rows, None]).T @ own
        left = np.eye(len(inverse)) - part @ inverse
        moved.append(inverse @ np.linalg.solve(left, own.T @ miss[rows]))
    return np.array(moved)


def shrunk(fit: Fit, groups: Sequence[str]) -> tuple[F64, F64]:
    """Empirical-Bayes means and deviations: effects of a group share a spread about no effect."""
    mean, sd = np.zeros(len(groups)), np.zeros(len(groups))
    names = np.array(groups)
    for group in np.unique(names):
        own = names == group
        error2 = fit.error[own] ** 2
        spread2 = max(float((fit.coefficient[own] ** 2 - error2).mean()), 0.0)
        spread2 = max(spread2, 0.05**2)  # effects of 5% are always thought possible
        keep = spread2 / (spread2 + error2)
        mean[own], sd[own] = keep * fit.coefficient[own], np.sqrt(keep * error2)
    return mean, sd
