"""Customers by the order that brought them: whose first order it was, and when they came again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from measurement.measured import Measured, Provenance
from measurement.people import repeat_rate, subscription_conversion

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
WITHIN_DAYS = 30
PAYING = ("subscription", "purchase")


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


def trials_of(claims: pa.Table, by_order: I64) -> Cohorts:
    """Customers by the slot credited with their first trial, and when they first paid after it."""
    known = pc.and_(pc.is_valid(claims["customer"]), pc.is_valid(claims["at"]))
    triers = claims["customer"].filter(pc.equal(claims["type"], "trial")).combine_chunks()
    known = pc.and_(known, pc.is_in(claims["customer"], triers))
    known = pc.and_(known, pc.is_in(claims["type"], pa.array(["trial", *PAYING])))
    slots = by_order[np.asarray(known.to_numpy(), bool)]
    rows = claims.filter(known).select(["customer", "type", "at"])
    rows = rows.append_column("slot", pa.array(slots)).sort_by("at").to_pylist()
    began: dict[int, tuple[int, float]] = {}
    paid: dict[int, float] = {}
    for row in rows:
        day = row["at"].timestamp() / 86_400
        if row["type"] == "trial":
            began.setdefault(row["customer"], (row["slot"], day))
        elif row["customer"] in began:
            paid.setdefault(row["customer"], day)
    return Cohorts(
        np.array([slot for slot, _ in began.values()], np.int64),
        np.array([day for _, day in began.values()], np.float64),
        np.array([paid.get(who, np.nan) for who in began], np.float64),
    )


def trials_paid_of(cohorts: Cohorts, slots: I64, now_day: float) -> list[Measured]:
    """The share of trials that the slots brought and that were paid; none before 30 days are over.

    A subscription comes after its trial, and so often after the post's window: it is told by the
    customer, not by a credit of its own.
    """
    chosen = np.isin(cohorts.slot, slots) & (cohorts.first_day + WITHIN_DAYS <= now_day)
    if not chosen.any():
        return []
    took = cohorts.second_day[chosen] - cohorts.first_day[chosen] <= WITHIN_DAYS
    of = Provenance(window=f"{WITHIN_DAYS} d after the trial")
    return [subscription_conversion(int(took.sum()), int(chosen.sum()), of)]


def repeat_rate_of(cohorts: Cohorts, slots: I64, now_day: float) -> list[Measured]:
    """The repeat rate of customers whom the slots brought; none where no cohort's days are over."""
    chosen = np.isin(cohorts.slot, slots) & (cohorts.first_day + WITHIN_DAYS <= now_day)
    if not chosen.any():
        return []
    return [repeat_rate(cohorts.first_day[chosen], cohorts.second_day[chosen], WITHIN_DAYS)]
