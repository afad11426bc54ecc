"""Export files dropped on the first page, and the ledger's page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.test_every_page import problems_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
FIXTURES = Path(__file__).parents[1] / "ingest" / "fixtures"
LONG_MS = 60_000


def test_a_dropped_export_is_previewed_then_imported(page: Page) -> None:
    page.goto("/")
    page.locator("input[type=file]").set_input_files(FIXTURES / "tiktok_apify.json")
    page.get_by_text("Recognised as").wait_for()
    page.get_by_text("First rows", exact=True).click()
    page.get_by_role("region", name="First rows of posts").wait_for()
    assert problems_of(page) == []
    page.get_by_role("button", name="Import this file").click()
    page.get_by_text("Imported", exact=True).wait_for(timeout=LONG_MS)
    assert page.get_by_text("new,").first.is_visible()


def test_what_an_export_does_not_say_is_asked_for(page: Page) -> None:
    page.goto("/")
    page.locator("input[type=file]").set_input_files(FIXTURES / "tiktok_studio_content.csv")
    page.get_by_text("tiktok_studio_content.csv").first.wait_for()
    page.locator(".note").first.wait_for()
    page.get_by_text("What the files do not say").click()
    page.get_by_label("Whose account").fill("@ana.demo")
    page.get_by_label("Counted at (UTC)").fill("2026-02-01T00:00")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Import this file").wait_for()


def test_a_file_that_is_no_export_says_what_is_missing(page: Page, tmp_path: Path) -> None:
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("a,b\n1,2\n")
    page.goto("/")
    page.locator("input[type=file]").set_input_files(unknown)
    page.get_by_text("Not a known export").wait_for()
    assert not page.get_by_role("button", name="Import this file").is_visible()


def test_the_ledger_shows_predicted_against_actual_with_coverage(page: Page) -> None:
    page.goto("/ledger")
    page.get_by_role("heading", name="Predicted against actual").wait_for()
    assert page.get_by_role("img", name="forecasts of views against what came").first.is_visible()
    assert page.get_by_role("row", name="micro tier").is_visible()
    assert page.get_by_text("actual views (log scale)").first.is_visible()
    assert problems_of(page) == []


def test_the_ledger_says_whether_it_sees_a_drift(page: Page) -> None:
    page.goto("/ledger")
    page.get_by_role("heading", name="Predicted against actual").wait_for()
    assert page.locator(".note b", has_text="rift").first.is_visible()


def test_the_models_page_names_the_champion_and_why(page: Page) -> None:
    page.goto("/models")
    page.get_by_role("cell", name="champion", exact=True).wait_for()
    assert page.get_by_text("Where it fails").is_visible()


def test_several_files_are_imported_by_one_button(page: Page) -> None:
    page.goto("/")
    names = ("tiktok_studio_content.csv", "tiktok_studio_overview.csv")
    page.locator("input[type=file]").set_input_files([FIXTURES / name for name in names])
    page.get_by_text('give "Whose account" (above)').first.wait_for()
    page.get_by_text("What the files do not say").click()
    page.get_by_label("Whose account").fill("@made.up")
    page.get_by_label("Counted at (UTC)").fill("2026-02-01T00:00")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Import all 2 files").click()
    page.get_by_text("Imported", exact=True).nth(1).wait_for(timeout=LONG_MS)
