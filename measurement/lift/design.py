"""Before launch: which test to run, for how long, and what lift it can see.

Two arms are planned by the formula of two shares. Regions are planned on their own history:
regions drawn by lot play the exposed over stretches of the past, and the test that would be run is
run on each; a lift only moves its estimate, so one run tells the power at every size of lift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement.lift.panel import LEVEL, MIN_BEFORE, MIN_CONTROLS, Lift, Panel
from measurement.lift.synthetic import synthetic_lift
from reelcast.errors import InputError, NotEnoughDataError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
LENGTHS_DAYS = (7, 14, 21, 28, 42, 56)
_LIFTS = np.concatenate([np.arange(0.005, 0.30, 0.005), np.arange(0.30, 1.01, 0.05)])


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lift that must not be missed, as a share, and how surely it must be found."""

    lift: float = 0.10
    power: float = 0.80

    def __post_init__(self) -> None:
        if not 0 < self.lift <= 10 or not 0.05 < self.power < 1:
            raise InputError(
                f"lift {self.lift:g}, power {self.power:g}: give a lift above 0 (.1 is 10%) and a "
                "power between .05 and 1"
            )


@dataclass(frozen=True, slots=True)
class ArmsPlan:
    """A two-arm test: people an arm needs, days to gather them (None: not told), smallest lift."""

    exposed: int
    control: int
    days: int | None
    least_lift: float
    power: float


@dataclass(frozen=True, slots=True)
class RegionsPlan:
    """A test of so many exposed regions and days, as it did on the history.

    `power` is the share of stretches where the wanted lift would have been found, `least_lift` the
    smallest one found at the wanted power (None: none up to 100%), `false_positives` the share
    called a lift though nothing happened; `n` stretches.
    """

    exposed: int
    controls: int
    days: int
    power: float
    least_lift: float | None
    false_positives: float
    n: int


def plan_arms(
    rate: float, wanted: Wanted, people_a_day: float | None = None, held_out: float = 0.5
) -> ArmsPlan:
    """The people needed where a share `rate` of the control arm buys (two-sided test at 5%).

    >>> plan_arms(0.02, Wanted(0.10, 0.8)).control
    80679
    """
    if not 0 < rate < 1 or not 0 < held_out < 1 or rate * (1 + wanted.lift) >= 1:
        raise InputError(
            f"rate {rate:g}, held out {held_out:g}: shares between 0 and 1, and the rate with its "
            "lift too"
        )
    ratio = (1 - held_out) / held_out  # exposed people per control one
    control = int(np.ceil(_needed(rate, wanted.lift, wanted.power, ratio)))
    exposed = int(np.ceil(control * ratio))
    days = int(np.ceil((control + exposed) / people_a_day)) if people_a_day else None
    return ArmsPlan(exposed, control, days, wanted.lift, wanted.power)


def _needed(rate: float, lift: float, power: float, ratio: float) -> float:
    """People of the control arm (unpooled variances)."""
    normal = require("scipy.stats").norm
    z = float(normal.ppf((1 + LEVEL) / 2) + normal.ppf(power))
    lifted = rate * (1 + lift)
    variance = lifted * (1 - lifted) / ratio + rate * (1 - rate)
    return z**2 * variance / (lifted - rate) ** 2


def plan_regions(history: F64, wanted: Wanted, draws: int = 60, seed: int = 7) -> list[RegionsPlan]:
    """Plans by exposed regions and days from outcomes (n_days, n_units), the best first.

    The best is the shortest that reaches the wanted power, of those the one with fewest exposed
    regions; where none does, the most powerful. Raises NotEnoughDataError with a history too
    short or with too few regions for any test.
    """
    n_days, n_units = history.shape
    counts = [k for k in (1, 2, 3, 5, 8, 12) if n_units - k >= max(MIN_CONTROLS, k + 2)]
    lengths = [days for days in LENGTHS_DAYS if n_days >= days + max(2 * MIN_BEFORE, days)]
    if not counts or not lengths:
        raise NotEnoughDataError(
            f"{n_units} regions and {n_days} days: {MIN_CONTROLS + 1} regions and "
            f"{LENGTHS_DAYS[0] + 2 * MIN_BEFORE} days before launch are needed at least"
        )
    plans = [
        _tried(history, (count, days), wanted, draws, seed) for count in counts for days in lengths
    ]
    enough = [plan for plan in plans if plan.power >= wanted.power]
    first = (
        min(enough, key=lambda p: (p.days, p.exposed))
        if enough
        else max(plans, key=lambda p: (p.power, -p.days))
    )
    return [first, *(plan for plan in plans if plan is not first)]


def _tried(
    history: F64, size: tuple[int, int], wanted: Wanted, draws: int, seed: int
) -> RegionsPlan:
    """What the test of `size` (exposed regions, days) says on stretches of the past."""
    count, days = size
    n_days, n_units = history.shape
    rng = np.random.default_rng([seed, count, days])
    made = []
    for _ in range(draws):
        end = int(rng.integers(days + max(2 * MIN_BEFORE, days), n_days + 1))
        treated = np.zeros(n_units, np.bool_)
        treated[rng.choice(n_units, count, replace=False)] = True
        made.append(synthetic_lift(Panel(history[:end], treated, end - days), check=False))
    powers = np.array([np.mean([_found(one, lift) for one in made]) for lift in _LIFTS])
    reached = np.flatnonzero(powers >= wanted.power)
    return RegionsPlan(
        exposed=count,
        controls=n_units - count,
        days=days,
        power=float(np.mean([_found(one, wanted.lift) for one in made])),
        least_lift=float(_LIFTS[reached[0]]) if len(reached) else None,
        false_positives=float(np.mean([one.low > 0 or one.high < 0 for one in made])),
        n=draws,
    )


def _found(null: Lift, lift: float) -> bool:
    """Whether the test would find a lift put on what it found without one.

    A lift multiplies the exposed outcomes, and the ends of the interval with them.
    """
    return (1 + null.low) * (1 + lift) > 1
