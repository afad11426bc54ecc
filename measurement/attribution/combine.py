"""One number per creator from all signals, with its interval: floor, best, ceiling.

Orders that a link or code proves are the floor: they undercount, by a share that differs between
creators. Spike, survey and holdout see all orders, with noise. What is expected of a creator is
the proven orders times a multiple that all creators share, with scatter about it; each signal
updates all creators together by its joint covariance. The multiple has a flat prior and is
integrated out; the scatter is averaged over a grid by its likelihood (empirical Bayes). Errors
that grow with what is measured are taken at what is expected, not at what was seen: a signal that
came out low would else count as the surer one, and pull the total down.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from measurement.attribution.survey import COMMON_BIAS_SD, OWN_BIAS_SD
from reelcast.errors import InputError

F64 = npt.NDArray[np.float64]
LEVEL = 0.90
GROWING = frozenset({"survey"})  # methods whose errors are shares of what they measure
_SCATTERS = (0.5, 0.75, 1.0)  # of log orders about log proven: creators' shares differ much
_SPREADS = (0.6, 0.9)  # of log orders about log views
_ROUNDS = 40
_NEAR = 1e-7  # a step of log orders that changes nothing
_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Signal:
    """What one method says of the orders of each creator: mean (n,) and covariance (n, n).

    A method that sees only the total (a holdout) has `only_total` and gives (1,), (1, 1).
    """

    method: str
    mean: F64
    covariance: F64
    only_total: bool = False

    @classmethod
    def of_draws(cls, method: str, draws: F64) -> Signal:
        """From draws (n_draws, n) of its joint distribution."""
        return cls(method, draws.mean(0), np.atleast_2d(np.cov(draws, rowvar=False)))


@dataclass(frozen=True, slots=True)
class Combined:
    """Incremental orders by creator (n,) and in all; intervals at LEVEL.

    `floor` is proven by link or code. `ceiling` is the interval's upper end, or the floor where
    that is higher. `multiple`: orders for each proven one.
    """

    floor: F64
    best: F64
    low: F64
    ceiling: F64
    total: float
    total_low: float
    total_high: float
    multiple: float
    methods: tuple[str, ...]
    draws: F64


def combine(
    proven: F64, signals: list[Signal], seed: int = 7, views: F64 | None = None
) -> Combined:
    """The combination of proven orders (n,) with at least one signal that sees all orders.

    `views` (n,) > 0 of each creator's posts, where known, are what orders are expected to follow
    beside the proven ones, by a rate and a spread that are learned as well.

    Raises InputError without one: proven orders alone cannot tell how many they miss.
    """
    if not signals:
        raise InputError(
            "links and codes alone cannot tell how many orders they miss: add a spike, a survey "
            "or a holdout"
        )
    known = _Known(np.log(proven + 0.5), 1 / (proven + 0.5), _logs(views), tuple(signals))
    grid = list(product(_SCATTERS, _SPREADS if views is not None else _SPREADS[:1]))
    posteriors = [_posterior(known, widths) for widths in grid]
    logs = np.array([one.log_likelihood for one in posteriors])
    weights = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    draws = _drawn(posteriors, weights, len(proven), seed)
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    totals = draws.sum(1)
    ends = np.quantile(totals, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Combined(
        floor=proven,
        best=draws.mean(0),
        low=low,
        ceiling=np.maximum(high, proven),
        total=float(totals.mean()),
        total_low=float(ends[0]),
        total_high=float(ends[1]),
        multiple=float(draws.sum() / len(draws) / max(proven.sum(), 0.5)),
        methods=tuple(signal.method for signal in signals),
        draws=draws,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    seen: F64  # (n,) log of proven orders and a half
    seen_variance: F64  # of it, as counts have
    views: F64 | None  # (n,) log
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class _Posterior:
    mode: F64  # (n + 1 or 2,) log orders, log multiple, log rate per view
    covariance: F64
    log_likelihood: float


def _logs(views: F64 | None) -> F64 | None:
    if views is not None and not (views > 0).all():
        raise InputError("a creator's views are not above zero: leave views out where unknown")
    return None if views is None else np.log(views)


def _posterior(known: _Known, widths: tuple[float, float]) -> _Posterior:
    """The mode by Gauss and Newton, and Laplace's covariance and evidence there.

    `widths`: standard deviations of log orders about log proven, and about log views.
    """
    ratios, precision = _pooling(known, widths)
    n = len(known.seen)
    point = _started(known)
    for _ in range(_ROUNDS):
        orders = np.exp(point[:n])
        inverses = [np.linalg.inv(noise) for noise in _noise(known.signals, orders)]
        gradient = -ratios.T @ (precision * (ratios @ point - _offsets(known)))
        curvature = (ratios.T * precision) @ ratios
        for signal, inverse in zip(known.signals, inverses, strict=True):
            moves = _moves(signal, orders)
            gradient[:n] += moves.T @ inverse @ _left(signal, orders)
            curvature[:n, :n] += moves.T @ inverse @ moves
        step = np.linalg.solve(curvature, gradient)
        furthest = float(np.abs(step).max())
        point = point + step / max(furthest, 1.0)
        if furthest < _NEAR:
            break
    off = ratios @ point - _offsets(known)
    value = -0.5 * float(precision @ off**2) + 0.5 * float(np.log(precision).sum())
    for signal, inverse in zip(known.signals, inverses, strict=True):
        left = _left(signal, np.exp(point[:n]))
        value -= 0.5 * float(left @ inverse @ left - np.linalg.slogdet(inverse)[1])
    value -= 0.5 * float(np.linalg.slogdet(curvature)[1])
    return _Posterior(point, np.linalg.inv(curvature).astype(np.float64), value)


def _pooling(known: _Known, widths: tuple[float, float]) -> tuple[F64, F64]:
    """Differences of logs that are about zero, as rows over the unknowns, and their precisions."""
    n = len(known.seen)
    one, none = np.ones((n, 1)), np.zeros((n, 1))
    by_proven = 1 / (widths[0] ** 2 + known.seen_variance)
    if known.views is None:
        return np.hstack([np.eye(n), -one]), by_proven
    rows = np.vstack([np.hstack([np.eye(n), -one, none]), np.hstack([np.eye(n), none, -one])])
    return rows, np.concatenate([by_proven, np.full(n, widths[1] ** -2)])


def _offsets(known: _Known) -> F64:
    return known.seen if known.views is None else np.concatenate([known.seen, known.views])


def _started(known: _Known) -> F64:
    """Where the search starts: proven orders times what the signals' totals say."""
    total = max(float(np.median([signal.mean.sum() for signal in known.signals])), 1.0)
    multiple = np.log(total / np.exp(known.seen).sum())
    orders = known.seen + multiple
    if known.views is None:
        return np.append(orders, multiple)
    return np.concatenate([orders, [multiple, float(np.mean(orders - known.views))]])


