"""How good forecasts are: accuracy, sharpness and coverage, overall and by slice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from features.panel import F64, I64
from reelcast.packages import require
from reelcast.records import QUANTILE_COLUMNS, QUANTILES

MIN_CREATORS = 10  # a bootstrap of fewer creators promises more than it keeps
MIN_SLICE = 100  # posts; smaller slices are not reported


def mae_log(y: F64, forecast: F64) -> float:
    """Mean absolute error of log1p counts; about the typical ratio: 0.7 means a factor of 2.

    >>> round(mae_log(np.array([9.0, 99.0]), np.array([99.0, 99.0])), 3)
    1.151
    """
    return float(np.abs(np.log1p(y) - np.log1p(forecast)).mean())


def pinball(y_log: F64, q_log: F64, level: float) -> float:
    """Quantile loss of log counts at one level (Koenker & Bassett 1978).

    >>> round(pinball(np.array([2.0]), np.array([1.0]), 0.9), 3)
    0.9
    """
    miss = y_log - q_log
    return float(np.maximum(level * miss, (level - 1) * miss).mean())


def quantile_loss(predictions: pa.Table, suffix: str = "") -> F64:
    """Each row's pinball loss of log counts, averaged over the levels (n,): low is sharp and true.

    `suffix` chooses the columns of a second forecaster in a joined table.
    """
    y_log = np.log1p(_column(predictions, "y"))
    losses = np.zeros(len(y_log))
    for name, level in zip(QUANTILE_COLUMNS, QUANTILES, strict=True):
        miss = y_log - np.log1p(_column(predictions, f"{name}{suffix}"))
        losses += np.maximum(level * miss, (level - 1) * miss)
    return losses / len(QUANTILES)


def crps(samples: F64, y: F64) -> F64:
    """The continuous ranked probability score of each row's equally likely samples (n,).

    Mean distance to the outcome less half the samples' mean distance from each other (Gneiting &
    Raftery 2007); of a single sample it is the absolute error.

    >>> crps(np.array([[1.0, 3.0], [2.0, 2.0]]), np.array([2.0, 5.0])).tolist()
    [0.5, 3.0]
    """
    ordered = np.sort(samples, axis=1)
    k = ordered.shape[1]
    weight = (2 * np.arange(k) - k + 1) / k**2
    return np.asarray(np.abs(ordered - y[:, None]).mean(axis=1) - ordered @ weight)


def rank(samples: F64, y: F64) -> F64:
    """The share of each row's samples below its outcome, ties counted half (n,).

    Of calibrated forecasts these shares are spread evenly over 0 to 1 (Hamill 2001).

    >>> rank(np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([3.0])).tolist()
    [0.625]
    """
    below, equal = samples < y[:, None], samples == y[:, None]
    return np.asarray((below + 0.5 * equal).mean(axis=1))


def unevenness(ranks: F64) -> float:
    """How far the ranks' distribution is from even: the largest gap (Kolmogorov), 0 is perfect.

    >>> unevenness(np.array([0.125, 0.375, 0.625, 0.875]))
    0.125
    """
    ordered, n = np.sort(ranks), len(ranks)
    steps = np.arange(n + 1) / n
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def coverage(y: F64, low: F64, high: F64) -> float:
    """Share of outcomes inside the interval.

    >>> coverage(np.array([1.0, 5.0]), np.array([0.0, 0.0]), np.array([2.0, 2.0]))
    0.5
    """
    return float(((y >= low) & (y <= high)).mean())


def point_scores(y: F64, forecast: F64, creator: I64) -> dict[str, float | None]:
    """Accuracy of one point forecast of counts (n,): log MAE, R2, ranks, relative error."""
    y_log, f_log = np.log1p(y), np.log1p(forecast)
    spread = float(((y_log - y_log.mean()) ** 2).sum())
    return {
        "n": len(y),
        "mae_log": mae_log(y, forecast),
        "r2_log": 1 - float(((y_log - f_log) ** 2).sum()) / spread if spread > 0 else None,
        "spearman": _spearman(y, forecast),
        "spearman_within_creator": spearman_within(y, forecast, creator),
        "mdape": float(np.median(np.abs(forecast - y) / np.maximum(y, 1))),
    }


def interval_scores(y: F64, quantiles: F64) -> dict[str, float]:
    """Scores of quantile forecasts of counts (n, n_quantiles): pinball, coverage, width (logs)."""
    y_log, q_log = np.log1p(y), np.log1p(quantiles)
    low, high = QUANTILES.index(0.10), QUANTILES.index(0.90)
    losses = [pinball(y_log, q_log[:, i], level) for i, level in enumerate(QUANTILES)]
    return {
        "pinball_log": float(np.mean(losses)),
        "coverage_80": coverage(y, quantiles[:, low], quantiles[:, high]),
        "coverage_50": coverage(y, quantiles[:, low + 1], quantiles[:, high - 1]),
        "coverage_90": coverage(y, quantiles[:, 0], quantiles[:, -1]),
        "width_80_log": float((q_log[:, high] - q_log[:, low]).mean()),
    }


def spearman_within(y: F64, forecast: F64, creator: I64, min_posts: int = 5) -> float | None:
    """Mean rank correlation inside creators with at least so many posts, None where none has."""
    order = np.argsort(creator, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(creator[order])) + 1)
    values = [_spearman(y[g], forecast[g]) for g in groups if len(g) >= min_posts]
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _spearman(y: F64, forecast: F64) -> float | None:
    if len(y) < 3 or np.ptp(y) == 0 or np.ptp(forecast) == 0:
        return None
    return float(require("scipy.stats").spearmanr(y, forecast).statistic)


def paired_bootstrap(loss: F64, creator: I64, draws: int = 2000, seed: int = 0) -> dict[str, float]:
    """Mean of paired differences (n,) with a 95% interval, resampling whole creators.

    Of one creator alone the posts are resampled: the interval then holds for that creator only.
    """
    _, first, index = np.unique(creator, return_index=True, return_inverse=True)
    index = np.argsort(np.argsort(first))[index]  # in order of appearance, whatever the ids are
    index = index if index.any() else np.arange(len(loss))
    sums, sizes = np.bincount(index, loss), np.bincount(index)
    drawn = np.random.default_rng(seed).integers(0, len(sums), (draws, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"mean": float(loss.mean()), "low": float(low), "high": float(high)}


def score(predictions: pa.Table) -> dict[str, Any]:
    """All scores of a backtest's table: the model, each baseline on the same rows, by tier.

    A baseline without a number (no history, no followers) falls back on the tier's median. The
    paired difference is model less baseline in log MAE: below 0 the model is better.
    """
    y = _column(predictions, "y")
    creator = np.unique(np.array(predictions["creator_id"].to_pylist()), return_inverse=True)[1]
    quantiles = np.column_stack([_column(predictions, name) for name in QUANTILE_COLUMNS])
    median = quantiles[:, QUANTILES.index(0.5)]
    result: dict[str, Any] = {
        "model": {**point_scores(y, median, creator), **interval_scores(y, quantiles)},
        "baselines": {},
        "mean_ratio": float(_column(predictions, "mean").sum() / max(y.sum(), 1)),
        "by_tier": _by_slice(np.array(predictions["tier"].to_pylist()), y, quantiles),
        "by_history": _by_slice(_history_slice(predictions), y, quantiles),
    }
    if "crps_log" in predictions.column_names:  # forecasts that were made with samples
        result["model"] |= {
            "crps_log": float(_column(predictions, "crps_log").mean()),
            "rank_unevenness": unevenness(_column(predictions, "rank")),
        }
    fallback = _column(predictions, "tier_median")
    for name in ("last5_median", "tier_median", "followers_rate"):
        forecast = _column(predictions, name)
        forecast = np.where(np.isnan(forecast), fallback, forecast)
        gain = np.abs(np.log1p(y) - np.log1p(median)) - np.abs(np.log1p(y) - np.log1p(forecast))
        result["baselines"][name] = {
            **point_scores(y, forecast, creator),
            "model_less_baseline": paired_bootstrap(gain, creator),
        }
    return result


def _by_slice(label: Any, y: F64, quantiles: F64) -> dict[str, dict[str, float]]:
    median = QUANTILES.index(0.5)
    return {
        str(name): {
            "n": int((label == name).sum()),
            "mae_log": mae_log(y[label == name], quantiles[label == name, median]),
            **interval_scores(y[label == name], quantiles[label == name]),
        }
        for name in np.unique(label)
        if (label == name).sum() >= MIN_SLICE
    }


def _history_slice(predictions: pa.Table) -> Any:
    n = _column(predictions, "n_history")
    return np.select([n == 0, n < 3, n < 10], ["none", "1-2", "3-9"], "10+")


def _column(table: pa.Table, name: str) -> F64:
    return np.asarray(table[name].cast(pa.float64()).to_numpy(), np.float64)
