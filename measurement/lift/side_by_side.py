"""All methods that a test allows, the one to go by first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement.lift.did import did_daily_lift, did_lift
from measurement.lift.holdout import shares_lift
from measurement.lift.panel import Lift, Panel
from measurement.lift.placebos import Method, checked
from measurement.lift.structural import structural_lift
from measurement.lift.synthetic import synthetic_lift
from reelcast.errors import InputError, NotEnoughDataError

F64 = npt.NDArray[np.float64]
B = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Exposure:
    """A test as it was held: outcomes (n_days, n_units), when exposed, people of each unit.

    Unknown outcomes and people are NaN.
    """

    outcome: F64
    exposed: B
    people: F64


@dataclass(frozen=True, slots=True)
class Compared:
    """Lifts side by side, the first to go by; and why a method gives none."""

    lifts: tuple[Lift, ...]
    left_out: tuple[str, ...]


def compare(test: Exposure) -> Compared:
    """Every method that can be applied; units that begin later than the first are left out.

    Raises NotEnoughDataError where none can.
    """
    ever: B = np.asarray(test.exposed.any(0))
    if not ever.any():
        raise NotEnoughDataError("no unit was exposed: import the days of exposure too")
    starts = np.where(ever, test.exposed.argmax(0), -1)
    start = int(starts[ever].min())
    complete: B = np.asarray(np.isfinite(test.outcome).all(0))
    keep = (~ever | (starts == start)) & complete
    left_out = _left(np.asarray(ever & (starts != start)), "begin later")
    left_out += _left(~complete, "have days without outcome")
    lifts: list[Lift] = []
    for name, method, most in _METHODS:
        try:
            panel = Panel(test.outcome[:, keep], ever[keep], start)
            lifts.append(checked(panel, method, most))
        except (NotEnoughDataError, InputError) as exc:
            left_out.append(f"{name}: {exc}")
    lifts += _two_arms(test, ever, start, left_out)
    if not lifts:
        raise NotEnoughDataError("; ".join(dict.fromkeys(left_out)))
    return Compared(tuple(lifts), tuple(dict.fromkeys(left_out)))


def _left(units: B, why: str) -> list[str]:
    return [f"{int(units.sum())} units {why}: left out"] if units.any() else []


def _unchecked(panel: Panel) -> Lift:
    return synthetic_lift(panel, check=False)


_METHODS: tuple[tuple[str, Method, int], ...] = (
    ("synthetic control", _unchecked, 60),
    ("differences in differences", did_lift, 60),
    ("unobserved components", structural_lift, 6),
    ("daily differences", did_daily_lift, 60),
)


def _two_arms(test: Exposure, ever: B, start: int, left_out: list[str]) -> list[Lift]:
    """Buyers among exposed and held-out people, where the lot was drawn by person.

    That is one unit an arm, with its people. People of one region are alike: taken as drawn one by
    one, their test would be far too sure.
    """
    if ever.sum() != 1 or (~ever).sum() != 1 or not np.isfinite(test.people).all():
        left_out.append("two arms: needs one exposed and one held-out audience, with their people")
        return []
    bought = np.nansum(test.outcome[start:], 0)
    arms = [(int(bought[arm].sum()), int(test.people[arm].sum())) for arm in (ever, ~ever)]
    try:
        return [shares_lift(*arms)]
    except (InputError, NotEnoughDataError) as exc:
        left_out.append(f"two arms: {exc}")
        return []
