"""What content does: each label's and measure's effect against the creator's own level.

A post's log count is set against its creator's other posts (pooled, so that few posts lean on the
tier), and so is each label and measure: a label that a creator always uses says nothing. What is
left is explained by all of them at once, beside length, hour, age and season. Errors allow for
posts of one creator being alike; effects are shrunk within their group, and many are tested at
once, so false discoveries are controlled (Benjamini & Hochberg 1995). This is association among
posts that people chose to make so, not a proof of cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy import stats

from features.dataset import Dataset
from features.panel import DAY_S, F64, I64
from features.questions import Outcomes
from inference.effect_design import Design, design_of
from reelcast.errors import InputError, NotEnoughDataError
from reelcast.records import Record
from reelcast.tables import TARGETS

MIN_POSTS, MIN_CREATORS = 15, 5  # fewer say nothing of a label
FALSE_SHARE = 0.10  # of the effects called clear, at most so many in expectation are none
_RIDGE = 1.0  # posts' worth of no effect: labels of one group sum to one
_LEVEL = 0.95


class Effect(Record):
    """How posts with a label do against the same creators' average post: 1.2 is 20% more."""

    group: str
    label: str
    unit: str
    n_posts: int
    n_creators: int
    factor: float
    low: float
    high: float
    raw_factor: float
    p_value: float
    q_value: float
    is_clear: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Fit:
    """Coefficients (k,) and their standard errors, of the design's first k columns."""

    coefficient: F64
    error: F64
    n_creators: int


def effects_of(
    dataset: Dataset, labels: pa.Table, measures: pa.Table | None = None, target: str = "views"
) -> list[Effect]:
    """One effect per label and measure with enough posts, strongest evidence first.

    `labels`: post_id, group, label, probability (null: 1). `measures`: post_id, name, value.
    Raises InputError for a target that is none, NotEnoughDataError where no label has enough posts.
    """
    if target not in TARGETS:
        raise InputError(f"{target!r} is no target: choose of {', '.join(TARGETS)}")
    outcomes, against, ratio = _against_own(dataset, target)
    ids = [dataset.panel.post_ids[i] for i in outcomes.post]
    creator = dataset.panel.creator[outcomes.post]
    design = design_of(ids, creator, (labels, measures), (MIN_POSTS, MIN_CREATORS))
    if not len(design.names):
        raise NotEnoughDataError(
            f"no label stands at {MIN_POSTS} counted posts of {MIN_CREATORS} creators or more: "
            "tag more videos, or import more counts"
        )
    tagged = design.is_described
    controls = _controls(dataset, outcomes)
    columns = tuple(
        _less_own(of[tagged], creator[tagged], ratio) for of in (design.values, controls)
    )
    weight = 1 / (1 + 1 / (_others(creator) + ratio))
    fit = _fit(
        (columns[0], columns[1]),
        (against[tagged], weight[tagged]),
        creator[tagged],
    )
    return _effects(design, fit)


def _against_own(dataset: Dataset, target: str) -> tuple[Outcomes, F64, float]:
    """Posts with a known count, their mature log against the creator's other posts, the ratio of
    variances within and between creators."""
    asked, outcomes = dataset.ask()
    state = dataset.fit(asked, outcomes, 0)
    rows = dataset.rows(asked, state)
    index = TARGETS.index(target)
    log = outcomes.mature_log(state.growth)[:, index]
    known = np.flatnonzero(~np.isnan(log))
    log, creator = log[known], asked.creator[known]
    prior, ratio = np.log1p(rows.prior[known, index]), float(state.prior_ratio[index])
    level = _level_of_others(log, creator, prior, ratio)
    return outcomes.take(known), log - level, ratio


def _others(creator: I64) -> I64:
    return np.bincount(creator)[creator] - 1


def _level_of_others(values: F64, creator: I64, prior: F64, ratio: float) -> F64:
    """The mean (n,) of the creator's other posts, which `ratio` posts at the prior join."""
    total = np.bincount(creator, values)[creator] - values
    return np.asarray((total + ratio * prior) / (_others(creator) + ratio))


