"""What a fee buys: cost per count with its interval, and the highest fee that meets a target. Pure.

A cost's interval turns the forecast's around: few views make each dear.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from features.panel import F64
from reelcast.records import Record

CHANCES = (0.9, 0.8, 0.5, 0.2, 0.1)


class Cost(Record):
    """Fee per `each` counts: at the median, from the forecast's upper end to its lower one (80%).

    None where a count of none is that likely: the fee would buy nothing.
    """

    per: str
    each: int
    fee: float
    typical: float | None
    low: float | None
    high: float | None


class FeeCeiling(Record):
    """The highest fee at which each count costs at most `target`, by the chance that it does."""

    per: str
    target: float
    by_chance: dict[str, float]
    at_mean: float


def cost_of(per: str, fee: float, quantiles: Mapping[str, float], each: int = 1) -> Cost:
    """The cost of `each` counts at a fee, from a forecast's quantiles.

    >>> cost = cost_of("view", 100.0, {"q10": 500.0, "q50": 1000.0, "q90": 4000.0})
    >>> cost.typical, cost.low, cost.high
    (0.1, 0.025, 0.2)
    """
    return Cost(
        per=per,
        each=each,
        fee=fee,
        typical=_cost(fee * each, quantiles["q50"]),
        low=_cost(fee * each, quantiles["q90"]),
        high=_cost(fee * each, quantiles["q10"]),
    )


def fee_ceiling(per: str, target: float, samples: F64) -> FeeCeiling:
    """The highest fees that meet a target cost, from sampled counts (n,).

    With a chance of 80% the count is at least its 20% quantile, so the fee may be that often the
    target.

    >>> ceiling = fee_ceiling("view", 0.1, np.arange(101.0))
    >>> ceiling.by_chance["80%"], ceiling.at_mean
    (2.0, 5.0)
    """
    levels = np.quantile(samples, [1 - chance for chance in CHANCES])
    fees = {f"{c:.0%}": round(float(v) * target, 2) for c, v in zip(CHANCES, levels, strict=True)}
    return FeeCeiling(
        per=per,
        target=target,
        by_chance=fees,
        at_mean=round(float(samples.mean()) * target, 2),
    )


def _cost(fee: float, counted: float) -> float | None:
    return fee / counted if counted >= 1 else None
