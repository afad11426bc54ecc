"""Attribution methods side by side as results: what each sees, by post, by creator and in all."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from measurement.attribution.combine import LEVEL, Combined, Signal, combine
from measurement.attribution.credits import NOBODY, Credits, Leakage
from measurement.attribution.scope import Scope
from measurement.counts import code_leakage
from measurement.measured import Provenance
from measurement.results import AttributionMethod, Estimate, Leak, MethodResult, Range

F64 = npt.NDArray[np.float64]
ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
UNSEEN = "at least: who saw a post on one device and bought on another, without it, is not seen"
WORDS: dict[AttributionMethod, str] = {
    "last_click": f"last click by UTM link; {UNSEEN}",
    "promo_code": f"promo code at checkout; {UNSEEN}",
    "reconciled": f"each order once: its code, else its link, else nobody; {UNSEEN}",
    "spike": "orders above the expected day after posts, all posts taken together",
    "survey": "what buyers say brought them, scaled to those who were not asked or were silent",
    "holdout": "what exposed units bought more than those held out",
    "combined": "proven orders times what links and codes miss, held against the other signals",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a model says of orders: draws (n_draws, n_creators), by own slot where it sees posts.

    `loose_draws` are for combining, where the draws themselves lean on the views.
    """

    mean: F64  # (n_creators,)
    draws: F64
    by_slot_mean: F64 | None = None  # (n_own,)
    by_slot_draws: F64 | None = None
    loose_draws: F64 | None = None
    details: dict[str, float] = field(default_factory=dict)


def counted(scope: Scope, credits: Credits) -> MethodResult:
    """What links and codes prove: counts, without an interval."""
    method: AttributionMethod = credits.method  # type: ignore[assignment]
    orders = credits.orders[scope.own].astype(np.float64)
    net = credits.net[scope.own]
    credited = credits.by_order[scope.worth & (credits.by_order != NOBODY)]
    worth = np.bincount(credited, minlength=len(scope.slots))[scope.own].astype(np.float64)
    by_post = [
        Estimate(
            creator_id=scope.slots[slot].creator_id,
            slot=scope.slots[slot].slot,
            orders=float(orders[at]),
            revenue=scope.revenue(float(net[at]), float(orders[at]), float(worth[at])),
        )
        for at, slot in enumerate(scope.own)
    ]
    sums = (scope.by_creator(of).tolist() for of in (net, orders, worth))
    total = scope.revenue(float(net.sum()), float(orders.sum()), float(worth.sum()))
    return MethodResult(
        method=method,
        words=WORDS[method],
        basis="counted",
        at_least=True,
        total=Estimate(orders=float(orders.sum()), revenue=total),
        by_creator=tuple(
            Estimate(creator_id=who, orders=n, revenue=scope.revenue(money, n, known))
            for who, money, n, known in zip(scope.creators, *sums, strict=True)
        ),
        by_post=tuple(by_post),
    )


def modelled(scope: Scope, method: AttributionMethod, made: Drawn) -> MethodResult:
    """What a model estimates, with its intervals; revenue at the mean value of an order."""
    value = scope.value_per_order
    by_post: list[Estimate] = []
    if made.by_slot_draws is not None and made.by_slot_mean is not None:
        by_post = [
            _estimate(mean, draws, value, scope.slots[i].creator_id, scope.slots[i].slot)
            for i, mean, draws in zip(
                scope.own, made.by_slot_mean, made.by_slot_draws.T, strict=True
            )
        ]
    return MethodResult(
        method=method,
        words=WORDS[method],
        basis="estimated" if method == "survey" else "modelled",
        level=LEVEL,
        total=_estimate(float(made.mean.sum()), made.draws.sum(1), value),
        by_creator=tuple(
            _estimate(mean, draws, value, who)
            for who, mean, draws in zip(scope.creators, made.mean, made.draws.T, strict=True)
        ),
        by_post=tuple(by_post),
        details=made.details,
    )


