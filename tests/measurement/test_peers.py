"""Creators are held against others whose numbers mean the same, and cost what was agreed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from measurement.campaigns import save
from measurement.results import Standing
from measurement.run import measure
from reelcast.campaigns import Deliverable
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign
from tests.support import table_of

NOW = START + 60 * DAY


def post(who: str, day: int = 1, **others: Any) -> Deliverable:
    given = {"fee": 100.0, "promo_code": f"{who.upper()}22", **others}
    return Deliverable(creator_id=who, planned_at=START + day * DAY, **given)


def order(name: str, who: str, **others: Any) -> dict[str, Any]:
    given = {"at": START + 2 * DAY, "type": "purchase", "value": 50.0, **others}
    return {"order_hash": name, "codes": [f"{who.upper()}22"], **given}


def lake_of(folder: Path, **others: Any) -> Lake:
    """A campaign of one creator with an order, and one of five other creators."""
    lake = Lake(folder / "lake")
    save(lake, campaign(post("a")), START - DAY)
    rest = [post(f"p{i}", others.pop("day", 1)) for i in range(5)]
    save(lake, campaign(*rest, campaign_id="other", **others), START - DAY)
    lake.merge("orders", table_of("orders", [order("a", "a"), order("p", "p0", brand="Glow")]))
    return lake


def standing(lake: Lake) -> Standing:
    (made,) = measure(lake, "spring", NOW).standings
    return made


@pytest.mark.parametrize(
    "others", [{"brand": "Glow"}, {"primary": "installs"}, {"currency": "EUR"}]
)
def test_orders_of_another_brand_kind_or_currency_are_no_peers(
    tmp_path: Path, others: dict[str, Any]
) -> None:
    assert standing(lake_of(tmp_path, **others)).peers == 0


def test_posts_whose_window_is_open_are_no_peers(tmp_path: Path) -> None:
    lake = lake_of(tmp_path)
    late = [post(f"p{i}", 90) for i in range(5)]
    save(lake, campaign(*late, campaign_id="later", ends_at=START + 99 * DAY), START - DAY)
    assert standing(lake).peers == 5


def test_a_creator_whose_window_is_open_is_not_judged(tmp_path: Path) -> None:
    lake = lake_of(tmp_path)
    (made,) = measure(lake, "spring", START + 4 * DAY).standings
    assert (made.value, made.percentile) == (None, None)


def test_a_share_of_revenue_is_a_cost(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(post("a", fee=0.0, revenue_share=0.2)), START - DAY)
    lake.merge("orders", table_of("orders", [order("a", "a")]))
    made = measure(lake, "spring", NOW)
    assert made.slice("creator", "a").fee == 10.0
    metrics = made.slice("campaign", "spring").windows[-1].metrics
    assert (metrics["cpa"].value, metrics["roas"].value) == (10.0, 5.0)
