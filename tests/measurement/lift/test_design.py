"""A design says which test to run and how long; simulated tests bear it out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cli import app
from measurement.lift.design import Wanted, plan_arms, plan_regions
from measurement.lift.history import read_history
from measurement.lift.holdout import shares_lift
from measurement.lift.plan import Asked, plans
from measurement.lift.said import regions_words
from reelcast.errors import FormatError, InputError, NotEnoughDataError
from tests.measurement.lift.worlds import panel


def test_two_arms_planned_for_80_find_the_lift_in_80_of_100() -> None:
    plan = plan_arms(0.05, Wanted(0.2, 0.8))
    rng = np.random.default_rng(1)
    found = [
        shares_lift(
            (int(rng.binomial(plan.exposed, 0.06)), plan.exposed),
            (int(rng.binomial(plan.control, 0.05)), plan.control),
        ).low
        > 0
        for _ in range(400)
    ]
    assert np.mean(found) == pytest.approx(0.8, abs=0.06)


def test_days_follow_from_the_people_of_a_day() -> None:
    assert plan_arms(0.05, Wanted(0.2), people_a_day=1000).days == 17


@pytest.fixture(scope="module")
def history() -> np.ndarray:
    return panel(9).outcome


def test_a_plan_of_regions_names_the_shortest_test_that_is_strong_enough(history) -> None:
    first, *others = plan_regions(history, Wanted(0.25, 0.7), draws=20)
    assert first.power >= 0.7
    assert all(one.days >= first.days for one in others if one.power >= 0.7)
    assert "Expose" in regions_words(first, Wanted(0.25, 0.7))


def test_where_no_test_is_strong_enough_it_is_said(history) -> None:
    wanted = Wanted(0.005, 0.9)
    first = plan_regions(history, wanted, draws=20)[0]
    assert regions_words(first, wanted).startswith("No test of your regions reaches 90%")


def test_a_larger_lift_is_found_at_least_as_often(history) -> None:
    small, large = (plan_regions(history, Wanted(lift), draws=20) for lift in (0.05, 0.2))
    power = {(p.exposed, p.days): p.power for p in small}
    assert all(p.power >= power[p.exposed, p.days] for p in large)


def test_a_history_of_a_few_days_is_refused() -> None:
    with pytest.raises(NotEnoughDataError, match="35 days"):
        plan_regions(np.ones((20, 10)), Wanted())


def test_nothing_to_plan_from_is_refused() -> None:
    with pytest.raises(InputError, match="give a rate"):
        plans(Asked(Wanted()))


@pytest.mark.parametrize("wanted", [(0.0, 0.8), (0.1, 1.0)])
def test_an_impossible_wish_is_refused(wanted: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="above 0"):
        Wanted(*wanted)


def written(folder: Path, *rows: str) -> Path:
    path = folder / "history.csv"
    path.write_text("\n".join(["unit,day,outcome", *rows]) + "\n")
    return path


def test_a_day_that_is_not_named_counts_as_nothing_sold(tmp_path: Path) -> None:
    made = read_history(written(tmp_path, "a,2026-01-01,5", "a,2026-01-03,7", "b,2026-01-02,1"))
    assert made.tolist() == [[5, 0], [0, 1], [7, 0]]


def test_a_day_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unit a has a day twice"):
        read_history(written(tmp_path, "a,2026-01-01,5", "a,2026-01-01,7"))


def test_a_day_that_is_no_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no table of unit, day"):
        read_history(written(tmp_path, "a,soon,5"))


def test_the_command_says_how_many_people_and_days() -> None:
    made = CliRunner().invoke(
        app, ["design", "--rate", "0.02", "--lift", "0.1", "--people-a-day", "8000"]
    )
    assert made.exit_code == 0
    assert "Hold out 80,679 people by lot" in made.stdout
    assert "21 days" in made.stdout


def test_the_command_lift_asks_for_holdouts_where_there_are_none(tmp_path: Path) -> None:
    made = CliRunner().invoke(app, ["lift", "--home", str(tmp_path)])
    assert isinstance(made.exception, InputError)
