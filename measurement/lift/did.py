"""Differences in differences: exposed units' change less the others', with errors that hold.

Days of one unit are not independent: treated as if they were, nulls are called lifts far too
often (Bertrand, Duflo & Mullainathan 2004). `did_lift` therefore keeps one change per unit, which
is clustering by unit where few are exposed (Donald & Lang 2007). `did_daily_lift` serves where
there are too few units for that: it reads daily gaps with Newey-West (1987) errors.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from measurement.lift.panel import Comparable, Lift, Panel, comparable, from_scaled
from reelcast.errors import NotEnoughDataError
from reelcast.packages import require

F64 = npt.NDArray[np.float64]
MIN_UNITS = 4


def did_lift(panel: Panel) -> Lift:
    """The lift from one change a unit: Student's test of two groups, n_units - 2 degrees.

    Units are taken to vary alike, exposed or not. Raises NotEnoughDataError below 3 controls.
    """
    scaled = comparable(panel)
    if panel.n_units < MIN_UNITS or int((~panel.treated).sum()) < MIN_UNITS - 1:
        raise NotEnoughDataError(
            f"{int((~panel.treated).sum())} control units, {MIN_UNITS - 1} are needed: add units, "
            "or read the daily gap (did_daily)"
        )
    change = scaled.values[panel.after].mean(0)  # the mean before is 0
    return _least_squares("differences in differences", scaled, change, panel.treated, None)


def did_daily_lift(panel: Panel) -> Lift:
    """The lift from the daily gap between exposed and other units' means.

    Raises NotEnoughDataError without a control.
    """
    if panel.treated.all():
        raise NotEnoughDataError("no unit was held out: nothing tells what would have been")
    scaled = comparable(panel)
    gap = scaled.values[:, panel.treated].mean(1) - scaled.values[:, ~panel.treated].mean(1)
    exposed = np.arange(len(gap)) >= panel.start
    lags = max(int(np.sqrt(len(gap))), 1)
    return _least_squares("daily differences", scaled, gap, exposed, lags)


def _least_squares(
    method: str, scaled: Comparable, outcome: F64, exposed: npt.NDArray[np.bool_], lags: int | None
) -> Lift:
    """The difference of exposed and others by least squares, errors with so many lags."""
    regression = require("statsmodels.api")
    design = np.column_stack([np.ones(len(outcome)), exposed])
    model = regression.OLS(outcome, design)
    if lags is None:
        fit = model.fit()
    else:
        fit = model.fit(
            cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
        )
    return from_scaled(method, scaled, (float(fit.params[1]), float(fit.bse[1]), fit.df_resid))
