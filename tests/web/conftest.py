from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inference.ledger_freeze import freeze
from inference.ledger_store import Ledger
from reelcast.records import CreatorQuestion, creator_id_of
from tests.inference.homes import SALT, Home
from tests.ledger.made import MODEL, asked, forecast, target
from tests.support import DAY, NOW
from tests.tagging.clips import Clip, write_clip
from tests.web.filled import fill_campaign, fill_plan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
START_S = 90.0
WIDE, PHONE = (1280, 800), (390, 844)


@pytest.fixture(scope="session")
def served(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of a copy of the home: what pages change is theirs."""
    folder = tmp_path_factory.mktemp("web") / "home"
    shutil.copytree(home.folder, folder)
    fill_ledger(home, folder)
    fill_campaign(home, folder)
    fill_plan(home, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.web.served", str(folder), str(port)],
            cwd=Path(__file__).parents[2],
            stdout=out,
            stderr=out,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)


def fill_ledger(home: Home, folder: Path) -> None:
    """Forecasts of posts that are out, made a day before each, in the ledger of a home."""
    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}")
    for creator in home.creators[:12]:
        id_ = creator_id_of(creator.platform, creator.handle, SALT)
        for post in home.world.posts_of(creator)[-8:-4]:
            made = forecast(
                post.published_at,
                creator_id=id_,
                targets={"views": target(max(50.0, post.counts_at(NOW).views * 0.8))},
            )
            person = CreatorQuestion(creator_id=id_)
            said = freeze(
                asked(person=person), (MODEL, [made]), (post.published_at - DAY, "test"), ""
            )
            ledger.append(said)
    ledger.close()


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, closed with each file of tests: while it runs, so does an event loop."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: `apt-get install chromium` (.ci/services does)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A page 1280 pixels wide, addresses relative to the server; what its console says is kept."""
    context = browser.new_context(
        base_url=served, viewport={"width": WIDE[0], "height": WIDE[1]}, color_scheme="light"
    )
    made = context.new_page()
    made.set_default_timeout(20_000)
    yield made
    context.close()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft of four seconds that asks for something in words on screen."""
    words = ((0.0, 2.0, "3 mistakes"), (2.0, 4.0, "use code SAVE20"))
    drawn = Clip(seconds=4.0, words=words, cuts_s=(2.0,))
    return write_clip(tmp_path_factory.mktemp("clip") / "my draft.mp4", drawn)
