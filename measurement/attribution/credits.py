"""Each order credited once: by precedence among its claims, or to nobody. The sum is the orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reelcast.errors import InputError

Method = Literal["last_click", "promo_code"]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
PRECEDENCE: tuple[Method, ...] = ("promo_code", "last_click")
NOBODY = -1
_COLUMN: dict[Method, str] = {"last_click": "link_slot", "promo_code": "code_slot"}


@dataclass(frozen=True, slots=True)
class Credits:
    """Orders and net revenue by slot, each (n_slots + 1,): the last entry is nobody's.

    `by_order` (n_orders,) is each order's slot, NOBODY where none claims it.
    """

    method: str
    orders: I64
    net: F64
    by_order: I64

    @property
    def credited(self) -> int:
        return int(self.orders[:-1].sum())


def credit(claims: pa.Table, n_slots: int, method: Method) -> Credits:
    """What one method alone credits; methods side by side count an order twice, this does not."""
    return _credits(method, _slots_of(claims, method), claims, n_slots)


def reconcile(claims: pa.Table, n_slots: int, precedence: Sequence[Method] = PRECEDENCE) -> Credits:
    """Each order to the first method in `precedence` that claims it.

    A code is typed on purpose, a last click may have come after a coupon search: hence codes
    first. An order whose code came from a coupon site follows its link instead.
    """
    if set(precedence) - set(_COLUMN) or not precedence:
        raise InputError(f"precedence {precedence!r}: name {' or '.join(_COLUMN)}")
    chosen = np.full(claims.num_rows, NOBODY)
    leaked = _flags(claims, "from_coupon_site")
    for method in reversed(precedence):
        claimed = _slots_of(claims, method)
        if method == "promo_code":
            claimed = np.where(leaked, NOBODY, claimed)
        chosen = np.where(claimed != NOBODY, claimed, chosen)
    return _credits("reconciled", chosen, claims, n_slots)


def agreed_credits(claims: pa.Table, n_slots: int, method: str) -> Credits:
    """Credits by `last_click` or `promo_code` alone, by both reconciled for any other name."""
    for alone in _COLUMN:
        if method == alone:
            return credit(claims, n_slots, alone)
    return reconcile(claims, n_slots)


@dataclass(frozen=True, slots=True)
class Leakage:
    """How far codes travelled: an inference, for nobody sees where a code was read.

    Of each slot's code orders (n_slots,): those whose buyer had another touch or came from a
    coupon site.
    """

    code_orders: I64
    from_elsewhere: I64
    from_coupon_sites: I64

    @property
    def index(self) -> F64:
        """Share of code orders from elsewhere, NaN without code orders."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.from_elsewhere / self.code_orders, np.float64)


def leakage(claims: pa.Table, n_slots: int) -> Leakage:
    """Code orders whose first known touch lies outside the creator's posts."""
    code, link = _slots_of(claims, "promo_code"), _slots_of(claims, "last_click")
    coupon = _flags(claims, "from_coupon_site")
    coded = code != NOBODY
    touched_elsewhere = ~_flags(claims, "code_without_touch") & (link != code)
    elsewhere = coded & (coupon | touched_elsewhere)

    def per_slot(mask: npt.NDArray[np.bool_]) -> I64:
        return np.bincount(code[mask], minlength=n_slots)

    return Leakage(per_slot(coded), per_slot(elsewhere), per_slot(coded & coupon))


def _credits(method: str, chosen: I64, claims: pa.Table, n_slots: int) -> Credits:
    where = np.where(chosen == NOBODY, n_slots, chosen)
    net = claims["net"].to_numpy()
    return Credits(
        method,
        np.bincount(where, minlength=n_slots + 1),
        np.bincount(where, weights=net, minlength=n_slots + 1).astype(np.float64),
        chosen,
    )


def _slots_of(claims: pa.Table, method: Method) -> I64:
    slots = claims[_COLUMN[method]].fill_null(NOBODY).to_numpy()
    return np.asarray(slots, np.int64)


def _flags(claims: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    return np.asarray(claims[name].to_numpy(zero_copy_only=False), np.bool_)
