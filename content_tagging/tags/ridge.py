"""Ridge regression on labels, solved in the space of examples: one exact solve, no iterations.

Scores are calibrated afterwards; see `calibration`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from reelcast.packages import require

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


def block_scale(block: Any) -> float:
    """What a block is multiplied with, so that its rows have a mean squared length of 1."""
    squares = block.multiply(block).sum() if hasattr(block, "multiply") else (block**2).sum()
    return float(1 / np.sqrt(max(squares / block.shape[0], 1e-12)))


def kernel(block: Any) -> F64:
    """(n, n) inner products of a block's rows, scaled."""
    scale = block_scale(block)
    product = block @ block.T
    dense = product.toarray() if hasattr(product, "toarray") else product
    return np.asarray(dense, np.float64) * scale**2


def combined(kernels: Mapping[str, F64], weights: Mapping[str, float]) -> F64:
    """The weighted sum of kernels, of mean diagonal 1."""
    total = sum(weight * kernels[name] for name, weight in weights.items())
    assert isinstance(total, np.ndarray)
    return np.asarray(total / np.mean(np.diag(total)))


def solve(gram: F64, targets: F64, row_weights: F64, penalty: float) -> F64:
    """The (n, k) dual weights; a row of weight w counts as w rows."""
    damped = gram + np.diag(penalty / row_weights)
    return np.asarray(require("scipy.linalg").solve(damped, targets, assume_a="pos"))


def out_of_fold(gram: F64, targets: F64, row_weights: F64, folds: I64, penalty: float) -> F64:
    """(n, k) scores, each row's from a solution that saw no row of its fold."""
    scores = np.empty_like(targets)
    for fold in np.unique(folds):
        seen, unseen = folds != fold, folds == fold
        mean = np.average(targets[seen], axis=0, weights=row_weights[seen])
        dual = solve(gram[np.ix_(seen, seen)], targets[seen] - mean, row_weights[seen], penalty)
        scores[unseen] = gram[np.ix_(unseen, seen)] @ dual + mean
    return scores
