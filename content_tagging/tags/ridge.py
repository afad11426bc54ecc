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
Floats = npt.NDArray[np.floating[Any]]  # half the bytes of float64 is enough for thousands of rows
I64 = npt.NDArray[np.int64]


def block_scale(block: Any) -> float:
    """What a block is multiplied with, so that its rows have a mean squared length of 1."""
    squares = block.multiply(block).sum() if hasattr(block, "multiply") else (block**2).sum()
    return float(1 / np.sqrt(max(squares / block.shape[0], 1e-12)))


def gram(blocks: Mapping[str, Any], scales: Mapping[str, float]) -> tuple[Floats, float]:
    """(n, n) sum of the blocks' inner products, each times its scale, brought to a mean diagonal
    of 1; and what it was divided by."""
    total: Any = 0.0
    for name, block in blocks.items():
        product = block @ block.T
        dense = product.toarray() if hasattr(product, "toarray") else product
        total = total + np.asarray(dense, np.float32) * np.float32(scales[name])
    unit = float(np.mean(np.diag(total)))
    return np.asarray(total / np.float32(unit)), unit


def solve(gram: Floats, targets: F64, row_weights: F64, penalty: float) -> Floats:
    """The (n, k) dual weights; a row of weight w counts as w rows."""
    damped = gram.copy()
    damped[np.diag_indices_from(damped)] += (penalty / row_weights).astype(gram.dtype)
    solved = require("scipy.linalg").solve(
        damped, targets.astype(gram.dtype), assume_a="pos", overwrite_a=True, check_finite=False
    )
    return np.asarray(solved)


def out_of_fold(gram: Floats, targets: F64, row_weights: F64, folds: I64, penalty: float) -> F64:
    """(n, k) scores, each row's from a solution that saw no row of its fold."""
    scores = np.empty_like(targets)
    for fold in np.unique(folds):
        seen, unseen = folds != fold, folds == fold
        mean = np.average(targets[seen], axis=0, weights=row_weights[seen])
        dual = solve(gram[np.ix_(seen, seen)], targets[seen] - mean, row_weights[seen], penalty)
        scores[unseen] = gram[np.ix_(unseen, seen)] @ dual + mean
    return scores
