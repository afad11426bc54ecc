"""What holds for each page: nobody is shut out, nothing scrolls sideways, nothing is fetched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from api.web.pages import PAGES
from tests.web.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PATHS = [page.path for page in PAGES if page.in_navigation]
SERIOUS = ("serious", "critical")


def problems_of(page: Page) -> list[str]:
    """What axe-core holds to be serious, each with the first element that has it."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in SERIOUS]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_a_page_has_no_serious_hindrance_and_does_not_scroll_sideways(
    browser: Browser, served: str, path: str, size: tuple[int, int], scheme: str
) -> None:
    context = browser.new_context(
        base_url=served,
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(path)
    page.wait_for_selector("h1")
    assert problems_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert hosts - {None} == {"127.0.0.1"}
    assert said == []
    context.close()


def test_the_keyboard_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector("h1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert "rc-content" in page.evaluate("document.activeElement.className")


def test_each_page_has_one_title_and_the_landmarks(page: Page) -> None:
    page.goto("/models")
    page.wait_for_selector("h1")
    assert page.title() == "Models · reelcast"
    assert page.locator("h1").count() == 1
    for landmark in ("main", "header", "nav[aria-label=Main]"):
        assert page.locator(landmark).count() == 1
    assert page.locator("nav a[aria-current=page]").inner_text() == "Models"
    assert page.locator("html").get_attribute("lang") == "en-US"


def test_the_choice_of_light_or_dark_is_kept(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto("/models")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.wait_for_selector("body.body--dark")


def test_on_a_phone_the_menu_opens_the_navigation(browser: Browser, served: str) -> None:
    context = browser.new_context(base_url=served, viewport={"width": PHONE[0], "height": PHONE[1]})
    page = context.new_page()
    page.goto("/")
    link = page.get_by_role("link", name="Models", exact=True)
    page.wait_for_selector("h1")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").click()
    link.click()
    page.wait_for_url("**/models")
    context.close()


def test_where_a_number_comes_from_opens_on_asking(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Where this comes from").first.click()
    assert page.get_by_text("Rows of the table").is_visible()


def test_the_api_keeps_its_own_refusals_beside_the_pages(page: Page, served: str) -> None:
    asked = page.request
    assert asked.get(f"{served}/v1/nothing").headers["content-type"] == "application/problem+json"
    assert asked.get(f"{served}/v1/forecasts").status == 405
    assert asked.get(f"{served}/health").json()["status"] == "ok"


def test_an_address_that_is_no_page_says_so(page: Page) -> None:
    answer = page.goto("/no-such-page")
    assert answer is not None
    assert answer.status == 404


def test_pages_write_nothing_beside_the_home() -> None:
    assert not (Path(__file__).parents[2] / ".nicegui").exists()


def test_the_start_page_says_what_the_lake_holds_and_what_the_model_can_say(page: Page) -> None:
    page.goto("/")
    page.wait_for_selector("h1")
    words = page.locator("main").inner_text()
    assert re.search(r"80% intervals held \d+% of", words)
    assert "What it cannot say" in words
    assert "slices with fewer than 100 test posts are not measured" in words
