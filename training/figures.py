"""Figures of a backtest: calibration, predicted against actual, importance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from features.panel import F64
from reelcast.packages import require
from reelcast.records import QUANTILE_COLUMNS, QUANTILES

_INK, _ACCENT, _SOFT = "#1f2933", "#0b6bcb", "#9fb3c8"


def write_figures(
    predictions: pa.Table, importance: dict[str, float], target: str, folder: Path
) -> list[Path]:
    """Write the three PNG files into `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    y = predictions["y"].to_numpy()
    quantiles = np.column_stack([predictions[name].to_numpy() for name in QUANTILE_COLUMNS])
    drawn = {
        "calibration": _calibration(y, quantiles, target),
        "predicted_against_actual": _predicted(y, quantiles, target),
        "importance": _importance(importance, target),
    }
    paths = []
    for name, figure in drawn.items():
        paths.append(folder / f"{target}_{name}.png")
        figure.savefig(paths[-1], dpi=120)
    return paths


def _axes(title: str, x: str, y: str) -> tuple[Any, Any]:
    figure = require("matplotlib.figure").Figure(figsize=(6.4, 4.8), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, color=_INK, loc="left")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _calibration(y: F64, quantiles: F64, target: str) -> Any:
    figure, axes = _axes(
        f"Calibration of {target}, {len(y):,} test posts",
        "promised share of posts below the quantile (%)",
        "measured share below (%)",
    )
    measured = [(y <= quantiles[:, i]).mean() * 100 for i in range(len(QUANTILES))]
    axes.plot([0, 100], [0, 100], color=_SOFT, label="perfect")
    axes.plot(np.array(QUANTILES) * 100, measured, "o-", color=_ACCENT, label="this model")
    axes.legend(frameon=False)
    return figure


def _predicted(y: F64, quantiles: F64, target: str) -> Any:
    figure, axes = _axes(
        f"Predicted against actual {target}", f"forecast median ({target})", f"actual ({target})"
    )
    median = np.maximum(quantiles[:, QUANTILES.index(0.5)], 1)
    axes.scatter(median, np.maximum(y, 1), s=6, alpha=0.25, color=_ACCENT, linewidths=0)
    limits = [min(median.min(), 10), max(median.max(), y.max())]
    axes.plot(limits, limits, color=_INK, linewidth=1, label="forecast = actual")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.legend(frameon=False, loc="upper left")
    return figure


def _importance(importance: dict[str, float], target: str) -> Any:
    figure, axes = _axes(f"What the {target} model looks at", "share of total gain (%)", "")
    total = sum(importance.values()) or 1.0
    top = sorted(importance.items(), key=lambda item: item[1])[-15:]
    axes.barh([name for name, _ in top], [100 * gain / total for _, gain in top], color=_ACCENT)
    return figure
