"""A creator's past posts, brought to one window: what their history is shown and judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from features.growth import Growth
from features.panel import DAY_S, F64, Panel
from reelcast.records import Record
from reelcast.store import Lake
from reelcast.tables import TARGETS

NEVER_S = 2**33  # seconds since 1970: later than any count


class PastCount(Record):
    """A post that is out, with a count at the window: counted there, or grown from another age."""

    post_id: str
    published_at: datetime
    age_days: float
    count: float
    at_window: float
    is_sponsored: bool | None
    hashtags: tuple[str, ...]
    caption: str | None


@dataclass(frozen=True, slots=True)
class Latest:
    """Each post's count nearest to a window: counts (n_posts, 5), ages in days; NaN: none."""

    counts: F64
    age_days: F64


def nearest_counts(panel: Panel, window_days: float, until_s: int = NEVER_S) -> Latest:
    """Of each post the counts observed at the age nearest to the window, in logs.

    Counts later than `until_s` are not looked at.
    """
    post = np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))
    seen = np.flatnonzero(panel.obs_s <= until_s)
    post = post[seen]
    counts = np.full((panel.n_posts, len(TARGETS)), np.nan)
    ages = np.full(panel.n_posts, np.nan)
    if not len(post):
        return Latest(counts, ages)
    age = np.maximum((panel.obs_s[seen] - panel.published_s[post]) / DAY_S, 0.0)
    distance = np.abs(np.log1p(age) - np.log1p(window_days))
    no_views = np.isnan(panel.obs_counts[seen, 0])
    order = np.lexsort((distance, no_views, post))
    first = order[np.diff(post[order], prepend=-1) != 0]
    counts[post[first]], ages[post[first]] = panel.obs_counts[seen[first]], age[first]
    return Latest(counts, ages)


def grown(counts: F64, age_days: F64, window_days: float, growth: Growth) -> F64:
    """Counts as they would stand at the window, by the growth curve.

    >>> grown(np.array([100.0]), np.array([1.0]), 30.0, Growth()).round().tolist()
    [221.0]
    """
    moved = growth.log_share(np.full(len(age_days), window_days)) - growth.log_share(age_days)
    return np.asarray(np.maximum(np.expm1(np.log1p(counts) + moved), 0.0))


def past_posts(
    panel: Panel, lake: Lake, creator_id: str, target: str, at: tuple[float, Growth]
) -> tuple[PastCount, ...]:
    """The creator's posts with a known count, oldest first; `at` is the window and the curve."""
    window_days, growth = at
    index = panel.creator_index(creator_id)
    if index < 0:
        return ()
    posts = np.arange(panel.creator_start[index], panel.creator_start[index + 1])
    latest = nearest_counts(panel, window_days)
    counts = latest.counts[posts, TARGETS.index(target)]
    known = ~np.isnan(counts)
    posts, counts, ages = posts[known], counts[known], latest.age_days[posts][known]
    at_window = grown(counts, ages, window_days, growth)
    said = _said(lake, [panel.post_ids[i] for i in posts])
    return tuple(
        PastCount(
            post_id=panel.post_ids[i],
            published_at=datetime.fromtimestamp(int(panel.published_s[i]), UTC),
            age_days=round(float(age), 1),
            count=float(count),
            at_window=round(float(there), 1),
            is_sponsored=said.get(panel.post_ids[i], (None, ()))[0],
            hashtags=said.get(panel.post_ids[i], (None, ()))[1],
            caption=panel.captions[i],
        )
        for i, age, count, there in zip(posts, ages, counts, at_window, strict=True)
    )


def _said(lake: Lake, post_ids: Sequence[str]) -> dict[str, tuple[bool | None, tuple[str, ...]]]:
    """Whether each post is sponsored, and its hashtags, as the lake has them."""
    rows = lake.read_keys("posts", post_ids).select(["post_id", "is_sponsored", "hashtags"])
    return {
        row["post_id"]: (row["is_sponsored"], tuple(dict.fromkeys(row["hashtags"] or ())))
        for row in rows.to_pylist()
    }
