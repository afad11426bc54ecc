"""A creative team's work in the browser: a draft through to its tags, hooks against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.inference.homes import Home
from tests.web.test_every_page import problems_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LONG_MS = 120_000


def test_a_draft_is_watched_corrected_and_a_learning_is_saved(page: Page, clip: Path) -> None:
    page.goto("/hook-lab")
    page.get_by_label("Caption", exact=True).fill("3 mistakes #skincare")
    page.locator("input[type=file]").set_input_files(clip)
    page.get_by_text("Watching the draft").wait_for()
    page.wait_for_url("**/hook-lab/*", timeout=LONG_MS)
    page.get_by_role("img", name="The picture at").first.wait_for(timeout=LONG_MS)
    assert page.get_by_text("Caption: 3 mistakes #skincare").is_visible()
    assert page.get_by_role("cell", name="SAVE20").first.is_visible()
    assert page.locator("h2", has_text="What to change").is_visible()
    assert problems_of(page) == []
    page.get_by_role("button", name="Keep the corrections").click()
    page.get_by_text("choose another label").wait_for()
    page.get_by_label("theme", exact=True).select_option("gaming")
    page.get_by_role("button", name="Keep the corrections").click()
    page.get_by_role("cell", name="a person").wait_for()
    page.reload()
    page.get_by_role("cell", name="a person").wait_for()
    page.get_by_role("button", name="Save the learning").click()
    page.get_by_text("give the finding a title").wait_for()
    page.get_by_label("Finding").fill("Codes on screen from 2 s are read")
    page.get_by_role("button", name="Save the learning").click()
    page.get_by_text("Kept in the library").wait_for()
    page.goto("/hook-lab")
    page.get_by_role("link", name="my draft").wait_for()


def test_a_file_that_is_no_video_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a video" * 100)
    page.goto("/hook-lab")
    page.locator("input[type=file]").set_input_files(broken)
    page.get_by_text("not done").wait_for(timeout=LONG_MS)
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    page.locator("input[type=file]").set_input_files(text)
    page.get_by_text("notes.txt:").wait_for()


def test_typed_hooks_are_set_against_each_other_for_a_creator(page: Page, home: Home) -> None:
    creator = home.creators[0]
    page.goto("/hook-lab")
    page.get_by_label("Creator", exact=True).fill(f"@{creator.handle}")
    page.get_by_label("Platform of the handle").select_option(creator.platform)
    page.get_by_label("A", exact=True).fill("3 mistakes that ruin your skin #skincare")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("type at least two hooks").wait_for()
    page.get_by_label("B", exact=True).fill("my evening routine")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("rowheader", name="A against B").wait_for(timeout=LONG_MS)
    assert page.get_by_text("How far it tells posts apart").is_visible()
    assert page.get_by_text("hook:").first.is_visible()
    assert problems_of(page) == []


def test_a_creator_that_nobody_knows_is_told_so(page: Page) -> None:
    page.goto("/hook-lab")
    page.get_by_label("Creator", exact=True).fill("@nobody.at.all")
    page.get_by_label("A", exact=True).fill("one")
    page.get_by_label("B", exact=True).fill("two")
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("Not found").wait_for(timeout=LONG_MS)
