"""Two arms, drawn by lot: people who could see the posts, and people who were held out.

Shares of buyers are compared by Newcombe's interval, means (orders or revenue a person) by
Welch's. Where the same people's outcome before is known, it is taken out first (CUPED: Deng, Xu,
Kohavi & Walker 2013): the effect stays, the noise shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement.intervals import check_share, difference_of_shares
from measurement.lift.panel import LEVEL, Lift
from reelcast.errors import InputError, NotEnoughDataError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
MIN_PEOPLE = 30


@dataclass(frozen=True, slots=True)
class Arm:
    """What each person or unit of an arm brought (n,), and before the test where known (n,)."""

    outcome: F64
    before: F64 | None = None


def shares_lift(exposed: tuple[int, int], control: tuple[int, int]) -> Lift:
    """The lift of a share, each arm given as buyers and people.

    The interval is Newcombe's of the difference, over the control's share; p is Fisher's.

    >>> made = shares_lift((600, 10_000), (500, 10_000))
    >>> round(made.relative, 2), made.p_value < 0.01
    (0.2, True)
    """
    for arm in (exposed, control):
        check_share(*arm)
    base = control[0] / control[1]
    if base == 0:
        raise NotEnoughDataError("nobody of the control arm bought: wait, or hold out more people")
    low, high = difference_of_shares(exposed, control, LEVEL)
    table = [[arm[0], arm[1] - arm[0]] for arm in (exposed, control)]
    p = float(require("scipy.stats").fisher_exact(table).pvalue)
    effect = exposed[0] / exposed[1] - base
    n = exposed[1] + control[1]
    return Lift("holdout, shares", effect / base, low / base, high / base, p, effect, n)


def means_lift(exposed: Arm, control: Arm) -> Lift:
    """The lift of a mean per person by Welch's test; of both arms' past, by CUPED.

    The relative interval takes the control's mean as it was found (delta method).

    >>> rng = np.random.default_rng(1)
    >>> past = rng.normal(50, 10, 4000)
    >>> now = past + rng.normal(0, 2, 4000)
    >>> arms = [Arm(now[:2000] + 1, past[:2000]), Arm(now[2000:], past[2000:])]
    >>> made = means_lift(*arms)
    >>> made.method, made.low < 0.02 < made.high, made.high - made.low < 0.006
    ('holdout, means, CUPED', True, True)
    """
    for arm in (exposed, control):
        if len(arm.outcome) < MIN_PEOPLE:
            raise NotEnoughDataError(
                f"{len(arm.outcome)} people in an arm, {MIN_PEOPLE} are needed: hold out more"
            )
    known = exposed.before is not None and control.before is not None
    adjusted = _cuped(exposed, control) if known else (exposed.outcome, control.outcome)
    means = [float(arm.mean()) for arm in adjusted]
    variances = [float(arm.var(ddof=1)) / len(arm) for arm in adjusted]
    if means[1] <= 0:
        raise InputError("the control arm's mean is not above zero: a share of it says nothing")
    effect = means[0] - means[1]
    ratio = effect / means[1]
    error = np.sqrt(variances[0] + (1 + ratio) ** 2 * variances[1]) / means[1]
    freedom = _welch(variances, [len(arm) for arm in adjusted])
    stats = require("scipy.stats")
    half = float(stats.t.ppf((1 + LEVEL) / 2, freedom) * error)
    p = 2 * float(stats.t.sf(abs(effect) / max(np.sqrt(sum(variances)), 1e-12), freedom))
    name = "holdout, means" + (", CUPED" if known else "")
    n = len(exposed.outcome) + len(control.outcome)
    return Lift(name, ratio, ratio - half, ratio + half, p, effect, n)


def _cuped(exposed: Arm, control: Arm) -> tuple[F64, F64]:
    """Outcomes less what each one's past foretells, by the slope within arms."""
    past = [np.asarray(arm.before) for arm in (exposed, control)]
    outcomes = [arm.outcome for arm in (exposed, control)]
    for values, before in zip(outcomes, past, strict=True):
        if values.shape != before.shape:
            raise InputError(f"{len(before)} earlier outcomes for {len(values)} people: give each")
    centred = np.concatenate([before - before.mean() for before in past])
    moved = np.concatenate([values - values.mean() for values in outcomes])
    slope = float(centred @ moved / max(float(centred @ centred), 1e-12))
    middle = float(np.concatenate(past).mean())
    first, second = (v - slope * (b - middle) for v, b in zip(outcomes, past, strict=True))
    return first, second


def _welch(variances: list[float], counts: list[int]) -> float:
    """Welch and Satterthwaite's degrees of freedom, from variances of means."""
    parts = [v**2 / (n - 1) for v, n in zip(variances, counts, strict=True)]
    return sum(variances) ** 2 / max(sum(parts), 1e-300)
