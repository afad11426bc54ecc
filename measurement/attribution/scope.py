"""The orders that a campaign is judged by: those of its windows, and what is odd about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from measurement.attribution.claims import PlacedSlot, posts_of
from measurement.results import Noted
from reelcast.campaigns import Campaign, Objective

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
B = npt.NDArray[np.bool_]
CONVERSIONS: dict[Objective, tuple[str, ...]] = {
    "installs": ("install",),
    "leads": ("lead", "signup", "download", "registration"),
}
ZONE_HOURS = 14.0  # no two clocks on earth are further apart from UTC


def conversions_of(campaign: Campaign) -> tuple[str, ...]:
    """The types of orders that count for the primary objective: purchases, unless it says else.

    >>> CONVERSIONS["installs"]
    ('install',)
    """
    return CONVERSIONS.get(campaign.primary, ("purchase",))


@dataclass(frozen=True)
class Scope:
    """A campaign's slots among all, and the claims of the orders that count for it.

    `all_types` holds every claim, `every` those of its conversions, `claims` of these those in its
    windows and those without a time. `net` of another currency is zero: it is not added up.
    """

    campaign: Campaign
    slots: Sequence[PlacedSlot]
    all_types: pa.Table
    every: pa.Table
    claims: pa.Table
    foreign: B  # (claims,)

    @cached_property
    def own(self) -> I64:
        """The indexes of the campaign's slots."""
        name = self.campaign.campaign_id
        return np.array([s.index for s in self.slots if s.campaign_id == name], np.int64)

    @cached_property
    def of_brand(self) -> B:
        """Which of all slots (slots,) may move the orders of the campaign's brand."""
        return np.array([s.sells_for(self.campaign.brand) for s in self.slots], bool)

    @cached_property
    def creators(self) -> tuple[str, ...]:
        return tuple(sorted({self.slots[i].creator_id for i in self.own}))

    @cached_property
    def creator_of(self) -> I64:
        """The place (own,) of each own slot's creator among `creators`."""
        place = {name: at for at, name in enumerate(self.creators)}
        return np.array([place[self.slots[i].creator_id] for i in self.own], np.int64)

    @cached_property
    def value_per_order(self) -> float | None:
        """Mean net value of the orders whose value is known, in the campaign's currency."""
        known = np.asarray(self.claims["has_value"].to_numpy(), bool) & ~self.foreign
        net = self.claims["net"].to_numpy()[known]
        return float(net.mean()) if len(net) else self.campaign.aov

    @cached_property
    def worth(self) -> B:
        """Which claims (claims,) have a known worth in the campaign's currency."""
        return has_worth(self.claims, self.campaign)

    @property
    def says_worth(self) -> bool:
        """Whether revenue can be known: some order has a worth, or there is none at all."""
        return bool(self.worth.any()) or not self.claims.num_rows

    def revenue(self, net: float, orders: float, with_worth: float) -> float | None:
        """What orders brought, so many of them with a worth; None where none of them has one."""
        known = with_worth > 0 or (not orders and self.says_worth)
        return net if known else None

    def by_creator(self, of_slots: F64) -> F64:
        """Sums (creators,) of (own,)."""
        return np.bincount(self.creator_of, of_slots, len(self.creators)).astype(np.float64)


def scope_of(campaign: Campaign, slots: Sequence[PlacedSlot], claims: pa.Table) -> Scope:
    """The scope among all claims, whose order is kept."""
    foreign = _is_foreign(claims, campaign)
    net = pa.array(np.where(foreign, 0.0, claims["net"].to_numpy()))
    claims = claims.set_column(claims.column_names.index("net"), "net", net)
    every = claims.filter(pc.is_in(claims["type"], pa.array(conversions_of(campaign))))
    start, end = period(campaign, slots)
    kept = every.slice(0, 0)
    if start is not None:
        at = every["at"]
        inside = pc.and_(pc.greater_equal(at, start), pc.less(at, end))
        kept = every.filter(pc.or_kleene(pc.is_null(at), pc.fill_null(inside, False)))
    return Scope(campaign, slots, claims, every, kept, _is_foreign(kept, campaign))


def has_worth(claims: pa.Table, campaign: Campaign) -> B:
    """Which claims (n,) have a value in the campaign's currency, or the campaign's aov for one."""
    has_value = np.asarray(claims["has_value"].to_numpy(), bool)
    return (has_value | (campaign.aov is not None)) & ~_is_foreign(claims, campaign)


def _is_foreign(claims: pa.Table, campaign: Campaign) -> B:
    """Which claims are not in the campaign's currency; one that names none is."""
    currency = claims["currency"].fill_null(campaign.currency)
    return np.asarray(pc.not_equal(currency, campaign.currency).to_numpy(), bool)


def period(
    campaign: Campaign, slots: Sequence[PlacedSlot]
) -> tuple[datetime | None, datetime | None]:
    """From the first post to the end of the last window; None without a slot that has a time."""
    own = [slot for slot in slots if slot.campaign_id == campaign.campaign_id]
    if not own:
        return None, None
    return min(slot.opens_at for slot in own), max(slot.closes_at for slot in own)


