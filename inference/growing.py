"""The update at any age: a forecast before posting meets what a post has counted, in logs.

The prior of log V_h is the forecast's normal; a count at age t says log V_t + rise(t, h), with the
curve's noise between the two ages. Both are normal, so is what follows (conjugate update).
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


def meet(prior: Normal, said: Normal) -> Normal:
    """What follows from two independent sources about one log count.

    >>> meet(Normal(0.0, 1.0), Normal(2.0, 1.0))
    Normal(mean=1.0, sd=0.7071067811865476)
    """
    a, b = (1.0 / max(of.sd, _MIN_SD) ** 2 for of in (prior, said))
    return Normal((a * prior.mean + b * said.mean) / (a + b), float((a + b) ** -0.5))
