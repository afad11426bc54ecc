"""Plans frozen in the ledger database, and followed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from inference.ledger import open_ledger
from inference.ledger_freeze import freeze as entries_of
from inference.ledger_join import ACTUAL
from inference.ledger_store import Entry
from inference.plan import Plan
from inference.plan_follow import follow
from inference.plan_freeze import freeze
from inference.plan_store import find_plan, keep_plan, list_plans
from reelcast.database import database_url, open_database
from reelcast.errors import InputError, MismatchError, NotFoundError
from reelcast.records import ForecastRequest, ForecastResponse
from reelcast.rosters import FrozenPlan
from reelcast.settings import Settings
from tests.planning.plans import MEDIANS, asking, plan_of
from tests.support import NOW

CHOICE = {"ana": 1, "ben": 1}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=str(tmp_path))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(name="spring")


def keeping(settings: Settings) -> Callable[[ForecastRequest, str], ForecastResponse]:
    """Answers, and keeps each forecast in the ledger as the doors do."""
    ask = asking(MEDIANS)

    def keep(request: ForecastRequest, name: str) -> ForecastResponse:
        answer = ask(request)
        entries = entries_of(request, (answer.model, answer.forecasts), (NOW, "test"), None)
        with closing(open_ledger(settings)) as ledger:
            ledger.append(entries)
        named = tuple(
            of.model_copy(update={"forecast_id": entry.entry_id})
            for of, entry in zip(answer.forecasts, entries, strict=True)
        )
        return answer.model_copy(update={"forecasts": named})

    return keep


def frozen_in(settings: Settings, plan: Plan) -> FrozenPlan:
    frozen = freeze(plan, CHOICE, keeping(settings), NOW)
    keep_plan(settings, frozen)
    return frozen


def count(settings: Settings, frozen: FrozenPlan, window: str, views: dict[str, float]) -> None:
    """Put actual views of a window into the ledger."""
    entries = [
        Entry(
            ACTUAL,
            f"actual:{post.forecast_ids[window]}:views",
            {
                "forecast_id": post.forecast_ids[window],
                "target": "views",
                "post_id": f"t:{post.name}",
                "count": views[post.name],
            },
        )
        for post in frozen.posts
        if post.name in views
    ]
    with closing(open_ledger(settings)) as ledger:
        ledger.append(entries)


def test_a_frozen_plan_reads_back_by_id_and_by_name(settings: Settings, plan: Plan) -> None:
    frozen = frozen_in(settings, plan)
    assert find_plan(settings, frozen.plan_id) == frozen
    assert find_plan(settings, "spring") == frozen
    assert [of[0] for of in list_plans(settings)] == [frozen.plan_id]


def test_it_says_which_models_and_data_it_rests_on(settings: Settings, plan: Plan) -> None:
    frozen = frozen_in(settings, plan)
    assert frozen.model.data_version == "posts@1"
    assert frozen.conversions == "prior"
    assert frozen.choice == CHOICE
    assert set(frozen.windows) == {"24 h", "72 h", "7 d", "30 d"}


def test_freezing_twice_keeps_one(settings: Settings, plan: Plan) -> None:
    frozen = frozen_in(settings, plan)
    keep_plan(settings, frozen)
    assert len(list_plans(settings)) == 1


def test_the_database_refuses_to_change_a_frozen_plan(settings: Settings, plan: Plan) -> None:
    frozen_in(settings, plan)
    engine = open_database(database_url(settings))
    with engine.connect() as connection, pytest.raises(Exception, match="neither changed"):
        connection.execute(text("UPDATE plans SET body = '{}'"))
    engine.dispose()


def test_a_plan_changed_behind_the_triggers_is_refused(settings: Settings, plan: Plan) -> None:
    frozen = frozen_in(settings, plan)
    engine = open_database(database_url(settings))
    with engine.connect() as connection, connection.begin():
        connection.execute(text("DROP TRIGGER plans_no_update"))
        connection.execute(text("UPDATE plans SET body = replace(body, 'ana', 'eve')"))
    engine.dispose()
    with pytest.raises(MismatchError, match="changed in the database"):
        find_plan(settings, frozen.plan_id)


def test_an_unknown_plan_is_not_found(settings: Settings) -> None:
    with pytest.raises(NotFoundError):
        find_plan(settings, "autumn")


def test_a_plan_without_posts_is_not_frozen(settings: Settings, plan: Plan) -> None:
    with pytest.raises(InputError):
        freeze(plan, {}, keeping(settings), NOW)


def followed(settings: Settings, frozen: FrozenPlan, at: datetime) -> dict[str, str]:
    with closing(open_ledger(settings)) as ledger:
        made = follow(frozen, ledger, at)
    return {of.window: of.state for of in made.windows if of.target == "views"}


def test_a_window_waits_until_all_its_posts_are_counted(settings: Settings, plan: Plan) -> None:
    frozen = frozen_in(settings, plan)
    count(settings, frozen, "24 h", {"ana": 40_000.0})
    assert followed(settings, frozen, NOW + timedelta(days=2))["24 h"] == "waiting"
    count(settings, frozen, "24 h", {"ben": 20_000.0})
    assert followed(settings, frozen, NOW + timedelta(days=2))["24 h"] == "as expected"


def test_a_total_off_its_forecast_is_told(settings: Settings, plan: Plan) -> None:
    frozen = frozen_in(settings, plan)
    count(settings, frozen, "24 h", {"ana": 10.0, "ben": 10.0})
    count(settings, frozen, "72 h", {"ana": 10.0**7, "ben": 10.0**7})
    states = followed(settings, frozen, NOW + timedelta(days=4))
    assert (states["24 h"], states["72 h"], states["7 d"]) == ("below", "above", "waiting")


def test_a_single_post_off_its_path_is_warned_of(settings: Settings, plan: Plan) -> None:
    frozen = frozen_in(settings, plan)
    count(settings, frozen, "24 h", {"ana": 100.0})
    with closing(open_ledger(settings)) as ledger:
        made = follow(frozen, ledger, NOW + timedelta(days=2))
    assert [of.state for of in made.posts] == ["below"]
    assert made.posts[0].words.startswith("ana: 100 views at 24 h, below its P10")
