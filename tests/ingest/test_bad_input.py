"""Bad files and bad rows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ingest import import_file, recognise
from reelcast.errors import FormatError, InputError, MappingError, NotFoundError
from reelcast.store import Lake
from tests.ingest.samples import FIXTURES, OPTIONS, load, load_text, rows

HEADER = "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views\n"
LINK = "https://www.tiktok.com/@made.up/video/"


def row(number: int, views: object = 10) -> str:
    return f"t{number},{LINK}{number},2026-01-01 10:00,1,2,3,{views}\n"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\n \n"])
def test_an_empty_file_is_named_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "empty.csv").write_bytes(content)
    with pytest.raises(FormatError, match=r"empty\.csv is empty: export it again"):
        recognise(tmp_path / "empty.csv", OPTIONS)


def test_a_picture_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")
    with pytest.raises(FormatError, match="binary"):
        recognise(tmp_path / "a.png", OPTIONS)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        recognise(tmp_path, OPTIONS)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file"):
        recognise(tmp_path / "gone.csv", OPTIONS)


def test_a_wrong_table_names_the_nearest_format_and_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Date,Video Views,Weather\nOctober 1,3,sun\n")
    with pytest.raises(FormatError, match=r"nearest is tiktok_studio_overview .* Profile Views"):
        recognise(path, OPTIONS)


def test_text_without_a_table_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("just some words\nand more\n")
    with pytest.raises(FormatError, match="holds no table"):
        recognise(tmp_path / "x.txt", OPTIONS)


def test_json_without_records_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(FormatError, match="holds no table"):
        recognise(tmp_path / "x.json", OPTIONS)


def test_broken_json_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"id": 1, ')
    with pytest.raises(FormatError, match="no valid JSON"):
        recognise(tmp_path / "x.json", OPTIONS)


def test_a_named_format_that_does_not_fit_says_what_is_missing() -> None:
    with pytest.raises(FormatError, match="playCount"):
        load(Lake("unused"), "youtube_studio.csv", format="tiktok_apify")


def test_an_unknown_format_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match="tiktok_apify"):
        load(Lake("unused"), "youtube_studio.csv", format="tiktok")


def test_an_export_that_names_no_account_asks_for_it(lake: Lake) -> None:
    with pytest.raises(InputError, match="--creator"):
        load(lake, "tiktok_studio_overview.csv", creator=None)


def test_an_unknown_time_zone_is_named(lake: Lake) -> None:
    with pytest.raises(InputError, match="Mars/Base"):
        load(lake, "instagram_meta.csv", timezone="Mars/Base")


def test_a_cut_gzip_says_so(lake: Lake, tmp_path: Path) -> None:
    whole = gzip.compress((HEADER + "".join(row(i) for i in range(9000))).encode())
    (tmp_path / "x.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged"):
        import_file(tmp_path / "x.csv.gz", lake, OPTIONS)


def test_one_broken_row_among_ten_thousand_is_the_only_one_lost(lake: Lake, tmp_path: Path) -> None:
    lines = [row(number) for number in range(10_000)]
    lines[5_000] = 't5000,"never closed\n'
    report = load_text(lake, tmp_path, HEADER + "".join(lines))
    assert (report.rows_failed, lake.read("posts").num_rows) == (1, 9_999)
    assert [bad["line"] for bad in rows(lake, "failures")] == [5_002]


def test_an_unclosed_quote_in_the_last_cell_swallows_no_rows(lake: Lake, tmp_path: Path) -> None:
    header = "Video link,Post time,Total views,Video title\n"
    lines = [f"{LINK}{number},2026-01-01,5,t\n" for number in range(9)]
    lines[4] = lines[4].replace(",t", ',"t')
    report = load_text(lake, tmp_path, header + "".join(lines))
    assert (report.rows_failed, lake.read("posts").num_rows) == (1, 8)


@pytest.mark.parametrize("views", ["abc", "-5", "NaN", "1.5", "inf", "1e40"])
def test_a_bad_count_is_a_failure_and_the_rest_of_its_row_is_kept(
    lake: Lake, tmp_path: Path, views: str
) -> None:
    report = load_text(lake, tmp_path, HEADER + row(1, views))
    (bad,), (seen,) = rows(lake, "failures"), rows(lake, "post_observations")
    assert (bad["line"], bad["column"], bad["value"]) == (2, "Total views", views)
    assert (seen["views"], seen["likes"], report.rows_failed) == (None, 1, 0)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("t,https://x.test/none,2026-01-01,1,1,1,1\n", "Video link"),
        (f"t,{LINK}7,some day,1,1,1,1\n", "Post time"),
        (f"t,{LINK}7,,1,1,1,1\n", "Post time"),
        (f"t,{LINK}7,1066-10-14,1,1,1,1\n", "Post time"),
        (f"t,{LINK}7,2026-01-01\n", ""),
    ],
)
def test_a_row_without_id_or_time_is_left_out_with_its_reason(
    lake: Lake, tmp_path: Path, line: str, column: str
) -> None:
    report = load_text(lake, tmp_path, HEADER + row(1) + line)
    (bad,) = rows(lake, "failures")
    assert (bad["line"], bad["column"], report.rows_failed) == (3, column, 1)
    assert lake.read("posts").num_rows == 1


def test_a_broken_line_of_jsonl_is_a_failure(lake: Lake, tmp_path: Path) -> None:
    good = (FIXTURES / "ytdlp_tiktok.info.json").read_text()
    report = load_text(lake, tmp_path, f'{good}\n{{"id": \n[1]\n', name="x.jsonl")
    assert (report.rows_read, report.rows_failed, lake.read("posts").num_rows) == (3, 2, 1)


def test_counts_from_before_the_publication_are_left_out(lake: Lake, tmp_path: Path) -> None:
    load_text(lake, tmp_path, HEADER + row(1).replace("2026-01-01", "2027-01-01"))
    assert rows(lake, "failures")[0]["column"] == "observed_at"
    assert (lake.read("posts").num_rows, lake.read("post_observations").num_rows) == (1, 0)


def test_counts_of_an_unreadable_time_are_left_out(lake: Lake, tmp_path: Path) -> None:
    text = '{"id": "1", "uploader": "a", "extractor_key": "TikTok", "webpage_url": "x", '
    text += '"timestamp": 1696150000, "epoch": "soon", "view_count": 5}'
    load_text(lake, tmp_path, text, name="x.json")
    assert rows(lake, "failures")[0]["column"] == "epoch"
    assert (lake.read("posts").num_rows, lake.read("post_observations").num_rows) == (1, 0)


def test_the_files_own_time_stands_in_and_is_noted(lake: Lake, tmp_path: Path) -> None:
    report = load_text(lake, tmp_path, HEADER + row(1), observed_at=None)
    assert report.notes == (
        "counted at 2026-09-21 14:13 UTC, assumed from the file's name or its time: "
        "give --observed-at if that is wrong",
    )


def test_a_failure_keeps_at_most_200_characters(lake: Lake, tmp_path: Path) -> None:
    load_text(lake, tmp_path, HEADER + row(1, "x" * 999))
    assert len(str(rows(lake, "failures")[0]["value"])) == 200


def test_a_mapping_that_does_not_fit_names_the_columns(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"post_id \(`from: clip`\)"):
        load(Lake("unused"), "youtube_studio.csv", mapping=FIXTURES / "generic.yaml")
