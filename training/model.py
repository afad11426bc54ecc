"""The finished model: what fitting makes and forecasting reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from features.state import State
from training.baselines import Baselines
from training.forecaster import TargetForecaster
from training.joint import Rate


@dataclass(frozen=True, slots=True)
class Model:
    """All that a forecast needs, fitted on what was published before `trained_until_s`."""

    state: State
    forecasters: dict[str, TargetForecaster]
    baselines: dict[str, Baselines]
    trained_until_s: int
    n_rows: int
    rates: dict[str, Rate] = field(default_factory=dict)  # of engagement counts, given views
    shared_noise: float = 0.0  # of a forecast's miss, the share that one creator's posts share
