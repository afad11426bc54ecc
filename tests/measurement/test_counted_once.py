"""A post that two deliverables name is one post; ad days go to the campaign they name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from measurement.campaigns import save
from measurement.results import CampaignMeasured
from measurement.run import measure
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.support import table_of

NOW = START + 60 * DAY


def metrics(made: CampaignMeasured) -> dict[str, Any]:
    whole = made.slice("campaign", made.campaign.campaign_id)
    return {of.part: of.metrics for of in whole.windows if of.days == 7}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Post p is slot 1 and by mistake slot 2 of one campaign, and of another campaign too."""
    lake = Lake(tmp_path / "lake")
    first, second, _ = made_links()
    both = [planned(one, 1, post_id="p") for one in (first, second)]
    save(lake, campaign(*both), START - DAY)
    save(lake, campaign(both[0], campaign_id="zeta"), START - DAY)
    seen = {"post_id": "p", "observed_at": START + 8 * DAY, "views": 1000, "reach": 700}
    lake.merge("post_observations", table_of("post_observations", [seen]))
    ad = {"ad_id": "x", "day": (START + 2 * DAY).date(), "post_id": "p", "spend": 30.0}
    lake.merge("ad_days", table_of("ad_days", [{**ad, "impressions": 500}]))
    return lake


def test_its_views_and_spend_count_once_and_it_is_named(lake: Lake) -> None:
    made = measure(lake, "spring", NOW)
    assert metrics(made)["total"]["views"].value == 1000
    assert metrics(made)["paid"]["spend"].value == 30.0
    (said,) = (one for one in made.attribution.noted if one.reason == "post_of_two_slots")
    assert (said.n, "c1_2" in said.said) == (1, True)


def test_a_post_of_two_campaigns_is_in_each(lake: Lake) -> None:
    for name in ("spring", "zeta"):
        assert metrics(measure(lake, name, NOW))["total"]["views"].value == 1000
        assert metrics(measure(lake, name, NOW))["paid"]["spend"].value == 30.0


def test_spend_in_another_currency_is_not_added_and_is_named(lake: Lake) -> None:
    ad = {"ad_id": "y", "day": (START + 3 * DAY).date(), "post_id": "p", "currency": "JPY"}
    lake.merge("ad_days", table_of("ad_days", [{**ad, "spend": 9000.0, "impressions": 100}]))
    made = measure(lake, "spring", NOW)
    assert metrics(made)["paid"]["spend"].value == 30.0
    assert metrics(made)["paid"]["impressions"].value == 600
    assert "ad spend in JPY is not added to USD" in made.notes


def test_reach_of_several_posts_says_that_people_may_count_twice(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first, _, other = made_links()
    save(
        lake,
        campaign(planned(first, 1, post_id="p"), planned(other, 1, post_id="q")),
        START - DAY,
    )
    seen = [
        {"post_id": name, "observed_at": START + 8 * DAY, "views": views, "reach": 700}
        for name, views in (("p", 1000), ("q", None))
    ]
    lake.merge("post_observations", table_of("post_observations", seen))
    found = metrics(measure(lake, "spring", NOW))["total"]
    assert "counts twice" in found["reach"].note
    assert (found["views"].value, found["views"].note) == (1000, "of 1 of 2 posts, others unknown")
