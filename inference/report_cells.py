"""Measured numbers as cells of a document: value, unit, interval, how each was made. Pure."""

from __future__ import annotations

from inference.documents import Cell, Number
from inference.wording import UNKNOWN, count, money, share
from measurement.measured import Measured
from measurement.results import Estimate, MethodResult

METRIC_NAMES = {
    "reach": "reach (accounts)",
    "engagement_rate_by_views": "engagement rate by views",
    "engagement_rate_with_saves": "engagement rate with saves",
    "ctr": "click-through rate",
    "ctr_of_views": "clicks per view",
    "conversion_rate": "conversions per click",
    "cpa": "cost per order",
    "cpi": "cost per install",
    "cpl": "cost per lead",
    "cpm": "cost per 1,000 impressions",
    "cpm_of_views": "cost per 1,000 views",
    "cpv": "cost per view",
    "cpe": "cost per engagement",
    "cpc": "cost per click",
    "rpm": "revenue per 1,000 views",
    "roas": "revenue over cost",
    "iroas": "incremental revenue over cost",
    "emv": "earned media value",
    "ugc_volume": "posts by unpaid people",
    "session_s": "time on site per session",
}


def metric_name(metric: str) -> str:
    """The metric in words.

    >>> metric_name("cpv"), metric_name("save_rate")
    ('cost per view', 'save rate')
    """
    return METRIC_NAMES.get(metric, metric.replace("_", " "))


def amount(value: float | None, unit: str) -> str:
    """A value with its unit.

    >>> amount(0.034, "share"), amount(1200, "count"), amount(2.5, "ratio"), amount(12.5, "EUR")
    ('3.4%', '1.2K', '2.5 x', '12.50 EUR')
    """
    if value is None:
        return UNKNOWN
    match unit:
        case "share":
            return share(value) if value >= 0.1 else f"{value * 100:.2g}%"
        case "count":
            return count(value)
        case "ratio":
            return f"{value:.3g} x"
        case "points":
            return f"{value * 100:+.1f} points"
        case "score":
            return f"{value:.1f}"
        case "s":
            return f"{value:.1f} s"
        case _:
            return money(value, unit)


def measured_cell(of: Measured | None) -> Cell:
    """A measured number, with its interval and all that says how it was made."""
    if of is None or of.value is None:
        return UNKNOWN if of is None or not of.note else f"{UNKNOWN}: {of.note}"
    between = None
    if of.low is not None and of.high is not None:
        between = f"{amount(of.low, of.unit)} to {amount(of.high, of.unit)} ({of.level:.0%})"
    return Number(amount(of.value, of.unit), between, how_made(of))


def how_made(of: Measured) -> str:
    """Basis, denominator, window, interval's method and note in words."""
    said = [f"{metric_name(of.metric)}: {of.basis}"]
    said += [f"over {of.denominator}"] if of.denominator else []
    said += [of.window] if of.window else []
    said += [f"from {of.source}"] if of.source else []
    said += [f"interval: {of.method.replace('_', ' ')}"] if of.method else []
    said += [of.note] if of.note else []
    return ", ".join(said)


def orders_cell(of: Estimate | None, by: MethodResult) -> Cell:
    """Orders as a method has them."""
    if of is None:
        return UNKNOWN
    return Number(
        f"{'at least ' if by.at_least else ''}{count(of.orders)}",
        _between(of.low, of.high, by.level, ""),
        f"{by.method.replace('_', ' ')}: {by.words} ({by.basis})",
    )


def revenue_cell(of: Estimate | None, by: MethodResult, currency: str) -> Cell:
    """Revenue as a method has it."""
    if of is None or of.revenue is None:
        return f"{UNKNOWN}: no order has a value" if of else UNKNOWN
    return Number(
        f"{'at least ' if by.at_least else ''}{money(of.revenue, currency)}",
        _between(of.revenue_low, of.revenue_high, by.level, currency),
        f"{by.method.replace('_', ' ')}: {by.words} ({by.basis})",
    )


def _between(
    low: float | None, high: float | None, level: float | None, currency: str
) -> str | None:
    if low is None or high is None or level is None:
        return None
    said = (money(v, currency) if currency else count(v) for v in (low, high))
    return f"{' to '.join(said)} ({level:.0%})"
