from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from inference.ledger_store import Ledger
from reelcast.database import open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    url: str = request.getfixturevalue("postgres")
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS ledger"))
    engine.dispose()
    return url


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    """An empty ledger in each kind of database."""
    opened = Ledger(database)
    yield opened
    opened.close()
