"""What a holdout or staggered test says of the orders that a campaign brought in all."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from measurement.lift.holdout import shares_lift
from measurement.lift.panel import LEVEL, MIN_BEFORE, MIN_CONTROLS, Panel
from measurement.lift.synthetic import synthetic_lift
from reelcast.errors import InputError, NotEnoughDataError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
B = npt.NDArray[np.bool_]
FEW_UNITS = 3


@dataclass(frozen=True, slots=True)
class Experiment:
    """A test's outcomes (n_days, n_units), when each unit was exposed, and its people (n_units,).

    NaN outcomes are unknown; people are NaN where not counted.
    """

    test_id: str
    units: tuple[str, ...]
    outcome: F64
    exposed: B  # (n_days, n_units)
    people: F64


@dataclass(frozen=True, slots=True)
class ExperimentLift:
    """Orders that exposure brought to all exposed units over the test, and their standard error."""

    method: str
    orders: float
    error: float
    said: str


def read_tests(rows: pa.Table) -> list[Experiment]:
    """The tests of the table `holdouts`, in order of their ids."""
    names = sorted(set(rows["test_id"].to_pylist()))
    listed = rows.to_pylist()
    return [_test(name, [row for row in listed if row["test_id"] == name]) for name in names]


def broken(test: Experiment) -> list[str]:
    """In words, units whose holdout was not held: exposed, then not, then exposed again."""
    flips = np.abs(np.diff(test.exposed.astype(np.int64), axis=0)).sum(0)
    odd = [unit for unit, n in zip(test.units, flips, strict=True) if n > 1]
    return [f"{unit}: exposure was switched on and off again" for unit in odd]


def lift_of(test: Experiment) -> ExperimentLift:
    """The orders that exposure brought.

    With two weeks before and five units never exposed: synthetic control, units that start later
    apart (staggered). Otherwise, and where its placebos look like lifts, two arms by people: one
    audience each, drawn by lot, as shares of buyers (`lift.holdout`); else units by their people.
    Raises NotEnoughDataError where people are not counted either.
    """
    ever: B = np.asarray(test.exposed.any(0))
    if not ever.any() or ever.all():
        raise NotEnoughDataError(
            f"test {test.test_id} has {'no exposed' if not ever.any() else 'no held-out'} unit"
        )
    starts = np.where(ever, test.exposed.argmax(0), -1)
    before = int(starts[ever].min())
    why = (
        f"test {test.test_id}: {before} days before, {int((~ever).sum())} units held out; give "
        f"{MIN_BEFORE} days and {MIN_CONTROLS} units, or the people of each unit"
    )
    if before >= MIN_BEFORE and int((~ever).sum()) >= MIN_CONTROLS:
        found = _synthetic(test, ever, starts)
        if isinstance(found, ExperimentLift):
            return found
        why = f"test {test.test_id}: {found}"
    if np.isfinite(test.people).all():
        return _two_arms(test, ever)
    raise NotEnoughDataError(why)


def two_arms(exposed: tuple[F64, F64], control: tuple[F64, F64]) -> tuple[float, float]:
    """Incremental outcomes of the exposed and their standard error, each arm (outcomes, people).

    The error is from how units differ where each arm has three or more, else that of counts.

    >>> two_arms((np.array([150.0]), np.array([1e3])), (np.array([100.0]), np.array([1e3])))[0]
    50.0
    """
    (y, n), (y0, n0) = exposed, control
    scale = n.sum() / n0.sum()
    lift = float(y.sum() - scale * y0.sum())
    if min(len(y), len(y0)) >= FEW_UNITS:
        error = np.sqrt(_clustered(y, n) + scale**2 * _clustered(y0, n0))
    else:
        error = np.sqrt(y.sum() + scale**2 * y0.sum())
    return lift, float(error)


def _clustered(y: F64, n: F64) -> float:
    """The variance of the sum of outcomes, from how units stray from the arm's rate."""
    left = y - y.sum() / n.sum() * n
    k = len(y)
    return float(k / (k - 1) * (left @ left))


def _two_arms(test: Experiment, ever: B) -> ExperimentLift:
    after = test.exposed.any(1)
    totals = np.nansum(test.outcome[after], 0)
    by_person = _shares(totals, test.people, ever, int(after.sum()))
    if by_person is not None:
        return by_person
    lift, error = two_arms((totals[ever], test.people[ever]), (totals[~ever], test.people[~ever]))
    n = f"{int(ever.sum())} exposed against {int((~ever).sum())} held-out units"
    return ExperimentLift("two arms", lift, error, f"{n}, per person, {int(after.sum())} days")


def _shares(totals: F64, people: F64, ever: B, days: int) -> ExperimentLift | None:
    """What people drawn by lot bought more than those held out; None where units are no shares.

    That is one unit an arm, whole orders, and no more of them than people.
    """
    if len(totals) != 2 or (totals % 1).any():
        return None
    arms = [(int(totals[arm].sum()), int(people[arm].sum())) for arm in (ever, ~ever)]
    try:
        made = shares_lift(*arms)
    except (InputError, NotEnoughDataError):
        return None
    (_, exposed), (bought, held_out) = arms
    base = exposed * bought / held_out  # orders without the posts
    error = (made.high - made.low) / 2 / NormalDist().inv_cdf((1 + LEVEL) / 2) * base
    said = f"{exposed:,} people against {held_out:,} held out, shares of buyers, {days} days"
    return ExperimentLift("two arms", made.per_day * exposed, error, said)


def _synthetic(test: Experiment, ever: B, starts: npt.NDArray[np.int64]) -> ExperimentLift | str:
    """The sum over groups of units that start on one day, each against those never exposed.

    Why there is none, in words, where a group's placebos look like lifts.
    """
    orders = variance = 0.0
    said = []
    for start in sorted({int(day) for day in starts[ever]}):
        group = starts == start
        outcome = np.column_stack([test.outcome[:, ~ever], test.outcome[:, group]])
        treated = np.arange(outcome.shape[1]) >= int((~ever).sum())
        lift = synthetic_lift(Panel(outcome, treated, start))
        if lift.refused:
            return lift.verdict
        unit_days = int(group.sum()) * (len(outcome) - start)
        base = abs(lift.per_day / lift.relative) if lift.relative else 0.0
        half = (lift.high - lift.low) / 2 * base
        quantile = float(require("scipy.stats").t.ppf(0.975, int((~ever).sum())))
        orders += lift.per_day * unit_days
        variance += (half / quantile * unit_days) ** 2
        said.append(lift.verdict)
    return ExperimentLift("synthetic control", orders, float(np.sqrt(variance)), "; ".join(said))


def _test(name: str, rows: list[dict[str, object]]) -> Experiment:
    units = sorted({str(row["unit"]) for row in rows})
    days = sorted({row["day"] for row in rows})  # type: ignore[type-var]
    at_unit = {unit: i for i, unit in enumerate(units)}
    at_day = {day: i for i, day in enumerate(days)}
    outcome = np.full((len(days), len(units)), np.nan)
    exposed = np.zeros((len(days), len(units)), bool)
    people = np.full(len(units), np.nan)
    for row in rows:
        day, unit = at_day[row["day"]], at_unit[str(row["unit"])]
        outcome[day, unit] = np.nan if row["outcome"] is None else float(row["outcome"])  # type: ignore[arg-type]
        exposed[day, unit] = bool(row["is_exposed"])
        if row["people"] is not None:
            people[unit] = float(row["people"])  # type: ignore[arg-type]
    if not len(days):
        raise InputError(f"test {name} has no day")
    return Experiment(name, tuple(units), outcome, exposed, people)
