"""Joint samples of a post's counts: views from their quantile curve, engagement given views.

An engagement count is Beta-Binomial given views (Skellam 1948): of V viewers each acts with a
chance that varies by post. Its mean is the model's own forecast of both medians, moved along with
the sampled views; its spread is fitted on posts that the heads have not seen. No sample ever holds
more likes than views. The random numbers are fixed: the same forecast has the same samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import gammaln, ndtr, ndtri

from features.panel import F64, I64
from reelcast.packages import require
from reelcast.records import QUANTILES
from reelcast.tables import TARGETS

DRAWS = 256
MEDIAN = QUANTILES.index(0.50)
_SEED = 20_261_126
_TAIL = 2.0  # normal scores beyond which the outer quantiles are not extrapolated further
_PARTS = 4  # numbers that one engagement count takes: two gammas, a power, the count
_SMALL = 12.0  # mean counts below this are drawn exactly, as Poisson
_MOST_ROWS = 4000  # posts that a rate is fitted on, evenly in time
_MIN_ROWS = 40
_PRIOR = np.array([0.0, 0.0, 1.0, 0.0, 1.0])  # unmoved mean; the chance varies by about 60%
_PRIOR_SD = np.array([1.0, 0.5, 2.0, 0.5, 0.5])


@dataclass(frozen=True, slots=True)
class Rate:
    """Of one engagement count: how its rate's mean and spread follow from a forecast.

    With m the log odds that the medians of count and views imply, the mean's log odds are
    `m + shift + slope * (log views - median log views)`, and the Beta's a + b is
    `exp(spread + known * log(1 + earlier posts) - odds * mean log odds)`.
    """

    shift: float
    slope: float
    spread: float
    known: float
    odds: float

    def shapes(self, views: F64, medians: tuple[F64, F64], n_history: F64) -> tuple[F64, F64]:
        """The Beta's a and b for views (n, k), log1p medians of count and of views (n, 1)."""
        own, of_views = medians
        odds = np.log(np.expm1(own) + 0.5) - np.log(np.expm1(of_views) + 1.0)
        odds = np.clip(odds, -16.0, 3.0)
        log_odds = odds + self.shift + self.slope * (np.log1p(views) - of_views)
        log_odds = np.clip(log_odds, -18.0, 3.0)
        total = self.spread + self.known * np.log1p(n_history) - self.odds * log_odds
        total = np.exp(np.clip(total, -3.0, 20.0))
        mean = 1 / (1 + np.exp(-log_odds))
        return mean * total, (1 - mean) * total

    def to_json(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in self.__slots__}


def fit_rate(views: F64, counts: F64, medians: tuple[F64, F64], n_history: I64) -> Rate | None:
    """The most likely rate of posts with views and counts (n,), forecast at `medians` (n,) each.

    Shrunk to a prior of an unmoved mean; None where fewer than 40 posts know both.
    """
    known = np.flatnonzero((views > 0) & ~np.isnan(counts))
    if len(known) < _MIN_ROWS:
        return None
    if len(known) > _MOST_ROWS:
        known = known[np.linspace(0, len(known) - 1, _MOST_ROWS).astype(np.int64)]
    seen = views[known, None]
    acted = np.minimum(counts[known, None], seen)
    own, of_views = (m[known, None] for m in medians)
    n = n_history[known, None].astype(np.float64)

    def loss(values: F64) -> float:
        a, b = Rate(*values).shapes(seen, (own, of_views), n)
        fits = _log_beta(acted + a, seen - acted + b) - _log_beta(a, b)
        return float(-fits.sum() + 0.5 * (((values - _PRIOR) / _PRIOR_SD) ** 2).sum())

    found = require("scipy.optimize").minimize(loss, _PRIOR, method="L-BFGS-B")
    return Rate(*(round(float(value), 6) for value in found.x))


def _log_beta(a: F64, b: F64) -> F64:
    return np.asarray(gammaln(a) + gammaln(b) - gammaln(a + b), np.float64)


def sample(
    log_quantiles: Mapping[str, F64], n_history: I64, rates: Mapping[str, Rate]
) -> dict[str, F64]:
    """Counts (n, DRAWS) of each target, drawn together: column k is one future of a post.

    `log_quantiles`: calibrated quantiles of log1p counts (n, n_quantiles) by target. An
    engagement's Beta-Binomial samples are moved, rank by rank, onto its own calibrated quantiles
    (Schaake shuffle, Clark et al. 2004), for these are measured to be the sharper ones
    (docs/experiments.md), and bounded by views. Without views beside it, or without a rate, it is
    drawn from its own quantiles alone.
    """
    drawn: dict[str, F64] = {}
    views = None
    if "views" in log_quantiles:
        views = drawn["views"] = _counts(log_quantiles["views"], curve_weights()[0])
    for target, logs in log_quantiles.items():
        if target == "views":
            continue
        rate, number = rates.get(target), TARGETS.index(target)
        if views is None or rate is None:
            own = _counts(logs, curve_weights()[number])
        else:
            medians = logs[:, [MEDIAN]], log_quantiles["views"][:, [MEDIAN]]
            shapes = rate.shapes(views, medians, n_history[:, None].astype(np.float64))
            own = _by_rank(logs, _beta_binomial(views, shapes, number))
        drawn[target] = own if views is None else np.minimum(own, views)
    return drawn


