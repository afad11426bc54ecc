"""Posts of people whom nobody pays are counted where they are imported, else said to be unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inference.documents_html import html_of
from inference.report_campaign import campaign_report
from measurement.campaigns import save
from measurement.measured import Measured
from measurement.results import CampaignMeasured
from measurement.run import measure
from reelcast.store import Lake
from tests.measurement.campaigns import DAY, START, campaign, made_links, planned
from tests.support import table_of

NOW = START + 60 * DAY


def measured(folder: Path, *posts: dict[str, Any], **others: Any) -> CampaignMeasured:
    """A campaign of c1 from day 1 to 8, with these posts in the lake."""
    lake = Lake(folder / "lake")
    save(lake, campaign(planned(made_links()[0], 1), **others), START - DAY)
    rows = [
        {"post_id": f"t:{i}", "creator_id": f"fan{i}", "published_at": START + 3 * DAY,
         "hashtags": ["Brindle"], **post}
        for i, post in enumerate(posts)
    ]  # fmt: skip
    lake.merge("posts", table_of("posts", rows))
    lake.merge("creator_days", table_of("creator_days", [{"creator_id": "b", "day": START.date()}]))
    return measure(lake, "spring", NOW)


def volume_of(made: CampaignMeasured, name: str = "ugc_volume") -> Measured:
    return made.slice("campaign", "spring").windows[2].metrics[name]


def test_posts_under_the_brands_hashtag_are_counted(tmp_path: Path) -> None:
    fan = {"creator_id": "fan0"}
    of = volume_of(measured(tmp_path, fan, fan, {"hashtags": ["#BRINDLE"]}))
    assert (of.value, of.n, of.basis) == (3.0, 2, "counted")
    assert "at least" in (of.note or "")


def test_paid_people_the_brand_other_days_and_other_tags_are_not(tmp_path: Path) -> None:
    out = measured(
        tmp_path,
        {"creator_id": "c1"},
        {"creator_id": "b"},
        {"is_sponsored": True},
        {"published_at": START},
        {"published_at": START + 9 * DAY},
        {"published_at": None},
        {"hashtags": ["brindled"]},
        {"hashtags": None},
        {},
    )
    assert volume_of(out).value == 1.0


def test_a_post_that_names_the_campaign_needs_no_hashtag(tmp_path: Path) -> None:
    of = volume_of(measured(tmp_path, {"hashtags": None, "campaign_id": "spring"}))
    assert of.value == 1.0


def test_without_such_a_post_it_is_unknown_and_the_report_says_what_it_needs(
    tmp_path: Path,
) -> None:
    made = measured(tmp_path, brand="Brindle & Fen", primary="engagement", secondary="reach")
    of = volume_of(made)
    assert of.value is None
    assert "#brindleandfen or #brindlefen" in (of.note or "")
    page = html_of(campaign_report(made))
    assert "not known: needs posts of unpaid people" in page
    assert "not known: needs reach as the platform counts it and the share" in page


def test_qualified_reach_does_not_ask_for_what_is_counted(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1, post_id="t:1")), START - DAY)
    post = {"post_id": "t:1", "creator_id": "c1", "published_at": START + DAY}
    lake.merge("posts", table_of("posts", [post]))
    seen = {"post_id": "t:1", "observed_at": START + 8 * DAY, "views": 900, "reach": 700}
    lake.merge("post_observations", table_of("post_observations", [seen]))
    of = volume_of(measure(lake, "spring", NOW), "qualified_reach")
    assert of.value is None
    assert (of.note or "").startswith("needs the share of the people reached")
