"""Conformalised quantile regression (Romano, Patterson & Candes 2019), Mondrian by group."""

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


@dataclass(frozen=True, slots=True)
class Calibration:
    """Shifts of each quantile in units of the raw 80% width.

    `shift` (n_groups, n_quantiles), `group_of_tier` (n_tiers,), `rows` (n_groups,) behind each.
    """

    shift: F64
    group_of_tier: I64
    rows: I64

    def apply(self, raw: F64, tier: I64) -> F64:
        """Calibrated quantiles (n, n_quantiles) that never cross, from raw ones and tiers (n,)."""
        shift = self.shift[self.group_of_tier[tier]]
        return np.sort(raw + shift * _width(raw)[:, None], axis=1)

    def to_json(self) -> dict[str, Any]:
        return {
            "shift": self.shift.tolist(),
            "group_of_tier": self.group_of_tier.tolist(),
            "rows": self.rows.tolist(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        return cls(np.array(data["shift"]), np.array(data["group_of_tier"]), np.array(data["rows"]))


def calibrate(raw: F64, outcome: F64, tier: I64, min_rows: int) -> Calibration:
    """The shifts that make each quantile hold on calibration rows, tier by tier.

    `raw` (n, n_quantiles) sorted predictions, `outcome` (n,), in logs; n is at least 1. Tiers
    with fewer than `min_rows` rows are merged with their neighbours, and each group's shift is
    pooled with that of all rows by its size.
    """
    group_of_tier = merge_small(np.bincount(tier, minlength=len(TIER_NAMES)), min_rows)
    group = group_of_tier[tier]
    score = (outcome[:, None] - raw) / _width(raw)[:, None]
    overall = _shift(score)
    rows = np.bincount(group, minlength=int(group_of_tier.max()) + 1)
    shifts = []
    for g, n in enumerate(rows):
        own = _shift(score[group == g]) if n else overall
        weight = n / (n + _POOL_ROWS)
        shifts.append(weight * own + (1 - weight) * overall)
    return Calibration(np.array(shifts), group_of_tier, rows)


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
    """Each column's conformal quantile at its level, rounded outwards for n rows (n_quantiles,)."""
    ordered = np.sort(score, axis=0)
    n = len(ordered)
    shift = np.median(ordered, axis=0)
    for column, level in enumerate(QUANTILES):
        if level != 0.5:
            exact = (n + 1) * level - 1
            rank = np.floor(exact) if level < 0.5 else np.ceil(exact)
            shift[column] = ordered[int(np.clip(rank, 0, n - 1)), column]
    return shift
