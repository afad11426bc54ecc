from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from measurement.campaigns import save
from reelcast.simulate_sales import simulate_sales
from reelcast.simulated_sales import SalesSettings, Sold
from reelcast.store import Lake
from tests.support import table_of

START = datetime(2026, 3, 2, tzinfo=UTC)
NOW = START + timedelta(days=62)


@dataclass(frozen=True, slots=True)
class SoldLake:
    """A lake that holds a campaign, and the truth of it."""

    lake: Lake
    sold: Sold
    now: datetime = NOW


def sold_lake(folder: object, settings: SalesSettings | None = None) -> SoldLake:
    sold = simulate_sales(settings or SalesSettings(), START)
    lake = Lake(str(folder))
    save(lake, sold.campaign, START - timedelta(days=5))
    for name, rows in sold.rows.items():
        lake.merge(name, table_of(name, rows))
    return SoldLake(lake, sold)


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> SoldLake:
    """Five creators with two posts each: orders, links, codes, survey, counts."""
    return sold_lake(tmp_path_factory.mktemp("spring") / "lake")
