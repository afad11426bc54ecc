"""The finished model: what fitting makes and forecasting reads."""

from __future__ import annotations

from dataclasses import dataclass

from features.state import State
from training.baselines import Baselines
from training.forecaster import TargetForecaster


@dataclass(frozen=True, slots=True)
class Model:
    """All that a forecast needs, fitted on what was published before `trained_until_s`."""

    state: State
    forecasters: dict[str, TargetForecaster]
    baselines: dict[str, Baselines]
    trained_until_s: int
    n_rows: int
