"""A brand's months: what each creator brought, engagement and followers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from measurement.always_on import always_on
from measurement.attribute import attribute
from measurement.campaigns import save
from reelcast.errors import NotFoundError
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.measurement.conftest import SoldLake
from tests.support import table_of

BRAND = "Brindle & Fen"


def test_months_sum_to_what_was_credited(spring: SoldLake) -> None:
    made = always_on(spring.lake, BRAND, spring.now)
    whole = [one for one in made.months if one.creator_id is None]
    assert len(whole) == 12
    credited = attribute(spring.lake, "spring", spring.now).to_this_campaign
    assert sum(one.orders for one in whole) == credited
    each = [one for one in made.months if one.creator_id is not None]
    assert sum(one.revenue for one in each) == pytest.approx(sum(one.revenue for one in whole))


def test_a_month_has_engagement_of_its_posts_and_a_rolling_mean(spring: SoldLake) -> None:
    made = always_on(spring.lake, BRAND, spring.now)
    march = next(
        one for one in made.months if (one.month, one.creator_id) == (date(2026, 3, 1), None)
    )
    assert march.posts == 10
    assert march.engagement_rate is not None
    assert march.engagement_rate.low is not None
    assert march.engagement_rate.method == "jackknife over creators"
    assert march.revenue_rolling == pytest.approx(march.revenue / 3)
    assert [one.is_complete for one in made.months[-2:]] == [True, False]


def test_followers_of_creators_and_of_the_brand_are_apart(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1)), START - DAY)
    rows = [
        {"creator_id": who, "observed_at": START + n * DAY, "followers": 1000 + n * a_day}
        for who, a_day in (("c1", 10), ("brand", 2), ("scraped", 500))
        for n in (-40, 0, 40)
    ]
    lake.merge("creator_observations", table_of("creator_observations", rows))
    own = {"creator_id": "brand", "day": START.date(), "views": 10}
    lake.merge("creator_days", table_of("creator_days", [own]))
    made = always_on(lake, "Brindle", START + 40 * DAY)
    march = {one.creator_id: one for one in made.months if one.month == date(2026, 3, 1)}
    assert (march["c1"].net_followers, march[None].net_followers) == (310, 62)
    assert march["c1"].engagement_rate is None


def test_an_unknown_brand_says_which_there_are(spring: SoldLake) -> None:
    with pytest.raises(NotFoundError, match="Brindle & Fen"):
        always_on(spring.lake, "Other", spring.now)


def test_a_post_of_two_campaigns_is_one_post_of_the_month(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    one = planned(made_links()[0], 1, post_id="p")
    for name in ("spring", "again"):
        save(lake, campaign(one, campaign_id=name), START - DAY)
    seen = {"post_id": "p", "observed_at": START + 8 * DAY, "views": 1000}
    lake.merge("post_observations", table_of("post_observations", [seen]))
    months = always_on(lake, "Brindle", START + 40 * DAY).months
    march = next(of for of in months if of.month == date(2026, 3, 1) and of.creator_id is None)
    assert (march.posts, march.views) == (1, 1000)


def test_a_post_whose_likes_are_unknown_has_no_engagement(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1, post_id="p")), START - DAY)
    seen = {"post_id": "p", "observed_at": START + 8 * DAY, "views": 1000, "comments": 5}
    lake.merge("post_observations", table_of("post_observations", [seen]))
    months = always_on(lake, " brindle", START + 40 * DAY).months
    march = next(of for of in months if of.month == date(2026, 3, 1) and of.creator_id is None)
    assert (march.views, march.engagement_rate) == (1000, None)


def test_an_order_of_a_month_to_come_is_in_no_month(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    one = made_links()[0]
    save(lake, campaign(planned(one, 1), window_days=30), START - DAY)
    row = {"order_hash": "a", "at": START + 30 * DAY, "type": "purchase"}
    lake.merge("orders", table_of("orders", [{**row, "codes": [one.promo_code]}]))
    months = always_on(lake, "Brindle", START + 5 * DAY).months
    assert sum(of.orders for of in months) == 0


def test_what_is_no_purchase_or_worth_nothing_is_said(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    one = made_links()[0]
    save(lake, campaign(planned(one, 1)), START - DAY)
    row = {"at": START + 2 * DAY, "codes": [one.promo_code]}
    kinds = (("a", "purchase"), ("b", "lead"))
    orders = [{**row, "order_hash": name, "type": kind} for name, kind in kinds]
    lake.merge("orders", table_of("orders", orders))
    notes = "; ".join(always_on(lake, "Brindle", START + 40 * DAY).notes)
    assert "1 of the purchases have no value" in notes
    assert "1 leads" in notes
