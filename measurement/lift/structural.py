"""Unobserved components: a level that drifts, a week, and the controls as a regressor.

The series before the start is decomposed by maximum likelihood (Harvey 1989; with a regressor the
model of Brodersen et al. 2015, there by sampling) and carried on; the gap to what came is the
lift. It needs no unit but the exposed ones, and is then only as good as the past repeats itself.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from measurement.lift.panel import Comparable, Lift, Panel, comparable, from_scaled
from measurement.lift.synthetic import simplex
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
_PATHS = 400


def structural_lift(panel: Panel) -> Lift:
    """The lift over the series carried on; its error is the forecast's of the mean after the start.

    The regressor is the controls' weighted mean (as in synthetic control), where there are any.
    """
    scaled = comparable(panel)
    exposed = scaled.values[:, panel.treated].mean(1)
    regressors = _regressors(scaled, panel)
    fit = _fitted(exposed[: panel.start], regressors[: panel.start])
    n_after = len(exposed) - panel.start
    mean, error = _carried_on(fit, regressors[panel.start :], n_after)
    effect = float(exposed[panel.start :].mean()) - mean
    freedom = panel.start - 3 - regressors.shape[1]
    return from_scaled("unobserved components", scaled, (effect, error, freedom))


def _regressors(scaled: Comparable, panel: Panel) -> F64:
    """(n_days, 0 or 1): weekdays are taken out already."""
    controls = scaled.values[:, ~panel.treated]
    if not controls.shape[1]:
        return np.zeros((len(controls), 0))
    exposed = scaled.values[:, panel.treated].mean(1)
    return (controls @ simplex(controls[: panel.start], exposed[: panel.start]))[:, None]


def _fitted(series: F64, regressors: F64) -> Any:
    models = require("statsmodels.tsa.statespace.structural")
    given = regressors if regressors.shape[1] else None
    model = models.UnobservedComponents(series, level="llevel", autoregressive=1, exog=given)
    with warnings.catch_warnings():  # a variance of zero is a result here, not a failure
        warnings.simplefilter("ignore")
        return model.fit(disp=False, maxiter=60)


def _carried_on(fit: Any, regressors: F64, n_after: int) -> tuple[float, float]:
    """The mean of the days after, and its standard error, errors of days being correlated."""
    given = regressors if regressors.shape[1] else None
    mean = float(fit.get_forecast(n_after, exog=given).predicted_mean.mean())
    draws = fit.simulate(
        n_after, anchor="end", repetitions=_PATHS, exog=given, rng=np.random.default_rng(7)
    )
    return mean, float(np.std(np.asarray(draws).reshape(n_after, -1).mean(0)))
