"""Why a forecast is what it is: the inputs that moved its median most, in words and numbers."""

from __future__ import annotations

import numpy as np

from features import history, shared
from features.panel import F64
from features.rows import Rows
from reelcast.records import Driver
from reelcast.tables import TARGETS
from training.forecaster import TargetForecaster

_TOP = 5


def drivers(forecaster: TargetForecaster, rows: Rows) -> list[tuple[Driver, ...]]:
    """For each row the creator's level against the tier's, then the strongest contributions."""
    contributions = forecaster.contributions(rows)
    values = rows.pick(forecaster.columns)
    strongest = np.argsort(-np.abs(contributions), axis=1)[:, :_TOP]
    return [
        (
            _level(forecaster.target, rows, i),
            *(
                _driver(forecaster, column, float(values[i, column]), contributions[i, column])
                for column in strongest[i]
            ),
        )
        for i in range(len(rows))
    ]


def _level(target: str, rows: Rows, i: int) -> Driver:
    index = TARGETS.index(target)
    level, typical = np.expm1(rows.level[i, index]), rows.prior[i, index]
    factor = float((1 + level) / (1 + typical))
    return Driver(
        feature="level",
        value=_rounded(float(level)),
        factor=round(factor, 3),
        words=f"starts from the creator's recent average, {level:,.0f} {target} "
        f"(typical of the tier: {typical:,.0f})",
    )


def _driver(forecaster: TargetForecaster, column: int, value: float, log_factor: F64) -> Driver:
    name = forecaster.columns[column]
    words, is_log = _meaning(name, forecaster.target)
    factor = float(np.exp(log_factor))
    shown = float(np.expm1(value)) if is_log else value
    effect = "raises" if factor >= 1 else "lowers"
    known = "unknown" if np.isnan(value) else f"{shown:,.0f}" if shown >= 1000 else f"{shown:.3g}"
    return Driver(
        feature=name,
        value=None if np.isnan(value) else _rounded(shown),
        factor=round(factor, 3),
        words=f"{words} ({known}) {effect} the median by {abs(factor - 1):.0%}",
    )


def _meaning(name: str, target: str) -> tuple[str, bool]:
    """A column's words, and whether its value is the log1p of a count."""
    plain = name.removeprefix(f"{target}_")
    if name != plain and plain in history.COLUMNS:
        words = (history.COLUMNS[plain].__doc__ or plain).strip()
        return f"{words}, {target}", plain not in history.DIFFERENCES
    if name in shared.COLUMNS:
        return (shared.COLUMNS[name].__doc__ or name).strip(), name in shared.LOGS
    return "what the text says", False


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
