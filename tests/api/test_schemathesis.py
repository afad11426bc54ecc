"""Whatever the OpenAPI document allows is answered as it says, or refused as it says: no 5xx."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from api.client.generate import document
from reelcast.settings import JobSettings
from tests.api.doors import client_of
from tests.inference.homes import Home

EXAMPLES = 12  # of each route
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROUTES = [
    pytest.param(method.upper(), path, id=f"{method.upper()} {path}")
    for path, operations in document()["paths"].items()
    for method in operations
]


class Running:
    """An application that runs already: it is not started and stopped for each request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        for said in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{said}.complete"})


@pytest.fixture(scope="module")
def schema(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The document of a server with a model, whose home may be written to."""
    folder = tmp_path_factory.mktemp("fuzzed") / "home"
    shutil.copytree(home.folder, folder)
    changes = {"home": str(folder), "jobs": JobSettings(workers=0)}
    given_settings = home.settings.model_copy(update=changes)
    given_settings.__dict__.pop("local_home", None)
    with client_of(given_settings) as client:
        yield schemathesis.openapi.from_asgi("/openapi.json", Running(client.app))


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_route_keeps_what_its_document_says(schema: Any, method: str, path: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy())
    def keeps(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    keeps()
