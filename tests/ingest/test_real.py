"""Every real collection beside the project imports, with its mapping."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import ImportOptions, import_file
from reelcast.store import Lake

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the real data (../shared) is not beside the project"
    ),
]
MAX_S, MAX_KB = 15, 1_500_000

# file, mapping, rows read, rows failed, posts, observations
COLLECTIONS = [
    ("tiktok_vi_observations.csv.gz", "tiktok_vi", 60_023, 149, 31_520, 58_422),
    ("tiktok_famous_2020.csv.gz", "tiktok_famous", 54_261, 0, 50_124, 50_124),
    ("tiktok_apify_hotels.csv.gz", "tiktok_hotels", 5_202, 0, 5_202, 5_202),
    ("tiktok_formats.jsonl.gz", "tiktok_formats", 1_370, 6, 1_296, 1_296),
    ("tiktok_news_codes.csv.gz", "tiktok_news", 4_287, 0, 4_287, 4_287),
    ("smp_video_2025_train.jsonl.gz", "smp_video", 4_000, 0, 4_000, 4_000),
    ("bilibili_daily_views.parquet", "bilibili_daily", 288_632, 0, 26_678, 288_632),
    ("youtube_trending_snapshots.parquet", "youtube_trending", 425_876, 7, 112_093, 425_718),
    ("youtube_retracked_snapshots.parquet", "youtube_retracked", 15_987, 0, 1_892, 15_987),
    ("xiaohongshu_notes.csv.gz", "xiaohongshu_notes", 15_945, 0, 15_945, 15_945),
    ("youtube_studio_a.csv", None, 224, 0, 223, 223),
    ("youtube_studio_b.csv", "youtube_studio_b", 364, 0, 364, 364),
]


def one(lake: Lake, sql: str) -> dict[str, object]:
    (row,) = lake.query(sql).to_pylist()
    return row


@pytest.mark.parametrize(("file", "mapping", "read", "failed", "posts", "seen"), COLLECTIONS)
def test_every_collection_imports_whole(
    file: str, mapping: str | None, read: int, failed: int, posts: int, seen: int, lake: Lake
) -> None:
    options = ImportOptions(salt="s", mapping=mapping, creator=None if mapping else "@me")
    report = import_file(DATA / file, lake, options)
    assert (report.rows_read, report.rows_failed) == (read, failed)
    assert lake.read("posts").num_rows == posts
    assert lake.read("post_observations").num_rows == seen


@pytest.fixture(scope="module")
def vietnamese(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("vi"))
    file = DATA / "tiktok_vi_observations.csv.gz"
    import_file(file, lake, ImportOptions(salt="s", mapping="tiktok_vi"))
    return lake


def test_vietnamese_posts_read_as_by_hand(vietnamese: Lake) -> None:
    row = one(
        vietnamese,
        "SELECT * FROM posts JOIN post_observations USING (post_id) JOIN creator_observations "
        "USING (creator_id, observed_at) "
        "WHERE post_id = 'v19cfa570f9e510' AND collection = 'feed'",
    )
    assert (row["views"], row["likes"], row["followers"]) == (541_200, 21_900, 304_900)
    assert (row["duration_s"], row["hashtags"]) == (31.0, ["xuhuongtiktok"])
    assert str(row["published_at"])[:19] == "2025-05-21 09:44:45"
    assert str(row["observed_at"])[:19] == "2025-05-29 08:38:41"


def test_no_vietnamese_post_is_counted_before_its_publication(vietnamese: Lake) -> None:
    sql = "SELECT count(*) AS n FROM failures WHERE \"column\" = 'observed_at'"
    assert one(vietnamese, sql) == {"n": 0}


def test_famous_posts_read_as_by_hand(lake: Lake) -> None:
    file = DATA / "tiktok_famous_2020.csv.gz"
    import_file(file, lake, ImportOptions(salt="s", mapping="tiktok_famous"))
    sql = "SELECT * FROM posts JOIN post_observations USING (post_id)"
    row = one(lake, f"{sql} WHERE post_id = 'va7482377af5c90'")
    assert (row["views"], row["likes"], row["comments"], row["shares"]) == (12_800, 1_984, 18, 3)
    assert (row["creator_id"], row["hashtags"][0]) == ("ub23deba9baab48", "johncena")  # type: ignore[index]
    assert str(row["published_at"])[:19] == "2020-11-07 17:02:37"


def test_news_views_hold_only_before_july_2023(lake: Lake) -> None:
    file = DATA / "tiktok_news_codes.csv.gz"
    import_file(file, lake, ImportOptions(salt="s", mapping="tiktok_news"))
    sql = "SELECT count(views) AS n, max(published_at) FILTER (views IS NOT NULL) AS last "
    row = one(lake, sql + "FROM posts JOIN post_observations USING (post_id)")
    assert (row["n"], str(row["last"])[:7]) == (4_287 - 2_212, "2023-06")


def test_a_youtube_studio_export_reads_as_by_hand(lake: Lake) -> None:
    file = DATA / "youtube_studio_a.csv"
    import_file(file, lake, ImportOptions(salt="s", creator="@me"))
    sql = "SELECT * FROM posts JOIN post_observations USING (post_id)"
    row = one(lake, f"{sql} WHERE post_id = 'youtube:v85ac78c2a5a1ae'")
    assert (row["views"], row["likes"], row["avg_watch_s"]) == (1_253_559, 46_903, 189.0)
    assert str(row["published_at"])[:10] == "2020-08-05"


@pytest.mark.slow
def test_sixty_thousand_rows_import_in_15_s_and_1500_mb(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest import *; "
        "from reelcast.store import Lake; "
        "options = ImportOptions('s', mapping='tiktok_vi'); "
        "import_file(Path(sys.argv[1]), Lake(sys.argv[2]), options); "
        "status = Path('/proc/self/status').read_text().split(); "  # not inherited from pytest
        "print(status[status.index('VmHWM:') + 1])"
    )
    file = DATA / "tiktok_vi_observations.csv.gz"
    began = time.monotonic()
    command = [sys.executable, "-c", code, str(file), str(tmp_path / "lake")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert time.monotonic() - began < MAX_S
    assert int(done.stdout) < MAX_KB
