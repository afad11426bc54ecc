"""A rate per post as a hierarchical Beta-Binomial: shrunk by brand, creator, objective, tags.

Post i has n_i trials and k_i successes. logit of its odds' centre is eta_i = offset_i + intercept
+ slope * log(n_i / reference) + one effect per factor; its rate is Beta(s, s * exp(-eta_i)), so
that s is 1 / CV^2 of small rates, whatever their level. Effects are normal with a variance per
factor. Effects are found by Newton's method, variances and s by EM over the effects' normal
approximation (empirical Bayes with priors, Laplace): a factor without data keeps its prior.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize_scalar
from scipy.special import digamma, gammaln, polygamma

from features.panel import F64, I64
from reelcast.errors import InputError
from training.conversions_prior import RatePrior

Levels = Mapping[str, Sequence[str | None]]
_ROUNDS, _NEWTON = 80, 40
_CLOSE = 2e-3
_SHAPES = (np.log(0.1), np.log(300.0))
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Trials:
    """Successes and trials (n,), the prior's logit (n,), and each row's level per factor."""

    successes: I64
    trials: I64
    offset: F64
    levels: Levels

    def __post_init__(self) -> None:
        if ((self.successes < 0) | (self.successes > self.trials)).any():
            raise InputError("more successes than trials, or fewer than none: correct the counts")


@dataclass(frozen=True, slots=True)
class Rates:
    """What is known of a rate: effects (p,) with covariance (p, p), variances, and the shape.

    The first two effects are intercept and slope; `names` are (factor, level) of the others.
    `variance` holds per factor its estimate and degrees of freedom.
    """

    prior: RatePrior
    names: tuple[tuple[str, str], ...]
    effect: F64
    covariance: F64
    variance: Mapping[str, tuple[float, float]]
    log_shape: float
    log_shape_sd: float
    rows_at: Mapping[tuple[str, str], int]
    rows: int


def log_pmf(k: F64, n: F64, eta: F64, shape: F64 | float) -> F64:
    """Log of the Beta-Binomial's probability at the rate Beta(shape, shape * exp(-eta)).

    >>> round(float(np.exp(log_pmf(np.array(1.0), np.array(2.0), np.array(0.0), 1.0))), 4)
    0.3333
    """
    choose = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.asarray(choose + _log_beta_ratio(k, n, eta, shape))


def _log_beta_ratio(k: F64, n: F64, eta: F64, shape: F64 | float) -> F64:
    b = shape * np.exp(-eta)
    return np.asarray(
        gammaln(k + shape) - gammaln(shape) + gammaln(n - k + b) - gammaln(b)
        - gammaln(n + shape + b) + gammaln(shape + b)
    )  # fmt: skip


def unfitted(prior: RatePrior) -> Rates:
    """The prior alone."""
    variance = {name: (sd**2, prior.spread_dof) for name, sd in prior.spread.items()}
    before = np.array([prior.sd, prior.slope_sd]) ** 2
    shape = float(np.log(prior.shape))
    return Rates(
        prior, (), np.zeros(2), np.diag(before), variance, shape, prior.shape_sd_log, {}, 0
    )


def fit_rates(of: Trials, prior: RatePrior) -> Rates:
    """The rates that these posts and the prior say; the prior alone without trials."""
    used = of.trials > 0
    if not used.any():
        return unfitted(prior)
    k, n, offset = (np.asarray(x[used], np.float64) for x in (of.successes, of.trials, of.offset))
    levels = {f: [v for v, u in zip(of.levels[f], used, strict=True) if u] for f in of.levels}
    names, design, member = _design(levels, prior, n)
    start = unfitted(prior)
    variance, shape = dict(start.variance), float(np.exp(start.log_shape))
    effect = np.zeros(2 + len(names))
    for _ in range(_ROUNDS):
        precision = _precision(prior, variance, names)
        effect, covariance = _newton((k, n, offset), design, precision, (effect, shape))
        before = np.log([shape, *(v for v, _ in variance.values())])
        variance = _variances(prior, member, effect, np.diag(covariance))
        eta = offset + design @ effect
        shape, shape_sd = _shape((k, n), eta, _spread_of(design, covariance), prior)
        after = np.log([shape, *(v for v, _ in variance.values())])
        if np.abs(after - before).max() < _CLOSE:
            break
    counts = {name: int(c) for name, c in zip(names, design[:, 2:].sum(axis=0).A1, strict=True)}
    log_shape = float(np.log(shape))
    return Rates(
        prior, names, effect, covariance, variance, log_shape, shape_sd, counts, len(k)
    )  # fmt: skip


def size_of(n: F64, prior: RatePrior) -> F64:
    """The logarithm of a size over the reference, what the slope multiplies."""
    return np.asarray(np.log(np.maximum(n, 1.0) / prior.reference))


def _design(
    levels: Levels, prior: RatePrior, n: F64
) -> tuple[tuple[tuple[str, str], ...], sparse.csr_matrix, dict[str, I64]]:
    """Names of the levels, the design (rows, 2 + levels), and each factor's columns."""
    known = {
        factor: sorted({v for v in levels[factor] if v is not None})
        for factor in prior.spread
        if factor in levels
    }
    names = tuple((factor, level) for factor, of in known.items() for level in of)
    column = {name: 2 + i for i, name in enumerate(names)}
    rows, columns = [], []
    for factor in known:
        for row, level in enumerate(levels[factor]):
            if level is not None:
                rows.append(row)
                columns.append(column[factor, level])
    ones = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (len(n), 2 + len(names)))
    base = sparse.csr_matrix(np.column_stack([np.ones(len(n)), size_of(n, prior)]))
    base.resize(len(n), 2 + len(names))
    member = {
        factor: np.array([column[factor, level] for level in of], np.int64)
        for factor, of in known.items()
    }
    return names, sparse.csr_matrix(base + ones), member


