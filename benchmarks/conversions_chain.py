"""A chain of rates on test rows, its rivals on the same rows, and both their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from benchmarks.conversions_scores import (
    compared,
    covered,
    deviance,
    from_draws,
    mixture_log_pmf,
    negative_binomial_log_pmf,
    poisson_log_pmf,
)
from features.panel import F64, I64
from inference.conversions_draw import draw_counts, draw_scores
from training.conversions_fit import Levels, Rates, Trials, fit_rates
from training.conversions_prior import RatePrior

DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel on training and test rows: counts, trials, levels, prior."""

    train: Trials
    offset: F64  # (test rows,)
    levels: Levels
    prior: RatePrior

    def fit(self) -> Rates:
        return fit_rates(self.train, self.prior)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is scored: outcomes k (n,), exposure and spend of test and training rows."""

    k: F64
    exposure: tuple[F64, F64]
    spend: tuple[F64, F64]
    learned: F64


@dataclass(frozen=True, slots=True)
class Scored:
    """Log probabilities and deviances (n,) of ours and the rivals', and how far each was held."""

    ours: tuple[F64, F64]
    rivals: dict[str, tuple[F64, F64]]
    held: F64


def scored(steps: Sequence[Step], asked: Asked, seed: int = 0) -> Scored:
    """The chain of steps and its rivals on the same rows."""
    rng = np.random.default_rng(seed)
    shown = np.broadcast_to(asked.exposure[0][:, None], (len(asked.k), DRAWS)).astype(np.int64)
    for step in steps[:-1]:
        shown = draw_counts(step.fit(), (step.levels, step.offset), shown, rng)
    last = steps[-1]
    rates = last.fit()
    scores = draw_scores(rates, (last.levels, last.offset), DRAWS, rng)
    logs = mixture_log_pmf(asked.k, shown.astype(np.float64), rates, scores)
    drawn = draw_counts(rates, (last.levels, last.offset), shown, rng)
    mean = np.maximum(drawn.mean(axis=1), 1 / DRAWS)
    held = covered(*from_draws(asked.k, drawn))
    return Scored((logs, deviance(asked.k, mean)), _rivals(asked), held)


def _rivals(asked: Asked) -> dict[str, tuple[F64, F64]]:
    """Pooled rate and spend x constant, as Poisson counts and with dispersion learned."""
    found = {}
    known_by = {"pooled rate": asked.exposure, "spend x constant": asked.spend}
    for name, (test, train) in known_by.items():
        constant = asked.learned.sum() / train.sum()
        floor = 0.0 if name == "pooled rate" else _floor(asked.learned, train, constant)
        mean, known = constant * test + floor, constant * train + floor
        shape = _dispersion(asked.learned, known)
        distance = deviance(asked.k, mean)
        found[name] = (poisson_log_pmf(asked.k, mean), distance)
        spread = negative_binomial_log_pmf(asked.k, mean, shape)
        found[f"{name}, dispersion learned"] = (spread, distance)
    return found


def _floor(k: F64, spend: F64, constant: float) -> float:
    """What a row counts without spend: a mean of 0 would make a single sale impossible."""

    def depth(log_floor: float) -> float:
        return -float(poisson_log_pmf(k, constant * spend + np.exp(log_floor)).sum())

    return float(np.exp(minimize_scalar(depth, bounds=(-9.0, 2.0), method="bounded").x))


def _dispersion(k: F64, mean: F64) -> float:
    def depth(log_shape: float) -> float:
        return -float(negative_binomial_log_pmf(k, mean, float(np.exp(log_shape))).sum())

    return float(np.exp(minimize_scalar(depth, bounds=(-3.0, 6.0), method="bounded").x))


def together(parts: Sequence[Scored], group: Any) -> dict[str, Any]:
    """The scores of all parts' rows; differences are resampled by group."""
    rivals = {name: joined([p.rivals[name] for p in parts]) for name in parts[0].rivals}
    return {
        **compared(joined([p.ours for p in parts]), rivals, group),
        "coverage_80": float(np.concatenate([p.held for p in parts]).mean()),
    }


def joined(parts: Sequence[tuple[F64, F64]]) -> tuple[F64, F64]:
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def both(of: Any, test: I64, train: I64) -> tuple[F64, F64]:
    """A column of test and training rows."""
    return of[test].astype(np.float64), of[train].astype(np.float64)


def levels_at(
    of: Mapping[str, Any], factors: Sequence[str] | Mapping[str, float], at: I64
) -> Levels:
    """Each row\'s level of each factor."""
    return {factor: [of[factor][i] for i in at] for factor in factors}
