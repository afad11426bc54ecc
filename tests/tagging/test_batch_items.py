"""Files, folders and manifests name what is to be tagged."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_tagging.batch.items import Item, items_in
from content_tagging.contents import About
from reelcast.errors import InputError, NotFoundError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Clips, one in a folder below, and other files."""
    (tmp_path / "below").mkdir()
    for name in ("b.mp4", "a.MOV", "notes.txt", "a.srt", "below/c.webm"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def manifest(folder: Path, text: str, name: str = "posts.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_folder_means_its_media_in_order_of_name_and_those_below(folder: Path) -> None:
    names = [item.path.relative_to(folder).as_posix() for item in items_in([folder])]
    assert names == ["a.MOV", "b.mp4", "below/c.webm"]


def test_a_file_that_is_named_is_taken_whatever_its_suffix(folder: Path) -> None:
    assert [item.path.name for item in items_in([folder / "notes.txt"])] == ["notes.txt"]


def test_a_path_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(NotFoundError, match=r"lost\.mp4"):
        items_in([folder / "lost.mp4"])


def test_a_folder_without_media_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to tag"):
        items_in([tmp_path])


def test_a_csv_manifest_says_which_post_shows_a_file(folder: Path) -> None:
    file = manifest(folder, "post_id,path,caption,more\ntiktok:1,b.mp4,with @ana,x\n,a.MOV,,\n")
    assert items_in([], file) == [
        Item(path=folder / "b.mp4", post_id="tiktok:1", caption="with @user"),
        Item(path=folder / "a.MOV"),
    ]


def test_a_manifest_says_which_brand_and_product_a_file_shows(folder: Path) -> None:
    file = manifest(folder, "path,brand,product\nb.mp4,Quiet One,headphones\na.MOV,,\n")
    assert items_in([], file, About(brand="Loud", product=None)) == [
        Item(path=folder / "b.mp4", brand="Quiet One", product="headphones"),
        Item(path=folder / "a.MOV", brand="Loud"),
    ]


def test_a_jsonl_manifest_reads_alike(folder: Path) -> None:
    text = '{"path": "b.mp4", "post_id": 77, "likes": 3}\n\n{"path": "a.MOV", "caption": null}\n'
    assert items_in([], manifest(folder, text, "posts.jsonl")) == [
        Item(path=folder / "b.mp4", post_id="77"),
        Item(path=folder / "a.MOV"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("posts.csv", "post_id,caption\n1,x\n", "line 2 names no file"),
        ("posts.csv", "path,post_id\nb.mp4,1\n,2\n", "line 3 names no file"),
        ("posts.jsonl", '{"path": "b.mp4"}\n{"path": \n', "line 2 is not JSON"),
        ("posts.jsonl", '["b.mp4"]\n', "line 1 is no JSON object"),
    ],
)
def test_a_bad_row_is_named_by_its_line(folder: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        items_in([], manifest(folder, text, name))


def test_a_manifest_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "posts.csv").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InputError, match="cannot be read as a manifest"):
        items_in([], folder / "posts.csv")


def test_a_manifest_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(NotFoundError, match=r"lost\.csv"):
        items_in([], folder / "lost.csv")


def test_a_line_of_json_that_is_too_deep_is_named(folder: Path) -> None:
    with pytest.raises(InputError, match="line 1 is not JSON"):
        items_in([], manifest(folder, "[" * 100_000, "posts.jsonl"))
