"""What money brought: costs per result and returns, with jackknife intervals over posts.

Each takes one entry per unit (post, ad, creator) as arrays (n,): the sum is what is reported, the
units are what is left out in turn. Amounts are of one currency, named by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement import counts
from measurement.intervals import ratio_of_sums
from measurement.measured import Measured, Provenance
from reelcast.errors import InputError

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratio:
    """How a money metric is built: scale * sum(over) / sum(under)."""

    metric: str
    denominator: str
    scale: float = 1.0
    is_money: bool = True


CPM = Ratio("cpm", "impressions", 1000)
CPM_OF_VIEWS = Ratio("cpm_of_views", "views", 1000)
CPV = Ratio("cpv", "views")
CPE = Ratio("cpe", "engagements")
CPC = Ratio("cpc", "clicks")
CPA = Ratio("cpa", "conversions")
CPI = Ratio("cpi", "installs")
CPL = Ratio("cpl", "leads")
COST_PER_TRIAL = Ratio("cost_per_trial", "trials")
ROAS = Ratio("roas", "cost", is_money=False)
REVENUE_PER_VIEW = Ratio("revenue_per_view", "views")
RPM = Ratio("rpm", "views", 1000)


def per_unit(
    ratio: Ratio, over: F64, under: F64, currency: str, of: Provenance, note: str | None = None
) -> Measured:
    """The ratio of two sums over units, `over` and `under` (n,).

    `note` names what the label must: the attribution model of a ROAS, the dates of a CPA.

    >>> per_unit(CPM, np.array([50.0, 50.0]), np.array([4e3, 6e3]), "USD", Provenance()).value
    10.0
    """
    _check(over, under)
    total = float(under.sum())
    ends = ratio_of_sums(over, under)
    return Measured(
        metric=ratio.metric,
        unit=currency if ratio.is_money else "ratio",
        value=ratio.scale * float(over.sum()) / total if total else None,
        low=None if ends is None else ratio.scale * ends[0],
        high=None if ends is None else ratio.scale * ends[1],
        method=None if ends is None else "jackknife over units",
        n=len(over),
        denominator=ratio.denominator,
        note=note if total else f"no {ratio.denominator}",
        **of.model_dump(),
    )


def unknown(ratio: Ratio, currency: str, why: str, of: Provenance) -> Measured:
    """The ratio without a value, and why.

    >>> unknown(ROAS, "USD", "no order has a value", Provenance()).note
    'no order has a value'
    """
    made = counts.unknown(ratio.metric, currency if ratio.is_money else "ratio", why, of)
    return made.model_copy(update={"denominator": ratio.denominator})


def incremental_roas(lift: Measured, value_per_order: float, cost: float) -> Measured:
    """Incremental revenue / cost, from a measured lift in orders with its interval.

    >>> orders = Measured(metric="lift", value=40, low=20, high=60, unit="count", basis="modelled")
    >>> made = incremental_roas(orders, 50.0, 1000.0)
    >>> made.value, made.low, made.high
    (2.0, 1.0, 3.0)
    """
    if cost <= 0:
        raise InputError(f"a cost of {cost} has no return: give what was paid")
    scale = value_per_order / cost
    ends = {"value": lift.value, "low": lift.low, "high": lift.high}
    scaled = {name: None if end is None else end * scale for name, end in ends.items()}
    known = {"metric": "iroas", "unit": "ratio", "denominator": "cost"}
    return lift.model_copy(update={**known, **scaled})


def earned_media_value(counted: dict[str, int], rates: dict[str, float], currency: str) -> Measured:
    """The sum of counts times your own rates: an estimate at your prices, no multiplier.

    >>> earned_media_value({"views": 10_000, "likes": 500}, {"views": 0.01, "likes": 0.1},
    ...     "USD").value
    150.0
    """
    lacking = sorted(set(counted) - set(rates))
    if lacking:
        raise InputError(f"no rate for {', '.join(lacking)}: give what one of each is worth to you")
    said = ", ".join(f"{name} at {rates[name]:g}" for name in counted)
    return Measured(
        metric="emv",
        unit=currency,
        value=sum(n * rates[name] for name, n in counted.items()),
        basis="estimated",
        note=f"an estimate at your rates: {said}",
    )


def _check(over: F64, under: F64) -> None:
    if over.shape != under.shape:
        raise InputError(f"{over.shape} amounts for {under.shape} units: give one each")
    if (over < 0).any() or (under < 0).any():
        raise InputError("an amount below zero: refunds are taken off orders before this")
