from __future__ import annotations

import pytest

from reelcast.simulated import World
from tests.inference.homes import Home, home_in, tagged_in
from tests.support import Tables


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, world: World, tables: Tables) -> Home:
    """A lake and two trained models, made once for all tests."""
    return home_in(tmp_path_factory.getbasetemp() / "home", world, tables)


@pytest.fixture(scope="session")
def tagged(tmp_path_factory: pytest.TempPathFactory, home: Home) -> Home:
    """A copy of the home whose posts show tagged videos."""
    return tagged_in(tmp_path_factory.getbasetemp() / "tagged", home)
