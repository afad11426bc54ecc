"""Where no order has a value, revenue and what is made of it are not known: never zero."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.cli_show_campaign import number
from inference.documents_html import html_of
from inference.report_campaign import campaign_report
from measurement.always_on import always_on
from measurement.campaigns import save
from measurement.joined import joined
from measurement.results import CampaignMeasured
from measurement.run import measure
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.support import table_of

MADE = made_links()
NOW = START + 60 * DAY
CODE, OTHER = MADE[0].promo_code, MADE[2].promo_code
MONEY = ("revenue", "roas", "revenue_per_view", "rpm")


def lake_of(folder: Path, *rows: dict[str, Any], **others: Any) -> Lake:
    lake = Lake(folder / "lake")
    posts = (planned(MADE[0], 1, fee=100.0), planned(MADE[2], 2, fee=50.0))
    save(lake, campaign(*posts, **others), START - DAY)
    known = [
        {"order_hash": f"o{i}", "at": START + 5 * DAY, "type": "purchase", "codes": [CODE], **row}
        for i, row in enumerate(rows)
    ]
    lake.merge("orders", table_of("orders", known))
    return lake


def measured(folder: Path, *rows: dict[str, Any], **others: Any) -> CampaignMeasured:
    return measure(lake_of(folder, *rows, **others), "spring", NOW)


def week_of(made: CampaignMeasured, by: str = "campaign", name: str = "spring") -> dict[str, Any]:
    return made.slice(by, name).windows[2].metrics  # type: ignore[arg-type]


@pytest.fixture
def worthless(tmp_path: Path) -> CampaignMeasured:
    return measured(tmp_path, {"value": None}, {"value": None})


def test_revenue_and_its_ratios_are_not_known_and_say_why(worthless: CampaignMeasured) -> None:
    for name in MONEY:
        of = week_of(worthless)[name]
        assert of.value is None
        assert "no order has a value" in (of.note or "")


def test_a_creator_without_an_order_has_no_known_revenue_either(
    worthless: CampaignMeasured,
) -> None:
    of = week_of(worthless, "creator", "c2")
    assert (of["purchases"].value, of["revenue"].value) == (0.0, None)


def test_every_method_leaves_revenue_unknown(worthless: CampaignMeasured) -> None:
    made = worthless.attribution
    assert made.revenue is None
    counted = made.method("promo_code")
    assert counted.total is not None
    assert (counted.total.orders, counted.total.revenue) == (2.0, None)
    assert [of.revenue for of in (*counted.by_creator, *counted.by_post)] == [None] * 4


def test_the_report_the_table_and_the_command_line_say_not_known(
    worthless: CampaignMeasured, tmp_path: Path
) -> None:
    page = html_of(campaign_report(worthless))
    assert "not known: no order has a value" in page
    assert ">0 USD<" not in page
    assert number(week_of(worthless)["revenue"]) == "not known"
    rows = joined(Lake(tmp_path / "lake"), worthless)
    assert rows["revenue_reconciled"].null_count == rows.num_rows
    assert '"revenue":null' in worthless.attribution.model_dump_json()


def test_months_without_a_value_have_no_known_revenue(tmp_path: Path) -> None:
    made = always_on(lake_of(tmp_path, {"value": None}), "Brindle", NOW)
    assert {(one.revenue, one.revenue_rolling) for one in made.months} == {(None, None)}


def test_the_aov_stands_in_where_orders_have_no_value(tmp_path: Path) -> None:
    of = week_of(measured(tmp_path, {"value": None}, {"value": None}, aov=30.0))
    assert (of["revenue"].value, of["roas"].value) == (60.0, 0.4)


def test_some_values_give_a_sum_that_says_how_many(tmp_path: Path) -> None:
    of = week_of(measured(tmp_path, {"value": 40.0}, {"value": None}))["revenue"]
    assert (of.value, of.note) == (40.0, "1 of 2 orders have a value, others add none")


def test_orders_in_another_currency_alone_leave_revenue_unknown(tmp_path: Path) -> None:
    made = measured(tmp_path, {"value": 40.0, "currency": "EUR"})
    assert week_of(made)["revenue"].value is None
    assert made.attribution.revenue is None


def test_no_order_at_all_is_no_revenue(tmp_path: Path) -> None:
    made = measured(tmp_path)
    assert week_of(made)["revenue"].value == 0.0
    assert made.attribution.revenue == 0.0


def test_a_creator_without_an_order_sold_nothing_where_others_orders_have_values(
    tmp_path: Path,
) -> None:
    made = measured(tmp_path, {"value": 40.0})
    assert week_of(made, "creator", "c2")["revenue"].value == 0.0


def test_an_order_of_free_goods_is_worth_nothing_and_that_is_known(tmp_path: Path) -> None:
    assert week_of(measured(tmp_path, {"value": 0.0}))["revenue"].value == 0.0


def test_shares_of_an_unknown_revenue_are_named(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, {"value": None})
    post = planned(MADE[0], 1, fee=100.0, revenue_share=0.1)
    save(lake, campaign(post, planned(MADE[2], 2, fee=50.0)), START - DAY)
    assert any(
        "shares of revenue are not in the cost" in n for n in measure(lake, "spring", NOW).notes
    )
