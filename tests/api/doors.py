"""A client of the application, and the facts that every refusal shares."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import httpx
from starlette.testclient import TestClient

from api.app import create_app
from api.client import Reelcast
from api.client.models import Job
from reelcast.settings import Settings
from tests.support import NOW

URL = "/v1/forecasts"


@contextmanager
def client_of(settings: Settings, host: str = "127.0.0.1") -> Iterator[TestClient]:
    app = create_app(settings, lambda: NOW, host)
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


def reelcast_of(client: TestClient, key: str | None = None) -> Reelcast:
    """The generated client, over the test's own connection."""
    return Reelcast("http://testserver", key, cast(Any, client))


def ended(reelcast: Reelcast, job_id: str, patience_s: float = 60.0) -> Job:
    """The job once it has ended."""
    until = time.monotonic() + patience_s
    while (job := reelcast.get_job(job_id)).status in ("queued", "running"):
        assert time.monotonic() < until, f"the job did not end: {job}"
        time.sleep(0.1)
    return job
