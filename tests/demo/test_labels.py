"""Labels of the demo's posts: effects that are read off them are those of the simulator."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from demo.labels import DETECTOR, label_posts
from features.dataset import Dataset
from inference.effect_design import described_in
from inference.effects import Effect, effects_of
from inference.tagged import primary_labels
from reelcast.captions import HOOK_EFFECT
from reelcast.simulated import World
from reelcast.store import Lake
from tests.support import Tables, canonical_tables, dataset_of, fill, small_world, table_of


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory, world: World, tables: Tables) -> Lake:
    made = fill(Lake(tmp_path_factory.mktemp("labelled")), {"posts": tables["posts"]})
    label_posts(world, made)
    return made


@pytest.fixture(scope="module")
def effects(lake: Lake, dataset: Dataset) -> list[Effect]:
    return effects_of(dataset, *described_in(lake))


def of_group(effects: list[Effect], group: str) -> list[Effect]:
    return [effect for effect in effects if effect.group == group]


def truth_of(effects: list[Effect]) -> np.ndarray:
    """The log effects of hooks against the mean hook, as effects of a group are told."""
    true = np.array([HOOK_EFFECT[effect.label] for effect in effects])
    return np.asarray(true - true.mean())


def test_every_post_has_the_hook_that_it_was_made_with(lake: Lake, world: World) -> None:
    told = primary_labels(lake, "hook")
    assert told == {f"{post.platform}:{post.post_id}": post.hook for post in world.posts}


def test_a_second_time_changes_nothing(lake: Lake, world: World) -> None:
    before = lake.versions()
    assert label_posts(world, lake) == 0
    assert lake.versions() == before


def test_a_post_that_shows_a_video_keeps_it(tmp_path: Path, tables: Tables, world: World) -> None:
    lake = fill(Lake(tmp_path), {"posts": tables["posts"]})
    post_id = tables["posts"]["post_id"][0].as_py()
    lake.merge(
        "post_contents", table_of("post_contents", [{"post_id": post_id, "content_id": "x"}])
    )
    label_posts(world, lake)
    assert lake.read_keys("post_contents", [post_id])["content_id"].to_pylist() == ["x"]


def test_what_said_so_is_named(lake: Lake) -> None:
    assert Counter(lake.read("tags")["detector"].to_pylist()).keys() == {DETECTOR}


def test_effects_of_hooks_rank_as_the_simulator_has_them(effects: list[Effect]) -> None:
    hooks = of_group(effects, "hook")
    found = np.log([effect.factor for effect in hooks])
    assert len(hooks) >= 12
    assert np.corrcoef(found, truth_of(hooks))[0, 1] > 0.95


def test_intervals_of_hooks_hold_the_truth_in_nine_of_ten_cases(tmp_path: Path) -> None:
    held: list[bool] = []
    for seed in (20, 21, 22):
        other = small_world(seed)
        tables = canonical_tables(other)
        lake = fill(Lake(tmp_path / str(seed)), {"posts": tables["posts"]})
        label_posts(other, lake)
        hooks = of_group(effects_of(dataset_of(tables, None), *described_in(lake)), "hook")
        low, high = (np.log([getattr(each, side) for each in hooks]) for side in ("low", "high"))
        held += ((low <= truth_of(hooks)) & (truth_of(hooks) <= high)).tolist()
    assert np.mean(held) >= 0.85  # 95% are promised; labels of one world hang together


def test_formats_which_do_nothing_are_not_called_clear(effects: list[Effect]) -> None:
    formats = of_group(effects, "format")
    assert len(formats) >= 4
    assert not any(effect.is_clear for effect in formats)
