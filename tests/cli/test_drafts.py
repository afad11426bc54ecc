"""compare and effects on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import reelcast
from tests.inference.homes import HOOKS, Home


def person(home: Home) -> tuple[str, ...]:
    first = home.creators[0]
    return ("--creator", f"@{first.handle}", "--platform", first.platform)


def test_drafts_are_compared(home: Home) -> None:
    words = ("--draft", "stop buying this", "--draft", "week 4", "--target", "views")
    ran = reelcast("compare", *person(home), *words, home=home.folder)
    assert ran.code == 0, ran.err
    assert "chance" in ran.out
    assert "A: stop buying this" in ran.err
    assert "at most 10%" in ran.err


def test_a_comparison_as_json_is_the_apis(home: Home) -> None:
    words = ("--draft", "one", "--draft", "two", "--target", "engagement_rate", "--json")
    made = reelcast("compare", *person(home), *words, home=home.folder).json()
    assert [duel["target"] for duel in made["duels"]] == ["engagement_rate"]


def test_a_draft_is_compared_with_tagged_videos(tagged: Home) -> None:
    words = ("--draft", "one", "--video", "clip-1", "--video", "clip-2", "--json")
    made = reelcast("compare", *person(tagged), *words, home=tagged.folder).json()
    assert [draft["content_id"] for draft in made["drafts"]] == [None, f"{1:064x}", f"{2:064x}"]


def test_a_file_that_was_never_tagged_says_what_to_do(tagged: Home, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"no video")
    words = ("--video", clip, "--draft", "one")
    ran = reelcast("compare", *person(tagged), *words, home=tagged.folder)
    assert (ran.code, "tag its file first" in ran.err) == (3, True)


def test_a_request_file_says_more_of_each_draft(home: Home, tmp_path: Path) -> None:
    first = home.creators[0]
    asked = {
        "creator": {"platform": first.platform, "handle": first.handle},
        "drafts": [{"caption": "a", "duration_s": 10}, {"caption": "a", "duration_s": 90}],
        "names": ["short", "long"],
        "targets": ["views"],
    }
    path = tmp_path / "drafts.json"
    path.write_text(json.dumps(asked))
    made = reelcast("compare", "--request", path, "--json", home=home.folder).json()
    assert [draft["name"] for draft in made["drafts"]] == ["short", "long"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--draft", "a", "--draft", "b"), 2, "name a creator"),
        (("--creator", "@x", "--draft", "a"), 2, "two to ten"),
        (("--creator", "@nobody", "--draft", "a", "--draft", "b"), 3, "not in the lake"),
        (("--creator", "@x", "--draft", "a", "--draft", "b", "--target", "fame"), 2, "targets"),
        (("--request", "nowhere.json"), 3, "no file nowhere.json"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(
    home: Home, args: tuple[str, ...], code: int, said: str
) -> None:
    ran = reelcast("compare", *args, home=home.folder)
    assert (ran.code, said in ran.err) == (code, True), ran.err


def test_effects_are_printed_and_drawn(tagged: Home, tmp_path: Path) -> None:
    picture = tmp_path / "effects.png"
    ran = reelcast("effects", "--plot", picture, home=tagged.folder)
    assert ran.code == 0, ran.err
    assert "association, not proof of cause" in ran.err
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_effects_as_json_are_rows(tagged: Home) -> None:
    rows = reelcast("effects", "--target", "likes", "--json", home=tagged.folder).json()
    assert {row["label"] for row in rows if row["group"] == "hook"} == set(HOOKS)


def test_effects_of_labels_in_a_table(home: Home, tmp_path: Path) -> None:
    posts = home.tables["posts"]["post_id"].to_pylist()
    path = tmp_path / "labels.csv"
    lines = [f"{post},hook,{HOOKS[i % 4]}" for i, post in enumerate(posts)]
    path.write_text("\n".join(["post_id,group,label", *lines]))
    rows = reelcast("effects", "--labels", path, "--json", home=home.folder).json()
    assert {row["label"] for row in rows} == set(HOOKS)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [((), 3, "reelcast tag --manifest"), (("--labels", "nowhere.csv"), 3, "no file nowhere.csv")],
)
def test_effects_that_cannot_be_are_refused(
    home: Home, args: tuple[str, ...], code: int, said: str
) -> None:
    ran = reelcast("effects", *args, home=home.folder)
    assert (ran.code, said in ran.err) == (code, True), ran.err
