from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from reelcast.errors import InputError, MismatchError, NotFoundError, StoreError
from reelcast.store import Lake, MergeCount
from reelcast.tables import TABLES
from tests.support import table_of

AT = datetime(2026, 1, 1, tzinfo=UTC)
# Merges its batches one after the other: keys 0..99 of its own, and 100..149 as the others do.
MERGE = """
import sys
from tests.unit.test_store import views_of
from reelcast.store import Lake
lake, me = Lake(sys.argv[1]), int(sys.argv[2])
for batch in range(4):
    own = [f"own{me}-{n}" for n in range(batch * 25, batch * 25 + 25)]
    common = [f"common{n}" for n in range(50)]
    lake.merge("post_observations", views_of(own + common, likes=[None, 2, 3][me]))
"""


def views_of(posts: list[str], likes: int | None = None) -> pa.Table:
    rows = ({"post_id": post, "observed_at": AT, "views": 10, "likes": likes} for post in posts)
    return table_of("post_observations", rows)


def creators(*rows: dict[str, object]) -> pa.Table:
    return table_of("creators", rows)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_a_merge_counts_new_changed_and_unchanged_keys(lake: Lake) -> None:
    lake.merge("creators", creators({"creator_id": "a"}, {"creator_id": "b"}))
    new = creators({"creator_id": "a"}, {"creator_id": "b", "niche": "pets"}, {"creator_id": "c"})
    assert lake.merge("creators", new) == MergeCount(inserted=1, updated=1, unchanged=1)


def test_a_known_value_replaces_an_older_one(lake: Lake) -> None:
    lake.merge("creators", creators({"creator_id": "a", "niche": "pets"}))
    lake.merge("creators", creators({"creator_id": "a", "niche": "travel"}))
    assert lake.read("creators")["niche"].to_pylist() == ["travel"]


def test_a_null_leaves_a_known_value_alone(lake: Lake) -> None:
    lake.merge("creators", creators({"creator_id": "a", "niche": "pets", "language": "en"}))
    lake.merge("creators", creators({"creator_id": "a", "language": "fr"}))
    assert lake.read("creators").to_pylist() == [
        {"creator_id": "a", "platform": None, "language": "fr", "niche": "pets"}
    ]


def test_the_last_of_two_rows_with_one_key_in_a_batch_wins_column_by_column(lake: Lake) -> None:
    first = {"creator_id": "a", "niche": "pets", "language": "en"}
    lake.merge("creators", creators(first, {"creator_id": "a", "niche": "travel"}))
    assert lake.read("creators").to_pylist() == [{**first, "niche": "travel", "platform": None}]


def test_a_key_without_a_value_is_refused(lake: Lake) -> None:
    with pytest.raises(InputError, match=r"creators.*creator_id"):
        lake.merge("creators", creators({"creator_id": None, "niche": "pets"}))


def test_lists_and_unicode_survive_the_round_trip(lake: Lake) -> None:
    post = {"post_id": "p'1\"", "caption": "Xin chào 👋\nnăm mới", "hashtags": ["tết", ""]}
    lake.merge("posts", table_of("posts", [post]))
    row = lake.read("posts").to_pylist()[0]
    assert {name: row[name] for name in post} == post


def test_an_older_version_can_be_read(lake: Lake) -> None:
    lake.merge("creators", creators({"creator_id": "a"}))
    before = lake.versions()["creators"]
    lake.merge("creators", creators({"creator_id": "b"}))
    assert lake.read("creators", before)["creator_id"].to_pylist() == ["a"]
    assert sorted(lake.read("creators")["creator_id"].to_pylist()) == ["a", "b"]


def test_a_version_that_never_was_is_not_found(lake: Lake) -> None:
    lake.merge("creators", creators({"creator_id": "a"}))
    with pytest.raises(NotFoundError, match="no version 99"):
        lake.read("creators", 99)


def test_a_version_of_a_table_without_imports_is_not_found(lake: Lake) -> None:
    with pytest.raises(NotFoundError, match="nothing is imported"):
        lake.read("creators", 0)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_has_its_schema(lake: Lake, name: str) -> None:
    assert lake.read(name).schema == TABLES[name].schema
    assert lake.read(name).num_rows == 0


@pytest.mark.parametrize("name", TABLES)
def test_a_filled_table_has_its_schema(lake: Lake, name: str) -> None:
    spec = TABLES[name]
    values = {pa.string(): "x", pa.int64(): 1, pa.date32(): AT.date()}
    key = {column: values.get(spec.schema.field(column).type, AT) for column in spec.key}
    lake.merge(name, table_of(name, [key]))
    assert lake.read(name).schema == spec.schema
    assert lake.merge(name, table_of(name, [key])) == MergeCount(unchanged=1)


def test_merging_no_rows_makes_no_table(lake: Lake) -> None:
    assert lake.merge("creators", creators()) == MergeCount()
    assert lake.versions() == {}


def test_an_unknown_table_is_named_with_those_that_there_are(lake: Lake) -> None:
    with pytest.raises(NotFoundError, match=r"'post'.*posts"):
        lake.read("post")
    with pytest.raises(NotFoundError, match="'creator'"):
        lake.merge("creator", creators({"creator_id": "a"}))


