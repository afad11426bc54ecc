"""How good the leads were that posts brought: their scores, where the forms or the CRM say any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from measurement.attribute import Attributed
from measurement.counts import lead_score
from measurement.measured import Measured, Provenance
from reelcast.store import Lake


@dataclass(frozen=True, slots=True)
class LeadScores:
    """Of each claimed order (n,): the slot that it is credited to, and its score, NaN unknown."""

    slot: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    window_days: int

    def of(self, slots: npt.NDArray[np.int64]) -> list[Measured]:
        """The mean score of the leads credited to these slots; nothing where none has a score."""
        known = self.score[np.isin(self.slot, slots) & ~np.isnan(self.score)]
        if not len(known):
            return []
        of = Provenance(window=f"{self.window_days} d after posting", source="lead forms")
        return [lead_score(float(known.sum()), len(known), of)]


def lead_scores(lake: Lake, made: Attributed) -> LeadScores:
    """The scores of the campaign's claims, each with the slot that the agreed method credits."""
    rows = lake.read_columns("orders", ["order_hash", "lead_score"]).to_pydict()
    known = dict(zip(rows["order_hash"], rows["lead_score"], strict=True))
    found = [known.get(name) for name in made.scope.claims["order_hash"].to_pylist()]
    score = np.array([np.nan if of is None else of for of in found], np.float64)
    return LeadScores(made.agreed.by_order, score, made.scope.campaign.window_days)
