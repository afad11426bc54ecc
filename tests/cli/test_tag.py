"""`reelcast tag` and `reelcast tags` on a small clip, as a shell would see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reelcast.store import Lake
from tests.cli.command import Ran, reelcast
from tests.tagging.clips import Clip, write_clip

ENV = {"COLUMNS": "100", "REELCAST_TAGGING__TRANSCRIBER": "none"}
CLIP = Clip(seconds=1.0, words=((0.0, 1.0, "3 THINGS\nI WISH I KNEW"),))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip, a copy of it, and a file that is no video."""
    folder = tmp_path_factory.mktemp("clips")
    write_clip(folder / "draft.mp4", CLIP)
    (folder / "again.mp4").write_bytes((folder / "draft.mp4").read_bytes())
    (folder / "torn.mp4").write_bytes(b"not a video")
    return folder


@pytest.fixture(scope="module")
def tagged(home: Path, clips: Path) -> Ran:
    return reelcast("tag", clips / "draft.mp4", "--json", home=home, env=ENV)


def test_json_is_the_whole_content_and_nothing_else(tagged: Ran) -> None:
    assert tagged.code == 0, tagged.err
    content = tagged.json()
    assert content["name"] == "draft"
    assert content["signals"]["media"]["width_px"] == 216
    assert {"hook", "format", "theme"} <= {tag["group"] for tag in content["tags"]}
    assert content["measures"]["vertical"] is True
    assert content["versions"].keys() == {"look", "hear", "transcribe", "join"}


def test_a_card_is_printed_for_people(tagged: Ran, home: Path, clips: Path) -> None:
    ran = reelcast("tag", clips / "draft.mp4", home=home, env=ENV)
    assert ran.code == 0
    assert "216 x 384" in ran.out
    assert "hook" in ran.out


def test_a_report_is_written(tagged: Ran, home: Path, clips: Path, tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    assert reelcast("tag", clips / "draft.mp4", "--report", page, home=home, env=ENV).code == 0
    assert "draft" in page.read_text(encoding="utf-8")


def test_a_report_of_several_files_is_refused(home: Path, clips: Path, tmp_path: Path) -> None:
    ran = reelcast("tag", clips, "--report", tmp_path / "out.html", home=home, env=ENV)
    assert (ran.code, "--report is of one file, 3 are named" in ran.err) == (2, True)


def test_a_bad_file_stops_no_other_and_sets_the_exit_code(
    tagged: Ran, home: Path, clips: Path
) -> None:
    ran = reelcast("tag", clips, "--json", home=home, env=ENV)
    assert [json.loads(line)["name"] for line in ran.out.splitlines()] == ["draft", "draft"]
    assert ran.code == 2
    assert "1 of 3 files failed" in ran.err
    assert "torn.mp4" in ran.err


def test_several_files_give_a_table(tagged: Ran, home: Path, clips: Path) -> None:
    ran = reelcast("tag", clips / "draft.mp4", clips / "again.mp4", home=home, env=ENV)
    assert ran.code == 0
    assert ran.out.count("draft") == 2
    assert "2 files in" in ran.err


def test_a_manifest_joins_posts(tagged: Ran, home: Path, clips: Path) -> None:
    manifest = clips / "posts.csv"
    manifest.write_text("path,post_id\ndraft.mp4,tiktok:1\n")
    ran = reelcast("tag", "--manifest", manifest, "--json", home=home, env=ENV)
    assert ran.code == 0
    rows = Lake(home / "lake").read("post_contents").to_pylist()
    assert rows == [{"post_id": "tiktok:1", "content_id": ran.json()["content_id"]}]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("tag",), 2, "nothing to tag"),
        (("tag", "lost.mp4"), 3, "lost.mp4 is not there"),
        (("tag", "{clip}", "--engine", "spark"), 2, "there are processes, ray"),
        (("tag", "--text", "lost.jsonl"), 2, "--text needs --out"),
        (("tag", "--text", "lost.jsonl", "--out", "tags.jsonl"), 3, "lost.jsonl"),
        (("tags", "correct", "draft"), 2, "say what is right"),
        (("tags", "correct", "draft", "--hook", "listcle"), 2, "listicle"),
        (("tags", "correct", "lost", "--hook", "listicle"), 3, "no content is called 'lost'"),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(
    tagged: Ran, home: Path, clips: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    given = [arg.replace("{clip}", str(clips / "draft.mp4")) for arg in args]
    ran = reelcast(*given, home=home, env=ENV)
    assert (ran.code, said in ran.err) == (code, True)
    assert len(ran.err.strip().splitlines()) == 1


def test_texts_are_tagged_without_video(home: Path, tmp_path: Path) -> None:
    items, out = tmp_path / "items.jsonl", tmp_path / "tags.jsonl"
    items.write_text('{"id": "a", "speech": "three mistakes I made with retinol"}\nbroken\n')
    ran = reelcast("tag", "--text", items, "--out", out, "--json", home=home, env=ENV)
    assert (ran.code, ran.json()["tagged"], "line 2" in ran.err) == (0, 1, True)
    assert json.loads(out.read_text())["id"] == "a"


def test_a_correction_is_shown_from_then_on(tagged: Ran, home: Path, clips: Path) -> None:
    told = ("--hook", "storytime", "--hook", "listicle", "--reason", "it tells one")
    ran = reelcast("tags", "correct", "draft", *told, home=home, env=ENV)
    assert ran.code == 0
    assert "hook: storytime, listicle" in ran.out
    content = reelcast("tag", clips / "draft.mp4", "--json", home=home, env=ENV).json()
    hooks = [tag for tag in content["tags"] if tag["group"] == "hook"]
    assert [(tag["label"], tag["detector"]) for tag in hooks] == [
        ("storytime", "person"),
        ("listicle", "person"),
    ]


def test_a_remake_says_what_was_up_to_date(tagged: Ran, home: Path) -> None:
    ran = reelcast("tags", "remake", "--json", home=home, env=ENV)
    assert ran.code == 0
    assert {key: ran.json()[key] for key in ("made", "known", "failed")} == {
        "made": 0,
        "known": 1,
        "failed": 0,
    }
