from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from demo.run import arrays_of_test, import_world
from demo.world import YTDLP_POSTS, ExportFile, share_out, write_exports
from ingest import ImportReport
from reelcast.records import creator_id_of
from reelcast.simulate import simulate
from reelcast.simulated import World, WorldSettings
from reelcast.store import Lake
from reelcast.tables import TARGETS

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SALT = "a test's salt"
SETTINGS = WorldSettings(n_creators=24, posts_per_creator=12, days=120)


@dataclass(frozen=True)
class Imported:
    world: World
    exports: list[ExportFile]
    reports: list[ImportReport]
    lake: Lake


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("demo")
    world = simulate(SETTINGS, NOW)
    exports = write_exports(world, folder / "exports")
    lake = Lake(folder / "lake")
    return Imported(world, exports, import_world(exports, lake, SALT), lake)


def rows(table: pa.Table, key: str) -> dict[object, dict[str, object]]:
    return {row[key]: row for row in table.to_pylist()}


def test_the_same_world_writes_the_same_bytes(tmp_path: Path) -> None:
    world = simulate(SETTINGS, NOW)
    first = write_exports(world, tmp_path / "first")
    again = write_exports(simulate(SETTINGS, NOW), tmp_path / "again")
    assert [a.path.read_bytes() for a in first] == [b.path.read_bytes() for b in again]


def test_every_layout_is_written(done: Imported) -> None:
    assert {file.format for file in done.exports} == {
        "tiktok_apify",
        "tiktok_studio_content",
        "tiktok_studio_overview",
        "tiktok_studio_followers",
        "ytdlp_tiktok",
        "instagram_meta",
        "youtube_studio",
        "mapping:agency_sheet",
    }
    assert all(file.path.stat().st_size > 0 for file in done.exports)


def test_one_instagram_export_is_utf16_with_a_separator_line(done: Imported) -> None:
    heads = [f.path.read_bytes()[:12] for f in done.exports if f.format == "instagram_meta"]
    assert "sep=,".encode("utf-16-le") in heads[0]


def test_every_file_is_recognised_as_what_it_is(done: Imported) -> None:
    assert [r.format for r in done.reports] == [file.format for file in done.exports]
    assert all(report.rows_read > 0 for report in done.reports)


def test_broken_rows_and_only_those_land_in_failures(done: Imported) -> None:
    failures = done.lake.read("failures").to_pylist()
    assert len(failures) == sum(file.bad_rows for file in done.exports)
    reasons = " ".join(str(row["reason"]) for row in failures)
    for words in ("is not a number", "post_id is missing", "negative", "cells where the header"):
        assert words in reasons


def test_every_exported_post_arrives_under_its_creator(done: Imported) -> None:
    ytdlp = share_out(done.world).ytdlp
    left_out = {post.post_id for post in done.world.posts_of(ytdlp)[:-YTDLP_POSTS]}
    posts = rows(done.lake.read("posts"), "post_id")
    expected = {
        f"{post.platform}:{post.post_id}": creator_id_of(post.platform, post.handle, SALT)
        for post in done.world.posts
        if post.post_id not in left_out
    }
    assert {post_id: row["creator_id"] for post_id, row in posts.items()} == expected


def test_captions_durations_and_days_arrive_unchanged(done: Imported) -> None:
    posts = rows(done.lake.read("posts"), "post_id")
    for post in done.world.posts:
        row = posts.get(f"{post.platform}:{post.post_id}")
        if row is None:
            continue
        assert row["caption"] == post.caption
        assert row["published_at"].date() == post.published_at.date()  # type: ignore[attr-defined]
        assert row["duration_s"] in (post.duration_s, None)


def test_every_count_equals_the_worlds(done: Imported) -> None:
    truth = {f"{post.platform}:{post.post_id}": post for post in done.world.posts}
    observations = done.lake.read("post_observations").to_pylist()
    assert len(observations) > 4 * SETTINGS.n_creators
    for row in observations:
        counts = truth[row["post_id"]].counts_at(row["observed_at"])
        for target in TARGETS:
            assert row[target] in (getattr(counts, target), None), (row, target)


def test_what_each_scrape_counted_is_kept(done: Imported) -> None:
    observations = done.lake.read("post_observations").to_pylist()
    known = {(row["post_id"], row["observed_at"]) for row in observations}
    for creator in share_out(done.world).apify_json:
        for post in done.world.posts_of(creator):
            for counts in post.observed:
                assert (f"tiktok:{post.post_id}", counts.observed_at) in known


def test_followers_are_known_as_of_each_scrape(done: Imported) -> None:
    creator = share_out(done.world).apify_json[-1]
    own = creator_id_of("tiktok", creator.handle, SALT)
    seen = done.lake.read("creator_observations").to_pylist()
    followers = {row["observed_at"]: row["followers"] for row in seen if row["creator_id"] == own}
    assert len(followers) > 3
    for at, count in followers.items():
        assert count == done.world.followers_at(creator, at)


def test_importing_again_changes_nothing(done: Imported) -> None:
    def content() -> dict[str, list[str]]:
        tables = ("creators", "creator_observations", "creator_days", "posts", "post_observations")
        return {name: sorted(map(str, done.lake.read(name).to_pylist())) for name in tables}

    before = content()
    import_world(done.exports, done.lake, SALT)
    assert content() == before


def test_tested_posts_come_with_their_true_median_at_the_age_they_were_counted_at() -> None:
    world = simulate(SETTINGS, NOW)
    posts = world.posts[:2]
    columns: dict[str, list[object]] = {
        "post_id": [f"{post.platform}:{post.post_id}" for post in posts],
        "horizon_days": [30.0, 1.0],
        "tier": ["nano", "micro"],
        "creator_id": ["a", "b"],
    }
    names = ("y", "mean", "q10", "q50", "q90", "last5_median", "tier_median", "followers_rate")
    table = pa.table({**columns, **{name: [1.0, None] for name in names}})
    arrays = arrays_of_test(table, world)
    truth = np.asarray(arrays["true_median"], np.float64)
    assert truth[0] == pytest.approx(np.exp(posts[0].true_log_median))
    assert truth[1] < 0.7 * np.exp(posts[1].true_log_median)
    assert np.isnan(np.asarray(arrays["last5_median"], np.float64)).tolist() == [False, True]
