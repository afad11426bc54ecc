"""Scores of count forecasts: log score, deviance, coverage, from log probabilities and means."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammaln, logsumexp, xlogy

from features.panel import F64, I64
from inference.conversions_draw import ScoreDraws
from training.conversions_fit import Rates, log_pmf
from training.metrics import paired_bootstrap

LOW, HIGH = 0.10, 0.90


def mixture_log_pmf(k: F64, n: F64, rates: Rates, scores: ScoreDraws) -> F64:
    """Log predictive probability (rows,) of k (rows,) successes, over draws; n (rows, draws)."""
    eta = scores.at(rates, n)
    fits = k[:, None] <= n
    logs = log_pmf(np.minimum(k[:, None], n), n, eta, scores.shape)
    return np.asarray(logsumexp(np.where(fits, logs, -np.inf), axis=1) - np.log(n.shape[1]))


def poisson_log_pmf(k: F64, mean: F64) -> F64:
    return np.asarray(xlogy(k, mean) - mean - gammaln(k + 1))


def negative_binomial_log_pmf(k: F64, mean: F64, shape: float) -> F64:
    """Of a Poisson whose mean is gamma with this shape."""
    p = shape / (shape + mean)
    return np.asarray(
        gammaln(k + shape) - gammaln(shape) - gammaln(k + 1)
        + shape * np.log(p) + xlogy(k, 1 - p)
    )  # fmt: skip


def deviance(k: F64, mean: F64) -> F64:
    """Poisson deviance of each count (rows,) from its forecast mean.

    >>> deviance(np.array([0.0, 2.0]), np.array([1.0, 2.0])).tolist()
    [2.0, 0.0]
    """
    return np.asarray(2 * (xlogy(k, np.maximum(k, 1.0) / mean) - (k - mean)))


def covered(below: F64, at: F64) -> F64:
    """How much of each count's probability lies between P10 and P90 (rows,), 0 to 1.

    `below` is the forecast's probability of less than the count, `at` that of the count itself. A
    count's own probability spans an interval of levels; the share of it inside is what a
    randomised PIT covers in expectation, so that counts of 0 and 1 can have a coverage of 80%.

    >>> covered(np.array([0.0, 0.5]), np.array([0.2, 0.1])).round(3).tolist()
    [0.5, 1.0]
    """
    inside = np.minimum(below + at, HIGH) - np.maximum(below, LOW)
    return np.clip(inside, 0.0, None) / np.maximum(at, 1e-300)


def from_draws(k: F64, drawn: I64) -> tuple[F64, F64]:
    """`below` and `at` (rows,) of counts k from draws (rows, draws)."""
    below = (drawn < k[:, None]).mean(axis=1)
    return below, np.maximum((drawn == k[:, None]).mean(axis=1), 1 / drawn.shape[1])


def compared(
    ours: tuple[F64, F64], rivals: dict[str, tuple[F64, F64]], group: I64
) -> dict[str, Any]:
    """Mean log score and deviance of each, and ours less theirs with paired 95% intervals.

    Each gives log probabilities and deviances (rows,). Log score here is minus the mean log
    probability; of it and of the deviance less is better, so differences below 0 are ours.
    """
    result: dict[str, Any] = {"model": _means(ours), "rivals": {}}
    for name, theirs in rivals.items():
        result["rivals"][name] = {
            **_means(theirs),
            "log_score_difference": paired_bootstrap(theirs[0] - ours[0], group),
            "deviance_difference": paired_bootstrap(ours[1] - theirs[1], group),
        }
    return result


def _means(of: tuple[F64, F64]) -> dict[str, float]:
    return {"log_score": float(-of[0].mean()), "deviance": float(of[1].mean())}
