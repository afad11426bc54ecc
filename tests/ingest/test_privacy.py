"""No name, address or link of a person enters the lake."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import import_file, preview
from ingest.mapping import load_mapping
from reelcast.errors import MappingError
from reelcast.store import Lake
from tests.ingest.samples import FIXTURES, OPTIONS, load_text

PEOPLE = (
    *("anna.made", "bela.made", "cora.made", "anna made", "bela made", "cora made", "made.example"),
    *(
        "170 0000001",
        "1700000001",
        "invented street",
        "madeup city",
        "203.0.113",
        "idfa-",
        "a1b2c3",
    ),
    *("1756700000000", "900001", "#1001", "made up gmbh", "madeupspark", "first row of"),
)
FILES = (
    *("shopify_orders.csv", "appsflyer.csv", "adjust.csv", "leads.csv", "ads.csv", "survey.csv"),
    *("holdout_people.csv", "comments.json"),
)


def stored(folder: Path) -> str:
    """All that lies under a lake: bytes of every file as they are, cells of Parquet files, logs."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found += [path.name, path.read_bytes().decode("latin-1")]
            if path.suffix == ".parquet":
                found.append(json.dumps(pq.read_table(path).to_pylist(), default=str))
    return " ".join(found).casefold()


def shuffled(path: Path, seed: int) -> str:
    """The file's text: of half its rows the cells moved, a row cut, one never closed."""
    rng = random.Random(seed)
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    for row in rows[1:]:
        if rng.random() < 0.5:
            step = rng.randrange(1, len(row))
            row[:] = row[step:] + row[:step]
    rows.append(rows[1][: len(rows[1]) // 2])
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    return text + '\n"' + ",".join(rows[1]) + "\n"


@pytest.mark.parametrize("file", FILES)
def test_nobody_of_a_file_is_found_in_the_lake(file: str, tmp_path: Path) -> None:
    options = replace(OPTIONS, timezone="UTC", platform="tiktok")
    import_file(FIXTURES / file, Lake(tmp_path / "lake"), options)
    assert [who for who in PEOPLE if who in stored(tmp_path / "lake")] == []


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000), file=st.sampled_from([*FILES[:4], "survey.csv"]))
def test_nobody_is_found_where_rows_are_broken(
    seed: int, file: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    text = shuffled(FIXTURES / file, seed)
    lake, options = Lake(folder / "lake"), {"format": file[:-4], "timezone": "UTC"}
    report = load_text(lake, folder, text, platform="tiktok", **options)
    assert report.rows_failed + report.rows_flagged > 0
    assert [who for who in PEOPLE if who in stored(folder / "lake")] == []


def test_the_preview_shows_nobody(tmp_path: Path) -> None:
    path = tmp_path / "shopify_orders.csv"
    path.write_text(shuffled(FIXTURES / "shopify_orders.csv", 3))
    told = preview(path, OPTIONS)
    assert told.failures
    assert [who for who in PEOPLE if who in str(told.to_dict()).casefold()] == []


def test_a_customer_is_the_same_in_every_spelling_and_export(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for file in ("shopify_orders.csv", "leads.csv"):
        import_file(FIXTURES / file, lake, OPTIONS)
    orders = lake.read("orders").to_pylist()
    sources = {row["customer_hash"]: set() for row in orders}
    for row in orders:
        sources[row["customer_hash"]].add(row["source"])
    assert sum(each == {"shopify_orders", "leads"} for each in sources.values()) == 2


def test_another_salt_gives_another_customer(tmp_path: Path) -> None:
    seen = []
    for salt in ("one", "two"):
        lake = Lake(tmp_path / salt)
        import_file(FIXTURES / "shopify_orders.csv", lake, replace(OPTIONS, salt=salt))
        seen.append(set(lake.read("orders")["customer_hash"].to_pylist()))
    assert not seen[0] & seen[1]


@pytest.mark.parametrize(
    "columns",
    [
        "customer: {from: Email, hash: false}",
        "customer: {from: Email, kind: label}",
        "order_id: {from: Name, kind: id}",
    ],
)
def test_no_mapping_keeps_a_person_as_it_is(tmp_path: Path, columns: str) -> None:
    (tmp_path / "m.yaml").write_text(f"grain: orders\ncolumns: {{{columns}}}\n")
    with pytest.raises(MappingError, match="always hashed"):
        load_mapping(tmp_path / "m.yaml", {})


def test_a_failing_row_keeps_no_mention_nor_address(lake: Lake, tmp_path: Path) -> None:
    header = (
        "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views\n"
    )
    link = "https://www.tiktok.com/@real.person/clip"
    load_text(
        lake,
        tmp_path,
        f"{header}by @some.body a@b.example,{link},2026-01-01,1,1,1,1\nReal Name,cut\n",
    )
    failures = str(lake.read("failures").to_pylist())
    assert "real.person" not in failures
    assert "some.body" not in failures
    assert "Real Name" not in failures


def test_a_file_named_after_an_account_is_not_kept_by_that_name(lake: Lake, tmp_path: Path) -> None:
    text = "Video title,Video link,Post time,Total views\nt,none,2026-01-01,1\n"
    report = load_text(lake, tmp_path, text, name="Content of @some.body.csv")
    assert "some.body" not in str(lake.read("failures").to_pylist())
    assert "some.body" not in report.file


@pytest.mark.parametrize("platform", ["TikTok of Ana Roe!", "a@b.example", "x" * 200])
def test_a_platform_is_a_short_name(lake: Lake, tmp_path: Path, platform: str) -> None:
    from reelcast.errors import InputError

    text = "Video title,Video link,Post time,Total views\nt,none,2026-01-01,1\n"
    with pytest.raises(InputError, match="short name"):
        load_text(lake, tmp_path, text, platform=platform)


def test_a_campaign_in_a_posts_export_is_a_short_name(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        "constants: {platform: tiktok}\ncolumns: {post_id: id, creator: who, published_at: at, "
        "campaign_id: c}\n"
    )
    text = "id,who,at,c\n1,a,2026-01-01,Spring-26\n2,a,2026-01-01,for Ana Roe a@b.example\n"
    load_text(lake, tmp_path, text, mapping=tmp_path / "m.yaml")
    assert lake.read("posts")["campaign_id"].to_pylist() == ["spring-26", None]
    assert "b.example" not in str(lake.read("failures").to_pylist())