def of_total(scope: Scope, orders: float, error: float, said: str, more: float) -> MethodResult:
    """A holdout's result: it sees the total alone. `more` is its number of tests."""
    half = 1.6449 * error
    value = scope.value_per_order
    return MethodResult(
        method="holdout",
        words=f"{WORDS['holdout']}: {said}",
        basis="estimated",
        level=LEVEL,
        total=_scaled(orders, (orders - half, orders + half), value),
        details={"error": error, "tests": more},
    )


def refused(method: AttributionMethod, why: str) -> MethodResult:
    """A method that gives no number here, and why."""
    return MethodResult(method=method, words=WORDS[method], basis="modelled", refused=why)


def combined(
    scope: Scope, floor: F64, signals: list[Signal], views: F64 | None = None
) -> tuple[MethodResult, tuple[Range, ...]]:
    """All signals as one number with its range; floors alone where no signal sees all orders.

    `views` (n_creators,) > 0 are of the creators' posts.
    """
    if not signals or not len(floor):
        why = "links and codes alone cannot tell how many orders they miss: add a spike (21 days "
        why += "without posts), a survey or a holdout"
        return refused("combined", why), _floors(scope, floor)
    made = combine(floor, signals, views=views)
    value = scope.value_per_order
    result = MethodResult(
        method="combined",
        words=f"{WORDS['combined']}: {', '.join(made.methods)}",
        basis="modelled",
        level=LEVEL,
        total=_scaled(made.total, (made.total_low, made.total_high), value),
        by_creator=tuple(
            _scaled(float(best), (float(low), float(high)), value, who)
            for who, best, low, high in zip(
                scope.creators, made.best, made.low, made.ceiling, strict=True
            )
        ),
        details={"multiple": made.multiple},
    )
    return result, _ranges(scope, made)


def leaks(scope: Scope, found: Leakage) -> tuple[Leak, ...]:
    """Leakage by creator, with Wilson intervals."""
    sums = [
        scope.by_creator(of[scope.own].astype(np.float64)).astype(int)
        for of in (found.code_orders, found.from_elsewhere, found.from_coupon_sites)
    ]
    of = Provenance(basis="estimated", window=f"{scope.campaign.window_days} d after posting")
    return tuple(
        Leak(
            creator_id=who,
            code_orders=int(codes),
            from_elsewhere=int(elsewhere),
            from_coupon_sites=int(coupons),
            index=code_leakage(int(elsewhere), int(codes), of),
        )
        for who, codes, elsewhere, coupons in zip(scope.creators, *sums, strict=True)
    )


def _ranges(scope: Scope, made: Combined) -> tuple[Range, ...]:
    rows = [
        Range(creator_id=who, floor=f, best=b, low=lo, ceiling=c, level=LEVEL)
        for who, f, b, lo, c in zip(
            scope.creators,
            *(of.tolist() for of in (made.floor, made.best, made.low, made.ceiling)),
            strict=True,
        )
    ]
    whole = Range(
        creator_id=None,
        floor=float(made.floor.sum()),
        best=made.total,
        low=made.total_low,
        ceiling=max(made.total_high, float(made.floor.sum())),
        level=LEVEL,
    )
    return (*rows, whole)


def _floors(scope: Scope, floor: F64) -> tuple[Range, ...]:
    pairs = [*zip(scope.creators, floor.tolist(), strict=True), (None, float(floor.sum()))]
    return tuple(
        Range(creator_id=who, floor=n, best=None, low=None, ceiling=None, level=LEVEL)
        for who, n in pairs
    )


def _estimate(
    mean: float, draws: F64, value: float | None, who: str | None = None, slot: int | None = None
) -> Estimate:
    low, high = np.quantile(draws, ENDS)
    return _scaled(float(mean), (float(low), float(high)), value, who, slot)


def _scaled(
    orders: float,
    ends: tuple[float, float],
    value: float | None,
    who: str | None = None,
    slot: int | None = None,
) -> Estimate:
    low, high = ends
    revenue = {} if value is None else {"revenue_low": low * value, "revenue_high": high * value}
    return Estimate(
        creator_id=who,
        slot=slot,
        orders=orders,
        low=low,
        high=high,
        revenue=None if value is None else orders * value,
        **revenue,
    )
