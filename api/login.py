"""Where a person gives an API key to the browser, on a server that needs one."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access import COOKIE, KeyHolder

_MONTH_S = 30 * 86_400
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>reelcast: log in</title>
<style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:26rem;
margin:15vh auto;padding:0 1rem}}input,button{{font:inherit;padding:.5rem;width:100%;
box-sizing:border-box;margin:.25rem 0}}.bad{{color:light-dark(#b3261e,#ff8a80)}}
code{{white-space:nowrap}}</style>
<main><h1>reelcast</h1>{said}<form method="post" action="/login"><label>API key
<input type="password" name="key" required autofocus autocomplete="current-password"></label>
<button>Log in</button></form><p>Whoever runs this server makes one with
<code>reelcast keys create</code>; the pages need its scopes read, forecast, tag and write.</p>
</main></html>"""


def add_login(app: FastAPI, keys: KeyHolder) -> None:
    """Add GET and POST /login."""

    @app.get("/login", include_in_schema=False)
    def form() -> Response:
        return HTMLResponse(_PAGE.format(said=""))

    @app.post("/login", include_in_schema=False)
    async def log_in(request: Request, key: Annotated[str, Form(max_length=200)]) -> Response:
        if await keys.find(key.strip()) is None:
            said = '<p class="bad" role="alert">This key is not valid, or was revoked.</p>'
            return HTMLResponse(_PAGE.format(said=said), 401)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            COOKIE,
            key.strip(),
            max_age=_MONTH_S,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer
