"""Attribution over the lake holds the truth, and names every order that is not as it should be."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from measurement.attribute import attribute
from measurement.attribution import daily
from measurement.attribution.holdout import broken, lift_of, read_tests, two_arms
from measurement.attribution.lag import lag_curve
from measurement.campaigns import save
from measurement.lift.holdout import shares_lift
from measurement.results import Attribution
from reelcast.errors import NotEnoughDataError, NotFoundError
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.measurement.conftest import SoldLake
from tests.support import table_of

MADE = made_links()
NOW = START + 60 * DAY


@pytest.fixture(scope="module")
def made(spring: SoldLake) -> Attribution:
    return attribute(spring.lake, "spring", spring.now)


def small(folder: Path, *rows: dict[str, Any], **others: Any) -> Attribution:
    """Attribution of a campaign with these orders alone."""
    lake = Lake(folder / "lake")
    of = campaign(planned(MADE[0], 1), planned(MADE[1], 4), planned(MADE[2], 2), **others)
    save(lake, of, START - DAY)
    known = [
        {"order_hash": f"o{i}", "at": START + 5 * DAY, "type": "purchase", "value": 10.0, **row}
        for i, row in enumerate(rows)
    ]
    lake.merge("orders", table_of("orders", known))
    return attribute(lake, "spring", NOW)


def reasons(made: Attribution) -> dict[str, int]:
    return {one.reason: one.n for one in made.noted}


def test_the_range_holds_what_the_posts_truly_brought(made: Attribution, spring: SoldLake) -> None:
    whole = made.ranges[-1]
    assert whole.creator_id is None
    assert whole.low is not None
    assert whole.ceiling is not None
    assert whole.floor <= whole.low < spring.sold.total < whole.ceiling


def test_spike_and_survey_come_near_the_truth(made: Attribution, spring: SoldLake) -> None:
    for name in ("spike", "survey"):
        total = made.method(name).total  # type: ignore[arg-type]
        assert total is not None
        assert total.orders == pytest.approx(spring.sold.total, rel=0.15)


def test_links_and_codes_alone_say_at_least(made: Attribution, spring: SoldLake) -> None:
    for name in ("last_click", "promo_code", "reconciled"):
        result = made.method(name)  # type: ignore[arg-type]
        assert result.at_least
        assert "at least" in result.words
        assert result.total is not None
        assert result.total.orders < spring.sold.total


def test_credits_sum_to_the_orders(made: Attribution) -> None:
    assert made.to_this_campaign + made.to_other_campaigns + made.to_nobody == made.orders


def test_posts_and_creators_sum_to_the_total(made: Attribution) -> None:
    for result in made.methods:
        if result.total is not None and result.by_creator and result.method != "combined":
            assert sum(e.orders for e in result.by_creator) == pytest.approx(result.total.orders)
        if result.by_post and result.total is not None:
            assert sum(e.orders for e in result.by_post) == pytest.approx(result.total.orders)


def test_a_method_without_data_says_why(made: Attribution) -> None:
    holdout = made.method("holdout")
    assert holdout.total is None
    assert holdout.refused == "no test is imported for this campaign"


def test_the_lag_curve_rises_to_all_credited_orders(made: Attribution) -> None:
    assert made.lag.n == made.to_this_campaign
    assert list(made.lag.share) == sorted(made.lag.share)
    assert made.lag.share[-1] == 1.0


def test_the_same_lake_gives_the_same_attribution(made: Attribution, spring: SoldLake) -> None:
    again = attribute(spring.lake, "spring", spring.now)
    assert again.model_dump_json() == made.model_dump_json()


def test_an_unknown_campaign_is_refused(spring: SoldLake) -> None:
    with pytest.raises(NotFoundError, match="spring"):
        attribute(spring.lake, "autumn", spring.now)


def test_every_odd_order_is_counted_and_named(tmp_path: Path) -> None:
    code, other = MADE[0].promo_code, MADE[2].promo_code
    link = {"utm_campaign": "spring", "utm_content": "c2_1"}
    made = small(
        tmp_path,
        {"at": None, "codes": [code]},
        {"currency": "EUR", "codes": [code]},
        {"refund": 25.0},
        {"value": None},
        {"is_cancelled": True, "codes": [code]},
        {"codes": [code, other]},
        {"at": START + 20 * DAY, **link},
        {"at": START + 2 * DAY - timedelta(hours=2), **link},
    )
    assert reasons(made) == {
        "cancelled": 1,
        "order_without_time": 1,
        "second_currency": 1,
        "refund_above_order": 1,
        "order_without_value": 1,
        "several_codes": 1,
        "after_window": 1,
        "before_post": 1,
    }
    said = {one.reason: one.said for one in made.noted}
    assert "1 of them with a link or code" in said["order_without_time"]
    assert "EUR" in said["second_currency"]
    assert "15.00" in said["refund_above_order"]
    assert "; 1 of them by less than 14 hours" in said["before_post"]


def test_an_order_in_another_currency_counts_without_its_amount(tmp_path: Path) -> None:
    made = small(tmp_path, {"currency": "EUR", "codes": [MADE[0].promo_code]})
    total = made.method("promo_code").total
    assert total is not None
    assert (total.orders, total.revenue) == (1.0, None)


def test_a_code_of_two_creators_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    code = MADE[0].promo_code
    save(lake, campaign(planned(MADE[0], 1), planned(MADE[2], 1, promo_code=code)), START - DAY)
    row = {"order_hash": "o", "at": START + 3 * DAY, "type": "purchase", "codes": [code]}
    lake.merge("orders", table_of("orders", [row]))
    made = attribute(lake, "spring", NOW)
    assert reasons(made)["code_of_two_creators"] == 1
    assert made.to_nobody == 1


def test_a_link_of_two_campaigns_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    bare = MADE[0].link.replace("&utm_campaign=spring", "")
    for name in ("spring", "summer"):
        save(lake, campaign(planned(MADE[0], 1, link=bare), campaign_id=name), START - DAY)
    row = {
        "order_hash": "o",
        "at": START + 3 * DAY,
        "type": "purchase",
        "utm_content": "c1_1",
    }
    lake.merge("orders", table_of("orders", [row]))
    made = attribute(lake, "spring", NOW)
    assert reasons(made)["link_of_two_campaigns"] == 1
    assert made.to_nobody == 1


def test_an_order_of_another_campaigns_link_is_that_campaigns(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(MADE[0], 1)), START - DAY)
    link = MADE[2].link.replace("spring", "summer")
    other = campaign(planned(MADE[2], 1, link=link), campaign_id="summer")
    save(lake, other, START - DAY)
    row = {"order_hash": "o", "at": START + 3 * DAY, "type": "purchase", "utm_content": "c2_1"}
    lake.merge("orders", table_of("orders", [row]))
    made = attribute(lake, "spring", NOW)
    assert (made.to_this_campaign, made.to_other_campaigns, made.to_nobody) == (0, 1, 0)


def test_a_deliverable_without_a_time_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    timeless = planned(MADE[0], 1).model_copy(update={"planned_at": None})
    save(lake, campaign(timeless, planned(MADE[2], 2)), START - DAY)
    assert reasons(attribute(lake, "spring", NOW))["slot_without_time"] == 1


def test_leads_count_for_a_campaign_of_leads(tmp_path: Path) -> None:
    made = small(tmp_path, {"type": "lead"}, {"type": "purchase"}, primary="leads")
    assert made.orders == 1
    assert "lead" in made.conversions


def test_without_orders_there_is_nothing_and_no_crash(tmp_path: Path) -> None:
    made = small(tmp_path)
    assert (made.orders, made.ranges[-1].floor, made.ranges[-1].best) == (0, 0.0, None)
    assert made.lag.median_days is None


def test_before_the_first_post_nothing_is_credited_and_nothing_crashes(spring: SoldLake) -> None:
    early = attribute(spring.lake, "spring", spring.sold.campaign.starts_at - 2 * DAY)
    assert early.method("spike").refused is not None


def test_a_campaign_without_posts_has_no_orders(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(), START - DAY)
    row = {"order_hash": "o", "at": START + 3 * DAY, "type": "purchase", "value": 1.0}
    lake.merge("orders", table_of("orders", [row]))
    made = attribute(lake, "spring", NOW)
    assert (made.orders, made.scope_from) == (0, None)


def test_an_order_of_a_wrong_clock_moves_no_baseline(spring: SoldLake) -> None:
    numbers = np.array([0, *range(20_000, 20_080)])
    first = START.replace(year=2024, month=11, day=25)
    span = daily.span_of(numbers, first, first + 9 * DAY, first + 9 * DAY, UTC)
    assert span.start == 20_001


def holdout_rows(lift: float, n_units: int = 24, before: int = 40) -> list[dict[str, Any]]:
    rng = np.random.default_rng(5)
    rows = []
    for unit in range(n_units):
        for day in range(before + 20):
            exposed = unit < 4 and day >= before
            usual = 60.0 * (1 + lift * exposed)
            rows.append(
                {
                    "test_id": "t",
                    "unit": f"u{unit:02d}",
                    "day": date(2026, 1, 1) + timedelta(days=day),
                    "is_exposed": exposed,
                    "outcome": float(rng.poisson(usual)),
                    "people": 1000,
                    "campaign_id": "spring",
                }
            )
    return rows


def test_a_holdout_finds_what_exposure_brought() -> None:
    (test,) = read_tests(table_of("holdouts", holdout_rows(0.3)))
    found = lift_of(test)
    truth = 0.3 * 60 * 4 * 20
    assert found.method == "synthetic control"
    assert abs(found.orders - truth) < 2.5 * found.error


def test_where_placebos_look_like_lifts_people_are_compared() -> None:
    (test,) = read_tests(table_of("holdouts", holdout_rows(0.3, n_units=16)))
    assert lift_of(test).method == "two arms"


def test_a_holdout_enters_the_combination(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(MADE[0], 1)), START - DAY)
    lake.merge("holdouts", table_of("holdouts", holdout_rows(0.3)))
    rows = [
        {
            "order_hash": f"o{i}",
            "at": START + 2 * DAY,
            "type": "purchase",
            "codes": [MADE[0].promo_code],
        }
        for i in range(900)
    ]
    lake.merge("orders", table_of("orders", rows))
    made = attribute(lake, "spring", NOW)
    best = made.method("combined")
    assert "holdout" in best.words
    assert best.total is not None
    assert best.total.orders > 900


def test_two_arms_without_days_before_compare_people() -> None:
    rows = [row for row in holdout_rows(0.3, before=0) if row["unit"] in ("u00", "u05")]
    (test,) = read_tests(table_of("holdouts", rows))
    found = lift_of(test)
    assert found.method == "two arms"
    assert found.orders == pytest.approx(0.3 * 60 * 20, rel=0.35)


def audiences(bought: tuple[int, int], people: int = 10_000) -> list[dict[str, Any]]:
    """One exposed and one held-out audience, drawn by person, on one day."""
    return [
        {"test_id": "lot", "unit": unit, "day": START.date(), "is_exposed": unit == "seen",
         "outcome": float(n), "people": people, "campaign_id": "spring"}
        for unit, n in zip(("seen", "held"), bought, strict=True)
    ]  # fmt: skip


def test_people_drawn_by_lot_are_judged_as_a_lift_is() -> None:
    (test,) = read_tests(table_of("holdouts", audiences((600, 500))))
    found, same = lift_of(test), shares_lift((600, 10_000), (500, 10_000))
    assert found.orders == pytest.approx(100.0)
    assert found.error == pytest.approx((same.high - same.low) * 500 / 2 / 1.95996, rel=1e-4)
    assert "10,000 people against 10,000 held out" in found.said


def test_the_error_of_people_drawn_by_lot_is_that_of_many_lots() -> None:
    rng = np.random.default_rng(4)
    lots = rng.binomial(10_000, [0.06, 0.05], (400, 2))
    tests = [read_tests(table_of("holdouts", audiences(tuple(lot))))[0] for lot in lots[:20]]
    errors = [lift_of(test).error for test in tests]
    assert np.mean(errors) == pytest.approx((lots[:, 0] - lots[:, 1]).std(), rel=0.12)


def test_orders_beyond_people_are_counts_and_no_shares() -> None:
    (test,) = read_tests(table_of("holdouts", audiences((600, 500), people=400)))
    assert "per person" in lift_of(test).said


def test_two_arms_err_by_how_units_differ() -> None:
    exposed = (np.array([10.0, 40.0, 70.0]), np.full(3, 100.0))
    lift, error = two_arms(exposed, (np.array([20.0, 20.0, 20.0]), np.full(3, 100.0)))
    assert lift == 60.0
    assert error > np.sqrt(120 + 60)


def test_a_holdout_that_was_not_held_is_named() -> None:
    rows = holdout_rows(0.0)
    for row in rows:
        if row["unit"] == "u10" and row["day"] == date(2026, 2, 15):
            row["is_exposed"] = True
    (test,) = read_tests(table_of("holdouts", rows))
    assert broken(test) == ["u10: exposure was switched on and off again"]


def test_a_test_without_a_held_out_unit_is_refused() -> None:
    rows = [row for row in holdout_rows(0.0) if row["unit"] < "u04"]
    (test,) = read_tests(table_of("holdouts", rows))
    with pytest.raises(NotEnoughDataError, match="no held-out"):
        lift_of(test)


def test_days_of_an_unknown_country_have_no_holidays() -> None:
    assert daily.holidays_of("XX", [2026]) is None
    assert daily.holidays_of(None, [2026]) == frozenset()


def test_promotions_are_not_used_and_holidays_move_the_baseline() -> None:
    span = range(20_000, 20_060)
    numbers = np.repeat(np.arange(20_000, 20_060), 3)
    marked = daily.EPOCH + timedelta(days=20_010)
    calendar = daily.Calendar(frozenset([marked]), frozenset([marked + DAY]))
    days = daily.days_of(numbers, span, calendar, {})
    assert days.regressors.shape == (60, 1)
    assert np.flatnonzero(days.regressors[:, 0]).tolist() == [10]
    assert np.flatnonzero(~days.use).tolist() == [11]
    assert (days.outcome == 3).all()


def test_views_of_other_accounts_move_the_baseline_in_logs() -> None:
    span = range(20_000, 20_003)
    first = daily.EPOCH + timedelta(days=20_000)
    days = daily.days_of(
        np.array([20_000]),
        span,
        daily.Calendar(frozenset(), frozenset()),
        {first: 99.0, first + DAY: 9.0},
    )
    assert days.regressors[:, 0] == pytest.approx(np.log([100, 10, np.sqrt(1000)]))


def test_a_day_on_which_a_shops_own_code_is_everywhere_is_suspected() -> None:
    numbers = np.repeat(np.arange(20_000, 20_020), 30)
    coded = (numbers == 20_007) | (np.arange(600) % 30 == 0)
    found = daily.suspected_promotions(numbers, coded)
    assert found == [daily.EPOCH + timedelta(days=20_007)]


def test_a_promotion_that_nobody_named_is_noted(tmp_path: Path) -> None:
    rows = [
        {"at": START + (day - 40) * DAY, "codes": ["FLASH"] if day == 20 else []}
        for day in range(60)
        for _ in range(12)
    ]
    made = small(tmp_path, *rows)
    assert reasons(made)["suspected_promotion"] == 1


def test_a_lag_curve_of_nothing_is_flat() -> None:
    assert lag_curve(np.empty(0), 3).tolist() == [0.0, 0.0, 0.0]


def test_survey_answers_without_an_order_are_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1)), START - DAY)
    rows = [
        {"response_id": f"r{day}", "at": START + day * DAY, "answer": "creator"}
        for day in (2, 3, 50)
    ]
    lake.merge("survey_responses", table_of("survey_responses", rows))
    noted = {one.reason: one.n for one in attribute(lake, "spring", START + 60 * DAY).noted}
    assert noted["answer_without_order"] == 2
