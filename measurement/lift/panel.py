"""The panel that lift is measured on, and what a measurement says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelcast.errors import InputError, NotEnoughDataError

F64 = npt.NDArray[np.float64]
B = npt.NDArray[np.bool_]
LEVEL = 0.95
MIN_BEFORE, MIN_AFTER, MIN_CONTROLS = 14, 1, 5
MAX_FALSE_POSITIVES = 0.10


@dataclass(frozen=True, slots=True)
class Panel:
    """Outcomes of units (regions, stores) by day; the treated ones are exposed from `start` on."""

    outcome: F64  # (n_days, n_units)
    treated: B  # (n_units,)
    start: int  # first exposed day

    def __post_init__(self) -> None:
        n_days, n_units = self.outcome.shape
        if self.treated.shape != (n_units,) or not self.treated.any():
            raise InputError("name the treated units, one flag for each unit, one treated at least")
        if not np.isfinite(self.outcome).all():
            raise InputError("a unit has a day without outcome: fill it, or leave the unit out")
        if self.start < MIN_BEFORE or n_days - self.start < MIN_AFTER:
            raise NotEnoughDataError(
                f"{self.start} days before and {n_days - self.start} after the start: at least "
                f"{MIN_BEFORE} and {MIN_AFTER} are needed"
            )

    @property
    def before(self) -> slice:
        return slice(0, self.start)

    @property
    def after(self) -> slice:
        return slice(self.start, None)

    def controls(self) -> F64:
        """Outcomes (n_days, n_controls) of the units that were never exposed."""
        return self.outcome[:, ~self.treated]

    def exposed(self) -> F64:
        """The mean outcome (n_days,) of the treated units."""
        return np.asarray(self.outcome[:, self.treated].mean(1))


@dataclass(frozen=True, slots=True)
class Lift:
    """A lift as a share of what would have been, its interval at LEVEL, and its p-value.

    `false_positives` is the share of placebos that the same method calls significant at 5%,
    None where it was not tried. Above 10% there is no verdict: `refused` says so.
    """

    method: str
    relative: float
    low: float
    high: float
    p_value: float
    per_day: float  # of one treated unit
    n_units: int
    false_positives: float | None = None

    @property
    def refused(self) -> bool:
        return self.false_positives is not None and self.false_positives > MAX_FALSE_POSITIVES

    @property
    def verdict(self) -> str:
        """The result in words; never a number where the method does not hold on placebos."""
        if self.refused:
            return (
                f"no verdict: {self.false_positives:.0%} of placebos look like a lift here, so a "
                "lift found would mean nothing; use a holdout, or more control units"
            )
        if self.low <= 0 <= self.high:
            return f"no lift that the data can show ({self.low:+.1%} to {self.high:+.1%})"
        return f"a lift of {self.relative:+.1%} ({self.low:+.1%} to {self.high:+.1%})"


def from_effect(
    method: str,
    counterfactual: float,
    effect: float,
    error: float,
    quantile: float,
    p: float,
    n: int,
) -> Lift:
    """A Lift from an absolute effect, its standard error and the quantile of its distribution."""
    base = max(abs(counterfactual), 1e-12)
    half = quantile * error
    return Lift(method, effect / base, (effect - half) / base, (effect + half) / base, p, effect, n)
