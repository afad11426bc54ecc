"""What is usual: quartiles of own posts by platform, tier, format, hook or theme, with their n.

A post counts with its latest counts; a creator with many posts weighs as many posts as it has, so
the number of creators stands beside. Relative views are views over the median of the creator's
other posts, so that big and small accounts compare.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from reelcast.records import TIERS, Record
from reelcast.store import Lake

By = Literal["all", "creator", "platform", "tier", "format", "hook", "theme"]
MIN_POSTS = 5
_UNIT = {"views": "views", "relative_views": "times own median"}
_METRICS = (
    "views",
    "relative_views",
    "engagement_rate_by_views",
    "save_rate",
    "share_rate",
    "comment_rate",
)

_TIER = " ".join(f"WHEN followers < {below} THEN '{name}'" for name, below in TIERS[:-1])
_POSTS = f"""
WITH seen AS (
    SELECT post_id, views, likes, comments, shares, saves FROM post_observations
    WHERE views > 0 AND coalesce(basis, 'counted') = 'counted'
    QUALIFY row_number() OVER (PARTITION BY post_id ORDER BY observed_at DESC) = 1
), accounts AS (
    SELECT creator_id, followers FROM creator_observations WHERE followers IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY creator_id ORDER BY observed_at DESC) = 1
)
SELECT posts.post_id, creator_id, coalesce(platform, 'unknown') AS platform,
    CASE WHEN followers IS NULL THEN 'unknown' {_TIER} ELSE '{TIERS[-1][0]}' END AS tier,
    views::DOUBLE AS views,
    views / median(views) OVER (PARTITION BY creator_id) AS relative_views,
    count(*) OVER (PARTITION BY creator_id) AS own,
    (likes + comments + shares) / views AS engagement_rate_by_views, saves / views AS save_rate,
    shares / views AS share_rate, comments / views AS comment_rate
FROM seen JOIN posts USING (post_id) LEFT JOIN accounts USING (creator_id)
"""
_LABELS = """
WITH last AS (
    SELECT content_id, "group", labels[1] AS label FROM tag_corrections
    QUALIFY row_number() OVER (PARTITION BY content_id, "group" ORDER BY corrected_at DESC) = 1
), read AS (
    SELECT content_id, "group", label FROM tags JOIN taggings USING (content_id, version)
    WHERE "primary"
)
SELECT post_id, CASE WHEN last.content_id IS NULL THEN read.label ELSE last.label END AS label
FROM post_contents AS shown
    LEFT JOIN read ON read.content_id = shown.content_id AND read."group" = '{group}'
    LEFT JOIN last ON last.content_id = shown.content_id AND last."group" = '{group}'
"""


class Usual(Record):
    """Quartiles of a metric over the posts of a group."""

    by: By
    name: str
    metric: str
    unit: str
    posts: int
    creators: int
    low: float
    median: float
    high: float


def benchmarks(lake: Lake, by: By = "all", creator_id: str | None = None) -> list[Usual]:
    """What is usual in each group of at least 5 posts, of all posts or of one creator's own."""
    posts = lake.query(_POSTS).to_pydict()
    names = _names(lake, by, posts)
    own = np.array([creator_id in (None, who) for who in posts["creator_id"]], bool)
    made = []
    for name in sorted({name for name in names if name is not None}):
        mine = own & np.array([name == of for of in names], bool)
        who = {posts["creator_id"][i] for i in np.flatnonzero(mine)}
        made += [_usual(posts, mine, metric, (by, name), len(who)) for metric in _METRICS]
    return [of for of in made if of is not None]


def standing(value: float, values: npt.NDArray[np.float64]) -> float | None:
    """The share (0 to 1) of `values` (n,) that lie below, equal ones half; None below 5.

    >>> standing(3.0, np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    0.5
    """
    if len(values) < MIN_POSTS:
        return None
    return float(((values < value) + 0.5 * (values == value)).mean())


def _names(lake: Lake, by: By, posts: dict[str, list[Any]]) -> list[str | None]:
    """The group of each post; None where it is in none."""
    if by == "all":
        return ["all"] * len(posts["post_id"])
    if by in ("creator", "platform", "tier"):
        return posts["creator_id" if by == "creator" else by]
    label = lake.query(_LABELS.format(group=by)).to_pydict()
    of = dict(zip(label["post_id"], label["label"], strict=True))
    return [of.get(post) for post in posts["post_id"]]


def _usual(
    posts: dict[str, list[Any]],
    mine: npt.NDArray[np.bool_],
    metric: str,
    group: tuple[By, str],
    creators: int,
) -> Usual | None:
    values = np.array(posts[metric], np.float64)
    if metric == "relative_views":  # one post is always its own median
        mine = mine & (np.array(posts["own"]) >= MIN_POSTS)
    known = values[mine & ~np.isnan(values)]
    if len(known) < MIN_POSTS:
        return None
    low, median, high = (float(q) for q in np.quantile(known, (0.25, 0.5, 0.75)))
    return Usual(
        by=group[0],
        name=group[1],
        metric=metric,
        unit=_UNIT.get(metric, "share"),
        posts=len(known),
        creators=creators,
        low=low,
        median=median,
        high=high,
    )
