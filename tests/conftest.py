from __future__ import annotations

import pytest

from features.dataset import Dataset
from reelcast.simulated import World
from tests.support import Tables, canonical_tables, dataset_of, scraped_once, small_world


@pytest.fixture(scope="session")
def world() -> World:
    """40 creators, 1,250 posts in 240 days, counted weekly while young."""
    return small_world()


@pytest.fixture(scope="session")
def tables(world: World) -> Tables:
    return canonical_tables(world)


@pytest.fixture(scope="session")
def dataset(tables: Tables) -> Dataset:
    """The simulated world in the as-of mode, without text."""
    return dataset_of(tables, None)


@pytest.fixture(scope="session")
def hindsight_dataset(tables: Tables) -> Dataset:
    """The same world as scraped once, at its end."""
    return dataset_of(scraped_once(tables), 3.0)
