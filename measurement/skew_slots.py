"""A campaign's posts against their creators' earlier ones, as the lake has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from measurement.ages import at_age
from measurement.attribution.claims import PlacedSlot
from measurement.performance import TRAILING, bound_of
from measurement.skew import Skew, skew_of
from reelcast.store import Lake

F64 = npt.NDArray[np.float64]
Before = list[tuple[float, str]]  # of a creator: when each post went out, seconds, and its id
_LOOK_BACK = 3 * TRAILING  # earlier posts looked through for counts


def skew_of_slots(lake: Lake, slots: Sequence[PlacedSlot], views: F64, days: int) -> Skew:
    """The skew of a campaign's posts by their views (n_slots,) at an age; NaN: not counted.

    The bound is of the creator's earlier posts at the same age. One that was not counted then
    stands by its next later count, which is no lower: the bound is never too low for that reason.
    """
    chosen = [i for i in range(len(slots)) if np.isfinite(views[i]) and slots[i].post_id]
    own = [slots[i] for i in chosen]
    earlier = _earlier(lake, own)
    seen = _seen(lake, sorted({name for posts in earlier for _, name in posts}))
    bound = [
        bound_of(np.array([v for at, name in posts for v in _at(seen, name, at, days)][-TRAILING:]))
        for posts in earlier
    ]
    names = [slot.post_id or "" for slot in own]
    return skew_of(views[chosen], np.array(bound, np.float64), names)


def _earlier(lake: Lake, slots: Sequence[PlacedSlot]) -> list[Before]:
    """Each slot's creator's last posts before it, oldest first."""
    posts = lake.read_columns("posts", ["post_id", "creator_id", "published_at"])
    who = pa.array(sorted({slot.creator_id for slot in slots}), pa.string())
    posts = posts.filter(pc.is_in(posts["creator_id"], who))
    posts = posts.filter(pc.is_valid(posts["published_at"]))
    by_creator: dict[str, Before] = {}
    for row in posts.to_pylist():
        at = row["published_at"].timestamp()
        by_creator.setdefault(row["creator_id"], []).append((at, row["post_id"]))
    found = []
    for slot in slots:
        opens = slot.opens_at.timestamp()
        own = sorted(by_creator.get(slot.creator_id, ()))
        before = [(at, name) for at, name in own if at < opens and name != slot.post_id]
        found.append(before[-_LOOK_BACK:])
    return found


def _seen(lake: Lake, post_ids: Sequence[str]) -> dict[str, list[tuple[float, float]]]:
    """When each post was counted (seconds), and its views then."""
    rows = lake.read_keys("post_observations", post_ids)
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows.select(["post_id", "observed_at", "views"]).to_pylist():
        if row["views"] is not None:
            counted = row["observed_at"].timestamp(), float(row["views"])
            found.setdefault(row["post_id"], []).append(counted)
    return found


def _at(
    seen: Mapping[str, Sequence[tuple[float, float]]], name: str, published_s: float, days: int
) -> list[float]:
    """The post's views at an age, else at its first count after it; none where neither is known."""
    counted = np.array(sorted(seen.get(name, ())), np.float64).reshape(-1, 2)
    ages = (counted[:, 0] - published_s) / 86_400
    value, _ = at_age(ages, counted[:, 1], days)
    later = counted[ages >= days, 1]
    known = [value] if np.isfinite(value) else later[:1].tolist()
    return [float(one) for one in known]