def test_a_table_of_another_schema_version_is_refused(lake: Lake) -> None:
    spec = TABLES["creators"]
    DeltaTable.create(
        f"{lake.root}/creators",
        schema=spec.schema,
        description=json.dumps({"schema_version": spec.version + 1}),
    )
    with pytest.raises(MismatchError, match="schema version 2, this code writes 1"):
        lake.read("creators")
    with pytest.raises(MismatchError, match="schema version 2"):
        lake.merge("creators", creators({"creator_id": "a"}))


def test_a_query_joins_tables_and_filters_by_text(lake: Lake) -> None:
    lake.merge("posts", table_of("posts", [{"post_id": "p", "platform": "tiktok"}]))
    lake.merge("post_observations", views_of(["p", "q"]))
    answer = lake.query(
        "SELECT post_id, views FROM post_observations JOIN posts USING (post_id) "
        "WHERE platform = 'tiktok'"
    )
    assert answer.to_pylist() == [{"post_id": "p", "views": 10}]


def test_a_query_sees_a_table_without_imports_as_empty(lake: Lake) -> None:
    assert lake.query("SELECT count(*) AS n FROM posts").to_pylist() == [{"n": 0}]


def test_a_query_answers_times_in_utc(lake: Lake) -> None:
    lake.merge("post_observations", views_of(["p"]))
    answer = lake.query("SELECT CAST(observed_at AS VARCHAR) AS at FROM post_observations")
    assert answer["at"].to_pylist() == ["2026-01-01 00:00:00+00"]


@pytest.mark.parametrize("root", ["s3://bucket/x", "gs://bucket", "az://box/x/", "abfss://b@c/x"])
def test_a_bucket_is_remote(root: str) -> None:
    assert Lake(root).is_remote


@pytest.mark.parametrize("root", ["./var/lake", "/data/lake", "lake", "C:/lake"])
def test_a_folder_is_not_remote(root: str) -> None:
    assert not Lake(root).is_remote


def test_the_data_version_follows_the_data_and_not_the_failures(lake: Lake) -> None:
    lake.merge("creators", creators({"creator_id": "a"}))
    before = lake.data_version()
    failure = {"file_sha256": "f", "line": 1, "column": "views", "reason": "no number"}
    lake.merge("failures", table_of("failures", [failure]))
    assert lake.data_version() == before
    lake.merge("creators", creators({"creator_id": "b"}))
    assert lake.data_version() != before


def test_two_lakes_after_as_many_merges_have_different_data_versions(tmp_path: Path) -> None:
    lakes = [Lake(tmp_path / name) for name in ("one", "other")]
    for lake, who in zip(lakes, "ab", strict=True):
        lake.merge("creators", creators({"creator_id": who}))
    assert lakes[0].versions() == lakes[1].versions()
    assert lakes[0].data_version() != lakes[1].data_version()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PAR1 no PAR1")])
def test_a_damaged_table_is_a_store_error_that_names_it(
    lake: Lake, damage: Callable[[Path], object]
) -> None:
    lake.merge("creators", creators({"creator_id": "a"}))
    for file in Path(lake.root).rglob("*.parquet"):
        damage(file)
    with pytest.raises(StoreError, match=r"cannot read .*creators"):
        lake.read("creators")


def test_a_root_that_is_a_file_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="creators"):
        Lake(tmp_path / "file").merge("creators", creators({"creator_id": "a"}))


def test_a_query_that_is_wrong_is_an_input_error(lake: Lake) -> None:
    with pytest.raises(InputError, match="viewz"):
        lake.query("SELECT viewz FROM post_observations")


def test_three_processes_merging_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", MERGE, str(tmp_path / "lake")]
    started = [subprocess.Popen([*command, str(me)], cwd=root) for me in range(3)]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]
    rows = Lake(tmp_path / "lake").read("post_observations").to_pylist()
    expected = {f"own{me}-{n}" for me in range(3) for n in range(100)}
    assert sorted(row["post_id"] for row in rows) == sorted(
        expected | {f"common{n}" for n in range(50)}
    )
    common = [row["likes"] for row in rows if row["post_id"].startswith("common")]
    assert len(set(common)) == 1
    assert common[0] in (2, 3)


@pytest.mark.parametrize("name", ["my lake", "ü", "run[1]", "x*y"])
def test_a_folder_of_any_name_holds_a_lake(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name / "lake")
    row = {"creator_id": "a", "platform": "tiktok", "language": None, "niche": None}
    rows = pa.Table.from_pylist([row], TABLES["creators"].schema)
    assert lake.merge("creators", rows).inserted == 1
    assert lake.read("creators").to_pylist() == [row]


def test_some_columns_are_read_without_the_others(lake: Lake) -> None:
    lake.merge("creators", creators({"creator_id": "a", "niche": "x"}, {"creator_id": "b"}))
    read = lake.read_columns("creators", ["niche"])
    assert sorted(read.to_pylist(), key=str) == [{"niche": "x"}, {"niche": None}]


def test_columns_of_a_table_that_is_not_there_are_empty(lake: Lake) -> None:
    assert lake.read_columns("tags", ["group", "label"]).num_rows == 0


def test_rows_are_read_by_the_first_column_of_their_key(lake: Lake) -> None:
    lake.merge("creators", creators(*({"creator_id": name} for name in "abc")))
    read = lake.read_keys("creators", ["c", "a", "unknown"])
    assert read["creator_id"].to_pylist() == ["a", "c"]
