"""A strategist's work in the browser: rank creators for a draft, compare, read one, decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.inference.homes import Home
from tests.web.test_every_page import problems_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def listed(page: Page) -> list[str]:
    """The addresses of the creators in the list, in its order."""
    links = page.locator("table tbody th a")
    return [re.sub(r"\?.*", "", links.nth(i).get_attribute("href") or "") for i in range(8)]


def open_list(page: Page, query: str = "") -> None:
    page.goto(f"/creators{query}")
    page.locator("table tbody tr").first.wait_for()
    page.wait_for_function("window.socket && window.socket.connected")


def test_a_draft_and_a_fee_rank_the_creators_and_the_address_keeps_them(page: Page) -> None:
    open_list(page)
    page.get_by_label("Draft caption").fill("I tried this serum #skincare")
    page.get_by_label("Fee for one post").fill("400")
    page.get_by_role("button", name="Forecast").click()
    page.wait_for_url("**fee=400**")
    page.get_by_text(re.compile(r"\d to \d")).first.wait_for()
    shown = listed(page)
    page.reload()
    page.locator("table tbody tr").first.wait_for()
    assert listed(page) == shown
    assert page.get_by_label("Draft caption").input_value() == "I tried this serum #skincare"


def test_a_click_on_a_head_sorts_and_a_second_one_turns_it_around(page: Page) -> None:
    open_list(page)
    page.get_by_role("button", name="Mean").click()
    head = page.locator("th", has=page.get_by_role("button", name="Mean"))
    head.and_(page.locator("[aria-sort=descending]")).wait_for()
    first = listed(page)[0]
    page.get_by_role("button", name="Mean").click()
    head.and_(page.locator("[aria-sort=ascending]")).wait_for()
    assert listed(page)[0] != first


def test_a_filter_is_applied_at_once_and_an_empty_list_says_what_to_do(page: Page) -> None:
    open_list(page)
    page.get_by_label("Tier", exact=True).select_option("micro")
    page.wait_for_url("**tier=micro**")
    page.get_by_label("Search").fill("@nobody.at.all")
    page.get_by_role("button", name="Forecast").click()
    page.get_by_text("No creator matches").wait_for()


def test_ticked_creators_stand_side_by_side(page: Page) -> None:
    open_list(page)
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).click()
    page.wait_for_url("**pick=**")
    page.get_by_role("checkbox").nth(1).click()
    page.get_by_role("region", name=re.compile("Side by side")).wait_for()
    assert page.locator("section:has-text('Compare') svg").count() >= 2
    assert problems_of(page) == []


def test_handles_name_the_rows_and_stay_in_the_browser(page: Page, home: Home) -> None:
    handle = home.creators[0].handle
    open_list(page)
    page.get_by_label("Handles").fill(f"@{handle}")
    page.get_by_role("button", name="Name the rows").click()
    page.get_by_text("Names are kept in this browser").wait_for()
    open_list(page, f"?q=@{handle}")
    page.locator("tbody a", has_text=f"@{handle}").click()
    page.locator("p.lead b", has_text=f"@{handle}").wait_for()


def test_a_creator_has_a_dossier_as_pdf_and_a_place_to_decide(page: Page) -> None:
    open_list(page)
    page.locator("table tbody th a").first.click()
    page.get_by_text("History against the forecast").wait_for()
    page.get_by_label("Target cost per 1,000").fill("5")
    page.get_by_role("button", name="Forecast", exact=True).click()
    page.get_by_text("The highest fee that meets the target").wait_for()
    assert problems_of(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Dossier as PDF").click()
    with open(download.value.path(), "rb") as made:
        assert made.read(5) == b"%PDF-"
    page.get_by_label("Decision").select_option("prefer")
    page.get_by_role("button", name="Keep the decision").click()
    page.get_by_text("give a reason").wait_for()
    page.get_by_label("Reason").fill("knows our buyers")
    page.get_by_role("button", name="Keep the decision").click()
    page.get_by_role("cell", name="knows our buyers").wait_for()


def test_a_number_that_is_none_is_refused_in_words(page: Page) -> None:
    page.goto("/creators?fee=abc")
    page.get_by_text("is no number").wait_for()


def test_an_unknown_creator_is_told_so(page: Page) -> None:
    page.goto("/creators/c0")
    page.get_by_role("heading", name="Not found").wait_for()
