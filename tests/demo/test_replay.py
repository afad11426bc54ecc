"""The demo's ledger: forecasts as they would have been made before their posts, and named so."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc
import pytest
from pydantic import SecretStr

from demo.replay import learned_until, posts_by_decision, replay
from inference.ledger import LedgerReport, open_ledger
from inference.ledger_freeze import KIND, REPLAY
from inference.ledger_store import Entry
from inference.predictor import Predictor
from reelcast.settings import LedgerSettings, Settings
from reelcast.simulated import World
from tests.inference.homes import SALT, Home
from tests.support import panel_of


@pytest.fixture(scope="module")
def settings(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The home's, with a ledger of its own."""
    at = tmp_path_factory.mktemp("replay") / "ledger.db"
    return home.settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{at}")})


@pytest.fixture(scope="module")
def told(world: World, predictor: Predictor, settings: Settings) -> LedgerReport:
    return replay(world, predictor, settings, SALT)


@pytest.fixture(scope="module")
def kept(told: LedgerReport, settings: Settings) -> list[Entry]:
    with closing(open_ledger(settings)) as ledger:
        return ledger.read(KIND)


def test_predicted_stands_against_actual_by_tier_and_window(told: LedgerReport) -> None:
    assert {of.target for of in told.slices} == {"views", "likes"}
    assert {of.by for of in told.slices} >= {"all", "tier", "window"}
    assert {of.name for of in told.slices if of.by == "window"} == {"7 d", "30 d"}


def test_intervals_hold_about_as_often_as_promised(told: LedgerReport) -> None:
    views = next(of for of in told.slices if (of.by, of.target) == ("all", "views"))
    assert views.n > 100
    assert 0.65 < views.coverage_80 < 0.95


def test_each_was_made_after_the_models_cut_and_before_its_post(
    kept: list[Entry], predictor: Predictor
) -> None:
    cut = learned_until(predictor)
    for entry in kept:
        made, post = (datetime.fromisoformat(entry.body[at]) for at in ("made_at", "post_at"))
        assert cut <= made < post


def test_each_says_that_it_was_replayed(kept: list[Entry], told: LedgerReport) -> None:
    assert {entry.body["source"] for entry in kept} == {REPLAY}
    assert f"{told.outcomes:,} of {told.outcomes:,} outcomes" in told.notes[0]


def test_what_was_counted_after_the_decision_changes_no_forecast(
    world: World, home: Home, predictor: Predictor, kept: list[Entry], tmp_path: Path
) -> None:
    made_at = next(iter(posts_by_decision(world, learned_until(predictor))))
    known = {
        name: table.filter(pc.less_equal(table["observed_at"], made_at))
        if "observed_at" in table.column_names
        else table
        for name, table in home.tables.items()
    }
    then = Predictor(predictor.bundle, panel_of(known), predictor.settings)
    apart = home.settings.model_copy(
        update={"database_url": SecretStr(f"sqlite:///{tmp_path / 'then.db'}")}
    )
    replay(world, then, apart, SALT)
    with closing(open_ledger(apart)) as ledger:
        of_then = [entry.entry_id for entry in ledger.read(KIND) if _made(entry) == made_at]
    assert of_then == [entry.entry_id for entry in kept if _made(entry) == made_at]
    assert of_then


def _made(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.body["made_at"])


def test_a_second_time_adds_nothing(
    world: World, predictor: Predictor, settings: Settings, told: LedgerReport
) -> None:
    again = replay(world, predictor, settings, SALT)
    assert (again.forecasts, again.outcomes) == (told.forecasts, told.outcomes)
    assert again.newly_joined == 0


def test_where_the_ledger_is_off_nothing_is_kept(
    world: World, predictor: Predictor, home: Home, tmp_path: Path
) -> None:
    off = home.settings.model_copy(
        update={
            "ledger": LedgerSettings(enabled=False),
            "database_url": SecretStr(f"sqlite:///{tmp_path / 'off.db'}"),
        }
    )
    assert replay(world, predictor, off, SALT).forecasts == 0
