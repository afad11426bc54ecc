"""The adaptive step: intervals follow the outcomes that have come in since the heads were fitted.

Drift is met by calibrating once more, on forecasts that the finished heads made and whose counts
are known by now, and by moving so far as their number justifies (in the manner of Gibbs & Candes
2021, with blocks of days for steps).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from features.panel import DAY_S, F64, I64
from training.conformal import Calibration, calibrate
from training.joint import MEDIAN

_FEWEST = 30
_HALF_WAY = 150.0  # outcomes that move the intervals half of the way


@dataclass(frozen=True, slots=True)
class Recent:
    """What the latest outcomes say of the intervals, and how far that is believed (0 to 1)."""

    calibration: Calibration
    weight: float

    def apply(self, logs: F64, groups: tuple[I64, I64]) -> F64:
        """Quantiles (n, n_quantiles) moved towards what held lately; the medians stay.

        `groups`: tiers and numbers of earlier posts, (n,) each.
        """
        moved = self.calibration.apply(logs, *groups) - logs
        moved -= moved[:, [MEDIAN]]
        return np.sort(logs + self.weight * moved, axis=1)

    def to_json(self) -> dict[str, Any]:
        return {"calibration": self.calibration.to_json(), "weight": self.weight}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Recent:
        return cls(Calibration.from_json(data["calibration"]), float(data["weight"]))


def recent_of(logs: F64, outcome: F64, groups: tuple[I64, I64], min_rows: int) -> Recent | None:
    """The step that outcomes (n,) ask for, given their forecasts (n, n_quantiles), in logs.

    None below 30 outcomes.
    """
    if len(outcome) < _FEWEST:
        return None
    weight = len(outcome) / (len(outcome) + _HALF_WAY)
    return Recent(calibrate(logs, outcome, *groups, min_rows), weight)


def follow(
    logs: F64,
    outcome: F64,
    groups: tuple[I64, I64],
    times: tuple[I64, I64],
    min_rows: int,
) -> F64:
    """The forecasts as they would have been made day by day, following what was known by then.

    `times`: when each forecast was decided and when its outcome was known, seconds. Unknown
    outcomes (NaN) teach nothing.
    """
    decided_s, known_s = times
    day = decided_s // int(DAY_S)
    followed = logs.copy()
    for of_day in np.unique(day):
        known = (known_s <= of_day * DAY_S) & ~np.isnan(outcome)
        step = recent_of(logs[known], outcome[known], _at(groups, known), min_rows)
        if step is not None:
            today = day == of_day
            followed[today] = step.apply(logs[today], _at(groups, today))
    return followed


def _at(groups: tuple[I64, I64], rows: npt.NDArray[np.bool_]) -> tuple[I64, I64]:
    return groups[0][rows], groups[1][rows]
