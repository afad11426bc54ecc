"""Each creator against the others of the same funnel stage, by the metric of that stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from measurement.metrics import LOWER_IS_BETTER
from measurement.results import Standing
from reelcast.campaigns import Stage

FEWEST_PEERS = 4
STAGE_METRIC: Mapping[Stage, str] = {
    "awareness": "cpv",
    "consideration": "engagement_rate_by_views",
    "conversion": "cpa",
    "loyalty": "roas",
}
OF_ORDERS = frozenset({"cpa", "roas"})
OF_MONEY = OF_ORDERS | {"cpv"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A creator in one campaign at a stage, and what the stage's metric says; None: unknown.

    A cost per order without an order is infinite: worse than any other.
    """

    creator_id: str
    campaign_id: str
    stage: Stage
    value: float | None


def standings(campaign_id: str, judged: Sequence[Judged]) -> tuple[Standing, ...]:
    """The campaign's creators against all others of their stage, in this and other campaigns."""
    mine = [one for one in judged if one.campaign_id == campaign_id]
    return tuple(_standing(one, [o for o in judged if _is_other(o, one)]) for one in mine)


def _is_other(peer: Judged, one: Judged) -> bool:
    return peer.stage == one.stage and peer.creator_id != one.creator_id


def _standing(one: Judged, others: Sequence[Judged]) -> Standing:
    metric = STAGE_METRIC[one.stage]
    known = np.array([o.value for o in others if o.value is not None], np.float64)
    few = len(known) < FEWEST_PEERS
    share = None if one.value is None or few else _better_than(one.value, known, metric)
    median = float(np.median(known)) if len(known) else None
    return Standing(
        creator_id=one.creator_id,
        stage=one.stage,
        metric=metric,
        value=None if one.value is None or np.isinf(one.value) else one.value,
        peer_median=None if median is None or np.isinf(median) else median,
        percentile=share,
        peers=len(known),
        said=_said(one, (metric, share, len(known))),
    )


def _better_than(value: float, known: np.ndarray, metric: str) -> float:
    """The share of peers that did worse, ties counting half.

    >>> _better_than(2.0, np.array([1.0, 3.0, 4.0, 5.0]), "cpa")
    0.75
    """
    worse = known > value if metric in LOWER_IS_BETTER else known < value
    return float(worse.mean() + 0.5 * (known == value).mean())


def _said(one: Judged, of: tuple[str, float | None, int]) -> str:
    metric, share, peers = of
    if one.value is None:
        return f"{metric} is not known over a whole window"
    if share is None:
        return f"only {peers} peers of stage {one.stage}: too few to judge by"
    without = " (no order was credited)" if np.isinf(one.value) else ""
    return f"better {metric} than {share:.0%} of {peers} peers of stage {one.stage}{without}"
