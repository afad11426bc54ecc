"""What every importer keeps."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ingest import IMPORTERS, ImportReport, import_file, preview, recognise
from ingest.fields import TABLE_OF
from reelcast.store import Lake
from reelcast.tables import TABLES
from tests.ingest.samples import SAMPLES, Sample, rows

Imported = tuple[Sample, Lake, ImportReport]
MAIN_TABLE = {"posts": "posts", "days": "creator_days", "audience": "audiences", **TABLE_OF}
NAMES = ("made.up", "made up", "madeup", "inventada", "friend", "made.example", "https:")


def test_every_importer_has_a_sample() -> None:
    assert {*IMPORTERS} <= {sample.format for sample in SAMPLES}


def test_every_importer_stands_under_its_own_name() -> None:
    assert [fmt.name for fmt in IMPORTERS.values()] == list(IMPORTERS)


def test_the_format_is_recognised_and_says_why(imported: Imported) -> None:
    sample, _, report = imported
    assert report.format == sample.format
    assert report.why


def test_every_row_lands(imported: Imported) -> None:
    sample, lake, report = imported
    table = MAIN_TABLE[recognise(sample.path, sample.options).mapping.grain]
    assert (lake.read(table).num_rows, report.rows_failed) == (sample.rows, 0)
    assert rows(lake, "failures") == []


def test_the_same_import_twice_changes_nothing(imported: Imported) -> None:
    sample, lake, _ = imported
    before = lake.versions()
    again = import_file(sample.path, lake, sample.options)
    assert lake.versions() == before
    assert all(count.inserted == count.updated == 0 for count in again.tables.values())


def test_tables_are_canonical_and_the_creators_of_posts_known(imported: Imported) -> None:
    _, lake, _ = imported
    creators = set(lake.read("creators")["creator_id"].to_pylist())
    for name in lake.versions():
        table = lake.read(name)
        assert table.schema == TABLES[name].schema
        if "creator_id" in table.schema.names and name not in TABLE_OF.values():
            assert set(table["creator_id"].to_pylist()) <= creators


def test_no_table_names_anybody(imported: Imported) -> None:
    _, lake, _ = imported
    stored = " ".join(str(lake.read(name).to_pylist()).casefold() for name in lake.versions())
    assert [name for name in NAMES if name in stored] == []


def test_the_report_is_plain_data(imported: Imported) -> None:
    sample, _, report = imported
    assert report.to_dict()["file"] == sample.file


def test_the_preview_tells_what_the_import_does(imported: Imported) -> None:
    sample, lake, report = imported
    told = preview(sample.path, sample.options)
    assert (told.format, told.rows_read, told.rows_failed) == (
        report.format,
        report.rows_read,
        report.rows_failed,
    )
    assert set(told.tables) >= {name for name in lake.versions() if name != "failures"}
    for name, shown in told.tables.items():
        landed = [{**row, "is_new": None} for row in lake.read(name).to_pylist()]
        assert all({**row, "is_new": None} in landed for row in shown)


@pytest.mark.parametrize(
    "file", ["tiktok_apify.json", "instagram_meta.csv", "youtube_studio.csv", "generic.jsonl"]
)
def test_a_gzipped_file_gives_the_same_rows(file: str, lake: Lake, tmp_path: Path) -> None:
    sample = next(sample for sample in SAMPLES if sample.file == file)
    zipped = tmp_path / f"{file}.gz"
    zipped.write_bytes(gzip.compress(sample.path.read_bytes()))
    import_file(sample.path, lake, sample.options)
    other = Lake(tmp_path / "other")
    import_file(zipped, other, sample.options)
    assert {name: rows(lake, name) for name in TABLES} == {
        name: rows(other, name) for name in TABLES
    }
