"""The project's simulated world as a dataset whose creators have niches with known levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from features.dataset import Dataset
from features.panel import panel_from
from reelcast.records import creator_id_of
from reelcast.simulate import simulate
from reelcast.simulated import SimulatedCreator, SimulatedPost, World, WorldSettings
from reelcast.tables import TABLES, TARGETS

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
GAP_DAYS = 3.0


def world_of(seed: int, n_creators: int, spread: float) -> World:
    """A world where niches' levels differ by `spread` (standard deviation, logs), half of it more
    by niche and tier, beside what their themes bring."""
    settings = WorldSettings(n_creators=n_creators, posts_per_creator=12, days=240, seed=seed)
    made = simulate(settings, NOW)
    rng = np.random.default_rng([seed, 7])
    of_niche = {niche: rng.normal(0, spread) for niche in sorted({c.niche for c in made.creators})}
    cells = sorted({(c.niche, c.tier) for c in made.creators})
    of_cell = {cell: of_niche[cell[0]] + rng.normal(0, spread / 2) for cell in cells}
    shift = {(c.platform, c.handle): of_cell[c.niche, c.tier] for c in made.creators}
    posts = tuple(_scaled(post, shift[post.platform, post.handle]) for post in made.posts)
    return replace(made, posts=posts)


def _scaled(post: SimulatedPost, log: float) -> SimulatedPost:
    ceiling = tuple(round(count * float(np.exp(log))) for count in post.ceiling)
    return replace(post, ceiling=ceiling, observed=(), true_log_median=post.true_log_median + log)


def dataset_of(world: World) -> Dataset:
    """The world as a collection scraped once, at its end: in hindsight, without text."""
    tables = {
        "posts": _posts(world.posts),
        "post_observations": _counts(world.posts),
        "creator_observations": _followers(world),
        "creators": ({**_who(of), "niche": of.niche} for of in world.creators),
    }
    made = [
        pa.Table.from_pylist(
            [dict.fromkeys(TABLES[name].schema.names) | row for row in rows],
            TABLES[name].schema,
        )
        for name, rows in tables.items()
    ]
    return Dataset(panel_from(*made), GAP_DAYS, "simulated")


def _who(of: SimulatedCreator | SimulatedPost) -> dict[str, Any]:
    id_ = creator_id_of(of.platform, of.handle, "simulated")
    return {"creator_id": id_, "platform": of.platform}


def _posts(posts: tuple[SimulatedPost, ...]) -> Iterator[dict[str, Any]]:
    for post in posts:
        yield {
            **_who(post),
            "post_id": f"{post.platform}:{post.post_id}",
            "published_at": post.published_at,
            "duration_s": float(post.duration_s),
        }


def _counts(posts: tuple[SimulatedPost, ...]) -> Iterator[dict[str, Any]]:
    for post in posts:
        counts = post.counts_at(NOW)
        by_target = {target: getattr(counts, target) for target in TARGETS}
        yield {"post_id": f"{post.platform}:{post.post_id}", "observed_at": NOW, **by_target}


def _followers(world: World) -> Iterator[dict[str, Any]]:
    for creator in world.creators:
        for at in world.era.scrapes:
            who = {"creator_id": _who(creator)["creator_id"]}
            yield {**who, "observed_at": at, "followers": world.followers_at(creator, at)}
