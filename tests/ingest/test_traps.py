"""The traps of real exports, one test each."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from reelcast.records import creator_id_of
from reelcast.store import Lake
from tests.ingest.samples import load, load_text, rows

OVERVIEW = "Date,Video Views,Profile Views,Likes,Comments,Shares\n"
CONTENT = "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views"
LINK = "https://www.tiktok.com/@made.up/video/73000000000000000"


def days(lake: Lake) -> list[date]:
    return sorted(row["day"] for row in rows(lake, "creator_days"))  # type: ignore[misc]


def test_a_year_comes_from_the_option_and_changes_in_january(lake: Lake) -> None:
    load(lake, "tiktok_studio_overview.csv", year=2023)
    assert days(lake) == [date(2023, 12, 30), date(2023, 12, 31), date(2024, 1, 1)]


def test_a_year_comes_from_the_file_name(lake: Lake, tmp_path: Path) -> None:
    text = OVERVIEW + "October 1,5,1,1,1,1\n"
    load_text(lake, tmp_path, text, name="Overview_2021-10-01_2021-10-31.csv")
    assert days(lake) == [date(2021, 10, 1)]


def test_newest_first_dates_change_their_year_going_down(lake: Lake, tmp_path: Path) -> None:
    text = OVERVIEW + "January 1,5,1,1,1,1\nDecember 31,5,1,1,1,1\n"
    load_text(lake, tmp_path, text, year=2023)
    assert days(lake) == [date(2023, 12, 31), date(2024, 1, 1)]


def test_without_any_year_the_last_past_ones_are_taken_and_noted(lake: Lake) -> None:
    report = load(lake, "tiktok_studio_overview.csv")
    assert days(lake)[-1] == date(2026, 1, 1)
    assert "dates have no year" in report.notes[0]


def test_a_day_that_no_month_has_is_a_failure(lake: Lake, tmp_path: Path) -> None:
    report = load_text(lake, tmp_path, OVERVIEW + "February 30,5,1,1,1,1\n", year=2023)
    assert report.rows_failed == 1


def test_undefined_is_unknown_and_no_failure(lake: Lake) -> None:
    load(lake, "tiktok_studio_followers.csv", year=2023)
    assert [row["net_followers"] for row in rows(lake, "creator_days")] == [None, 28, -9]
    assert [row["followers"] for row in rows(lake, "creator_observations")] == [5012, 5040, 5031]


def test_comment_lines_and_a_second_table_are_passed_over(lake: Lake) -> None:
    report = load(lake, "comments_and_two_tables.csv")
    assert lake.read("posts").num_rows == 2
    assert "a table left out: Device category, Sessions" in report.notes
    assert report.rows_failed == 0


def test_two_tables_of_one_format_are_both_read(lake: Lake, tmp_path: Path) -> None:
    one, two = (f"{CONTENT}\na,{LINK}0{i},2026-01-0{i},1,1,1,1\n" for i in (1, 2))
    load_text(lake, tmp_path, f"# one\n{one}# two\n{two}")
    assert lake.read("posts").num_rows == 2


def test_utf16_with_a_separator_line_and_a_title_is_read(lake: Lake) -> None:
    load(lake, "instagram_meta.csv")
    first = rows(lake, "posts")[0]
    assert first["post_id"] == "instagram:17900000000000001"
    assert first["caption"] == "Morning, with @user"


def test_us_dates_put_the_month_first(lake: Lake) -> None:
    load(lake, "instagram_meta.csv", timezone="America/New_York")
    assert str(rows(lake, "posts")[0]["published_at"]) == "2026-03-27 10:08:00+00:00"


def test_spanish_headers_months_and_numbers_are_read(lake: Lake) -> None:
    load(lake, "tiktok_studio_content_es.csv", year=2023)
    assert str(rows(lake, "posts")[0]["published_at"]) == "2023-10-01 00:00:00+00:00"
    assert rows(lake, "post_observations")[0]["views"] == 1200


def test_short_headers_and_any_order_are_read(lake: Lake, tmp_path: Path) -> None:
    text = f"Shares,Views,Likes,Video link,Comments,Post time\n1,50,9,{LINK}01,2,2026-01-01\n"
    load_text(lake, tmp_path, text)
    seen = rows(lake, "post_observations")[0]
    assert [seen[name] for name in ("views", "likes", "comments", "shares")] == [50, 9, 2, 1]


def test_a_post_takes_its_account_from_its_link(lake: Lake) -> None:
    load(lake, "tiktok_studio_content.csv", creator=None)
    assert rows(lake, "posts")[0]["creator_id"] == creator_id_of("tiktok", "made.up", "salt")


def test_native_strings_are_counts_seconds_and_shares(lake: Lake) -> None:
    load(lake, "tiktok_studio_content.csv")
    seen = rows(lake, "post_observations")[0]
    assert (seen["views"], seen["shares"]) == (45_300, 1_002)
    assert (seen["avg_watch_s"], seen["completion_rate"]) == (12.0, 0.38)


def test_counts_given_as_text_are_counts(lake: Lake) -> None:
    load(lake, "tiktok_apify.json")
    assert rows(lake, "post_observations")[0]["views"] == 224_000
    assert rows(lake, "creator_observations")[0]["total_likes"] == 263_900


@pytest.mark.parametrize("file", ["tiktok_apify_points.csv", "tiktok_apify_slashes.csv"])
def test_flattened_lists_are_lists_again(lake: Lake, file: str) -> None:
    load(lake, file)
    assert [row["hashtags"] for row in rows(lake, "posts")] == [["hotel", "sun"], []]


def test_shares_sit_in_repost_count(lake: Lake) -> None:
    load(lake, "ytdlp_tiktok.info.json")
    seen = rows(lake, "post_observations")[0]
    assert (seen["shares"], seen["saves"]) == (33, 12)


def test_a_cut_title_gives_way_to_the_description(lake: Lake) -> None:
    load(lake, "ytdlp_tiktok.info.json")
    assert str(rows(lake, "posts")[0]["caption"]).endswith("simply stops #long")


def test_ytdlp_says_when_it_counted(lake: Lake) -> None:
    load(lake, "ytdlp_youtube.info.json")
    assert rows(lake, "post_observations")[0]["observed_at"] == datetime.fromisoformat(
        "2023-10-04T06:13:20+00:00"
    )


def test_the_total_row_is_no_video(lake: Lake) -> None:
    report = load(lake, "youtube_studio.csv")
    assert lake.read("posts").num_rows == 2
    assert report.rows_failed == 0


def test_machine_translated_subtitles_are_left_out(lake: Lake) -> None:
    report = load(lake, "tiktok_apify.json")
    assert any("videoMeta.subtitleLinks" in note for note in report.notes)


@pytest.mark.parametrize(
    ("cells", "shares"), [((0.21, 0.4), [0.21, 0.4]), ((21, 0.4), [0.21, 0.004])]
)
def test_full_video_watched_rate_is_a_fraction_or_a_percentage(
    lake: Lake, tmp_path: Path, cells: tuple[float, float], shares: list[float]
) -> None:
    item = '{"item_id": "%d", "create_time": 1696150000, "video_views": 9, '
    item += '"full_video_watched_rate": %s}'
    text = "\n".join(item % (i, cell) for i, cell in enumerate(cells, 1))
    load_text(lake, tmp_path, text, name="export.jsonl")
    assert [row["completion_rate"] for row in rows(lake, "post_observations")] == shares


def test_an_id_that_a_spreadsheet_rounded_is_a_failure(lake: Lake, tmp_path: Path) -> None:
    header = "Post ID,Account username,Publish time,Permalink,Reach,Views\n"
    load_text(lake, tmp_path, header + "1.79E+16,made.up,03/27/2026 06:08,https://x.test,1,2\n")
    assert "rounded" in str(rows(lake, "failures")[0]["reason"])


def test_day_first_dates_are_told_from_month_first_ones(lake: Lake, tmp_path: Path) -> None:
    header = "Content,Video title,Video publish time,Views,Watch time (hours)\n"
    text = header + "a,x,02-06-2016,1,1\nb,y,25-09-2020,1,1\n"
    load_text(lake, tmp_path, text)
    assert str(rows(lake, "posts")[0]["published_at"]) == "2016-06-02 00:00:00+00:00"


def test_a_caption_that_starts_with_a_hash_is_no_comment(lake: Lake, tmp_path: Path) -> None:
    load_text(lake, tmp_path, f"{CONTENT}\n#one two,{LINK}01,2026-01-01,1,1,1,1\n")
    assert rows(lake, "posts")[0]["hashtags"] == ["one"]


def test_a_caption_may_hold_line_breaks(lake: Lake, tmp_path: Path) -> None:
    load_text(lake, tmp_path, f'{CONTENT}\n"one\n#two\n",{LINK}01,2026-01-01,1,1,1,1\n')
    assert rows(lake, "posts")[0]["caption"] == "one\n#two"


def test_an_own_export_that_names_another_account_than_was_given_says_so(
    lake: Lake, tmp_path: Path
) -> None:
    text = f"{CONTENT}\nOne,{LINK},March 1,1,1,1,9\n"
    said = "names another account than --creator"
    other = load_text(lake, tmp_path, text, creator="@me", year=2025)
    assert any(said in note for note in other.notes)
    same = load_text(lake, tmp_path, text, creator="@Made.Up", year=2025)
    assert not any(said in note for note in same.notes)
