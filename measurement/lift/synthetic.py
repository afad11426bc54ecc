"""Synthetic control with in-space placebos: the default where exposure was not randomised.

The treated units' mean is followed by a weighted mean of controls, weights on the simplex and a
level apart (Abadie, Diamond & Hainmueller 2010; the intercept of Doudchenko & Imbens 2016). Each
control plays the treated in turn: how far their gaps stray, in units of how well each was followed
before, is the distribution that the real gap is judged by.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from measurement.lift.panel import LEVEL, MIN_CONTROLS, Lift, Panel, from_effect
from reelcast.errors import NotEnoughDataError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
_SUM_WEIGHT = 1e3  # how strictly weights sum to one


def synthetic_lift(panel: Panel, check: bool = True) -> Lift:
    """The lift, with the share of placebo units that the same test calls significant.

    `check` leaves one control out as a pretended treated unit at a time, each judged by the
    others; without it `false_positives` is None. Raises NotEnoughDataError below 5 controls.
    """
    controls = panel.controls()
    if controls.shape[1] < MIN_CONTROLS:
        raise NotEnoughDataError(
            f"{controls.shape[1]} control units, {MIN_CONTROLS} are needed: add regions or stores "
            "that were not exposed"
        )
    n_treated = int(panel.treated.sum())
    lift = _judged(panel.exposed(), controls, panel.start, n_treated)
    if not check:
        return lift
    pretended = [
        _judged(controls[:, i], np.delete(controls, i, 1), panel.start, 1).p_value < 1 - LEVEL
        for i in range(controls.shape[1])
    ]
    return replace(lift, false_positives=float(np.mean(pretended)))


def gap(exposed: F64, controls: F64, start: int) -> tuple[float, float, float]:
    """Mean gap after the start, root mean square gap before it, and the mean counterfactual.

    `exposed` (n_days,), `controls` (n_days, n_controls).
    """
    before = slice(0, start)
    level = exposed[before].mean()
    means = controls[before].mean(0)
    weights = simplex(controls[before] - means, exposed[before] - level)
    followed = level + (controls - means) @ weights
    gaps = exposed - followed
    strayed = float(np.sqrt(np.mean(gaps[before] ** 2)))
    return float(gaps[start:].mean()), strayed, float(followed[start:].mean())


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


def _judged(exposed: F64, controls: F64, start: int, n_treated: int) -> Lift:
    """The gap of the exposed in units of the placebos' gaps, as a t statistic."""
    effect, strayed, counterfactual = gap(exposed, controls, start)
    n = controls.shape[1]
    placebos = [gap(controls[:, i], np.delete(controls, i, 1), start) for i in range(n)]
    ratios = np.array([g / max(rms, 1e-12) for g, rms, _ in placebos])
    spread = float(np.sqrt(np.mean(ratios**2)))
    error = max(strayed * spread, 1e-12)
    stats = require("scipy.stats")
    p = 2 * float(stats.t.sf(abs(effect) / error, n))
    quantile = float(stats.t.ppf((1 + LEVEL) / 2, n))
    return from_effect(
        "synthetic control", counterfactual, effect, error, quantile, p, n + n_treated
    )
