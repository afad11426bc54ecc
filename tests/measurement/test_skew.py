"""What few posts hold of a total, by one rule."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from inference.documents import Grid
from inference.reporting import report_of
from measurement.performance import bounds, winner_rate
from measurement.results import CampaignMeasured
from measurement.run import measure
from measurement.skew import skew_of_history
from tests.measurement.conftest import SoldLake, sold_lake
from tests.support import table_of

NAMES = [f"p{i}" for i in range(100)]


@pytest.fixture(scope="module")
def viral(tmp_path_factory: pytest.TempPathFactory) -> tuple[SoldLake, CampaignMeasured, str]:
    """A campaign one of whose posts has twenty times what its creator's three earlier ones had."""
    sold = sold_lake(tmp_path_factory.mktemp("viral"))
    post = next(p for p in measure(sold.lake, "spring", sold.now).posts if p.post_id and p.at)
    assert post.at is not None
    views = next(w for w in post.windows if w.days == 30 and w.part == "total").metrics["views"]
    earlier = [post.at - timedelta(days=60 + 10 * i) for i in range(3)]
    rows = [(f"tiktok:early{i}", at) for i, at in enumerate(earlier)]
    sold.lake.merge(
        "posts",
        table_of(
            "posts",
            [
                {"post_id": id_, "creator_id": post.creator_id, "published_at": at,
                 "platform": "tiktok"}
                for id_, at in rows
            ],
        ),
    )  # fmt: skip
    sold.lake.merge(
        "post_observations",
        table_of(
            "post_observations",
            [
                {"post_id": id_, "observed_at": at + timedelta(days=30),
                 "views": int((views.value or 0) / 20)}
                for id_, at in rows
            ],
        ),
    )  # fmt: skip
    return sold, measure(sold.lake, "spring", sold.now), post.post_id or ""


def test_a_post_is_held_against_the_ten_before_it_alone() -> None:
    views = np.array([10.0] * 10 + [1000.0] * 10 + [2000.0])
    assert bounds(views)[-1] == 3000
    assert "p20" not in skew_of_history(views, NAMES[:21]).flagged


def test_flagged_posts_are_those_that_the_winner_rate_counts() -> None:
    views = np.exp(np.random.default_rng(0).normal(8, 1.2, 100))
    made = skew_of_history(views, NAMES)
    rate = winner_rate(views)
    assert len(made.flagged) == round((rate.value or 0) * made.judged)
    assert made.judged == 97


def test_totals_without_flagged_posts_are_the_smallest() -> None:
    made = skew_of_history(np.exp(np.random.default_rng(1).normal(8, 1.2, 100)), NAMES)
    assert made.without < made.winsorised < made.total
    assert made.share == pytest.approx(1 - made.without / made.total)


def test_few_posts_are_not_judged() -> None:
    made = skew_of_history(np.array([1.0, 1.0, 900.0]), NAMES[:3])
    assert (made.judged, made.flagged) == (0, ())
    assert made.words.startswith("no post has three earlier ones")


def test_no_posts_have_no_share() -> None:
    assert skew_of_history(np.array([]), []).share is None


def test_a_campaigns_viral_post_is_flagged(viral: tuple[SoldLake, CampaignMeasured, str]) -> None:
    _, made, post_id = viral
    assert post_id in made.skew.flagged
    assert {name.split(":")[1][:-1] for name in made.skew.flagged} == {"willow"}
    assert made.skew.total > made.skew.winsorised > made.skew.without


def test_the_report_gives_the_total_three_ways(
    viral: tuple[SoldLake, CampaignMeasured, str],
) -> None:
    sold, made, _ = viral
    blocks = report_of(sold.lake, made).blocks
    grid = next(b for b in blocks if isinstance(b, Grid) and b.caption.startswith("Total views"))
    assert [row[0] for row in grid.rows] == ["as counted", "winsorised", "without flagged posts"]


def test_a_campaign_without_earlier_posts_says_so(tmp_path: Path) -> None:
    sold = sold_lake(tmp_path)
    made = measure(sold.lake, "spring", sold.now)
    windows = next(s for s in made.slices if s.by == "campaign").windows
    own = next(w for w in windows if w.days == made.campaign.window_days)
    assert made.skew.total == own.metrics["views"].value
    assert made.skew.words.startswith("no post has three earlier ones")


def test_after_posts_that_counted_nothing_none_is_judged() -> None:
    """Comments are often 0, and three times 0 is 0."""
    counts = np.array([0.0, 0.0, 0.0, 0.0, 5.0, 0.0])
    skew = skew_of_history(counts, NAMES[:6])
    assert (skew.judged, skew.flagged, skew.winsorised) == (0, (), 5.0)
    assert winner_rate(counts).value is None


def test_winners_are_counted_among_the_posts_that_can_be_judged() -> None:
    made = winner_rate(np.array([0.0, 0.0, 0.0, 10.0, 10.0, 10.0, 100.0]))
    assert (made.n, made.value) == (1, 1.0)
