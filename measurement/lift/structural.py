"""Unobserved components: the exposed units' gap to the controls, as a level that drifts and noise.

What was before the start is decomposed by maximum likelihood (Harvey 1989; in spirit Brodersen et
al. 2015, who sample) and carried on; what came less that is the lift. With controls, the same
model of each of them, pretending, says how far such forecasts stray, and widens the error: left to
itself it is too sure, for a drift that was not seen before the start counts as none. Without
controls it stands on its own past, and nothing checks it.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

from measurement.lift.panel import MIN_CONTROLS, Lift, Panel, comparable, from_scaled
from measurement.lift.synthetic import simplex
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
_PLACEBOS = 12
_PATHS = 400


def structural_lift(panel: Panel) -> Lift:
    """The lift over the gap carried on, its error widened by up to 12 controls that pretend."""
    scaled = comparable(panel)
    exposed = scaled.values[:, panel.treated].mean(1)
    controls = scaled.values[:, ~panel.treated]
    effect, error = _carried_on(_gap(exposed, controls, panel.start), panel.start)
    n = controls.shape[1]
    if n < MIN_CONTROLS:
        return from_scaled("unobserved components", scaled, (effect, error, panel.start - 4))
    strayed = []
    for i in range(min(n, _PLACEBOS)):
        gap = _gap(controls[:, i], np.delete(controls, i, 1), panel.start)
        found, own = _carried_on(gap, panel.start)
        strayed.append(found / max(own, 1e-12))
    wider = max(1.0, float(np.sqrt(np.mean(np.square(strayed)))))
    return from_scaled("unobserved components", scaled, (effect, error * wider, len(strayed)))


def _gap(exposed: F64, controls: F64, start: int) -> F64:
    """The exposed (n_days,) less the controls' weighted mean, or alone without controls."""
    if not controls.shape[1]:
        return exposed
    return np.asarray(exposed - controls @ simplex(controls[:start], exposed[:start]))


def _carried_on(gap: F64, start: int) -> tuple[float, float]:
    """What came less what was carried on, in the mean of the days after, and its standard error."""
    models = require("statsmodels.tsa.statespace.structural")
    model = models.UnobservedComponents(gap[:start], level="llevel", autoregressive=1)
    with warnings.catch_warnings():  # a variance of zero is a result here, not a failure
        warnings.simplefilter("ignore")
        fit = model.fit(disp=False, maxiter=50)
    n_after = len(gap) - start
    draws = fit.simulate(n_after, anchor="end", repetitions=_PATHS, rng=np.random.default_rng(7))
    means = np.asarray(draws).reshape(n_after, -1).mean(0)
    mean = float(fit.get_forecast(n_after).predicted_mean.mean())
    return float(gap[start:].mean()) - mean, float(np.std(means))
