"""The naive forecasts that stand beside every model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from features.panel import F64, I64
from features.rows import Rows
from features.state import TIER_NAMES

NAMES = ("last5_median", "tier_median", "followers_rate")


@dataclass(frozen=True, slots=True)
class Baselines:
    """Of one target: the tier's median count, and its median count per follower (n_tiers,)."""

    tier_median: F64
    tier_rate: F64

    def predict(self, rows: Rows, target: int) -> dict[str, F64]:
        """Counts (n,) by baseline's name; NaN where it has nothing to go by."""
        return {
            "last5_median": rows.last5_median[:, target],
            "tier_median": self.tier_median[rows.tier],
            "followers_rate": self.tier_rate[rows.tier] * rows.followers,
        }

    def to_json(self) -> dict[str, Any]:
        return {"tier_median": self.tier_median.tolist(), "tier_rate": self.tier_rate.tolist()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Baselines:
        return cls(
            np.array(data["tier_median"], np.float64), np.array(data["tier_rate"], np.float64)
        )


def fit_baselines(counts: F64, tier: I64, followers: F64) -> Baselines:
    """From training rows: outcomes (n,) without NaN, tier indices (n,), followers (n,) or NaN."""
    rate = counts / np.maximum(followers, 1)
    return Baselines(_median_by_tier(counts, tier), _median_by_tier(rate, tier))


def _median_by_tier(values: F64, tier: I64) -> F64:
    """Each tier's median, the overall one where fewer than 5 rows are known."""
    known = ~np.isnan(values)
    overall = float(np.median(values[known])) if known.any() else np.nan
    medians = np.full(len(TIER_NAMES), overall)
    for t in range(len(TIER_NAMES)):
        own = values[known & (tier == t)]
        if len(own) >= 5:
            medians[t] = np.median(own)
    return medians
