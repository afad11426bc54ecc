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

_MEDIAN = QUANTILES.index(0.5)
_LOW, _HIGH = QUANTILES.index(0.10), QUANTILES.index(0.90)
_MIN_WIDTH = 0.2  # log units: keeps scores finite where the heads nearly meet
_POOL_ROWS = 50.0  # a group of so many rows weighs as much as all groups together
_ALIKE = 5.0  # rows of a creator are alike: so many say as much as one alone
_WIDTHS_KEPT = 0.8  # of what the heads tell of one row's width, in logs; the rest is their noise
_DEPTHS = (1, 3, 10)  # earlier posts: none, 1-2, 3-9, 10 or more


@dataclass(frozen=True, slots=True)
class Calibration:
    """Shifts of each quantile in units of the 80% width, once that is drawn to the usual one.

    `shift` (n_groups, n_quantiles), `group_of_tier` (n_tiers,), `rows` (n_groups,) behind each;
    `depth_shift` (4, n_quantiles) by the number of earlier posts, applied after the tier's;
    `usual_width` is the geometric mean of the raw 80% widths of calibration rows, in log units, and
    `widths_kept` the share of a row's own distance from it, in logs, that is believed.
    """

    shift: F64
    group_of_tier: I64
    rows: I64
    depth_shift: F64
    usual_width: float = 1.0
    widths_kept: float = _WIDTHS_KEPT

    def apply(self, raw: F64, tier: I64, n_history: I64) -> F64:
        """Calibrated quantiles (n, n_quantiles) that never cross, of rows' tiers and posts (n,)."""
        even = _evened(raw, self.usual_width, self.widths_kept)
        by_tier = moved(even, self.shift[self.group_of_tier[tier]])
        return moved(by_tier, self.depth_shift[_depth(n_history)])

    def to_json(self) -> dict[str, Any]:
        return {
            "shift": self.shift.tolist(),
            "group_of_tier": self.group_of_tier.tolist(),
            "rows": self.rows.tolist(),
            "depth_shift": self.depth_shift.tolist(),
            "usual_width": self.usual_width,
            "widths_kept": self.widths_kept,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Calibration:
        return cls(
            np.array(data["shift"]),
            np.array(data["group_of_tier"]),
            np.array(data["rows"]),
            np.array(data["depth_shift"]),
            float(data["usual_width"]),
            float(data["widths_kept"]),
        )


def calibrate(raw: F64, outcome: F64, tier: I64, n_history: I64, min_rows: int) -> Calibration:
    """The shifts that make each quantile hold on calibration rows, by tier and by earlier posts.

    `raw` (n, n_quantiles) sorted predictions, `outcome` (n,), in logs; n is at least 1. Tiers
    with fewer than `min_rows` rows are merged with their neighbours, and each group's shift is
    pooled with that of all rows by its size.
    """
    group_of_tier = merge_small(np.bincount(tier, minlength=len(TIER_NAMES)), min_rows)
    group = group_of_tier[tier]
    usual_width = float(np.exp(np.log(_width(raw)).mean()))
    raw = _evened(raw, usual_width, _WIDTHS_KEPT)
    score = scores_of(raw, outcome)
    overall = shifts_of(score)
    rows = np.bincount(group, minlength=int(group_of_tier.max()) + 1)
    shifts = []
    for g, n in enumerate(rows):
        own = shifts_of(score[group == g]) if n else overall
        weight = n / (n + _POOL_ROWS)
        shifts.append(weight * own + (1 - weight) * overall)
    by_tier = np.array(shifts)
    score = scores_of(moved(raw, by_tier[group]), outcome)
    depth_shift = _depth_shift(score, _depth(n_history))
    return Calibration(by_tier, group_of_tier, rows, depth_shift, usual_width)


def _depth_shift(score: F64, depth: I64) -> F64:
    """What each number of earlier posts adds to the tier's shift, drawn to none where few."""
    shifts = np.zeros((len(_DEPTHS) + 1, score.shape[1]))
    for d in range(len(shifts)):
        n = int((depth == d).sum())
        if n:
            shifts[d] = n / (n + _POOL_ROWS) * shifts_of(score[depth == d])
    return shifts


def _depth(n_history: I64) -> I64:
    return np.digitize(n_history, _DEPTHS).astype(np.int64)


def scores_of(raw: F64, outcome: F64) -> F64:
    """How far outcomes (n,) lie above each quantile, in raw 80% widths (n, n_quantiles)."""
    return np.asarray((outcome[:, None] - raw) / _width(raw)[:, None])


def _evened(raw: F64, usual_width: float, kept: float) -> F64:
    """The quantiles about the same medians, widths drawn to the usual one (docs/adr/016)."""
    median = raw[:, [_MEDIAN]]
    factor = (_width(raw) / usual_width) ** (kept - 1)
    return np.asarray(median + (raw - median) * factor[:, None])


def moved(raw: F64, shift: F64) -> F64:
    """The quantiles moved by so many of their own 80% widths, sorted (n, n_quantiles)."""
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


def shifts_of(score: F64) -> F64:
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
