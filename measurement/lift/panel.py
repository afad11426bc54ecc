"""The panel that lift is measured on, and what a measurement says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reelcast.errors import InputError, NotEnoughDataError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
B = npt.NDArray[np.bool_]
LEVEL = 0.95
MIN_BEFORE, MIN_AFTER, MIN_CONTROLS = 14, 1, 5
MAX_FALSE_POSITIVES = 0.10
WEEK = 7


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

    @property
    def n_units(self) -> int:
        return len(self.treated)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A panel's units on one scale, so that large and small ones can be set side by side.

    Logs where no outcome is zero, else shares of each unit's mean before the start. What each
    weekday adds before the start is taken out, and each unit's level too.
    """

    values: F64  # (n_days, n_units), mean 0 before the start
    in_logs: bool
    usual: float  # mean outcome of an exposed unit and day before the start

    def lift(self, effect: float) -> float:
        """A difference on this scale as a share of what would have been."""
        return float(np.expm1(effect)) if self.in_logs else effect


def comparable(panel: Panel) -> Comparable:
    """The panel on one scale. Raises InputError where a unit sold nothing before the start."""
    means = panel.outcome[panel.before].mean(0)
    if (means <= 0).any():
        unit = int(np.flatnonzero(means <= 0)[0]) + 1
        raise InputError(f"unit {unit} sold nothing before the start: leave it out")
    in_logs = bool((panel.outcome > 0).all())
    values = np.log(panel.outcome) if in_logs else panel.outcome / means
    weekday = np.arange(len(values)) % WEEK
    usual = np.stack([values[panel.before][weekday[panel.before] == d].mean(0) for d in range(7)])
    left = values - usual[weekday]
    return Comparable(
        left - left[panel.before].mean(0), in_logs, float(means[panel.treated].mean())
    )


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
    per_day: float  # outcomes more, of an exposed unit and day; of two arms, of a person
    n_units: int  # or people
    false_positives: float | None = None
    n_placebos: int = 0

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


def from_scaled(method: str, scaled: Comparable, estimate: tuple[float, float, float]) -> Lift:
    """A Lift from the effect, its standard error and degrees of freedom, on the common scale.

    The interval is Student's, taken back from the scale end by end.
    """
    effect, error, freedom = estimate
    stats = require("scipy.stats")
    error = max(error, 1e-12)
    half = float(stats.t.ppf((1 + LEVEL) / 2, freedom)) * error
    middle, low, high = (scaled.lift(at) for at in (effect, effect - half, effect + half))
    p = 2 * float(stats.t.sf(abs(effect) / error, freedom))
    n = scaled.values.shape[1]
    return Lift(method, middle, low, high, p, middle * scaled.usual, n)
