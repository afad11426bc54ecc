"""Writes pictures of every page of a served demo: wide and on a phone, light and dark.

reelcast demo && reelcast serve --home var/demo
python -m tests.web.shots http://127.0.0.1:8000 FOLDER

The names in them are those of the demo's invented people. What the documentation shows is chosen
from these.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from demo.run import NOW
from reelcast.simulate import simulate
from reelcast.simulated import WorldSettings
from tests.web.conftest import CHROMIUM, PHONE, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CLIP = Path(__file__).parents[2] / "demo" / "clips" / "headphones_offer.mp4"
DRAFT = "I tried this serum every night for 30 days, here is what happened #skincare"
HOOKS = (
    "3 mistakes that ruin your skin barrier #skincare",
    "Stop buying this serum. #skincare",
    "My evening routine #skincare",
)
ROWS = """creator,fee,slots,must
@lumen.club.demo33,1200,2,0
@fern.corner.demo29,950,2,0
@maple.notes.demo02,700,2,0
@harbour.studio.demo22,650,2,0
@saffron.lab.demo39,300,3,1
@lumen.days.demo17,400,2,0
"""
CAMPAIGN = "brindle-launch"
LONG_MS = 180_000


def main(base: str, folder: Path) -> None:
    """Visit each page in each size and scheme."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    handles = [creator.handle for creator in simulate(WorldSettings(), NOW).creators]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        video = _watched(browser, base)
        for scheme in ("light", "dark"):
            for size in (WIDE, PHONE):
                context = browser.new_context(
                    base_url=base,
                    viewport={"width": size[0], "height": size[1]},
                    color_scheme=scheme,  # type: ignore[arg-type]
                )
                _visit(context, handles, video, folder / f"{size[0]}-{scheme}")
                context.close()
        browser.close()


def _watched(browser: Browser, base: str) -> str:
    """The address of a demo clip's page, watched through the hook lab."""
    page = browser.new_page(base_url=base)
    page.goto("/hook-lab")
    page.locator("input[type=file]").set_input_files(CLIP)
    page.wait_for_url("**/hook-lab/*", timeout=LONG_MS)
    page.get_by_role("img", name="The picture at").first.wait_for(timeout=LONG_MS)
    path = page.url.removeprefix(base)
    page.close()
    return path


def _visit(context: BrowserContext, handles: list[str], video: str, prefix: Path) -> None:
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    page.goto("/")
    page.evaluate("names => localStorage.setItem('rc-names', names)", " ".join(handles))
    _shot(page, prefix, "start")
    page.goto(f"/creators?fee=500&caption={DRAFT.replace('#', '%23')}")
    page.get_by_role("link", name="@").first.wait_for()
    for box in range(3):
        page.get_by_role("checkbox").nth(box).click()
        page.wait_for_timeout(800)
    _shot(page, prefix, "creators")
    page.get_by_role("link", name=f"@{handles[39]}").click()
    page.locator("p.lead b", has_text="@").wait_for()
    page.get_by_label("Target cost per 1,000").fill("5")
    page.get_by_label("Target cost per action").fill("0.1")
    page.get_by_role("button", name="Forecast", exact=True).click()
    page.get_by_text("The highest fee that meets the target").wait_for()
    _shot(page, prefix, "creator")
    _hook_lab(page, handles, video, prefix)
    _planner(page, prefix)
    for name in ("ledger", "models", "library", "campaigns", f"campaigns/{CAMPAIGN}"):
        page.goto(f"/{name}")
        page.wait_for_selector("h2")
        if name.endswith(CAMPAIGN):
            page.get_by_role("heading", name="Over time").wait_for()
        _shot(page, prefix, name.replace("/", "-"))


def _planner(page: Page, prefix: Path) -> None:
    page.goto("/planner")
    page.get_by_label("Budget").fill("3000")
    page.get_by_label("Campaign", exact=True).fill("autumn-serum")
    page.get_by_label("Draft caption").fill(DRAFT)
    page.get_by_label("Target to reach").fill("700000")
    page.get_by_label("Brand").fill("Brindle & Fen")
    page.get_by_text("Paste rows from a spreadsheet", exact=True).click()
    page.get_by_label("Rows", exact=True).fill(ROWS)
    page.get_by_role("button", name="Read the rows").click()
    page.get_by_role("rowheader", name="@lumen.days").wait_for()
    page.get_by_role("button", name="Choose the roster").click()
    page.locator("#r-totals").wait_for()
    page.get_by_text("Paste rows from a spreadsheet", exact=True).click()
    page.locator(".q-notification").wait_for(state="detached")
    _shot(page, prefix, "planner")


def _hook_lab(page: Page, handles: list[str], video: str, prefix: Path) -> None:
    page.goto("/hook-lab")
    page.get_by_label("Creator", exact=True).fill(f"@{handles[39]}")
    for letter, hook in zip("ABC", HOOKS, strict=True):
        page.get_by_label(letter, exact=True).fill(hook)
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("rowheader", name="A against B").wait_for()
    _shot(page, prefix, "hook-lab")
    page.goto(video)
    page.get_by_role("img", name="The picture at").first.wait_for()
    _shot(page, prefix, "video")


def _shot(page: Page, prefix: Path, name: str) -> None:
    page.wait_for_timeout(600)
    page.screenshot(path=f"{prefix}-{name}.png", full_page=True)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
