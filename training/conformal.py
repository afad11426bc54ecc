"""Conformalised quantile regression (Romano, Patterson & Candes 2019), Mondrian by group.

First by follower tier, then by how many earlier posts are known: few posts and many miss alike in
no collection that was measured (docs/experiments.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from features.panel import F64, I64
from features.state import TIER_NAMES
from reelcast.records import QUANTILES

_LOW, _HIGH = QUANTILES.index(0.10), QUANTILES.index(0.90)
_MIN_WIDTH = 0.2  # log units: keeps scores finite where the heads nearly meet
_POOL_ROWS = 50.0  # a group of so many rows weighs as much as all groups together
_ALIKE = 5.0  # rows of a creator are alike: so many say as much as one alone
_DEPTHS = (1, 3, 10)  # earlier posts: none, 1-2, 3-9, 10 or more


@dataclass(frozen=True, slots=True)
class Calibration:
    """Shifts of each quantile in units of the raw 80% width.

    `shift` (n_groups, n_quantiles), `group_of_tier` (n_tiers,), `rows` (n_groups,) behind each;
    `depth_shift` (4, n_quantiles) by the number of earlier posts, applied after the tier's.
    """

    shift: F64
    group_of_tier: I64
    rows: I64
    depth_shift: F64

    def apply(self, raw: F64, tier: I64, n_history: I64) -> F64:
        """Calibrated quantiles (n, n_quantiles) that never cross, of rows' tiers and posts (n,)."""
        by_tier = _moved(raw, self.shift[self.group_of_tier[tier]])
        return _moved(by_tier, self.depth_shift[_depth(n_history)])

    def to_json(self) -> dict[str, Any]:
        return {
            "shift": self.shift.tolist(),
            "group_of_tier": self.group_of_tier.tolist(),
            "rows": self.rows.tolist(),
            "depth_shift": self.depth_shift.tolist(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        fields = ("shift", "group_of_tier", "rows", "depth_shift")
        return cls(*(np.array(data[name]) for name in fields))


def calibrate(raw: F64, outcome: F64, tier: I64, n_history: I64, min_rows: int) -> Calibration:
    """The shifts that make each quantile hold on calibration rows, by tier and by earlier posts.

    `raw` (n, n_quantiles) sorted predictions, `outcome` (n,), in logs; n is at least 1. Tiers
    with fewer than `min_rows` rows are merged with their neighbours, and each group's shift is
    pooled with that of all rows by its size.
    """
    group_of_tier = merge_small(np.bincount(tier, minlength=len(TIER_NAMES)), min_rows)
    group = group_of_tier[tier]
    score = _score(raw, outcome)
    overall = _shift(score)
    rows = np.bincount(group, minlength=int(group_of_tier.max()) + 1)
    shifts = []
    for g, n in enumerate(rows):
        own = _shift(score[group == g]) if n else overall
        weight = n / (n + _POOL_ROWS)
        shifts.append(weight * own + (1 - weight) * overall)
    by_tier = np.array(shifts)
    score = _score(_moved(raw, by_tier[group]), outcome)
    return Calibration(by_tier, group_of_tier, rows, _depth_shift(score, _depth(n_history)))


def _depth_shift(score: F64, depth: I64) -> F64:
    """What each number of earlier posts adds to the tier's shift, drawn to none where few."""
    shifts = np.zeros((len(_DEPTHS) + 1, score.shape[1]))
    for d in range(len(shifts)):
        n = int((depth == d).sum())
        if n:
            shifts[d] = n / (n + _POOL_ROWS) * _shift(score[depth == d])
    return shifts


def _depth(n_history: I64) -> I64:
    return np.digitize(n_history, _DEPTHS).astype(np.int64)


def _score(raw: F64, outcome: F64) -> F64:
    return np.asarray((outcome[:, None] - raw) / _width(raw)[:, None])


def _moved(raw: F64, shift: F64) -> F64:
    return np.asarray(np.sort(raw + shift * _width(raw)[:, None], axis=1))


def merge_small(rows_of_tier: I64, min_rows: int) -> I64:
    """Group index of each tier: a tier starts a group of its own only if both sides stay large.

    >>> merge_small(np.array([500, 30, 10, 400, 5, 0]), 200).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    index = np.zeros(len(rows_of_tier), np.int64)
    so_far = int(rows_of_tier[0])
    for tier in range(1, len(rows_of_tier)):
        starts = so_far >= min_rows and rows_of_tier[tier] >= min_rows
        index[tier] = index[tier - 1] + starts
        so_far = int(rows_of_tier[tier]) + (0 if starts else so_far)
    return index


def _width(raw: F64) -> F64:
    return np.maximum(raw[:, _HIGH] - raw[:, _LOW], _MIN_WIDTH)


def _shift(score: F64) -> F64:
    """Each column's conformal quantile at its level, rounded outwards for n rows (n_quantiles,).

    The median moves only as far as it is beyond doubt: moved freely, it follows the noise of one
    block of weeks and forecasts the next one worse (docs/experiments.md).
    """
    ordered = np.sort(score, axis=0)
    n = len(ordered)
    shift = np.median(ordered, axis=0)
    doubt = 2 * 1.25 * ordered.std(axis=0) * np.sqrt(_ALIKE / n)  # two errors of a median
    shift *= np.maximum(1 - (doubt / np.maximum(np.abs(shift), 1e-9)) ** 2, 0.0)
    for column, level in enumerate(QUANTILES):
        if level != 0.5:
            exact = (n + 1) * level - 1
            rank = np.floor(exact) if level < 0.5 else np.ceil(exact)
            shift[column] = ordered[int(np.clip(rank, 0, n - 1)), column]
    return shift
