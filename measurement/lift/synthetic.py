"""Synthetic control with in-space placebos: the default where exposure was not randomised.

The treated units' mean is followed by a weighted mean of controls, weights on the simplex and a
level apart (Abadie, Diamond & Hainmueller 2010; the intercept of Doudchenko & Imbens 2016), on a
log scale. Groups of controls as many as the treated play them in turn: how far their gaps stray,
in units of how well each was followed before, is what the real gap is judged by.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from measurement.lift.panel import MIN_CONTROLS, Lift, Panel, comparable, from_scaled
from measurement.lift.placebos import checked
from reelcast.errors import NotEnoughDataError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
_SUM_WEIGHT = 1e3  # how strictly weights sum to one
_GROUPS = 40  # of controls that play the treated, where there are so many
_OWN = 0.5  # how much a unit's own fit before the start scales its gap; the rest is all units'


def synthetic_lift(panel: Panel, check: bool = True) -> Lift:
    """The lift of the treated units' mean, with the share of placebos called significant.

    Without `check`, `false_positives` is None. Raises NotEnoughDataError with too few controls: at
    least 5 are needed, and two more than treated units.
    """
    return checked(panel, _synthetic) if check else _synthetic(panel)


def _synthetic(panel: Panel) -> Lift:
    n_treated = int(panel.treated.sum())
    n_controls = panel.n_units - n_treated
    needed = max(MIN_CONTROLS, n_treated + 2)
    if n_controls < needed:
        raise NotEnoughDataError(
            f"{n_controls} control units, {needed} are needed: add regions or stores "
            "that were not exposed"
        )
    scaled = comparable(panel)
    exposed = scaled.values[:, panel.treated].mean(1)
    controls = scaled.values[:, ~panel.treated]
    effect, strayed = gap(exposed, controls, panel.start)
    placebos = [
        gap(controls[:, group].mean(1), np.delete(controls, group, 1), panel.start)
        for group in _groups(n_controls, n_treated)
    ]
    error = _error(strayed, *np.array(placebos).T)
    freedom = n_controls if n_treated == 1 else n_controls - n_treated
    return from_scaled("synthetic control", scaled, (effect, error, freedom))


def gap(exposed: F64, controls: F64, start: int) -> tuple[float, float]:
    """Mean gap after the start, and root mean square gap before it.

    `exposed` (n_days,), `controls` (n_days, n_controls), each with mean 0 before the start.
    """
    gaps = exposed - controls @ simplex(controls[:start], exposed[:start])
    return float(gaps[start:].mean()), float(np.sqrt(np.mean(gaps[:start] ** 2)))


def simplex(columns: F64, target: F64) -> F64:
    """Weights (k,) >= 0 with sum 1 that bring columns (n, k) nearest to target (n,).

    A ridge of the noise of daily differences keeps near-equal controls sharing the weight
    (Arkhangelsky et al. 2021).
    """
    n, k = columns.shape
    noise = float(np.diff(columns, axis=0).std()) if n > 1 else 1.0
    scale = max(float(np.abs(columns).max()), 1e-12)
    ridge = noise * n**0.25 * np.eye(k)
    stacked = np.vstack([columns, ridge, np.full((1, k), _SUM_WEIGHT * scale)])
    wanted = np.concatenate([target, np.zeros(k), [_SUM_WEIGHT * scale]])
    weights, _ = require("scipy.optimize").nnls(stacked, wanted)
    return np.asarray(weights / max(weights.sum(), 1e-12))


def _groups(n: int, size: int) -> list[I64]:
    """The groups of `size` out of n controls that play the treated: all, or a fixed draw."""
    if comb(n, size) <= _GROUPS:
        return [np.array(group) for group in combinations(range(n), size)]
    rng = np.random.default_rng(7)
    return [rng.choice(n, size, replace=False) for _ in range(_GROUPS)]


def _error(strayed: float, gaps: F64, rms: F64) -> float:
    """The standard error of a gap that strayed so before, from the placebos' gaps."""
    usual = float(np.mean(rms**2))

    def scale(of: F64) -> F64:
        return np.asarray(np.sqrt(np.maximum(_OWN * of**2 + (1 - _OWN) * usual, 1e-24)))

    return float(scale(np.array(strayed)) * np.sqrt(np.mean((gaps / scale(rms)) ** 2)))
