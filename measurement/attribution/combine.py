"""One number per creator from all signals, with its interval: floor, best, ceiling.

Orders that a link or code proves are the floor: they undercount, by a share that differs between
creators. Spike and survey see all orders, with noise. The best estimate takes the proven orders
times a multiple that all creators share (log-normal scatter around it) as what is expected, and
updates it with each creator's spike and survey by their joint covariances. Multiple and scatter
are chosen by likelihood (empirical Bayes), averaged over a grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from reelcast.errors import InputError

F64 = npt.NDArray[np.float64]
LEVEL = 0.90
_SCATTERS = (0.1, 0.2, 0.35, 0.6)
_MULTIPLES = np.exp(np.linspace(np.log(0.7), np.log(8.0), 40))
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


def combine(proven: F64, signals: list[Signal], seed: int = 7) -> Combined:
    """The combination of proven orders (n,) with at least one signal that sees all orders.

    Raises InputError without one: proven orders alone cannot tell how many they miss.
    """
    if not signals:
        raise InputError(
            "links and codes alone cannot tell how many orders they miss: add a spike, a survey "
            "or a holdout"
        )
    posteriors = [
        _update(proven, signals, multiple, scatter)
        for multiple, scatter in product(_MULTIPLES, _SCATTERS)
    ]
    logs = np.array([log for _, _, log in posteriors])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    draws = np.maximum(_drawn(posteriors, weights, seed), 0.0)
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    total = draws.sum(1)
    ends = np.quantile(total, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    multiples = np.array([multiple for multiple, _ in product(_MULTIPLES, _SCATTERS)])
    return Combined(
        floor=proven,
        best=draws.mean(0),
        low=low,
        ceiling=np.maximum(high, proven),
        total=float(total.mean()),
        total_low=float(ends[0]),
        total_high=float(ends[1]),
        multiple=float(weights @ multiples),
        methods=tuple(signal.method for signal in signals),
        draws=draws,
    )


def _update(
    proven: F64, signals: list[Signal], multiple: float, scatter: float
) -> tuple[F64, F64, float]:
    """Posterior mean, covariance and log likelihood for one multiple and scatter."""
    mean = multiple * (proven + 0.5)
    covariance = np.diag((scatter * mean) ** 2 + multiple**2 * (proven + 0.5))
    log_likelihood = 0.0
    for signal in signals:
        seen = np.ones((1, len(proven))) if signal.only_total else np.eye(len(proven))
        spread = seen @ covariance @ seen.T + signal.covariance
        gap = signal.mean - seen @ mean
        gain = np.linalg.solve(spread, seen @ covariance).T
        log_likelihood += -0.5 * float(gap @ np.linalg.solve(spread, gap))
        log_likelihood += -0.5 * float(np.linalg.slogdet(spread)[1])
        mean = mean + gain @ gap
        covariance = covariance - gain @ seen @ covariance
    return mean, (covariance + covariance.T) / 2, log_likelihood


def _drawn(posteriors: list[tuple[F64, F64, float]], weights: F64, seed: int) -> F64:
    rng = np.random.default_rng(seed)
    parts = [
        rng.multivariate_normal(mean, covariance, n, method="eigh")
        for (mean, covariance, _), n in zip(
            posteriors, rng.multinomial(_DRAWS, weights), strict=True
        )
        if n
    ]
    return np.concatenate(parts)
