"""A campaign measured over the lake: reviews, parts, targets, peers, timeline."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from measurement.campaigns import save
from measurement.measured import Measured
from measurement.metrics import METRICS
from measurement.money import Ratio
from measurement.opinions import growth, lifts, sentiment
from measurement.peers import Judged, standings
from measurement.results import CampaignMeasured
from measurement.run import measure
from reelcast.simulated_sales import SalesSettings
from reelcast.store import Lake
from tests.docs.pages import table_rows, text_of
from tests.measurement.campaigns import DAY, campaign, made_links, planned
from tests.measurement.conftest import NOW, START, SoldLake, sold_lake
from tests.support import table_of


@pytest.fixture(scope="module")
def made(spring: SoldLake) -> CampaignMeasured:
    return measure(spring.lake, "spring", spring.now)


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> CampaignMeasured:
    settings = SalesSettings(paid_share=0.5, type="spark_ads", n_creators=3, seed=3)
    at = sold_lake(tmp_path_factory.mktemp("paid") / "lake", settings)
    return measure(at.lake, "spring", at.now)


def test_each_review_has_its_snapshot(made: CampaignMeasured) -> None:
    whole = made.slice("campaign", "spring")
    assert [one.window for one in whole.windows] == ["24 h", "72 h", "7 d", "30 d"]
    views = [one.metrics["views"].value or 0.0 for one in whole.windows]
    assert views == sorted(views)


def test_creators_sum_to_the_campaign(made: CampaignMeasured) -> None:
    whole = made.slice("campaign", "spring").windows[2].metrics
    parts = [one.windows[2].metrics for one in made.slices if one.by == "creator"]
    for name in ("views", "clicks", "purchases", "revenue"):
        assert sum(of[name].value or 0 for of in parts) == pytest.approx(whole[name].value)


def test_purchases_of_the_window_are_the_reconciled_orders(made: CampaignMeasured) -> None:
    purchases = made.slice("campaign", "spring").windows[2].metrics["purchases"]
    assert purchases.value == made.attribution.to_this_campaign
    assert "at least" in (purchases.source or "")


def test_orders_follow_the_method_agreed_and_say_so(paid: CampaignMeasured) -> None:
    assert paid.campaign.attribution == "last_click"
    purchases = paid.slice("campaign", "spring").windows[0].metrics["purchases"]
    assert "last click" in (purchases.source or "")
    total = paid.attribution.method("last_click").total
    assert total is not None
    assert sum(day.credited for day in paid.timeline) == total.orders


def test_every_rate_says_its_denominator_window_and_basis(made: CampaignMeasured) -> None:
    for window in made.slice("campaign", "spring").windows:
        for one in window.metrics.values():
            assert one.basis
            if one.unit == "share":
                assert one.denominator
                assert one.window
                assert one.low is not None


def test_without_ads_nothing_is_called_paid(made: CampaignMeasured) -> None:
    assert {one.part for one in made.slice("campaign", "spring").windows} == {"total"}


def test_paid_and_organic_are_apart(paid: CampaignMeasured) -> None:
    of = {
        one.part: one.metrics for one in paid.slice("campaign", "spring").windows if one.days == 7
    }
    assert set(of) == {"total", "organic", "paid"}
    both = (of["organic"]["views"].value or 0) + (of["paid"]["views"].value or 0)
    assert both == of["total"]["views"].value
    assert {"impressions", "ctr", "cpm", "cpc", "spend"} <= set(of["paid"])
    assert of["paid"]["ctr"].value == pytest.approx(0.011, rel=0.2)


def test_money_ratios_draw_creators_for_posts_of_one_are_alike(made: CampaignMeasured) -> None:
    whole = made.slice("campaign", "spring").windows[2].metrics["cpv"]
    assert (whole.n, whole.low is not None) == (5, True)
    one = next(of for of in made.slices if of.by == "creator").windows[2].metrics["cpv"]
    assert (one.n, one.low) == (2, None)


def test_the_primary_objective_goes_first(paid: CampaignMeasured) -> None:
    assert [one.rank for one in paid.objectives] == ["primary"]
    assert "ctr_of_views" in paid.objectives[0].metrics


def test_the_timeline_counts_every_credited_order(made: CampaignMeasured) -> None:
    assert sum(day.credited for day in made.timeline) == made.attribution.to_this_campaign
    assert sum(len(day.posts) for day in made.timeline) == 10


def test_the_timeline_has_clicks_of_links_that_name_the_campaign_otherwise(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    link = "https://shop.example/?utm_campaign=spring-sale&utm_content=c1_1"
    save(lake, campaign(planned(made_links()[0], 1, link=link)), START - DAY)
    utm = {"utm_source": "t", "utm_medium": "i", "utm_content": "c1_1", "landing_page": ""}
    row = {"day": (START + 2 * DAY).date(), **utm, "utm_campaign": "Spring-Sale", "clicks": 40}
    lake.merge("touches", table_of("touches", [row]))
    assert sum(day.clicks for day in measure(lake, "spring", NOW).timeline) == 40


def test_incremental_orders_have_an_interval_and_a_return(made: CampaignMeasured) -> None:
    metrics = made.slice("campaign", "spring").windows[2].metrics
    assert metrics["incremental_orders"].low is not None
    assert metrics["iroas"].low is not None
    assert metrics["incremental_orders"].value == made.attribution.ranges[-1].best


def test_a_campaign_that_runs_says_so_far(spring: SoldLake) -> None:
    early = measure(spring.lake, "spring", START + 12 * DAY)
    assert any("so far" in note for note in early.notes)
    last = early.slice("campaign", "spring").windows[-1]
    assert last.reached < last.posts


def test_what_is_measured_survives_json(made: CampaignMeasured) -> None:
    assert CampaignMeasured.model_validate_json(made.model_dump_json()) == made


def test_targets_are_held_against_what_came(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    targets = {"orders": 2.0, "cpa": 50.0, "happiness": 1.0}
    of = campaign(planned(made_links()[0], 1, fee=60.0), targets=targets)
    save(lake, of, START - DAY)
    code = made_links()[0].promo_code
    row = {"order_hash": "o", "at": START + 2 * DAY, "type": "purchase", "value": 9.0}
    lake.merge("orders", table_of("orders", [{**row, "codes": [code]}]))
    found = {one.metric: one for one in measure(lake, "spring", NOW).targets}
    assert (found["orders"].value, found["orders"].reached) == (1.0, False)
    assert (found["cpa"].value, found["cpa"].reached) == (60.0, False)
    assert found["happiness"].reached is None
    assert all(one.set_in_time for one in found.values())


def test_targets_set_after_the_posts_true_time_are_flagged(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    of = campaign(planned(made_links()[0], 5, post_id="p"), targets={"orders": 2.0})
    save(lake, of, START - DAY)
    rows = [{"post_id": "p", "creator_id": "c1", "published_at": START - 3 * DAY}]
    lake.merge("posts", table_of("posts", rows))
    made = measure(lake, "spring", NOW)
    assert not made.targets[0].set_in_time
    assert any("prove nothing" in note for note in made.notes)


def test_a_post_that_is_not_imported_is_named(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1, post_id="p")), START - DAY)
    assert "c1_1" in measure(lake, "spring", NOW).notes[0]


def test_a_creator_is_judged_against_the_stage_alone() -> None:
    judged = [
        Judged("a", "s", "conversion", 10.0),
        *(Judged(f"p{i}", "t", "conversion", value) for i, value in enumerate((5.0, 20, 30, 40))),
        Judged("z", "t", "awareness", 0.001),
        Judged("a", "t", "conversion", 1.0),  # their own earlier campaign
    ]
    (made,) = standings("s", judged)
    assert (made.percentile, made.peers, made.peer_median) == (0.75, 4, 25.0)


def test_a_creator_without_orders_is_worse_than_all_with_some() -> None:
    judged = [Judged("a", "s", "conversion", np.inf)]
    judged += [Judged(f"p{i}", "t", "conversion", 20.0) for i in range(4)]
    (made,) = standings("s", judged)
    assert (made.percentile, made.value) == (0.0, None)
    assert "no order" in made.said


def test_few_peers_judge_nobody() -> None:
    judged = [Judged("a", "s", "loyalty", 1.0), Judged("b", "s", "loyalty", 2.0)]
    made = standings("s", judged)
    assert made[0].percentile is None
    assert "too few" in made[0].said


def touched(folder: Path, *rows: dict[str, object]) -> dict[str, Measured]:
    """The metrics at 7 days of two posts with views, and these rows of analytics."""
    lake = Lake(folder / "lake")
    first, _, other = made_links()
    of = campaign(planned(first, 1, post_id="p"), planned(other, 1, post_id="q"))
    save(lake, of, START - DAY)
    seen = [{"post_id": name, "observed_at": START + 8 * DAY, "views": 1000} for name in ("p", "q")]
    lake.merge("post_observations", table_of("post_observations", seen))
    utm = {"utm_source": "tiktok", "utm_medium": "influencer", "landing_page": ""}
    known = [{"day": (START + 2 * DAY).date(), **utm, "sessions": 30, **row} for row in rows]
    lake.merge("touches", table_of("touches", known))
    windows = measure(lake, "spring", NOW).slice("campaign", "spring").windows
    return next(one for one in windows if one.days == 7).metrics


def test_where_no_clicks_are_counted_sessions_stand_in_and_say_so(tmp_path: Path) -> None:
    found = touched(tmp_path, {"utm_campaign": "spring", "utm_content": "c1_1"})
    assert "clicks" not in found
    assert found["ctr_of_views"].value == 30 / 2000
    assert found["ctr_of_views"].basis == "estimated"
    assert "stand in" in (found["ctr_of_views"].source or "")


def test_analytics_that_tell_no_links_apart_say_nothing_of_them(tmp_path: Path) -> None:
    found = touched(tmp_path, {"utm_campaign": "spring", "utm_content": ""})
    assert not {"clicks", "sessions", "ctr_of_views"} & set(found)


def test_analytics_without_a_campaign_are_matched_by_content(tmp_path: Path) -> None:
    found = touched(tmp_path, {"utm_campaign": "", "utm_content": "c1_1", "clicks": 40})
    assert found["clicks"].value == 40


def test_a_link_of_two_campaigns_is_visited_for_the_one_whose_window_is_open(
    tmp_path: Path,
) -> None:
    lake = Lake(tmp_path / "lake")
    one = made_links()[0]
    save(lake, campaign(planned(one, 1)), START - DAY)
    save(lake, campaign(planned(one, 21), campaign_id="later"), START - DAY)
    utm = {"utm_source": "t", "utm_medium": "i", "utm_campaign": "", "landing_page": ""}
    rows = [
        {"day": (START + day * DAY).date(), **utm, "utm_content": "c1_1", "clicks": clicks}
        for day, clicks in ((2, 40), (22, 7))
    ]
    lake.merge("touches", table_of("touches", rows))
    for name, clicks in (("spring", 40), ("later", 7)):
        whole = measure(lake, name, NOW).slice("campaign", name)
        assert next(of for of in whole.windows if of.days == 7).metrics["clicks"].value == clicks


def test_a_target_of_posts_still_young_is_judged_so_far(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1), targets={"orders": 2.0}), START - DAY)
    assert measure(lake, "spring", START + 3 * DAY).targets[0].said.endswith("not reached so far")
    assert measure(lake, "spring", NOW).targets[0].said.endswith("not reached")


def test_customers_whom_a_creator_brought_come_again(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1)), START - DAY)
    code = made_links()[0].promo_code
    orders = [("a", 2, code), ("a", 12, None), ("b", 2, code), ("b", 50, None), ("d", 1, None)]
    orders += [("d", 3, code), ("d", 5, None), ("old", 2, code), ("old", 4, None)]
    rows = [
        {
            "order_hash": f"o{i}",
            "at": START + day * DAY,
            "type": "purchase",
            "customer_hash": who,
            "is_new": False if who == "old" else None,
            "codes": [code] if code else [],
        }
        for i, (who, day, code) in enumerate(orders)
    ]
    lake.merge("orders", table_of("orders", rows))
    made = measure(lake, "spring", NOW).slice("campaign", "spring")
    rate = next(one for one in made.windows if one.days == 7).metrics["repeat_rate"]
    assert (rate.value, rate.n) == (0.5, 2)


def test_a_trial_is_paid_by_a_subscription_after_the_posts_window(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    save(lake, campaign(planned(made_links()[0], 1), primary="installs"), START - DAY)
    code = made_links()[0].promo_code
    events = [("a", "trial", 6), ("a", "subscription", 13), ("b", "trial", 6)]
    events += [("d", "trial", 6), ("d", "subscription", 58)]
    rows = [
        {"order_hash": f"{who}{kind}", "at": START + day * DAY, "type": kind, "customer_hash": who,
         "codes": [code] if kind == "trial" else []}
        for who, kind, day in events
    ]  # fmt: skip
    lake.merge("orders", table_of("orders", rows))
    whole = measure(lake, "spring", NOW).slice("campaign", "spring")
    rate = next(one for one in whole.windows if one.days == 7).metrics["subscription_conversion"]
    assert (rate.value, rate.n) == (1 / 3, 3)
    early = measure(lake, "spring", START + 20 * DAY).slice("campaign", "spring")
    assert all("subscription_conversion" not in of.metrics for of in early.windows)


def test_sentiment_and_brand_lift_are_read_from_the_lake(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    feelings = ["positive"] * 6 + ["negative"] * 2 + [None] * 2
    comments = [
        {"comment_hash": f"h{i}", "post_id": "p", "sentiment": said}
        for i, said in enumerate(feelings)
    ]
    lake.merge("comments", table_of("comments", comments))
    arms = [("exposed", 56, 70), ("control", 48, 80)]
    study = {"study_id": "s", "question": "recall", "campaign_id": "spring"}
    rows = [{**study, "arm": arm, "positive": good, "answers": n} for arm, good, n in arms]
    lake.merge("brand_lift", table_of("brand_lift", rows))
    assert sentiment(lake, ["p"])[0].value == 0.5
    assert sentiment(lake, ["other"]) == []
    assert lifts(lake, "spring")[0].value == pytest.approx(0.2)


def test_followers_gained_are_held_against_the_weeks_before(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    days = [
        {
            "creator_id": "c1",
            "day": date(2026, 2, 1) + timedelta(days=n),
            "net_followers": 5 + n % 2 + (20 if n >= 29 else 0),
        }
        for n in range(40)
    ]
    lake.merge("creator_days", table_of("creator_days", days))
    (made,) = growth(lake, "c1", START, 7)
    assert made.value == pytest.approx(140, abs=2)
    assert made.low is not None
    assert growth(lake, "c2", START, 7) == []


def test_followers_from_two_counts_have_no_interval(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    seen = [(-28, 1000), (0, 1280), (7, 1400)]
    rows = [
        {"creator_id": "c1", "observed_at": START + n * DAY, "followers": followers}
        for n, followers in seen
    ]
    lake.merge("creator_observations", table_of("creator_observations", rows))
    (made,) = growth(lake, "c1", START, 7)
    assert (made.value, made.low) == (50.0, None)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_documented_and_has_an_example_or_is_a_ratio(name: str) -> None:
    assert name in table_rows(text_of("docs/measurement.md"))
    made = METRICS[name]
    assert isinstance(made, Ratio) or ">>>" in (made.__doc__ or "")


def test_leads_are_told_with_their_mean_score_by_creator(tmp_path: Path) -> None:
    settings = SalesSettings(primary="leads", conversion="lead", survey_share=0.0)
    sold = sold_lake(tmp_path / "lake", settings)
    orders = sold.lake.read("orders").to_pylist()
    scored = [{**row, "lead_score": 80.0 if row["utm_content"] else 20.0} for row in orders]
    sold.lake.merge("orders", table_of("orders", scored))
    made = measure(sold.lake, "spring", sold.now)
    assert "lead_score" in made.objectives[0].metrics
    for one in (of for of in made.slices if of.by in ("campaign", "creator")):
        (window,) = [w for w in one.windows if (w.days, w.part) == (7, "total")]
        score = window.metrics["lead_score"]
        assert score.value is not None
        assert 20.0 < score.value < 80.0  # by code alone 20, by link 80
        assert score.n == window.metrics["leads"].value