def _moves(signal: Signal, orders: F64) -> F64:
    """How a signal's mean moves with log orders."""
    return orders[None, :] if signal.only_total else np.diag(orders)


def _left(signal: Signal, orders: F64) -> F64:
    return signal.mean - (orders.sum(keepdims=True) if signal.only_total else orders)


def _noise(signals: tuple[Signal, ...], expected: F64) -> list[F64]:
    """The signals' covariances, those that grow taken at what is expected (n,)."""
    return [
        _grown(signal, expected) if signal.method in GROWING else signal.covariance
        for signal in signals
    ]


def _grown(survey: Signal, expected: F64) -> F64:
    """A survey's covariance at what is expected (n,): thinned counts, and shares of the mean.

    Its variance over its mean is the thinning (one over the response rate) where the mean is small,
    and grows with the mean by the shares: a line's start. A creator whom nobody names would else
    seem to be known exactly.
    """
    mean = np.maximum(survey.mean, 1e-9)
    line = np.column_stack([np.ones(len(mean)), mean])
    start = np.linalg.lstsq(line, np.diag(survey.covariance) / mean, rcond=None)[0][0]
    thinning = max(float(start), 1.0)
    common = COMMON_BIAS_SD**2 * np.outer(expected, expected)
    return common + np.diag(thinning * expected + (OWN_BIAS_SD * expected) ** 2)


def _drawn(posteriors: list[_Posterior], weights: F64, n: int, seed: int) -> F64:
    """Draws (_DRAWS, n) of the orders."""
    rng = np.random.default_rng(seed)
    parts = [
        rng.multivariate_normal(one.mode, one.covariance, k, method="eigh")[:, :n]
        for one, k in zip(posteriors, rng.multinomial(_DRAWS, weights), strict=True)
        if k
    ]
    return np.asarray(np.exp(np.concatenate(parts)))
