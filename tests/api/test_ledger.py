"""What the web API forecasts is kept, and shown beside what came of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from inference.ledger import open_ledger
from inference.ledger_freeze import KIND as FORECAST
from inference.ledger_freeze import UPDATE
from inference.ledger_store import Ledger
from reelcast.records import ForecastResponse
from reelcast.settings import LedgerSettings, Settings
from reelcast.store import Lake
from tests.api.doors import ask, client_of, problem
from tests.inference.homes import Home
from tests.support import NOW, table_of

DAY = timedelta(days=1)


@pytest.fixture
def fresh(home: Home, tmp_path: Path) -> Settings:
    """The home's settings with a ledger of the test's own."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    return Settings(
        **{**home.settings.model_dump(), "salt": home.settings.salt, "database_url": url}
    )


def kept(settings: Settings) -> list[dict[str, Any]]:
    ledger = open_ledger(settings)
    found = [entry.body for entry in ledger.read(FORECAST)]
    ledger.close()
    return found


def by_id(home: Home) -> dict[str, str]:
    handle = home.creators[0]
    return {"platform": handle.platform, "handle": handle.handle}


def test_every_forecast_is_kept_when_the_server_ends(home: Home, fresh: Settings) -> None:
    with client_of(fresh) as client:
        made = ForecastResponse.model_validate_json(
            ask(client, creators=[by_id(home), {"posts": []}]).content
        )
    ledger = open_ledger(fresh)
    ids = [entry.entry_id for entry in ledger.read(FORECAST)]
    assert ids == [forecast.forecast_id for forecast in made.forecasts]
    assert ledger.verify().fault is None
    ledger.close()
    assert {body["source"] for body in kept(fresh)} == {"api"}


def test_quick_requests_together_are_each_kept(home: Home, fresh: Settings) -> None:
    with client_of(fresh) as client:
        for horizon in (3, 7, 30):
            brief = {"horizon_days": horizon}
            ask(client, creators=[by_id(home)], brief=brief, explain=False)
    assert [body["horizon_days"] for body in kept(fresh)] == [3.0, 7.0, 30.0]


def test_a_ledger_that_is_off_keeps_nothing(home: Home, fresh: Settings) -> None:
    off = Settings(
        **{**fresh.model_dump(), "salt": fresh.salt, "database_url": fresh.database_url,
           "ledger": LedgerSettings(enabled=False)}
    )  # fmt: skip
    with client_of(off) as client:
        (made,) = ask(client, creators=[by_id(home)]).json()["forecasts"]
    assert made["forecast_id"] is None
    assert kept(off) == []


def test_forecasts_are_made_while_the_database_is_down(home: Home, fresh: Settings) -> None:
    down = Settings(
        **{**fresh.model_dump(), "salt": fresh.salt,
           "database_url": "postgresql://nobody@127.0.0.1:9/none"}
    )  # fmt: skip
    with client_of(down) as client:
        assert ask(client, creators=[by_id(home)]).status_code == 200
        health = client.get("/health").json()["ledger"]
        assert (health["writing"], health["pending"] >= 1) == (True, True)
        problem(client.get("/v1/ledger"), 503)


def test_the_ledger_shows_predicted_against_actual(home: Home, fresh: Settings) -> None:
    with client_of(fresh) as client:
        ask(client, creators=[by_id(home)], brief={"horizon_days": 7})
        empty = client.get("/v1/ledger").json()
    assert empty["outcomes"] == 0
    assert empty["slices"] == []


def tagged(lake: Lake, post_id: str, label: str) -> None:
    """The post shows a video whose format is this one."""
    lake.merge(
        "post_contents", table_of("post_contents", [{"post_id": post_id, "content_id": "k"}])
    )
    lake.merge("taggings", table_of("taggings", [{"content_id": "k", "version": "1"}]))
    tag = {"content_id": "k", "version": "1", "rank": 0, "group": "format", "label": label}
    lake.merge("tags", table_of("tags", [{**tag, "probability": 0.9, "primary": True}]))


@pytest.fixture
def followed(home: Home, fresh: Settings, tmp_path: Path) -> tuple[Settings, str]:
    """A kept forecast, and a lake of its own in which its post was counted a week later."""
    with client_of(fresh) as client:
        (made,) = ask(client, creators=[by_id(home)], brief={"horizon_days": 7}).json()["forecasts"]
    lake = Lake(tmp_path / "later" / "lake")
    published = NOW + timedelta(hours=2)
    lake.merge(
        "posts",
        table_of(
            "posts",
            [
                {
                    "post_id": "tiktok:new",
                    "creator_id": made["creator_id"],
                    "published_at": published,
                }
            ],
        ),
    )
    lake.merge(
        "post_observations",
        table_of(
            "post_observations",
            [{"post_id": "tiktok:new", "observed_at": published + 7 * DAY, "views": 1234}],
        ),
    )
    tagged(lake, "tiktok:new", "tutorial")
    given = {**fresh.model_dump(), "salt": fresh.salt, "database_url": fresh.database_url}
    return Settings(**{**given, "home": str(tmp_path / "later")}), made["forecast_id"]


