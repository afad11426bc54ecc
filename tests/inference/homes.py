"""One trained home for all tests of the doors: a lake, a champion, and a second model."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from content_tagging.records import Media, Signals, Transcript
from features.dataset import Dataset
from inference.predictor import Predictor
from reelcast.records import (
    Brief,
    CreatorQuestion,
    Forecast,
    ForecastRequest,
    PastPost,
    creator_id_of,
)
from reelcast.settings import Settings
from reelcast.simulated import SimulatedCreator, World
from reelcast.store import Lake
from reelcast.tables import TARGETS
from tests.support import NOW, Tables, dataset_of, fast_settings, fill, scraped_once, table_of
from training.run import Trained, train
from training.tracking import Tracker

SALT = "the tests' own salt"


@dataclass(frozen=True, slots=True)
class Home:
    """A home with the simulated world in its lake: version 1 is the champion, as-of; version 2
    learned the same world as scraped once."""

    settings: Settings
    world: World
    tables: Tables
    champion: Trained
    hindsight: Trained

    @property
    def creators(self) -> list[SimulatedCreator]:
        """Those with at least five posts."""
        return [c for c in self.world.creators if len(self.world.posts_of(c)) >= 5]

    @property
    def folder(self) -> Path:
        return self.settings.local_home


_made: dict[Path, Home] = {}


def home_in(folder: Path, world: World, tables: Tables) -> Home:
    """The home in this folder, made at the first call."""
    if folder not in _made:
        tables = salted(tables, world)
        settings = fast_settings(folder, salt=SALT)
        fill(Lake(settings.lake_root), tables)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # mlflow and what it imports warn of themselves
            champion = train(dataset_of(tables, None), settings)
            hindsight = train(hindsight_dataset(tables), settings)
            Tracker(settings).crown(champion.tracked.version)
        _made[folder] = Home(settings, world, tables, champion, hindsight)
    return _made[folder]


HOOKS = ("question", "story", "listicle", "warning")


def tagged_in(folder: Path, home: Home) -> Home:
    """A copy of the home whose posts each show a tagged video; hooks are given out at random."""
    if folder not in _made:
        shutil.copytree(home.folder, folder)
        settings = fast_settings(folder, salt=SALT)
        _tag(Lake(settings.lake_root), home.tables["posts"]["post_id"].to_pylist())
        _made[folder] = replace(home, settings=settings)
    return _made[folder]


def _tag(lake: Lake, posts: Sequence[str]) -> None:
    """Content k of 64 digits for post k, with the name clip-k, a hook, a format and a measure."""
    rng = np.random.default_rng(4)
    ids = [f"{k:064x}" for k in range(len(posts))]
    hook = rng.integers(0, len(HOOKS), len(posts))
    tags = [
        {"content_id": of, "version": "1", "rank": rank, "group": group, "label": label,
         "probability": 0.9, "primary": True}
        for k, of in enumerate(ids)
        for rank, (group, label) in enumerate((("hook", HOOKS[hook[k]]), ("format", "vlog")))
    ]  # fmt: skip
    signals = [
        Signals(
            content_id=of,
            media=Media(duration_s=20.0),
            transcript=Transcript(status="no_sound", engine="none"),
        ).model_dump_json()
        for of in ids
    ]
    read = {"version": "1", "measures": '{"vertical": true}'}
    rows: dict[str, list[dict[str, Any]]] = {
        "contents": [
            {
                "content_id": of,
                "name": f"clip-{k}",
                "duration_s": 20.0,
                "signals": signals[k],
                "versions": "{}",
            }
            for k, of in enumerate(ids)
        ],
        "taggings": [{"content_id": of, **read} for of in ids],
        "tags": tags,
        "post_contents": [
            {"post_id": post, "content_id": of} for post, of in zip(posts, ids, strict=True)
        ],
    }
    for name, of_table in rows.items():
        lake.merge(name, table_of(name, of_table))


def salted(tables: Tables, world: World) -> Tables:
    """The world's tables with its creators' ids hashed with SALT."""
    seen = dict.fromkeys(tables["creator_observations"]["creator_id"].to_pylist())
    new = [creator_id_of(creator.platform, creator.handle, SALT) for creator in world.creators]
    ids = dict(zip(seen, new, strict=True))
    return {
        name: table
        if "creator_id" not in table.column_names
        else table_of(
            name, [{**row, "creator_id": ids[row["creator_id"]]} for row in table.to_pylist()]
        )
        for name, table in tables.items()
    }


def hindsight_dataset(tables: Tables) -> Dataset:
    return dataset_of(scraped_once(tables), 3.0)


def ask(
    predictor: Predictor, people: Sequence[CreatorQuestion], now: datetime = NOW, **brief: object
) -> tuple[Forecast, ...]:
    """The forecasts of these people's next post under this brief."""
    asked = ForecastRequest(creators=tuple(people), brief=Brief(**brief))  # type: ignore[arg-type]
    return predictor.respond(asked, now).forecasts


def by_handle(creator: SimulatedCreator) -> CreatorQuestion:
    return CreatorQuestion(platform=creator.platform, handle=f"@{creator.handle}")


def inline(home: Home, creator: SimulatedCreator, creator_id: str) -> CreatorQuestion:
    """The creator's posts as the lake holds them at its end, given inline."""
    posts = home.tables["posts"]
    own = posts.filter(pc.equal(posts["creator_id"], creator_id)).to_pylist()
    seen = home.tables["post_observations"]
    seen = seen.filter(pc.is_in(seen["post_id"], posts["post_id"].combine_chunks()))
    last = {row["post_id"]: row for row in sorted(seen.to_pylist(), key=lambda r: r["observed_at"])}
    return CreatorQuestion(
        followers=home.world.followers_at(creator, NOW),
        posts=tuple(
            PastPost(
                published_at=post["published_at"],
                observed_at=last[post["post_id"]]["observed_at"],
                caption=post["caption"],
                hashtags=tuple(post["hashtags"]),
                duration_s=post["duration_s"],
                sound_id=post["sound_id"],
                **{target: last[post["post_id"]][target] for target in TARGETS},
            )
            for post in own
        ),
    )
