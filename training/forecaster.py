"""The forecaster of one target: quantile heads on the level of a creator's past, calibrated."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri

from features import history, shared
from features.growth import Growth, growth_noise
from features.panel import F64
from features.rows import Rows
from reelcast.errors import NotEnoughDataError
from reelcast.records import QUANTILES
from reelcast.settings import TrainingSettings
from reelcast.tables import TARGETS
from training.conformal import Calibration, calibrate
from training.heads import fit_heads, merge_heads, one_head
from training.joint import MEDIAN, curve_weights

_FEW_ROWS = 64
_EARLIEST_DAYS = 0.1  # the growth curve's first age


def columns_of(target: str, extra: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The columns that a target's model reads: its own levels, the shared ones, those of blocks."""
    return (*(f"{target}_{name}" for name in history.COLUMNS), *shared.COLUMNS, *extra)


class TargetForecaster:
    """Quantiles of one count. The order is fit, calibrate, refit (or fit alone), then predict.

    Heads learn the mature log count less the creator's level, so a forecast is level + head,
    shifted by calibration, brought back to the asked age by the growth curve.
    """

    def __init__(self, target: str, columns: tuple[str, ...], growth: Growth) -> None:
        self.target = target
        self.columns = columns
        self.growth = growth
        self.index = TARGETS.index(target)
        self.model: Any = None
        self.calibration: Calibration | None = None
        self.youngest_days = 0.0
        self.curve_doubt = 0.0  # of the growth curve's slopes at ages younger than that
        self.trials: dict[str, str] = {}  # of each block, how its trial went in words

    def fit(self, rows: Rows, mature_log: F64, settings: TrainingSettings) -> TargetForecaster:
        """Fit the heads on rows whose outcome `mature_log` (n,) is known throughout.

        Raises NotEnoughDataError below the settings' `min_rows`.
        """
        if len(rows) < settings.min_rows:
            raise NotEnoughDataError(
                f"{self.target}: {len(rows)} posts with a known count, at least "
                f"{settings.min_rows} are needed: import more history"
            )
        response = mature_log - rows.level[:, self.index]
        heads = fit_heads(rows.pick(self.columns), response, self.columns, settings)
        self.model = merge_heads(heads)
        self.youngest_days = float(np.quantile(np.expm1(rows.pick(("horizon",))), 0.05))
        return self

    def calibrate(self, rows: Rows, mature_log: F64, min_rows: int) -> TargetForecaster:
        """Fit the calibration on rows that `fit` has not seen."""
        self.calibration = calibrate(
            self._raw(rows), mature_log, rows.tier, rows.n_history, min_rows
        )
        return self

    def predict(self, rows: Rows, horizon_days: F64) -> F64:
        """Calibrated quantiles of log1p counts at each row's age, (n, n_quantiles), never crossing.

        Raises RuntimeError where `fit` or `calibrate` has not been called.
        """
        if self.calibration is None:
            raise RuntimeError("calibrate before predict")
        mature = self.calibration.apply(self._raw(rows), rows.tier, rows.n_history)
        learned = growth_noise(np.array(self.youngest_days))
        mature = widened(mature, self._noise(horizon_days), learned)
        return np.maximum(mature + self.growth.log_share(horizon_days)[:, None], 0.0)

    def _noise(self, horizon_days: F64) -> F64:
        """Of posts' own growth, and of the curve where it goes on to ages not learned from (n,)."""
        beyond = np.log(
            np.maximum(self.youngest_days / np.maximum(horizon_days, _EARLIEST_DAYS), 1)
        )
        return np.hypot(growth_noise(horizon_days), self.curve_doubt * beyond)

    def contributions(self, rows: Rows) -> F64:
        """LightGBM's additive contributions to the median, log units: (n, n_columns)."""
        values = self._median_head.predict(
            rows.pick(self.columns), pred_contrib=True, num_threads=_threads(len(rows))
        )
        return np.asarray(values, np.float64)[:, :-1]

    def importance(self) -> F64:
        """Total gain of each column in the median head (n_columns,)."""
        return np.asarray(self._median_head.feature_importance("gain"), np.float64)

    @cached_property
    def _median_head(self) -> Any:
        return one_head(self.model, MEDIAN)

    def _raw(self, rows: Rows) -> F64:
        if self.model is None:
            raise RuntimeError("fit before predict")
        if not len(rows):
            return np.empty((0, len(QUANTILES)))
        heads = self.model.predict(
            rows.pick(self.columns), validate_features=False, num_threads=_threads(len(rows))
        )
        return np.sort(np.asarray(heads) + rows.level[:, [self.index]], axis=1)


def _threads(n_rows: int) -> int:
    """One thread for a few rows, where waking others takes longer than the work; 0 means all."""
    return 1 if n_rows < _FEW_ROWS else 0


def widened(quantiles: F64, noise: F64, learned: F64) -> F64:
    """Quantiles with the growth's noise added that ages younger than all learned from bring."""
    extra = np.maximum(noise**2 - learned**2, 0.0)
    sd = (quantiles[:, MEDIAN + 2] - quantiles[:, MEDIAN - 2]) / (2 * ndtri(0.9))
    factor = np.sqrt(1 + extra / np.maximum(sd, 0.1) ** 2)
    median = quantiles[:, [MEDIAN]]
    return np.asarray(median + (quantiles - median) * factor[:, None])


def mean_of(log_quantiles: F64) -> F64:
    """Mean counts (n,) of the distributions whose log1p quantiles are given (n, n_quantiles).

    The average of equally likely samples (training.joint), which extrapolate the outer quantiles
    a little: without that bound a few wide forecasts dominate every sum (docs/experiments.md).

    >>> mean_of(np.log1p(np.full((1, 7), 100.0))).round(6).tolist()
    [100.0]
    """
    return np.asarray(np.expm1(log_quantiles @ curve_weights()[0].T).mean(axis=1))
