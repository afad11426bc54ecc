"""Panels of posts counted daily, that grow along a power law with noise of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from features.panel import Panel, panel_from
from tests.support import NOW, table_of

AGES = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 30.0)


def growing(
    n_posts: int = 400,
    slope: float = 0.4,
    noise: float = 0.3,
    platform: str = "tiktok",
    seed: int = 0,
    ages: tuple[float, ...] = AGES,
) -> Panel:
    """Posts of 40 creators, two a day, whose log views rise by `slope` per log day.

    The noise is a random walk in log age, as growth's is: its variance grows with the log of age.
    """
    rng = np.random.default_rng(seed)
    posts, seen = [], []
    for i in range(n_posts):
        at: datetime = NOW - timedelta(days=400) + timedelta(hours=12 * i)
        name = f"{platform}:{i:05d}"
        posts.append({"post_id": name, "creator_id": f"c{i % 40:02d}", "published_at": at})
        steps = np.diff(np.log(ages), prepend=np.log(ages[0]))
        walk = np.cumsum(rng.standard_normal(len(ages)) * noise * np.sqrt(steps))
        log = rng.normal(8, 1.5) + slope * np.log(ages) + walk
        counts = np.round(np.exp(np.maximum.accumulate(log))).astype(int).tolist()
        seen += [
            {"post_id": name, "observed_at": at + timedelta(days=age), "views": count}
            for age, count in zip(ages, counts, strict=True)
        ]
    followers = [
        {"creator_id": f"c{i:02d}", "observed_at": NOW, "followers": 5_000 * (i + 1)}
        for i in range(40)
    ]
    return panel_from(
        table_of("posts", posts),
        table_of("post_observations", seen),
        table_of("creator_observations", followers),
    )
