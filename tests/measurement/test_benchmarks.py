"""What is usual counts each post once, by its latest counts and its present labels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from measurement.benchmarks import Usual, benchmarks
from reelcast.store import Lake
from tests.support import table_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
VIEWS = (100, 200, 300, 400, 500, 600)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Six posts of one creator, counted twice; five show a listicle, one of these by correction."""
    lake = Lake(tmp_path / "lake")
    posts, seen, shown, tags = [], [], [], []
    for i, views in enumerate(VIEWS):
        post, content = f"tiktok:{i}", f"content{i}"
        posts.append({"post_id": post, "creator_id": "c", "platform": "tiktok"})
        for days, share in ((1, 0.5), (9, 1.0)):
            counts = {"views": int(views * share), "likes": 10, "comments": 0, "shares": 0}
            seen.append({"post_id": post, "observed_at": NOW + timedelta(days=days), **counts})
        shown.append({"post_id": post, "content_id": content})
        label = "listicle" if i < 4 else "vlog"
        for version, said in (("old", "skit"), ("new", label)):
            tags.append(
                {"content_id": content, "version": version, "rank": 0, "group": "format",
                 "label": said, "primary": True}
            )  # fmt: skip
    contents = [of["content_id"] for of in shown]
    lake.merge("posts", table_of("posts", posts))
    lake.merge("post_observations", table_of("post_observations", seen))
    lake.merge("post_contents", table_of("post_contents", shown))
    lake.merge("tags", table_of("tags", tags))
    lake.merge(
        "taggings", table_of("taggings", [{"content_id": c, "version": "new"} for c in contents])
    )
    corrected = {"content_id": "content5", "group": "format", "labels": ["listicle"]}
    rows = [
        {**corrected, "labels": ["skit"], "corrected_at": NOW},
        {**corrected, "corrected_at": NOW + timedelta(days=1)},
    ]
    lake.merge("tag_corrections", table_of("tag_corrections", rows))
    followers = {"creator_id": "c", "observed_at": NOW, "followers": 20_000}
    lake.merge("creator_observations", table_of("creator_observations", [followers]))
    return lake


def one(found: list[Usual], metric: str, name: str = "all") -> Usual:
    return next(of for of in found if (of.metric, of.name) == (metric, name))


def test_a_post_counts_once_with_its_latest_counts(lake: Lake) -> None:
    views = one(benchmarks(lake), "views")
    assert (views.posts, views.creators, views.low, views.median, views.high) == (
        6, 1, 225.0, 350.0, 475.0,
    )  # fmt: skip


def test_relative_views_are_over_the_creators_own_median(lake: Lake) -> None:
    assert one(benchmarks(lake), "relative_views").median == pytest.approx(1.0)


def test_a_metric_that_nothing_counted_is_left_out(lake: Lake) -> None:
    assert "save_rate" not in {of.metric for of in benchmarks(lake)}


def test_the_latest_correction_wins_over_the_present_tag(lake: Lake) -> None:
    found = benchmarks(lake, "format")
    assert {of.name for of in found} == {"listicle"}
    assert one(found, "views", "listicle").posts == 5


def test_a_correction_that_names_no_label_takes_the_tag_away(lake: Lake) -> None:
    said = {"content_id": "content0", "group": "format", "labels": []}
    rows = [{**said, "corrected_at": NOW + timedelta(days=2)}]
    lake.merge("tag_corrections", table_of("tag_corrections", rows))
    assert benchmarks(lake, "format") == []


def test_tiers_follow_the_latest_followers(lake: Lake) -> None:
    assert {of.name for of in benchmarks(lake, "tier")} == {"micro"}


def test_another_creators_own_posts_are_none(lake: Lake) -> None:
    assert benchmarks(lake, "all", "other") == []
    assert one(benchmarks(lake, "all", "c"), "views").posts == 6


def test_an_empty_lake_has_no_benchmarks(tmp_path: Path) -> None:
    assert benchmarks(Lake(tmp_path / "none"), "theme") == []


def test_each_creator_has_their_own_history(lake: Lake) -> None:
    found = one(benchmarks(lake, "creator"), "views", "c")
    assert (found.posts, found.creators, found.median) == (6, 1, 350.0)
