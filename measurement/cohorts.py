"""Customers by the order that brought them: whose first order it was, and when they came again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from measurement.measured import Measured
from measurement.people import repeat_rate

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
WITHIN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Per customer with a known order: the slot credited with the first one, and two times."""

    slot: I64  # (n_customers,) -1 nobody
    first_day: F64  # days since 1970
    second_day: F64  # NaN where there was none


def cohorts_of(claims: pa.Table, by_order: I64) -> Cohorts:
    """The customers of dated claims, whose credits are `by_order` (n_claims,).

    Those whose first order here is said to be none of a new customer came before: they are left
    out.
    """
    known = pc.and_(pc.is_valid(claims["customer"]), pc.is_valid(claims["at"]))
    mask = np.asarray(known.to_numpy(), bool)
    customer = claims["customer"].filter(known).to_numpy()
    day = claims["at"].filter(known).cast(pa.int64()).to_numpy() / 8.64e10
    order = np.lexsort((day, customer))
    customer, day, slot = customer[order], day[order], by_order[mask][order]
    is_first = np.ones(len(customer), bool)
    is_first[1:] = customer[1:] != customer[:-1]
    is_new = claims["is_new"].filter(known).fill_null(True).to_numpy()[order]
    again = np.full(len(customer), np.nan)
    again[:-1] = np.where(is_first[1:], np.nan, day[1:])
    chosen = is_first & np.asarray(is_new, bool)
    return Cohorts(slot[chosen], day[chosen], again[chosen])


def repeat_rate_of(
    cohorts: Cohorts, slots: I64, now_day: float, within_days: int = WITHIN_DAYS
) -> list[Measured]:
    """The repeat rate of customers whom the slots brought; none where no cohort's days are over."""
    chosen = np.isin(cohorts.slot, slots) & (cohorts.first_day + within_days <= now_day)
    if not chosen.any():
        return []
    return [repeat_rate(cohorts.first_day[chosen], cohorts.second_day[chosen], within_days)]
