"""What a method says where nothing happened: the check before any verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from measurement.lift.panel import LEVEL, MIN_BEFORE, WEEK, Lift, Panel
from reelcast.errors import NotEnoughDataError

Method = Callable[[Panel], Lift]
MAX_PLACEBOS = 60


def checked(panel: Panel, method: Method, most: int = MAX_PLACEBOS) -> Lift:
    """The lift, with the share of placebos that the same method calls significant at 5%.

    Placebos are control units that play an exposed one, at the real start and, where the days
    before allow it, at earlier ones. `false_positives` stays None where no placebo can be judged.
    """
    lift = method(panel)
    called = []
    for one in _pretended(panel)[:most]:
        try:
            called.append(method(one).p_value < 1 - LEVEL)
        except NotEnoughDataError:
            continue
    if not called:
        return lift
    return replace(lift, false_positives=float(np.mean(called)), n_placebos=len(called))


def _pretended(panel: Panel) -> list[Panel]:
    """Panels of the controls alone, one of them called exposed: the real start first."""
    controls = panel.outcome[:, ~panel.treated]
    n = controls.shape[1]
    flags = np.eye(n, dtype=np.bool_)
    after = len(controls) - panel.start
    found = []
    for back in (0, after, after + WEEK):
        start = panel.start - back
        if start < max(MIN_BEFORE, after if back else 0):
            break
        found += [Panel(controls[: start + after], flag, start) for flag in flags]
    return found