def _precision(
    prior: RatePrior,
    variance: Mapping[str, tuple[float, float]],
    names: Sequence[tuple[str, str]],
) -> F64:
    fixed = [prior.sd**-2, prior.slope_sd**-2]
    return np.array([*fixed, *(1.0 / variance[factor][0] for factor, _ in names)])


def _newton(
    data: tuple[F64, F64, F64], design: sparse.csr_matrix, precision: F64, at: tuple[F64, float]
) -> tuple[F64, F64]:
    """The effects of highest posterior density and the inverse of its curvature there."""
    k, n, offset = data
    effect, shape = at

    def height(effect: F64) -> float:
        eta = offset + design @ effect
        return float(_log_beta_ratio(k, n, eta, shape).sum() - 0.5 * (precision * effect**2).sum())

    here = height(effect)
    for _ in range(_NEWTON):
        slope, bend = _derivatives(k, n, offset + design @ effect, shape)
        gradient = design.T @ slope - precision * effect
        curvature = _curvature(design, bend, precision)
        step = cho_solve(cho_factor(curvature), gradient)
        scale, there = 1.0, height(effect + step)
        while there < here and scale > 1e-4:
            scale /= 2
            there = height(effect + scale * step)
        gained, effect, here = there - here, effect + scale * step, there
        if gained < 1e-7:
            break
    _, bend = _derivatives(k, n, offset + design @ effect, shape)
    curvature = _curvature(design, bend, precision)
    return effect, np.asarray(cho_solve(cho_factor(curvature), np.eye(len(effect))))


def _derivatives(k: F64, n: F64, eta: F64, shape: float) -> tuple[F64, F64]:
    """d log pmf / d eta, and minus its second derivative, at least a little above 0."""
    b = shape * np.exp(-eta)
    first = digamma(n - k + b) - digamma(b) - digamma(n + shape + b) + digamma(shape + b)
    second = (
        polygamma(1, n - k + b) - polygamma(1, b)
        - polygamma(1, n + shape + b) + polygamma(1, shape + b)
    )  # fmt: skip
    return -b * first, np.maximum(-(b * first + b**2 * second), 1e-6)


def _curvature(design: sparse.csr_matrix, bend: F64, precision: F64) -> F64:
    weighted = design.multiply(bend[:, None]).tocsr()
    return np.asarray((design.T @ weighted).toarray() + np.diag(precision))


def _variances(
    prior: RatePrior, member: Mapping[str, I64], effect: F64, spread: F64
) -> dict[str, tuple[float, float]]:
    """Each factor's variance and degrees of freedom: EM under a scaled inverse chi-square."""
    found = {}
    for factor, sd in prior.spread.items():
        at = member.get(factor, np.array([], np.int64))
        squares = float((effect[at] ** 2 + spread[at]).sum())
        dof = prior.spread_dof + len(at)
        found[factor] = ((prior.spread_dof * sd**2 + squares) / dof, dof)
    return found


def _spread_of(design: sparse.csr_matrix, covariance: F64) -> F64:
    """The variance of each row's eta (n,)."""
    parts = [
        np.asarray(design[at : at + _CHUNK].multiply(design[at : at + _CHUNK] @ covariance).sum(1))
        for at in range(0, design.shape[0], _CHUNK)
    ]
    return np.concatenate(parts)[:, 0]


def _shape(data: tuple[F64, F64], eta: F64, variance: F64, prior: RatePrior) -> tuple[float, float]:
    """The shape that fits best over the etas' uncertainty, and the sd of its logarithm."""
    k, n = (x[:, None] for x in data)
    etas = eta[:, None] + np.sqrt(np.maximum(variance, 0.0))[:, None] * _NODES
    weights = _WEIGHTS / _WEIGHTS.sum()

    def depth(log_shape: float) -> float:
        fit = (_log_beta_ratio(k, n, etas, float(np.exp(log_shape))) * weights).sum()
        return float(0.5 * ((log_shape - np.log(prior.shape)) / prior.shape_sd_log) ** 2 - fit)

    best = float(minimize_scalar(depth, bounds=_SHAPES, method="bounded").x)
    h = 0.05
    bend = (depth(best + h) - 2 * depth(best) + depth(best - h)) / h**2
    return float(np.exp(best)), float(1 / np.sqrt(max(bend, prior.shape_sd_log**-2)))
