"""A lake of several brands: each campaign is held against its own brand's orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest import ImportOptions, import_file
from measurement.attribute import attribute
from measurement.campaigns import save
from measurement.orders import orders_of
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.support import table_of

CODE = made_links()[0].promo_code
SHOP = (
    "Name,Email,Financial Status,Total,Created at,Lineitem name\n"
    "#1001,a@made.example,paid,40.00,2026-09-01 10:00:00 +0000,Serum\n"
)


def order(name: str, brand: str | None, **more: Any) -> dict[str, Any]:
    return {
        "order_hash": name, "brand": brand, "at": START + 5 * DAY, "type": "purchase",
        "value": 10.0, **more,
    }  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    one = made_links()[0]
    save(lake, campaign(planned(one, 1), brand="Brindle"), START - DAY)
    save(lake, campaign(planned(one, 2), campaign_id="other", brand="Glow"), START - DAY)
    orders = [order("a", " brindle"), order("b", "Glow"), order("c", None)]
    orders.append(order("d", "Brindle", codes=[CODE]))
    lake.merge("orders", table_of("orders", orders))
    return lake


def test_orders_of_a_brand_are_its_own_and_those_of_no_named_brand(lake: Lake) -> None:
    assert sorted(orders_of(lake, "Brindle")["order_hash"].to_pylist()) == ["a", "c", "d"]


def test_another_brands_orders_are_not_the_campaigns(lake: Lake) -> None:
    assert attribute(lake, "other", START + 60 * DAY).orders == 2


def test_a_code_that_a_creator_has_of_two_brands_is_each_brands_own(lake: Lake) -> None:
    assert attribute(lake, "spring", START + 60 * DAY).to_this_campaign == 1


def test_two_shops_may_number_their_orders_alike(tmp_path: Path) -> None:
    lake, file = Lake(tmp_path / "lake"), tmp_path / "orders.csv"
    for brand in ("Brindle", "Glow"):
        file.write_text(SHOP)
        import_file(file, lake, ImportOptions(salt="s", brand=brand))
    rows = lake.read("orders").to_pylist()
    assert sorted(row["brand"] for row in rows) == ["Brindle", "Glow"]
    assert len({row["customer_hash"] for row in rows}) == 2
