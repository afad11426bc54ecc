"""Real clips, really watched: the same answer twice, and nothing done twice after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from content_tagging.batch.items import items_in
from content_tagging.batch.run import Report, tag_files
from content_tagging.contents import load
from reelcast.settings import Settings, TaggingSettings
from reelcast.store import Lake
from tests.tagging.clips import Clip, write_clip

SHORT = Clip(
    seconds=2.0,
    words=((0.0, 1.4, "3 THINGS\nI WISH I KNEW"),),
    cuts_s=(1.0,),
)
CLIPS, ENOUGH, WAIT_S = 5, 3, 120.0


def tag_in(home: Path, folder: Path) -> tuple[Report, dict[str, str]]:
    """The report, and each content as JSON by its name."""
    settings = Settings(home=str(home), tagging=TaggingSettings(workers=2))
    lake = Lake(settings.lake_root)
    done = tag_files(items_in([folder]), lake, settings)
    made = load(lake, [*done.content_of.values()]).values()
    return done, {content.name: content.model_dump_json() for content in made}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip with words and a cut, and one file that is none."""
    folder = tmp_path_factory.mktemp("clips")
    write_clip(folder / "things.mp4", SHORT)
    (folder / "broken.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(200))
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> tuple[Report, dict[str, str]]:
    return tag_in(tmp_path_factory.mktemp("first"), folder)


def test_a_clip_is_seen_and_heard_as_it_was_made(first: tuple[Report, dict[str, str]]) -> None:
    signals = json.loads(first[1]["things"])["signals"]
    words = " ".join(line["text"] for line in signals["pictures"]["lines"]).upper().split()
    assert {"THINGS", "WISH", "KNEW"} <= set(words)
    assert [cut["at_s"] for cut in signals["pictures"]["cuts"]] == [pytest.approx(1.0, abs=0.1)]
    assert signals["media"]["height_px"] == 384
    assert signals["transcript"]["status"] == "no_speech"


def test_a_broken_file_is_a_typed_error_beside_it(first: tuple[Report, dict[str, str]]) -> None:
    assert [(of.path.name, of.kind) for of in first[0].failures] == [("broken.mp4", "MediaError")]


def test_the_same_clip_in_a_fresh_home_gives_the_same_bytes(
    first: tuple[Report, dict[str, str]], folder: Path, tmp_path: Path
) -> None:
    assert tag_in(tmp_path, folder)[1] == first[1]


def entries(home: Path) -> dict[Path, tuple[int, int]]:
    """The files of the step cache, each with its inode and time: both change when made again."""
    found = (home / "cache" / "tagging").rglob("*.json")
    return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def start(folder: Path, home: Path) -> subprocess.Popen[bytes]:
    """`reelcast tag FOLDER --json`, as a process of its own."""
    command = ["tag", str(folder), "--workers", "1", "--json", "--home", str(home)]
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "REELCAST_SALT": "s"},
    )


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def wait_until(what: str, done: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not done():
        assert time.monotonic() < until, f"waited {WAIT_S:.0f} s for {what}"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, home = tmp_path / "clips", tmp_path / "home"
    folder.mkdir()
    for index in range(CLIPS):
        write_clip(folder / f"{index}.mp4", Clip(seconds=1.0, tone_hz=300.0 + 50 * index))
    killed = start(folder, home)
    wait_until("the first steps", lambda: len(entries(home)) >= ENOUGH)
    workers = children_of(killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    wait_until("its workers to end", lambda: all(map(is_gone, workers)))
    before = entries(home)
    assert ENOUGH <= len(before) < 3 * CLIPS
    again = start(folder, home)
    lines = again.communicate(timeout=WAIT_S)[0].decode().splitlines()
    assert again.returncode == 0
    assert [json.loads(line)["name"] for line in lines] == [str(index) for index in range(CLIPS)]
    after = entries(home)
    assert len(after) == 3 * CLIPS
    assert {path: after[path] for path in before} == before
