"""A client of the application, and the facts that every refusal shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.testclient import TestClient

from api.app import create_app
from reelcast.settings import Settings
from tests.support import NOW

URL = "/v1/forecasts"


@contextmanager
def client_of(settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings, lambda: NOW)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def ask(client: TestClient, **body: Any) -> httpx.Response:
    return client.post(URL, json=body)


def problem(response: httpx.Response, status: int) -> str:
    """The detail of a refusal with this status, whose body is a problem+json."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["type"]
    assert body["title"]
    detail = body["detail"]
    assert isinstance(detail, str)
    return detail


def past(**values: Any) -> dict[str, Any]:
    return {"published_at": "2026-01-05T18:00:00Z", **values}
