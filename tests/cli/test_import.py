"""`reelcast import`: recognised, repeated, refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from demo.world import ExportFile, write_exports
from reelcast.simulate import simulate
from reelcast.simulated import WorldSettings
from reelcast.store import Lake
from tests.cli.command import Ran, reelcast
from tests.support import NOW


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Sequence[ExportFile]:
    """The export files of sixteen simulated creators."""
    world = simulate(WorldSettings(n_creators=16, posts_per_creator=8, days=90), NOW)
    return write_exports(world, tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="session")
def scraped(exports: Sequence[ExportFile]) -> Path:
    """An Apify dataset that says itself when it was scraped."""
    return next(e.path for e in exports if e.format == "tiktok_apify" and e.observed_at is None)


def versions(home: Path) -> dict[str, int]:
    return Lake(home / "lake").versions()


def report_of(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    (report,) = ran.json()
    return dict(report)


def test_an_export_is_recognised_and_says_why(scraped: Path, tmp_path: Path) -> None:
    report = report_of(reelcast("import", "auto", scraped, "--json", home=tmp_path))
    assert report["format"] == "tiktok_apify"
    assert "has columns" in report["why"]


def test_a_report_counts_rows_and_what_became_of_them(scraped: Path, tmp_path: Path) -> None:
    report = report_of(reelcast("import", "auto", scraped, "--json", home=tmp_path))
    assert report["rows_read"] == len(json.loads(scraped.read_text()))
    assert report["tables"]["posts"]["inserted"] > 0
    assert report["file"] == scraped.name


def test_importing_again_changes_nothing(scraped: Path, tmp_path: Path) -> None:
    reelcast("import", "auto", scraped, home=tmp_path)
    before = versions(tmp_path)
    report = report_of(reelcast("import", "auto", scraped, "--json", home=tmp_path))
    for merged in report["tables"].values():
        assert (merged["inserted"], merged["updated"]) == (0, 0)
    assert versions(tmp_path) == before


def test_without_json_a_table_is_data_and_the_rest_is_talk(scraped: Path, tmp_path: Path) -> None:
    ran = reelcast("import", "auto", scraped, home=tmp_path)
    assert "tiktok_apify" in ran.out
    assert "has columns" in ran.err


def test_no_name_of_a_person_enters_the_lake(exports: Sequence[ExportFile], tmp_path: Path) -> None:
    studio = next(e for e in exports if e.format == "tiktok_studio_content")
    assert studio.creator is not None
    reelcast("import", "auto", studio.path, "--creator", studio.creator, home=tmp_path)
    creators = Lake(tmp_path / "lake").read("creators").to_pylist()
    assert len(creators) == 1
    assert studio.creator not in str(creators)


def test_a_file_of_no_known_format_names_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("Video title,Video views\nhello,5\n")
    ran = reelcast("import", "auto", file, "--json", home=tmp_path)
    assert ran.code == 2
    assert "nearest" in ran.err
    assert ran.json() == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    ran = reelcast("import", "auto", tmp_path / "none.csv", home=tmp_path)
    assert ran.code in (2, 3)
    assert "error: " in ran.err
    assert "none.csv" in ran.err


def test_an_empty_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    ran = reelcast("import", "auto", tmp_path / "empty.csv", home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "empty.csv" in ran.err


def test_an_unknown_format_is_told_which_there_are(scraped: Path, tmp_path: Path) -> None:
    ran = reelcast("import", "myspace", scraped, home=tmp_path)
    assert ran.code == 2
    assert "there are" in ran.err
    assert "tiktok_apify" in ran.err


def test_a_time_that_is_none_is_refused_before_anything_is_written(
    scraped: Path, tmp_path: Path
) -> None:
    ran = reelcast("import", "auto", scraped, "--observed-at", "yesterday", home=tmp_path)
    assert ran.code == 2
    assert "'yesterday' is no ISO 8601 time" in ran.err
    assert not (tmp_path / "lake").exists()


def test_a_refused_file_stops_no_other(scraped: Path, tmp_path: Path) -> None:
    wrong, gone = tmp_path / "wrong.csv", tmp_path / "gone.csv"
    wrong.write_text("a,b\n1,2\n")
    ran = reelcast("import", "auto", wrong, scraped, gone, "--json", home=tmp_path)
    assert ran.code == 2
    assert [report["file"] for report in ran.json()] == [scraped.name]
    assert "wrong.csv" in ran.err
    assert "gone.csv" in ran.err


def test_a_file_name_that_looks_like_markup_is_only_a_name(scraped: Path, tmp_path: Path) -> None:
    odd = tmp_path / "[bold]a[-b].json"
    odd.write_bytes(scraped.read_bytes())
    closing = tmp_path / "x[" / "red].json"
    closing.parent.mkdir()
    closing.write_bytes(scraped.read_bytes())
    ran = reelcast("import", "auto", odd, closing, home=tmp_path)
    assert ran.code == 0
    assert "[bold]a[-b].json" in ran.out