def _counts(log_quantiles: F64, weights: F64) -> F64:
    return np.maximum(np.expm1(log_quantiles @ weights.T).round(), 0.0)


def _by_rank(log_quantiles: F64, like: F64) -> F64:
    """Counts (n, DRAWS) of these quantiles, in each row ordered as the samples `like` are."""
    ordered = _counts(log_quantiles, _sorted_weights())
    moved = np.empty_like(ordered)
    np.put_along_axis(moved, np.argsort(like, axis=1, kind="stable"), ordered, axis=1)
    return moved


def _beta_binomial(views: F64, shapes: tuple[F64, F64], number: int) -> F64:
    """Counts (n, DRAWS), at most `views`, by the fixed numbers of the target `number`."""
    return acting(views, shapes, _scores()[:, 1 + _PARTS * (number - 1) : 1 + _PARTS * number].T)


def acting(views: F64, shapes: tuple[F64, F64], z: F64) -> F64:
    """Beta-Binomial counts of viewers who act, at most `views`, from normal scores `z` (4, ...).

    The first three scores say how willing a post's viewers are, the last how many of them act.
    """
    acts = _gamma(shapes[0], z[0], z[1])
    others = _gamma(shapes[1], z[2], None)
    mean = views * (acts / np.maximum(acts + others, 1e-300))
    return np.minimum(counted(mean, z[3], views), views)


def _gamma(shape: F64, z: F64, power: F64 | None) -> F64:
    """Gamma variates from normal scores by Wilson & Hilferty's cube root (1931).

    With `power`, exact also for shapes below one: a variate of shape + 1 times U^(1/shape).
    """
    if power is None:
        shape = np.maximum(shape, 0.3)
        return np.asarray(
            shape * np.maximum(1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape)), 0) ** 3
        )
    one_up = shape + 1
    core = one_up * np.maximum(1 - 1 / (9 * one_up) + z / (3 * np.sqrt(one_up)), 1e-6) ** 3
    return np.asarray(core * np.exp(np.log(ndtr(power)) / shape))


def counted(mean: F64, z: F64, of: F64) -> F64:
    """Counts about their mean, by normal scores: Binomial's spread, Poisson's shape where small."""
    sd = np.sqrt(mean * np.maximum(1 - mean / np.maximum(of, 1), 0))
    counts = np.maximum((mean + sd * z).round(), 0)
    small = np.nonzero(mean < _SMALL)
    if len(small[0]):
        level = np.broadcast_to(ndtr(z), mean.shape)[small]
        counts[small] = _poisson(mean[small], level)
    return np.asarray(counts, np.float64)


def _poisson(mean: F64, level: F64) -> F64:
    """The Poisson quantiles of means (n,) at levels (n,)."""
    chance = np.exp(-mean)
    below, count = chance.copy(), np.zeros(len(mean))
    for k in range(1, 40):
        above = below < level
        if not above.any():
            break
        count += above
        chance = chance * mean / k
        below += chance
    return count


@lru_cache(maxsize=1)
def _scores() -> F64:
    """Normal scores (DRAWS, 1 + 4 * engagements): a Latin hypercube of a fixed seed."""
    rng = np.random.default_rng(_SEED)
    columns = 1 + _PARTS * (len(TARGETS) - 1)
    strata = np.column_stack([rng.permutation(DRAWS) for _ in range(columns)])
    return np.asarray(ndtri((strata + 0.5) / DRAWS), np.float64)


@lru_cache(maxsize=1)
def curve_weights() -> tuple[F64, ...]:
    """For each target (DRAWS, n_quantiles): interpolates its log quantiles at its normal scores.

    The curve is linear in the normal score between levels; beyond the outer ones the slope from
    the median goes on, up to scores of +-2 (docs/experiments.md).
    """
    scores = _scores()
    columns = (0, *(1 + _PARTS * i for i in range(len(TARGETS) - 1)))
    return tuple(_interpolation(scores[:, column]) for column in columns)


@lru_cache(maxsize=1)
def _sorted_weights() -> F64:
    return _interpolation(np.sort(_scores()[:, 0]))


def _interpolation(at: F64) -> F64:
    z, level = ndtri(np.array(QUANTILES)), np.eye(len(QUANTILES))
    low = level[0] + (-_TAIL - z[0]) * (level[0] - level[MEDIAN]) / z[0]
    high = level[-1] + (_TAIL - z[-1]) * (level[-1] - level[MEDIAN]) / z[-1]
    knots, values = np.array([-_TAIL, *z, _TAIL]), np.vstack([low, level, high])
    clipped = np.clip(at, -_TAIL, _TAIL)
    return np.column_stack([np.interp(clipped, knots, column) for column in values.T])


def rates_from_json(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Rate]:
    """The rates that `Rate.to_json` gave, by target."""
    return {target: Rate(**of_target) for target, of_target in data.items()}