def _less_own(columns: F64, creator: I64, ratio: float) -> F64:
    """Columns (n, k) less the level of the creator's other posts, as their counts are."""
    less = [of - _level_of_others(of, creator, of.mean(), ratio) for of in columns.T]
    return np.column_stack(less) if less else columns


def _controls(dataset: Dataset, outcomes: Outcomes) -> F64:
    """(n, 9): length, its square, hour, weekend, age, season in sines; unknown is the mean."""
    panel = dataset.panel
    at, length = panel.published_s[outcomes.post], np.log1p(panel.duration_s[outcomes.post])
    length = np.nan_to_num(length - np.nanmean(length)) if (~np.isnan(length)).any() else at * 0.0
    hour, year = 2 * np.pi * (at % DAY_S) / DAY_S, 2 * np.pi * at / (365.25 * DAY_S)
    weekend = ((at // int(DAY_S) + 3) % 7 >= 5).astype(np.float64)
    age = np.log1p(outcomes.age_days)
    waves = (np.sin(hour), np.cos(hour), np.sin(year), np.cos(year))
    return np.column_stack([length, length**2, *waves, weekend, age, (at - at.mean()) / DAY_S])


def _fit(columns: tuple[F64, F64], response: tuple[F64, F64], creator: I64) -> _Fit:
    """Weighted least squares with errors clustered by creator (Liang & Zeger 1986)."""
    (values, controls), (against, weight) = columns, response
    spread = controls.std(axis=0)
    controls = controls[:, spread > 0] / spread[spread > 0]
    x = np.column_stack([values, controls])
    x = x - np.average(x, axis=0, weights=weight)
    y = against - np.average(against, weights=weight)
    inverse = np.linalg.inv((x * weight[:, None]).T @ x + _RIDGE * np.eye(x.shape[1]))
    beta = inverse @ (x * weight[:, None]).T @ y
    _, cluster = np.unique(creator, return_inverse=True)
    n_clusters = int(cluster.max()) + 1
    scores = np.zeros((n_clusters, x.shape[1]))
    np.add.at(scores, cluster, x * (weight * (y - x @ beta))[:, None])
    cover = inverse @ scores.T @ scores @ inverse * n_clusters / max(n_clusters - 1, 1)
    k = values.shape[1]
    return _Fit(beta[:k], np.sqrt(np.maximum(np.diag(cover)[:k], 1e-12)), n_clusters)


def _effects(design: Design, fit: _Fit) -> list[Effect]:
    df = np.maximum(np.minimum(design.n_creators, fit.n_creators) - 1, 1)  # those who use it
    p = 2 * stats.t.sf(np.abs(fit.coefficient / fit.error), df)
    q = stats.false_discovery_control(p)
    mean, sd = _shrunk(fit, design.groups)
    reach = stats.t.ppf(0.5 + _LEVEL / 2, df) * sd
    made = []
    for i, (group, label, unit) in enumerate(design.names):
        factor, low, high = np.exp([mean[i], mean[i] - reach[i], mean[i] + reach[i]])
        clear = bool(q[i] < FALSE_SHARE and (low > 1 or high < 1))
        made.append(
            Effect(
                group=group,
                label=label,
                unit=unit,
                n_posts=int(design.n_posts[i]),
                n_creators=int(design.n_creators[i]),
                factor=round(float(factor), 3),
                low=round(float(low), 3),
                high=round(float(high), 3),
                raw_factor=round(float(np.exp(fit.coefficient[i])), 3),
                p_value=round(float(p[i]), 5),
                q_value=round(float(q[i]), 5),
                is_clear=clear,
                words=_words(factor, low, high, clear),
            )
        )
    return sorted(made, key=lambda e: (e.q_value, e.p_value, e.group, e.label))


def _shrunk(fit: _Fit, groups: Sequence[str]) -> tuple[F64, F64]:
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


def _words(factor: float, low: float, high: float, clear: bool) -> str:
    between = f"between {low - 1:+.0%} and {high - 1:+.0%}"
    if not clear:
        return f"no difference that the data can show ({between})"
    return f"{abs(factor - 1):.0%} {'more' if factor > 1 else 'fewer'}, {between}"
