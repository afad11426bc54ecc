from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from features.dataset import Dataset
from inference.predictor import Predictor
from reelcast.database import METADATA, open_database
from reelcast.simulated import World
from tests.inference.homes import Home, home_in, tagged_in
from tests.ledger.postgres import running, why_not
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


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, world: World, tables: Tables) -> Home:
    """A lake and two trained models, made once for all tests."""
    return home_in(tmp_path_factory.getbasetemp() / "home", world, tables)


@pytest.fixture(scope="session")
def predictor(home: Home) -> Predictor:
    """The champion over the lake."""
    return Predictor.load(home.settings.model, home.settings)


@pytest.fixture(scope="session")
def tagged(tmp_path_factory: pytest.TempPathFactory, home: Home) -> Home:
    """A copy of the home whose posts show tagged videos."""
    return tagged_in(tmp_path_factory.getbasetemp() / "tagged", home)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real server's database; skipped, with the reason, where none can start."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("postgres")
    engine = open_database(url)
    METADATA.drop_all(engine)
    engine.dispose()
    return url
