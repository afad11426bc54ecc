"""What people say and whom they follow: sentiment, brand lift, follower growth of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from measurement.measured import Measured
from measurement.people import brand_lift, follower_growth, net_sentiment
from reelcast.errors import InputError
from reelcast.store import Lake

BASELINE_DAYS = 28
CONTROL, EXPOSED = "control", "exposed"


def sentiment(lake: Lake, post_ids: Sequence[str]) -> list[Measured]:
    """Net sentiment of the posts' comments, none where none was imported."""
    rows = lake.read_columns("comments", ["post_id", "sentiment"])
    mine = rows.filter(pc.is_in(rows["post_id"], pa.array(list(post_ids), pa.string())))
    if not mine.num_rows:
        return []
    said = mine["sentiment"].to_pylist()
    good, bad, even = (said.count(name) for name in ("positive", "negative", "neutral"))
    return [net_sentiment(good, bad, even, len(said) - good - bad - even)]


def lifts(lake: Lake, campaign_id: str) -> list[Measured]:
    """Brand lift by question, of the studies of this campaign; arms of a question are added up."""
    rows = lake.read("brand_lift")
    mine = rows.filter(pc.equal(rows["campaign_id"], campaign_id)).to_pylist()
    made = []
    for question in sorted({row["question"] for row in mine}):
        arms = {}
        for arm in (EXPOSED, CONTROL):
            of = [r for r in mine if (r["question"], r["arm"]) == (question, arm)]
            arms[arm] = (
                sum(r["positive"] or 0 for r in of), sum(r["answers"] or 0 for r in of)
            )  # fmt: skip
        try:
            made.append(brand_lift(arms[EXPOSED], arms[CONTROL], question))
        except InputError as exc:
            made.append(
                Measured(metric=f"brand_lift_{question}", value=None, unit="points",
                         basis="counted", note=str(exc))
            )  # fmt: skip
    return made


def growth(lake: Lake, creator_id: str, start: datetime, days: int) -> list[Measured]:
    """Net new followers in the window less what the four weeks before would give.

    `start` is by the campaign's clocks. From daily analytics where imported; else from the
    account's counts, without an interval. None where neither covers window and baseline.
    """
    daily = lake.read_keys("creator_days", [creator_id])
    counted = daily.filter(pc.is_valid(daily["net_followers"]))
    if counted.num_rows:
        of = dict(
            zip(counted["day"].to_pylist(), counted["net_followers"].to_pylist(), strict=True)
        )
        first = start.date()
        inside = [of.get(first + timedelta(days=n)) for n in range(days)]
        before = [of.get(first - timedelta(days=n)) for n in range(1, BASELINE_DAYS + 1)]
        known = [n for n in before if n is not None]
        if None in inside or len(known) < BASELINE_DAYS // 2:
            return []
        net = sum(n for n in inside if n is not None)
        return [follower_growth(net, days, np.array(known, np.float64))]
    return _from_counts(lake, creator_id, start, days)


def _from_counts(lake: Lake, creator_id: str, start: datetime, days: int) -> list[Measured]:
    rows = lake.read_keys("creator_observations", [creator_id])
    rows = rows.filter(pc.is_valid(rows["followers"]))
    if rows.num_rows < 2:
        return []
    at = rows["observed_at"].cast(pa.int64()).to_numpy() / 8.64e10
    count = rows["followers"].to_numpy().astype(np.float64)
    origin = start.timestamp() / 86_400
    if at[0] > origin - BASELINE_DAYS or at[-1] < origin + days:
        return []
    ends = np.array([origin - BASELINE_DAYS, origin, origin + days])
    then, began, ended = np.interp(ends, at, count)
    usual = np.full(BASELINE_DAYS, (began - then) / BASELINE_DAYS)
    made = follower_growth(round(ended - began), days, usual)
    note = "from the account's counts, read between their times: no interval"
    return [made.model_copy(update={"low": None, "high": None, "method": None, "note": note})]
