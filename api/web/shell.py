"""What every page has around it: skip link, navigation, light and dark, a place for errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

from starlette.requests import Request

from api.web.markup import text
from api.web.pieces import empty, show
from reelcast.errors import ReelcastError

THEMES = {"light": False, "dark": True}
_HEAD = """
<script>{script}</script>
<style>{style}</style>
"""


@contextmanager
def shell(name: str, request: Request) -> Iterator[Callable[[ReelcastError], None]]:
    """The frame of a page; what is made inside is its content.

    Gives a function that shows an error of ours in place of what it kept from being shown.
    """
    from nicegui import ui

    ui.add_head_html(_head())
    ui.dark_mode(THEMES.get(request.cookies.get("theme", "")))
    with ui.header(fixed=False).classes("rc-header"):
        show(_navigation(request.url.path))
    content = ui.element("div").classes("rc-content")
    ui.skip_link(target=content).classes("rc-skip")
    with content:
        show(f"<h1>{text(name)}</h1>")
        yield _failed


def _failed(error: ReelcastError) -> None:
    empty(error.title, str(error))


@cache
def _head() -> str:
    folder = files("api.web") / "assets"
    style, script = ((folder / name).read_text("utf-8") for name in ("page.css", "page.js"))
    return _HEAD.format(style=style, script=script)


def _navigation(path: str) -> str:
    """The brand, the menu's button (on a phone), the links, and the switch of light and dark."""
    from api.web.pages import PAGES

    links = "".join(
        f'<li><a href="{page.path}"{_current(page.path, path)}>{text(page.name)}</a></li>'
        for page in PAGES
        if page.in_navigation
    )
    return (
        '<div class="rc-bar"><a class="rc-brand" href="/">reelcast</a>'
        '<button type="button" class="rc-menu" aria-expanded="false" aria-controls="rc-nav" '
        'onclick="rcMenu(this)">Menu</button>'
        f'<nav id="rc-nav" aria-label="Main"><ul>{links}</ul></nav>'
        '<button type="button" class="rc-theme" onclick="rcTheme()">'
        '<span class="to-dark">Dark</span><span class="to-light">Light</span></button></div>'
    )


def _current(own: str, path: str) -> str:
    """Marks the link of the page that is shown, or of the list that it belongs to."""
    is_here = path == own or (own != "/" and path.startswith(f"{own}/"))
    return ' aria-current="page"' if is_here else ""
