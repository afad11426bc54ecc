"""Mapping files: strict, and able to say what real tables need."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest import IMPORTERS, import_file
from ingest.mapping import load_mapping, shipped_mappings
from reelcast.errors import MappingError
from reelcast.records import creator_id_of
from reelcast.store import Lake
from tests.ingest.samples import FIXTURES, OPTIONS, load, load_text, rows

FORMATS = {name: fmt.mapping for name, fmt in IMPORTERS.items()}


def mapping(folder: Path, columns: str, more: str = "") -> Path:
    """A mapping of columns id, who, at and `columns`."""
    path = folder / "m.yaml"
    path.write_text(
        "constants: {platform: tiktok, observed_at: 2026-06-01T00:00:00Z}\n"
        f"{more}\ncolumns:\n  post_id: id\n  creator: who\n  published_at: at\n{columns}"
    )
    return path


@pytest.mark.parametrize("name", shipped_mappings())
def test_every_shipped_mapping_is_valid_and_says_what_it_is(name: str) -> None:
    assert load_mapping(name, FORMATS).about


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colums: {}", "colums"),
        ("columns: {post_id: {from: id, hush: true}}", "hush"),
        ("columns: {vieuws: plays}", "no field is called vieuws"),
        ("columns: {views: {kind: count}}", "give either `from` or `join`"),
        ("columns: {views: {from: v, kind: nummer}}", "kind"),
        ("columns: {views: {from: v, kind: number}}", "views holds whole numbers"),
        ("extends: tiktok_apfy", "no known format"),
        ("a: [", "not valid YAML"),
        ("just words", "holds no keys"),
    ],
)
def test_a_wrong_key_is_an_error_that_names_it(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.yaml").write_text(text)
    with pytest.raises(MappingError, match=said):
        load_mapping(tmp_path / "m.yaml", FORMATS)


def test_an_unknown_mapping_lists_the_shipped_ones() -> None:
    with pytest.raises(MappingError, match="tiktok_vi"):
        load_mapping("tiktok_vii", FORMATS)


def test_units_zone_and_prefix_are_applied(lake: Lake) -> None:
    load(lake, "generic.csv", mapping=FIXTURES / "generic.yaml", creator=None)
    post, seen = rows(lake, "posts")[0], rows(lake, "post_observations")
    assert (post["post_id"], post["duration_s"]) == ("lab:a1", 65.0)
    assert str(post["published_at"]) == "2024-02-01 09:00:00+00:00"
    assert [row["views"] for row in seen] == [304_900, 29_000]
    assert {row["collection"] for row in seen} == {"lab"}


def test_nested_lists_are_exploded_and_keep_what_stands_beside(lake: Lake) -> None:
    load(lake, "generic.jsonl", mapping=FIXTURES / "nested.yaml", creator=None)
    assert [row["creator_id"] for row in rows(lake, "posts")] == [
        creator_id_of("tiktok", who, "salt") for who in ("one", "one", "two")
    ]


def test_ids_are_hashed_or_kept_as_told(lake: Lake, tmp_path: Path) -> None:
    columns = "  sound_id: {from: song, hash: true}\n"
    path = mapping(tmp_path, columns)
    path.write_text(path.read_text().replace("creator: who", "creator: {from: who, hash: false}"))
    load_text(lake, tmp_path, "id,who,at,song\n1,u77,2026-01-01,A song by Ana\n", mapping=path)
    (post,) = rows(lake, "posts")
    assert (post["creator_id"], post["post_id"]) == ("u77", "1")
    assert "Ana" not in str(post["sound_id"])


def test_rows_are_kept_and_skipped_as_told(lake: Lake, tmp_path: Path) -> None:
    path = mapping(tmp_path, "  views: n\n", "only: {type: video}\nskip: {id: Total}")
    text = "id,who,at,n,type\nTotal,,,9,video\n1,a,2026-01-01,1,video\n2,a,2026-01-01,1,text\n"
    report = load_text(lake, tmp_path, text, mapping=path)
    assert [row["post_id"] for row in rows(lake, "posts")] == ["1"]
    assert report.rows_failed == 0


def test_a_lists_separator_and_empty_cells_are_told(lake: Lake, tmp_path: Path) -> None:
    columns = "  hashtags: {from: tags, separator: '|'}\n  views: {from: n, empty: hidden}\n"
    text = "id,who,at,tags,n\n1,a,2026-01-01,x|y,Hidden\n"
    load_text(lake, tmp_path, text, mapping=mapping(tmp_path, columns))
    assert rows(lake, "posts")[0]["hashtags"] == ["x", "y"]
    assert rows(lake, "failures") == []


def test_views_are_estimated_from_their_log_a_day(lake: Lake, tmp_path: Path) -> None:
    columns = "  views: {from: pop, kind: log2_per_day}\n"
    text = "id,who,at,pop\n1,a,2026-05-22T00:00:00Z,3\n"
    load_text(lake, tmp_path, text, mapping=mapping(tmp_path, columns), observed_at=None)
    assert rows(lake, "post_observations")[0]["views"] == 80  # 2^3 a day x 10 days


def test_wrongly_written_offsets_are_corrected(lake: Lake, tmp_path: Path) -> None:
    path = mapping(tmp_path, "")
    rule = "published_at: {from: at, read_offset_as: {'+07:00': '+14:00'}}"
    path.write_text(path.read_text().replace("published_at: at", rule))
    load_text(lake, tmp_path, "id,who,at\n1,a,2025-05-21 23:44:45+07:00\n", mapping=path)
    assert str(rows(lake, "posts")[0]["published_at"]) == "2025-05-21 09:44:45+00:00"


def test_a_mapping_may_change_a_known_format(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "extends: tiktok_apify\nconstants: {collection: mine}\n"
        "columns: {post_id: id, creator: {from: authorMeta.name, hash: false}, saves: null}\n"
    )
    load(lake, "tiktok_apify.json", mapping=tmp_path / "m.yaml")
    assert rows(lake, "posts")[0]["post_id"] == "7300000000000000401"
    assert rows(lake, "posts")[0]["creator_id"] == "made.up"
    seen = rows(lake, "post_observations")[0]
    assert (seen["views"], seen["saves"], seen["collection"]) == (224_000, None, "mine")


def test_parquet_with_nested_columns_is_read(lake: Lake, tmp_path: Path) -> None:
    table = pa.table(
        {"id": ["1"], "author": [{"name": "a"}], "at": pa.array([1_767_225_600]), "n": [7.0]}
    )
    pq.write_table(table, tmp_path / "x.parquet")
    path = mapping(tmp_path, "  views: n\n")
    path.write_text(path.read_text().replace("creator: who", "creator: author.name"))
    report = import_file(tmp_path / "x.parquet", lake, OPTIONS.__class__("s", mapping=path))
    assert (report.rows_failed, rows(lake, "post_observations")[0]["views"]) == (0, 7)