def test_an_actual_meets_its_forecast(followed: tuple[Settings, str]) -> None:
    from inference.ledger import posts_of_lake, report

    settings, forecast_id = followed
    ledger = open_ledger(settings)
    made = report(ledger, posts_of_lake(settings), settings, NOW + 10 * DAY)
    ledger.close()
    assert ("format", "tutorial", 1) in {(row.by, row.name, row.n) for row in made.slices}
    (pair,) = made.latest
    assert (pair.forecast_id, pair.actual, pair.post_id) == (forecast_id, 1234.0, "tiktok:new")
    assert {(row.by, row.n) for row in made.slices} >= {("all", 1), ("tier", 1), ("window", 1)}
    assert made.steps[0].outcomes == 1


def test_the_chain_is_proved(fresh: Settings, home: Home) -> None:
    with client_of(fresh) as client:
        ask(client, creators=[by_id(home)])
    with client_of(fresh) as client:
        proof = client.get("/v1/ledger/proof").json()
        met = client.get("/v1/ledger/proof", params={"expect": proof["head"]}).json()
        other = client.get("/v1/ledger/proof", params={"expect": "a" * 64}).json()
        problem(client.get("/v1/ledger/proof", params={"expect": "x"}), 422)
    assert (proof["rows"], proof["fault"]) == (1, None)
    assert len(proof["head"]) == 64
    assert met["fault"] is None
    assert "removed from its end" in other["fault"]


def test_a_link_to_an_unknown_forecast_is_refused(client: TestClient) -> None:
    body = {"forecast_id": "f0", "post_id": "t:1"}
    assert "no forecast 'f0'" in problem(client.post("/v1/ledger/links", json=body), 404)


def test_a_campaign_is_forecast_and_kept_with_its_posts(home: Home, fresh: Settings) -> None:
    body = {
        "campaign_id": "spring",
        "deliverables": [{"creator": by_id(home)}, {"creator": {"posts": []}, "posts": 2}],
        "goals": {"views": 1000},
        "seed": 3,
    }
    with client_of(fresh) as client:
        first = client.post("/v1/campaigns/forecast", json=body)
        again = client.post("/v1/campaigns/forecast", json=body)
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    made = first.json()
    assert made["posts"] == 3
    total = made["totals"]["views"]
    assert total["p10"] < total["p50"] < total["p90"]
    assert 0 <= total["chance"] <= 1
    assert [entry["campaign_id"] for entry in kept(fresh)] == ["spring"] * 2


def test_a_campaign_that_cannot_be_is_a_problem(client: TestClient) -> None:
    said = problem(client.post("/v1/campaigns/forecast", json={"deliverables": []}), 422)
    assert said.startswith("deliverables")


def test_a_trajectory_has_four_windows(home: Home, client: TestClient) -> None:
    answer = client.post("/v1/trajectories", json={"creators": [by_id(home)]})
    (path,) = answer.json()["paths"]
    assert [w["window"] for w in path["targets"]["views"]] == ["24 h", "72 h", "7 d", "30 d"]
    assert len(path["forecast_ids"]) == 4


def test_an_update_is_answered_and_kept(home: Home, fresh: Settings) -> None:
    out = NOW - 2 * DAY
    body = {
        "creator": by_id(home),
        "published_at": out.isoformat(),
        "observed": [{"observed_at": (out + DAY).isoformat(), "views": 5}],
    }
    with client_of(fresh) as client:
        answer = client.post("/v1/trajectories/update", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["targets"]["views"]["warning"]["state"] == "below"
    ledger: Ledger = open_ledger(fresh)
    (entry,) = ledger.read(UPDATE)
    ledger.close()
    assert entry.body["observed"][0]["views"] == 5


@pytest.mark.parametrize(
    "observed", [{"views": -1}, {"views": "x"}, {"views": 10**13}, {"likes": 1, "extra": 2}]
)
def test_an_update_that_cannot_be_is_a_problem(
    client: TestClient, observed: dict[str, Any]
) -> None:
    body = {
        "creator": {"posts": []},
        "published_at": (NOW - DAY).isoformat(),
        "observed": [{"observed_at": NOW.isoformat(), **observed}],
    }
    problem(client.post("/v1/trajectories/update", json=body), 422)


def test_an_update_against_an_unknown_forecast_is_refused(client: TestClient) -> None:
    body = {"post_id": "t:1", "forecast_id": "f0"}
    assert "holds no forecast" in problem(client.post("/v1/trajectories/update", json=body), 404)
