"""plan and follow on the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from tests.cli.command import FAST, Ran, reelcast
from tests.inference.homes import Home


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The tests' variables, with a ledger of the test's own."""
    return {**FAST, "REELCAST_DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.db'}"}


def run(home: Home, env: dict[str, str], *args: object) -> Ran:
    return reelcast(*args, home=home.folder, env=env)


@pytest.fixture
def file(home: Home, tmp_path: Path) -> Path:
    people = [
        {
            "creator": {"platform": one.platform, "handle": f"@{one.handle}", "label": one.handle},
            "fee": 100 + 50 * i,
            "slots": 2,
        }
        for i, one in enumerate(home.creators[:4])
    ]
    made = tmp_path / "plan.yaml"
    body = {"name": "spring", "budget": 600, "candidates": people, "draws": 500}
    made.write_text(yaml.safe_dump({**body, "selling": {"brand": "Brindle"}}))
    return made


def test_a_roster_is_chosen_and_written(
    home: Home, env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "roster.csv"
    ran = run(home, env, "plan", file, "--csv", out, "--ceilings", 50)
    assert ran.code == 0, ran.err
    assert "within 600 USD" in ran.err
    assert "prior, no own data" in ran.err
    with out.open() as opened:
        rows = list(csv.DictReader(opened))
    assert rows[-1]["creator"] == "total"
    assert float(rows[-1]["cost"]) <= 600
    assert float(rows[-1]["clicks_p10"]) <= float(rows[-1]["views_p10"])


def test_a_roster_is_frozen_and_followed(home: Home, env: dict[str, str], file: Path) -> None:
    made = run(home, env, "plan", file, "--freeze", "--json").json()
    assert made["feasible"]
    shown = run(home, env, "follow", made["plan_id"])
    assert shown.code == 0, shown.err
    assert "waiting" in shown.out
    again = run(home, env, "follow", "spring", "--json").json()
    assert again["plan_id"] == made["plan_id"]


def test_a_plan_that_was_never_frozen_ends_with_code_3(home: Home, env: dict[str, str]) -> None:
    assert run(home, env, "follow", "nowhere").code == 3


def test_a_plan_with_a_wrong_field_ends_with_code_2(
    home: Home, env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("budget: 5\ncandidates: []\n")
    assert run(home, env, "plan", file).code == 2