def noted(scope: Scope, orders: pa.Table, without_time: Sequence[str]) -> list[Noted]:
    """What is odd about the orders in scope: counted, named, and what became of them."""
    claims, campaign = scope.claims, scope.campaign
    outside = _outside(scope)
    found = [
        _cancelled(scope, orders),
        Noted(
            reason="order_without_time",
            n=claims["at"].null_count,
            said=f"orders have no time, {outside['undated']} of them with a link or code of this "
            "campaign: counted among the orders, credited to nobody",
        ),
        Noted(
            reason="second_currency",
            n=int(scope.foreign.sum()),
            said=f"orders are not in {campaign.currency}{_amounts(scope)}: counted, their "
            "revenue is not added",
        ),
        Noted(
            reason="refund_above_order",
            n=_n(claims, "refund_above"),
            said=f"orders were refunded beyond their value, by {_sum(claims, 'refund_above'):,.2f} "
            "in all: they are worth nothing here, not less",
        ),
        Noted(
            reason="order_without_value",
            n=int((~np.asarray(claims["has_value"].to_numpy(), bool)).sum()),
            said="orders have no value: "
            + ("their revenue is not known, for the campaign has no aov" if campaign.aov is None
               else f"the campaign's aov of {campaign.aov:g} stands in"),
        ),
        Noted(
            reason="code_of_two_creators",
            n=_flagged(claims, "code_ambiguous") - _flagged(claims, "several_codes"),
            said="orders carry a code that two creators have: the code claims them for nobody",
        ),
        Noted(
            reason="several_codes",
            n=_flagged(claims, "several_codes"),
            said="orders carry codes of two creators: the codes claim them for nobody",
        ),
        Noted(
            reason="link_of_two_campaigns",
            n=_flagged(claims, "link_ambiguous"),
            said="orders came by a link that two campaigns use: the link claims them for nobody",
        ),
        *_of_windows(scope, outside),
        *_of_slots(scope, without_time),
    ]  # fmt: skip
    return [one for one in found if one.n]


def _of_windows(scope: Scope, outside: Mapping[str, int]) -> list[Noted]:
    return [
        Noted(
            reason="after_window",
            n=outside["late"],
            said="orders carry a link or code of this campaign more than "
            f"{scope.campaign.window_days} d after its posts: not credited",
        ),
        Noted(
            reason="before_post",
            n=outside["early"],
            said="orders carry a link or code of this campaign before its post: not credited"
            + (f"; {outside['zone']} of them by less than 14 hours: is a clock of another zone?"
               if outside["zone"] else ""),
        ),
    ]  # fmt: skip


def _of_slots(scope: Scope, without_time: Sequence[str]) -> list[Noted]:
    first = {place for of in posts_of(scope.slots).values() for place in of}
    again = [
        f"{slot.creator_id}_{slot.slot}"
        for slot in (scope.slots[i] for i in scope.own)
        if slot.post_id and slot.index not in first
    ]
    return [
        Noted(
            reason="slot_without_time",
            n=len(without_time),
            said=f"deliverables have no time ({', '.join(without_time[:5])}): their orders cannot "
            "be credited; give planned_at or post_id",
        ),
        Noted(
            reason="post_of_two_slots",
            n=len(again),
            said=f"deliverables name a post that another names ({', '.join(again[:5])}): its "
            "counts are taken once; correct post_id",
        ),
    ]


def _cancelled(scope: Scope, orders: pa.Table) -> Noted:
    start, end = period(scope.campaign, scope.slots)
    kind = pc.is_in(orders["type"], pa.array(conversions_of(scope.campaign)))
    off = orders.filter(pc.and_(kind, orders["is_cancelled"].fill_null(False)))
    n = 0
    if start is not None:
        inside = pc.and_(pc.greater_equal(off["at"], start), pc.less(off["at"], end))
        n = int(pc.sum(pc.fill_null(inside, True)).as_py() or 0)
    return Noted(reason="cancelled", n=n, said="orders were cancelled: left out of all numbers")


def _outside(scope: Scope) -> dict[str, int]:
    """Orders with a link or code of the campaign that fall into none of its windows."""
    every = scope.every
    slot = every["outside_slot"].fill_null(-1).to_numpy()
    ours = np.isin(slot, scope.own)
    undated = np.asarray(every["at"].is_null().to_numpy(), bool)
    hours = every["hours_early"].fill_null(np.nan).to_numpy()
    early = ours & ~undated & (hours > 0)
    return {
        "undated": int((ours & undated).sum()),
        "late": int((ours & ~undated & (hours <= 0)).sum()),
        "early": int(early.sum()),
        "zone": int((early & (hours < ZONE_HOURS)).sum()),
    }


def _amounts(scope: Scope) -> str:
    names = scope.claims["currency"].filter(pa.array(scope.foreign))
    found = sorted({str(name) for name in names.to_pylist()})
    return f" but in {', '.join(found)}" if found else ""


def _flagged(claims: pa.Table, name: str) -> int:
    return int(pc.sum(claims[name]).as_py() or 0)


def _n(claims: pa.Table, name: str) -> int:
    return int((claims[name].to_numpy() > 0).sum())


def _sum(claims: pa.Table, name: str) -> float:
    return float(claims[name].to_numpy().sum())
