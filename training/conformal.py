"""Conformalised quantile regression (Romano, Patterson & Candes 2019), Mondrian by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from features.panel import F64, I64
from features.state import TIER_NAMES
from reelcast.records import QUANTILES


@dataclass(frozen=True, slots=True)
class Calibration:
    """What to add to each quantile: `shift` (n_groups, n_quantiles), `group_of_tier` (n_tiers,)."""

    shift: F64
    group_of_tier: I64
    rows: I64  # (n_groups,) calibration rows behind each group

    def apply(self, raw: F64, tier: I64) -> F64:
        """Calibrated quantiles (n, n_quantiles) that never cross, from raw ones and tiers (n,)."""
        return np.asarray(np.sort(raw + self.shift[self.group_of_tier[tier]], axis=1))

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

    `raw` (n, n_quantiles) sorted predictions, `outcome` (n,), in logs. Tiers with fewer than
    `min_rows` rows are merged with the next smaller ones; what remains small joins the rest.
    """
    group_of_tier = merge_small(np.bincount(tier, minlength=len(TIER_NAMES)), min_rows)
    group = group_of_tier[tier]
    n_groups = int(group_of_tier.max()) + 1
    residual = outcome[:, None] - raw
    shift = np.array([_shift(residual[group == g]) for g in range(n_groups)])
    return Calibration(shift, group_of_tier, np.bincount(group, minlength=n_groups))


def _shift(residual: F64) -> F64:
    """Each quantile's finite-sample conformal shift: low ones rounded down, high ones up."""
    n = len(residual)
    ordered = np.sort(residual, axis=0)
    shifts = []
    for column, level in enumerate(QUANTILES):
        if level < 0.5:
            rank = int(np.floor((n + 1) * level)) - 1
        elif level > 0.5:
            rank = int(np.ceil((n + 1) * level)) - 1
        else:
            shifts.append(float(np.median(ordered[:, column])) if n else 0.0)
            continue
        shifts.append(float(ordered[np.clip(rank, 0, n - 1), column]) if n else 0.0)
    return np.array(shifts)


def merge_small(rows_of_tier: I64, min_rows: int) -> I64:
    """Group index of each tier: neighbours are merged until each group has `min_rows`.

    >>> merge_small(np.array([500, 30, 10, 400, 5, 0]), 200).tolist()
    [0, 0, 0, 1, 1, 1]
    """
    groups: list[list[int]] = [[]]
    for tier, rows in enumerate(rows_of_tier):
        if groups[-1] and _total(rows_of_tier, groups[-1]) >= min_rows and rows >= min_rows:
            groups.append([])
        groups[-1].append(tier)
    index = np.zeros(len(rows_of_tier), np.int64)
    for number, tiers in enumerate(groups):
        index[tiers] = number
    return index


def _total(rows_of_tier: I64, tiers: list[int]) -> int:
    return int(rows_of_tier[tiers].sum())
