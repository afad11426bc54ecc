"""The update at any age: a forecast before posting meets what a post has counted, in logs.

The prior of log V_h is the forecast's normal; a count at age t says log V_t + rise(t, h), with the
curve's noise between the two ages. Both are normal, so is what follows (conjugate update); how
their misses go together is learned (training.together).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.panel import F64
from inference.quantiles import SCORES

_MIN_SD = 1e-3


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution of a log count."""

    mean: float
    sd: float

    def quantiles(self, at_least: float) -> F64:
        """The seven log quantiles (7,), none below what has been counted."""
        return np.asarray(np.maximum(self.mean + SCORES * self.sd, at_least))


def meet(prior: Normal, said: Normal, together: float = 0.0) -> Normal:
    """What follows from two sources about one log count, whose misses correlate by `together`.

    Each source's weight is at least 0: where the wider one's misses follow the other's, it says
    nothing more (best linear unbiased combination; Bates & Granger 1969).

    >>> meet(Normal(0.0, 1.0), Normal(2.0, 1.0))
    Normal(mean=1.0, sd=0.7071067811865476)
    >>> meet(Normal(0.0, 2.0), Normal(2.0, 1.0), together=0.5)
    Normal(mean=2.0, sd=1.0)
    """
    a, b = (max(of.sd, _MIN_SD) for of in (prior, said))
    both = together * a * b
    weight = min(max((b * b - both) / (a * a + b * b - 2 * both), 0.0), 1.0)
    other = 1.0 - weight
    variance = (weight * a) ** 2 + (other * b) ** 2 + 2 * weight * other * both
    return Normal(weight * prior.mean + other * said.mean, float(variance**0.5))


def of_counting(younger_log: float, rise: float) -> float:
    """How far the log of one count varies about the curve from another, by chance alone.

    Of a later count that a share s = exp(-rise) has reached, the log varies by (1 - s) over the
    younger count, as a binomial's does, whichever of the two is known. Two comments are no trend.

    >>> round(of_counting(float(np.log(50.0)), float(np.log(2.0))), 2)
    0.1
    """
    return float(np.sqrt(max(-np.expm1(-rise), 0.0) * np.exp(-younger_log)))
