"""From scores to probabilities, fitted on scores of rows that the head had not seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reelcast.packages import require

F64 = npt.NDArray[np.float64]


def softmax(scores: F64) -> F64:
    """(n, k) shares that sum to 1 by row.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit_scale(scores: F64, right: F64, row_weights: F64) -> float:
    """The inverse temperature under which softmax gives the right labels most probability.

    `right` (n, k) marks the labels that count; a row's probability is their sum.
    """

    def loss(log_scale: float) -> float:
        given = (softmax(scores * np.exp(log_scale)) * right).sum(axis=1)
        return float(-np.average(np.log(given + 1e-9), weights=row_weights))

    found = require("scipy.optimize").minimize_scalar(loss, bounds=(-1, 4), method="bounded")
    return float(np.exp(found.x))


def fit_platt(scores: F64, right: F64, row_weights: F64) -> tuple[float, float]:
    """Slope and offset of the logistic curve from one label's scores to its probability (Platt
    1999), with his smoothed targets, so that a rare label does not get a step."""
    positives = max(right.sum(), 1.0)
    target = np.where(
        right > 0, (positives + 1) / (positives + 2), 1 / (len(right) - positives + 2)
    )

    def loss(of: F64) -> float:
        z = of[0] * scores + of[1]
        return float(np.average(np.logaddexp(0, z) - target * z, weights=row_weights))

    start = np.array([8.0, -4.0])
    found = require("scipy.optimize").minimize(loss, start, method="L-BFGS-B")
    return float(found.x[0]), float(found.x[1])


def sigmoid(z: F64) -> F64:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -40, 40))))


def best_f1_threshold(probabilities: F64, right: F64) -> float:
    """The probability from which on to say a label, so that F1 is highest; .5 without examples."""
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(right[order])
    if not len(hits) or hits[-1] == 0:
        return 0.5
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + hits[-1])
    return float(np.clip(probabilities[order][int(f1.argmax())], 0.15, 0.85))


def abstention_threshold(top: F64, right: F64, row_weights: F64) -> float:
    """The probability below which an answer is wrong more often than right: there the right
    answers kept less the wrong ones are most."""
    order = np.argsort(-top, kind="stable")
    gain = np.cumsum(np.where(right[order] > 0, 1.0, -1.0) * row_weights[order])
    return float(np.clip(top[order][int(gain.argmax())], 0.05, 0.6))


def calibration_error(top: F64, right: F64, bins: int = 10) -> float:
    """Expected calibration error: mean distance of stated probability and share right, over equal
    bins of probability (Guo et al. 2017).

    >>> calibration_error(np.array([0.8, 0.8]), np.array([1.0, 0.0]))
    0.3
    """
    which = np.minimum((top * bins).astype(int), bins - 1)
    total = 0.0
    for at in np.unique(which):
        inside = which == at
        total += inside.mean() * abs(top[inside].mean() - right[inside].mean())
    return round(float(total), 12)
