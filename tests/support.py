"""What the tests share: a simulated world as canonical tables, and fast settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.dataset import Dataset
from features.gather import Questions
from features.panel import Panel, panel_from
from features.state import State
from ingest.values import hashtags_in
from reelcast.records import creator_id_of
from reelcast.settings import FeatureSettings, Settings, TrainingSettings
from reelcast.simulate import simulate
from reelcast.simulated import World, WorldSettings
from reelcast.store import Lake
from reelcast.tables import TABLES, TARGETS

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAY = timedelta(days=1)
WORLD = WorldSettings(n_creators=40, posts_per_creator=30, days=240)
FAST = TrainingSettings(trees=30, leaves=7, tail_leaves=7, threads=1)
DATA_TABLES = ("posts", "post_observations", "creator_observations")

Tables = dict[str, pa.Table]


def table_of(name: str, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """The canonical table of these rows, unnamed columns null."""
    return pa.Table.from_pylist(list(rows), schema=TABLES[name].schema)


def canonical_tables(world: World) -> Tables:
    """Posts, their counts at every scrape while young and now, and followers at every scrape."""
    return {
        "posts": table_of("posts", _posts(world)),
        "post_observations": table_of("post_observations", _observations(world)),
        "creator_observations": table_of("creator_observations", _followers(world)),
    }


def _posts(world: World) -> Iterable[dict[str, Any]]:
    for post in world.posts:
        yield {
            "post_id": f"{post.platform}:{post.post_id}",
            "creator_id": creator_id_of(post.platform, post.handle, "salt"),
            "platform": post.platform,
            "published_at": post.published_at,
            "caption": post.caption,
            "hashtags": hashtags_in(post.caption),  # as an import finds them
            "duration_s": float(post.duration_s),
            "sound_id": post.sound_id,
        }


def _observations(world: World) -> Iterable[dict[str, Any]]:
    for post in world.posts:
        of_each = {counts.observed_at: counts for counts in (*post.observed, post.counts_at(NOW))}
        for counts in of_each.values():
            yield {
                "post_id": f"{post.platform}:{post.post_id}",
                "observed_at": counts.observed_at,
                **{target: getattr(counts, target) for target in TARGETS},
            }


def _followers(world: World) -> Iterable[dict[str, Any]]:
    for creator in world.creators:
        for at in world.era.scrapes:
            yield {
                "creator_id": creator_id_of(creator.platform, creator.handle, "salt"),
                "observed_at": at,
                "followers": world.followers_at(creator, at),
            }


def scraped_once(tables: Tables) -> Tables:
    """The same world as a collection scraped at its end: each post's last count alone."""
    last = pc.equal(
        tables["post_observations"]["observed_at"], pa.scalar(NOW, pa.timestamp("us", tz="UTC"))
    )
    return {**tables, "post_observations": tables["post_observations"].filter(last)}


def shuffled(tables: Tables) -> Tables:
    """The same world with its counts handed out at random: nothing can be learned from it."""
    seen = tables["post_observations"]
    order = pa.array(np.random.default_rng(9).permutation(seen.num_rows))
    for target in TARGETS:
        at = seen.column_names.index(target)
        seen = seen.set_column(at, seen.schema.field(at), seen[target].take(order))
    return {**tables, "post_observations": seen}


def panel_of(tables: Tables) -> Panel:
    return panel_from(*(tables[name] for name in DATA_TABLES))


def dataset_of(tables: Tables, gap_days: float | None) -> Dataset:
    return Dataset(panel_of(tables), gap_days, "test")


def fitted_state(dataset: Dataset) -> State:
    """A state without text, of all posts."""
    return dataset.fit(*dataset.ask(), 0)


def fill(lake: Lake, tables: Tables) -> Lake:
    for name, table in tables.items():
        lake.merge(name, table)
    return lake


def fast_settings(home: object = "./var", **others: object) -> Settings:
    """Settings whose models fit in a second, text off."""
    given = {"features": FeatureSettings(text="never"), "training": FAST, **others}
    return Settings(home=str(home), **given)  # type: ignore[arg-type]


def question_at(panel: Panel, post_id: str) -> Questions:
    """The question of one post, decided at its publication, horizon 30 days."""
    at = panel.post_ids.index(post_id)
    index = np.array([at])
    return Questions(
        panel.creator[index],
        panel.published_s[index],
        panel.published_s[index],
        np.array([30.0]),
        panel.duration_s[index],
        panel.sound[index],
        panel.hashtags[index],
        [panel.texts[at]],
        None if panel.vectors is None else panel.vectors[index],
    )


def moved(asked: Questions, panel: Panel, creator_id: str) -> Questions:
    """The same questions of a creator under its index in another panel."""
    index = panel.creator_index(creator_id)
    return replace(asked, creator=np.full(len(asked), index))


def small_world(seed: int = 7, **others: Any) -> World:
    return simulate(replace(WORLD, seed=seed, **others), NOW)
