"""What a post had counted at an age, from counts made at other ages."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
NEAR = 0.15  # of the age: a count made so near to it is taken as it is


def at_age(ages_days: F64, counts: F64, age_days: float) -> tuple[float, bool]:
    """The count at an age, and whether it is estimated; NaN where nothing says it.

    Both (n,), ages ascending, unknown counts NaN. The count nearest in age is taken where it lies
    within 15% of the age; between two others logs are interpolated over log age; beyond the last
    one nothing is said.

    >>> at_age(np.array([1.1, 7.0]), np.array([100.0, 400.0]), 1.0)
    (100.0, False)
    >>> at_age(np.array([1.0, 4.0]), np.array([99.0, 399.0]), 2.0)
    (199.0, True)
    >>> at_age(np.array([1.0, 4.0]), np.array([99.0, 399.0]), 7.0)
    (nan, False)
    """
    known = np.isfinite(counts) & (ages_days > 0)
    ages, counts = ages_days[known], counts[known]
    if not len(ages):
        return float("nan"), False
    nearest = int(np.abs(ages - age_days).argmin())
    if abs(ages[nearest] - age_days) <= NEAR * age_days:
        return float(counts[nearest]), False
    if not ages[0] < age_days < ages[-1]:
        return float("nan"), False
    logs = np.interp(np.log(age_days), np.log(ages), np.log1p(counts))
    return float(np.round(np.expm1(logs), 6)), True
