"""What one conversion is worth: gamma around a brand's mean, shrunk to what is usual.

The sum of k gamma values is gamma again, so that a plan's revenue needs no loop over orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from features.panel import F64, I64
from training.conversions_prior import ORDER_VALUE_CV, ORDER_VALUE_SD_LOG, ORDER_VALUE_USD

_BETWEEN_SD_LOG = 0.6  # between brands of one currency and kind
_CV_ORDERS = 30.0  # orders' worth of the prior's CV
_GIVEN_SD_LOG = 0.10  # of an average order value that a person gives
Group = tuple[str, str, str]  # brand, kind, currency


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Orders with a value of one brand, kind and currency: how many, their mean and CV."""

    orders: int
    mean: float
    cv: float


@dataclass(frozen=True, slots=True)
class Worth:
    """The mean value per conversion as known: log-normal, the CV of one value, and why."""

    log_mean: float
    sd_log: float
    cv: float
    orders: int
    words: str


@dataclass(frozen=True, slots=True)
class Values:
    """What conversions were worth, by group."""

    groups: Mapping[Group, ValueGroup]

    def worth(self, brand: str, kind: str, currency: str, aov: float | None = None) -> Worth | None:
        """The value per conversion of a brand; None where nothing says it.

        `aov` is an average order value that a person gives: it stands in until orders do.
        """
        own = self.groups.get((brand, kind, currency))
        before = self._before(brand, kind, currency, aov)
        if own is None or own.orders == 0:
            return before
        cv = _shrunk_cv([own])
        error = cv**2 / own.orders + 1e-4
        if before is None:
            return Worth(float(np.log(own.mean)), error**0.5, cv, own.orders, _from(own, brand))
        weight = before.sd_log**2 / (before.sd_log**2 + error)
        log_mean = weight * np.log(own.mean) + (1 - weight) * before.log_mean
        return Worth(float(log_mean), (weight * error) ** 0.5, cv, own.orders, _from(own, brand))

    def _before(self, brand: str, kind: str, currency: str, aov: float | None) -> Worth | None:
        """What is known without the brand's own orders."""
        if aov is not None:
            words = f"average order value as given: {aov:g} {currency}"
            return Worth(float(np.log(aov)), _GIVEN_SD_LOG, ORDER_VALUE_CV, 0, words)
        others = [
            group
            for (name, *rest), group in self.groups.items()
            if name != brand and rest == [kind, currency]
        ]
        if others:
            logs = np.log([g.mean for g in others])
            spread = _BETWEEN_SD_LOG * (1 + 1 / len(others)) ** 0.5
            words = f"prior, no own data: {len(others)} other brands' orders in {currency}"
            return Worth(float(logs.mean()), spread, _shrunk_cv(others), 0, words)
        if kind == "purchase" and currency == "USD":
            words = f"prior, no own data: {ORDER_VALUE_USD.source}"
            log_mean = float(np.log(ORDER_VALUE_USD.rate))
            return Worth(log_mean, ORDER_VALUE_SD_LOG, ORDER_VALUE_CV, 0, words)
        return None


def values_of(groups: Sequence[tuple[Group, float]]) -> Values:
    """From one (group, value) per order; values of 0 and below (refunded) count as 0 in the mean.

    >>> values_of([(("b", "purchase", "USD"), 10.0), (("b", "purchase", "USD"), 30.0)]).groups
    {('b', 'purchase', 'USD'): ValueGroup(orders=2, mean=20.0, cv=0.5)}
    """
    by_group: dict[Group, list[float]] = {}
    for group, value in groups:
        by_group.setdefault(group, []).append(max(value, 0.0))
    found = {}
    for group in sorted(by_group):
        values = np.array(by_group[group])
        if values.mean() > 0:
            cv = float(values.std() / values.mean())
            found[group] = ValueGroup(len(values), float(values.mean()), cv)
    return Values(found)


def _shrunk_cv(groups: Sequence[ValueGroup]) -> float:
    n = np.array([g.orders for g in groups], np.float64)
    cv = np.array([g.cv for g in groups])
    squares = (n * cv**2).sum() + _CV_ORDERS * ORDER_VALUE_CV**2
    return float(max((squares / (n.sum() + _CV_ORDERS)) ** 0.5, 0.05))


def _from(own: ValueGroup, brand: str) -> str:
    return f"learned from {own.orders:,} orders of {brand}"


def revenue_draws(worth: Worth, conversions: I64, rng: np.random.Generator) -> F64:
    """Revenue of sampled conversions (n_posts, draws): each draw has one mean value for all."""
    draws = conversions.shape[1]
    mean = np.exp(worth.log_mean + worth.sd_log * rng.standard_normal(draws))
    shape = 1 / worth.cv**2
    summed = rng.standard_gamma(np.maximum(conversions, 1) * shape) / shape
    return np.where(conversions > 0, summed * mean, 0.0)
