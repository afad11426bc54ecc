"""What campaigns brought, and what was learned, in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import PHONE
from tests.web.filled import CAMPAIGN
from tests.web.test_every_page import problems_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_a_campaign_is_found_in_the_list_and_its_report_handed_out(page: Page) -> None:
    page.goto("/campaigns")
    page.get_by_role("link", name=CAMPAIGN).click()
    page.get_by_role("heading", name="Who brought the orders").wait_for()
    said = page.locator("main").inner_text()
    for words in ("Primary objective: sales", "promo code", "spike of orders", "Over time"):
        assert words in said
    assert problems_of(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_role("button", name="Keep its findings in the library").click()
    page.get_by_text("All are there").wait_for()


def test_a_brand_is_seen_month_by_month(page: Page) -> None:
    page.goto("/campaigns")
    page.get_by_label("Brand").select_option("Brindle & Fen")
    region = page.get_by_role("region", name="Brindle & Fen by month")
    region.wait_for()
    assert region.locator("tbody tr").count() == 12
    assert problems_of(page) == []


def test_a_campaign_fits_a_phone(browser: Browser, served: str) -> None:
    context = browser.new_context(
        base_url=served, viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme="dark"
    )
    page = context.new_page()
    page.goto(f"/campaigns/{CAMPAIGN}")
    page.get_by_role("heading", name="Over time").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    context.close()


def test_an_unknown_campaign_is_told_so(page: Page) -> None:
    page.goto("/campaigns/none")
    page.get_by_role("heading", name="Not found").wait_for()


def test_a_finding_is_saved_and_found_by_its_words(page: Page) -> None:
    page.goto("/library")
    page.get_by_label("Finding in one line").fill("Questions as hooks hold viewers")
    page.get_by_label("What it rests on").fill("Twelve drafts of spring")
    page.get_by_role("button", name="Save the finding").click()
    page.get_by_role("rowheader", name="Questions as hooks").wait_for()
    page.get_by_label("Search").fill("question hook")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**q=question**")
    page.get_by_text("1 findings").wait_for()
    page.get_by_label("Search").fill("no such word")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Nothing is found").wait_for()


def test_a_finding_without_words_is_refused(page: Page) -> None:
    page.goto("/library")
    page.get_by_role("button", name="Save the finding").click()
    page.get_by_text("say the finding in a line").wait_for()


def test_what_is_usual_is_told_by_group_with_how_many_stand_behind(page: Page) -> None:
    page.goto("/library")
    page.get_by_role("region", name="What is usual by tier").wait_for()
    page.get_by_label("By", exact=True).select_option("platform")
    region = page.get_by_role("region", name="What is usual by platform")
    region.wait_for()
    assert region.get_by_role("columnheader", name="Posts (n)").count() == 1
    page.get_by_label("By", exact=True).select_option("format")
    page.get_by_text("No group of format has").wait_for()
