"""How sure shares and means are where outcomes of one creator hang together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc
from scipy.stats import t as student

from features.panel import F64, I64
from measurement.intervals import wilson

_UNKNOWN = 50.0  # half an interval of log ratios of which nothing is known


@dataclass(frozen=True, slots=True)
class Clustered:
    """Values (n,) and the cluster of each (n,), numbered from 0: a creator's outcomes are one."""

    values: F64
    cluster: I64

    @classmethod
    def of(cls, values: Sequence[float], names: Sequence[str]) -> Clustered:
        """Values and the names of their clusters."""
        return cls(np.array(values, np.float64), np.unique(names, return_inverse=True)[1])

    @property
    def n_clusters(self) -> int:
        return int(self.cluster.max()) + 1

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def error(self) -> float:
        """The mean's standard error, residuals summed by cluster first (Liang & Zeger 1986);
        NaN for one cluster.

        >>> round(Clustered.of([0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"]).error, 3)
        0.5
        """
        sums, k = np.bincount(self.cluster, self.values - self.mean), self.n_clusters
        if k < 2:
            return float("nan")
        return float(np.sqrt(k / (k - 1) * (sums**2).sum()) / len(self.values))

    def mean_interval(self) -> tuple[float, float]:
        """The mean's 95% interval (Student's t, a degree of freedom less than clusters)."""
        k = self.n_clusters
        half = self.error * float(student.ppf(0.975, k - 1)) if k > 1 else _UNKNOWN
        return self.mean - half, self.mean + half

    def independent(self) -> float:
        """How many independent outcomes would tell as much of a share (Kish 1965), at most n.

        Values are 0 or 1. n over the design effect, less where few clusters estimate it (Korn &
        Graubard 1998). Where all are alike nothing estimates it: then as many as clusters.

        >>> Clustered.of([0.0, 1.0, 1.0, 1.0], ["a", "b", "c", "d"]).independent()
        4.0
        >>> Clustered.of([1.0, 1.0, 1.0, 1.0], ["a", "a", "b", "b"]).independent()
        2.0
        """
        n, k, share = len(self.values), self.n_clusters, self.mean
        if k == n or k < 2 or share in (0.0, 1.0):
            return float(k)
        effect = max(self.error**2 * (n - 1) / (share * (1 - share)), 1.0)
        few = student.ppf(0.975, n - 1) / student.ppf(0.975, k - 1)
        return float(n / effect * few**2)

    def share_interval(self) -> tuple[float, float]:
        """The 95% interval of a share: Wilson's, of as many outcomes as are independent."""
        n = self.independent()
        return wilson(self.mean * n, n)

    def p_value(self, promised: float) -> float:
        """The chance of a share so far from the promised one: binomial, two-sided, of as many
        outcomes as are independent.

        >>> round(Clustered.of([1.0] * 4, ["a", "b", "c", "d"]).p_value(0.5), 3)
        0.125
        """
        n = self.independent()
        k = self.mean * n
        above = 1.0 if k <= 0 else float(betainc(k, n - k + 1, promised))
        below = 1.0 if k >= n else float(betainc(n - k, k + 1, 1 - promised))
        return min(2 * min(above, below), 1.0)


def holm(p_values: Sequence[float], sure: float) -> list[bool]:
    """Which of several tests hold, so that all together warn falsely no oftener than `sure`.

    Holm (1979): the smallest must lie below `sure` over their number, the next below that over
    one less, until one does not.

    >>> holm([0.04, 0.001, 0.02], 0.05)
    [True, True, True]
    >>> holm([0.04, 0.001, 0.03], 0.05)
    [False, True, False]
    """
    held = [False] * len(p_values)
    for rank, at in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        if p_values[at] > sure / (len(p_values) - rank):
            break
        held[at] = True
    return held
