"""Mounts the pages on the application: the API's own paths stay the API's."""

from __future__ import annotations

import os

from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Match, Mount
from starlette.types import Scope

from api.doors import Doors
from api.web.shell import shell
from reelcast.errors import ReelcastError
from reelcast.packages import require

RESPONSE_S = 60.0  # how long a page may take to build before the browser is told so
RECONNECT_S = 20.0  # how long a page that lost its connection is kept
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="7" fill="#0b5cad"/><path d="M6 23l7-9 5 5 8-11" fill="none" stroke="#fff" '
    'stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_API = ("/v1/", "/openapi.json", "/docs", "/redoc", "/health")


class _Pages(Mount):
    """Takes what no route took, but leaves the API's paths to the API's own refusals."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and scope["path"].startswith(_API):
            return Match.NONE, {}
        return super().matches(scope)


def add_pages(app: FastAPI) -> FastAPI:
    """The application with the pages at /. Once in a process: NiceGUI's pages are its own.

    Nothing is written beside the home, and nothing is fetched from another host.
    """
    doors: Doors = app.state.doors
    os.environ.setdefault("NICEGUI_STORAGE_PATH", str(doors.settings.local_home / "pages"))
    ui = require("nicegui.ui")
    _add_each(doors)
    ui.run_with(
        app,
        title="reelcast",
        favicon=_ICON,
        dark=None,
        language="en-US",
        tailwind=False,
        reconnect_timeout=RECONNECT_S,
        show_welcome_message=False,
    )
    _without_loading_bar()
    nicegui = app.router.routes.pop()
    assert isinstance(nicegui, Mount)
    app.router.routes.append(_Pages("/", app=nicegui.app))
    return app


def _without_loading_bar() -> None:
    """No bar at the top while a file is sent: it has no name for screen readers; ours has."""
    from nicegui import app

    app.config.quasar_config["loadingBar"] = {"skipHijack": True}


def _add_each(doors: Doors) -> None:
    from nicegui import ui

    from api.web.pages import PAGES, Page

    def add(page: Page) -> None:
        async def built(request: Request) -> None:
            with shell(page.name, request) as failed:
                try:
                    await page.show(doors, request)
                except ReelcastError as exc:
                    failed(exc)

        ui.page(page.path, title=f"{page.name} · reelcast", response_timeout=RESPONSE_S)(built)

    for page in PAGES:
        add(page)
