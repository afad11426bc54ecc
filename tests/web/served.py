"""Serves a home with its pages at a fixed time, as a process of its own: HOME, then the port."""

from __future__ import annotations

import sys

import uvicorn

from api.app import create_app
from api.web.mount import add_pages
from reelcast.settings import JobSettings, TaggingSettings
from tests.inference.homes import SALT
from tests.support import NOW, fast_settings

if __name__ == "__main__":
    home, port = sys.argv[1:]
    settings = fast_settings(
        home,
        salt=SALT,
        tagging=TaggingSettings(transcriber="none", workers=1, threads=1),
        jobs=JobSettings(workers=1),
    )
    app = add_pages(create_app(settings, lambda: NOW))
    uvicorn.run(app, host="127.0.0.1", port=int(port), access_log=False)
