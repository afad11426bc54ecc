from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from inference.ledger_store import Ledger
from reelcast.database import open_database
from tests.ledger.postgres import running, why_not


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real server's database; skipped, with the reason, where none can start."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with running() as url:
        yield url


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
