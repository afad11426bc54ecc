"""Counts that are metrics themselves, and numbers that a model says: named, with their basis."""

from __future__ import annotations

from measurement.measured import Measured, Provenance
from measurement.rates import share_of


def impressions(n: int, of: Provenance) -> Measured:
    """Times shown. Organic TikTok exports give views, not impressions.

    >>> impressions(1200, Provenance()).value
    1200.0
    """
    return count("impressions", n, of)


def views(n: int, of: Provenance) -> Measured:
    """Starts of play as the platform counts them; TikTok leaves replays out.

    >>> views(1000, Provenance()).value
    1000.0
    """
    return count("views", n, of)


def reach(n: int, of: Provenance) -> Measured:
    """Distinct people as the platform counts them; never summed followers, never views.

    >>> reach(700, Provenance(basis="counted")).basis
    'counted'
    """
    return count("reach", n, of)


def count(metric: str, n: float, of: Provenance, unit: str = "count") -> Measured:
    """A count under its own name.

    >>> count("saves", 12, Provenance(window="7 d after posting")).window
    '7 d after posting'
    """
    return Measured(metric=metric, unit=unit, value=float(n), **of.model_dump())


def unknown(metric: str, unit: str, why: str, of: Provenance) -> Measured:
    """A metric that nothing says, and why.

    >>> unknown("revenue", "USD", "no order has a value", Provenance()).value is None
    True
    """
    return Measured(metric=metric, unit=unit, value=None, note=why, **of.model_dump())


def survey_share(named: int, respondents: int, of: Provenance) -> Measured:
    """Respondents who name the creator / respondents.

    >>> survey_share(30, 120, Provenance()).value
    0.25
    """
    return share_of("survey_share", named, respondents, "respondents", of)


def code_leakage(from_elsewhere: int, code_orders: int, of: Provenance) -> Measured:
    """Code orders with another touch or from a coupon site / code orders: an inference.

    >>> code_leakage(5, 50, Provenance(basis="estimated")).value
    0.1
    """
    return share_of("code_leakage", from_elsewhere, code_orders, "code orders", of)


def incremental_orders(value: float, ends: tuple[float, float], method: str) -> Measured:
    """Orders that would not have come: of spikes, of a holdout, or of all signals combined.

    >>> incremental_orders(120.0, (90.0, 150.0), "spike").high
    150.0
    """
    return Measured(
        metric="incremental_orders",
        unit="count",
        value=value,
        low=ends[0],
        high=ends[1],
        level=0.90,
        method=method,
        basis="modelled",
        denominator=None,
    )


def lead_score(total: float, leads: int, of: Provenance) -> Measured:
    """Sum of lead scores / scored leads, on the score's own scale.

    >>> lead_score(340.0, 5, Provenance()).value
    68.0
    """
    return Measured(
        metric="lead_score",
        unit="score",
        value=total / leads if leads else None,
        n=leads,
        denominator="scored leads",
        **of.model_dump(),
    )
