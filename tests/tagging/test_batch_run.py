"""A batch into the lake: each content once ever, bad files beside it, posts joined."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from content_tagging.batch.items import Item, items_in
from content_tagging.batch.join import signals_of
from content_tagging.batch.local import watch_locally
from content_tagging.batch.outcomes import Heard, Looked, Watched
from content_tagging.batch.run import Report, engine_of, tag_files
from content_tagging.cache import sha256_of
from content_tagging.contents import About, find, load
from content_tagging.records import (
    Media,
    Pictures,
    Segment,
    Sound,
    TextLine,
    Transcript,
    Word,
)
from reelcast.errors import InputError
from reelcast.settings import Settings, TaggingSettings
from reelcast.store import Lake
from tests.tagging.tasks import TASKS

ENGINE = partial(watch_locally, tasks=TASKS)


class Home:
    """A folder of files, and where they are tagged to."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self.files.mkdir()
        self.settings = Settings(home=str(folder), tagging=TaggingSettings(workers=1))
        self.lake = Lake(self.settings.lake_root)

    def tag(self, items: list[Item] | None = None) -> Report:
        return tag_files(items or items_in([self.files]), self.lake, self.settings, ENGINE)

    def write(self, name: str, words: str) -> Path:
        (self.files / name).write_text(words)
        return self.files / name

    def watched(self) -> list[str]:
        """The files that a worker looked at, by name."""
        return sorted((self.files / "work.log").read_text().split())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two contents in three files, and a broken one."""
    home = Home(tmp_path)
    for name, words in (("a.mp4", "one"), ("copy of a.mp4", "one"), ("b.mp4", "two")):
        home.write(name, words)
    home.write("bad.mp4", "broken")
    return home


def test_contents_and_failures_land_in_the_lake(home: Home) -> None:
    done = home.tag()
    assert (done.files, done.made, done.known, len(done.failures)) == (4, 2, 0, 1)
    assert sorted(home.lake.read("contents")["name"].to_pylist()) == ["a", "b"]
    (failure,) = home.lake.read("failures").to_pylist()
    assert (failure["file"], failure["format"]) == ("bad.mp4", "video")
    assert "export it anew" in failure["reason"]


def test_the_same_again_watches_only_what_failed_and_writes_nothing(home: Home) -> None:
    home.tag()
    before = home.lake.versions()
    (home.files / "a.mp4").rename(home.files / "other name.mp4")
    done = home.tag()
    assert (done.made, done.known, len(done.failures)) == (0, 2, 1)
    assert home.watched() == ["a.mp4", "b.mp4", "bad.mp4", "bad.mp4"]
    assert home.lake.versions() == before


def test_posts_that_show_one_file_join_to_one_content(home: Home) -> None:
    names = {"t:1": "a.mp4", "t:2": "copy of a.mp4", "t:3": "b.mp4", "t:4": "bad.mp4"}
    done = home.tag([Item(path=home.files / name, post_id=post) for post, name in names.items()])
    one, two = sha256_of(home.files / "a.mp4"), sha256_of(home.files / "b.mp4")
    rows = home.lake.read("post_contents").to_pylist()
    assert {row["post_id"]: row["content_id"] for row in rows} == {
        "t:1": one,
        "t:2": one,
        "t:3": two,
    }
    assert done.content_of[home.files / "copy of a.mp4"] == one


def test_a_caption_is_kept_and_read_again_without_the_manifest(home: Home) -> None:
    path = home.files / "a.mp4"
    home.tag([Item(path=path, caption="POV: you forgot the sunscreen")])
    assert home.tag([Item(path=path)]).known == 1
    (content,) = load(home.lake, [sha256_of(path)]).values()
    assert content.caption == "POV: you forgot the sunscreen"


def test_another_caption_makes_other_tags_of_the_same_signals(home: Home) -> None:
    path = home.files / "a.mp4"
    home.tag([Item(path=path, caption="POV: you forgot the sunscreen")])
    assert home.tag([Item(path=path, caption="3 mistakes with sunscreen")]).made == 1
    versions = home.lake.query("SELECT count(DISTINCT version) AS n FROM tags").to_pylist()
    assert versions == [{"n": 2}]


def test_a_brand_is_kept_and_another_one_reads_the_measures_anew(home: Home) -> None:
    path = home.files / "a.mp4"
    home.tag([Item(path=path, brand="Quiet One", product="headphones")])
    assert home.tag([Item(path=path)]).known == 1
    assert home.tag([Item(path=path, brand="Loud")]).made == 1
    (content,) = load(home.lake, [sha256_of(path)]).values()
    assert content.about == About(brand="Loud", product="headphones")


def test_a_file_that_is_not_there_stops_no_other(home: Home) -> None:
    done = home.tag([Item(path=home.files / "lost.mp4"), Item(path=home.files / "b.mp4")])
    assert (done.made, len(done.failures)) == (1, 1)


def test_a_lake_that_was_deleted_is_filled_again(home: Home) -> None:
    home.tag([Item(path=home.files / "b.mp4")])
    shutil.rmtree(home.lake.root)
    assert home.tag([Item(path=home.files / "b.mp4")]).made == 1


def test_progress_ends_with_all_files(home: Home) -> None:
    told: list[tuple[int, int | None]] = []
    items = items_in([home.files])
    tag_files(
        items, home.lake, home.settings, ENGINE, lambda done, total: told.append((done, total))
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(InputError, match="'spark': there are processes, ray"):
        engine_of("spark")


def test_accounts_and_addresses_do_not_enter_the_signals() -> None:
    line = TextLine(
        start_s=0, end_s=1, text="with @ana.b", box=(0, 0, 1, 0.1), confidence=1, kind="overlay"
    )
    words = tuple(Word(start_s=0, end_s=1, text=text) for text in ("write", "me@x.example"))
    said = Segment(start_s=0, end_s=1, text="write me@x.example", words=words)
    watched = Watched(
        content_id="0" * 64,
        looked=Looked(media=Media(duration_s=1.0), pictures=Pictures(lines=(line,))),
        heard=Heard(
            sound=Sound(),
            transcript=Transcript(status="speech", engine="captions", segments=(said,)),
        ),
    )
    signals = signals_of(watched)
    assert signals.pictures.lines[0].text == "with @user"
    assert signals.transcript.text == "write @user"
    assert signals.transcript.segments[0].words[1].text == "@user"


def test_a_name_that_is_no_text_stops_no_batch(home: Home) -> None:
    for name, words in ((b"\xff.mp4", "three"), (b"\xfe.mp4", "bug")):
        Path(os.fsdecode(bytes(home.files) + b"/" + name)).write_text(words)
    done = home.tag()
    assert (done.made, len(done.failures)) == (3, 2)
    assert "\ufffd" in home.lake.read("contents")["name"].to_pylist()
    assert "\ufffd.mp4" in home.lake.read("failures")["file"].to_pylist()


def test_accounts_in_names_of_files_are_not_kept(home: Home) -> None:
    home.write("@ana.b - unboxing.mp4", "three")
    home.write("@ana.c - broken.mp4", "broken")
    home.tag()
    kept = str([home.lake.read(name).to_pylist() for name in ("contents", "failures")])
    assert "@user - unboxing" in kept
    assert "ana." not in kept
    assert find(home.lake, "@ana.b - unboxing") == sha256_of(home.files / "@ana.b - unboxing.mp4")


def test_half_a_character_in_a_manifest_stops_no_batch(home: Home) -> None:
    rows = [
        {"path": "files/a.mp4", "caption": "a \ud83d", "post_id": "t:\ud83d"},
        {"path": "files/\ud83d.mp4"},
    ]
    manifest = home.files.parent / "posts.jsonl"
    manifest.write_text("\n".join(map(json.dumps, rows)))
    done = home.tag(items_in([], manifest))
    assert (done.made, len(done.failures)) == (1, 1)
    (content,) = load(home.lake, [*done.content_of.values()]).values()
    assert content.caption == "a \ufffd"


def test_what_was_read_steers_no_terminal(home: Home) -> None:
    said = Segment(start_s=0, end_s=1, text="\x1b]0;owned\x1b\\ hi")
    heard = Transcript(status="speech", engine="captions", model="@ana \x1b.srt", segments=(said,))
    watched = Watched(
        content_id="a" * 64,
        looked=Looked(media=Media(duration_s=1.0), pictures=Pictures()),
        heard=Heard(sound=Sound(), transcript=heard),
    )
    signals = signals_of(watched)
    assert "\\u001b" not in signals.model_dump_json()
    assert signals.transcript.model == "@user \ufffd.srt"
