"""trajectory, update, campaign and ledger on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from reelcast.database import open_database
from tests.cli.command import FAST, Ran, reelcast
from tests.inference.homes import Home


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The tests' variables, with a ledger of the test's own."""
    return {**FAST, "REELCAST_DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.db'}"}


def run(home: Home, env: dict[str, str], *args: object) -> Ran:
    return reelcast(*args, home=home.folder, env=env)


def handle(home: Home) -> str:
    return f"@{home.creators[0].handle}"


def platform(home: Home) -> str:
    return home.creators[0].platform


def asked(home: Home) -> tuple[str, ...]:
    return ("--creator", handle(home), "--platform", platform(home))


def test_a_trajectory_is_printed_window_by_window(home: Home, env: dict[str, str]) -> None:
    ran = run(home, env, "trajectory", *asked(home), "--target", "views")
    assert ran.code == 0, ran.err
    assert all(window in ran.out for window in ("24 h", "72 h", "7 d", "30 d"))


def test_what_the_command_line_forecasts_is_in_the_ledger(home: Home, env: dict[str, str]) -> None:
    made = run(home, env, "forecast", *asked(home), "--json").json()
    shown = run(home, env, "ledger", "--json").json()
    assert "None of the 1 forecasts kept has an outcome yet" in run(home, env, "ledger").err
    assert made["forecasts"][0]["forecast_id"]
    assert shown["forecasts"] == 1
    proof = run(home, env, "ledger", "verify", "--json").json()
    assert (proof["rows"], proof["fault"]) == (1, None)


def test_a_ledger_that_was_tampered_with_ends_with_code_4(home: Home, env: dict[str, str]) -> None:
    run(home, env, "forecast", *asked(home))
    engine = open_database(env["REELCAST_DATABASE_URL"])
    with engine.connect() as connection, connection.begin():
        connection.execute(text("DROP TRIGGER ledger_no_update"))
        connection.execute(text("UPDATE ledger SET body = '{}'"))
    engine.dispose()
    ran = run(home, env, "ledger", "verify")
    assert ran.code == 4
    assert "row 1" in ran.err


def test_a_forecast_is_linked_to_its_post(home: Home, env: dict[str, str]) -> None:
    made = run(home, env, "forecast", *asked(home), "--json").json()["forecasts"][0]
    ran = run(home, env, "ledger", "link", made["forecast_id"], "tiktok:1")
    assert ran.code == 0
    assert "is about tiktok:1" in ran.out
    again = run(home, env, "ledger", "link", made["forecast_id"], "tiktok:2")
    assert again.code == 2


def test_a_post_of_the_lake_is_updated(home: Home, env: dict[str, str]) -> None:
    post = home.tables["posts"]["post_id"][5].as_py()
    ran = run(home, env, "update", "--post", post)
    assert ran.code == 0, ran.err
    assert "before posting" in ran.out


def test_an_update_reads_a_yaml_file(home: Home, env: dict[str, str], tmp_path: Path) -> None:
    out = datetime.now(UTC) - timedelta(days=2)
    body = {
        "creator": {"platform": platform(home), "handle": handle(home)},
        "published_at": out.isoformat(),
        "observed": [{"observed_at": (out + timedelta(days=1)).isoformat(), "views": 100_000_000}],
    }
    file = tmp_path / "update.yaml"
    file.write_text(yaml.safe_dump(body))
    ran = run(home, env, "update", "--request", file, "--json")
    assert ran.json()["targets"]["views"]["warning"]["state"] == "above"


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_campaign_is_forecast_from_a_file(
    home: Home, env: dict[str, str], tmp_path: Path, suffix: str
) -> None:
    person = {"platform": platform(home), "handle": handle(home)}
    plan = {"deliverables": [{"creator": person, "posts": 2}], "goals": {"views": 10}}
    file = tmp_path / f"plan.{suffix}"
    file.write_text(json.dumps(plan) if suffix == "json" else yaml.safe_dump(plan))
    ran = run(home, env, "campaign", "forecast", file)
    assert ran.code == 0, ran.err
    assert "P90" in ran.out
    assert "assumption" in ran.err


def test_a_plan_that_is_no_file_ends_with_code_3(home: Home, env: dict[str, str]) -> None:
    assert run(home, env, "campaign", "forecast", "nowhere.yaml").code == 3


def test_a_plan_with_a_wrong_field_ends_with_code_2(
    home: Home, env: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("deliverables: []\nbudget: 3\n")
    ran = run(home, env, "campaign", "forecast", file)
    assert ran.code == 2
    assert "budget" in ran.err


def test_an_update_without_a_post_ends_with_code_2(home: Home, env: dict[str, str]) -> None:
    assert run(home, env, "update").code == 2
