"""The lake's tests are judged by every method; one that none can judge keeps its place."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from api.cli import app
from measurement.lift.plan import lifts_of
from reelcast.errors import NotFoundError
from reelcast.store import Lake
from reelcast.tables import TABLES
from tests.measurement.lift.worlds import panel


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose lake has a test of eight regions, and one without a held-out region."""
    of = panel(6, 0.3)
    start = datetime.date(2026, 3, 1)
    rows = [
        {
            "test_id": "spring",
            "unit": f"r{unit:02}",
            "day": start + datetime.timedelta(days=day),
            "is_exposed": bool(of.treated[unit] and day >= of.start),
            "outcome": float(of.outcome[day, unit]),
        }
        for day in range(len(of.outcome))
        for unit in range(8)
    ]
    alone = [{"test_id": "alone", "unit": "r", "day": start, "is_exposed": False, "outcome": 1.0}]
    folder = tmp_path_factory.mktemp("home")
    Lake(str(folder / "lake")).merge(
        "holdouts", pa.Table.from_pylist(rows + alone, schema=TABLES["holdouts"].schema)
    )
    return folder


def test_a_test_is_judged_and_one_that_cannot_be_says_why(home: Path) -> None:
    found = lifts_of(Lake(str(home / "lake")))
    assert found["spring"].lifts[0].low < 0.3 < found["spring"].lifts[0].high
    assert [one.method for one in found["spring"].lifts][2] == "unobserved components"
    assert found["alone"].lifts == ()
    assert "no unit was exposed" in found["alone"].left_out[0]


def test_an_unknown_test_names_the_known_ones(home: Path) -> None:
    with pytest.raises(NotFoundError, match="alone, spring"):
        lifts_of(Lake(str(home / "lake")), "summer")


def test_the_command_says_why_a_test_cannot_be_judged(home: Path) -> None:
    made = CliRunner().invoke(app, ["lift", "alone", "--home", str(home), "--json"])
    (told,) = json.loads(made.stdout)
    assert told["test_id"] == "alone"
    assert "no unit was exposed" in told["left_out"][0]
