"""Errors as problem+json (RFC 9457); the status codes come from the error tree alone."""

from __future__ import annotations

import math
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from reelcast.errors import InputError, RateError, ReelcastError, TooLargeError

MEDIA_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
    for status, words in (
        (400, "The request cannot be read"),
        (401, "An API key is needed, or the one given is not valid"),
        (403, "The key lacks the scope, or another site's page asks"),
        (404, "Not there"),
        (409, "Does not go with what is there"),
        (413, "Body, file or list too large"),
        (415, "Not a known export"),
        (422, "Input cannot be used"),
        (429, "Too many requests; Retry-After says how long to wait"),
        (500, "An error of ours"),
        (501, "An optional package is missing"),
        (503, "The lake, the database or the tracking server fails"),
    )
}


def problem(error: ReelcastError, errors: list[dict[str, str]] | None = None) -> Response:
    """The error as a problem+json response."""
    body: dict[str, Any] = {
        "type": f"urn:reelcast:{type(error).__name__}",
        "title": error.title,
        "status": error.status,
        "detail": str(error),
    }
    if errors:
        body["errors"] = errors
    return Response(orjson.dumps(body), error.status, _headers(error), media_type=MEDIA_TYPE)


def _headers(error: ReelcastError) -> dict[str, str]:
    if isinstance(error, RateError):
        return {"Retry-After": str(math.ceil(error.wait_s))}
    return {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}


def add_problems(app: FastAPI) -> None:
    """Answer every error of ours, of validation and of routing as a problem."""

    @app.exception_handler(ReelcastError)
    def ours(request: Request, exc: ReelcastError) -> Response:
        return problem(exc)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, exc: RequestValidationError) -> Response:
        errors = [
            {"field": ".".join(map(str, e["loc"][1:])) or "body", "reason": str(e["msg"])}
            for e in exc.errors()
        ]
        first = errors[0]
        said = f"{first['field']}: {first['reason']}"
        return problem(InputError(said), errors)

    @app.exception_handler(HTTPException)
    def routing(request: Request, exc: HTTPException) -> Response:
        body = {"type": "about:blank", "title": str(exc.detail), "status": exc.status_code}
        said = f"{request.method} {request.url.path}: {exc.detail}"
        body["detail"] = f"{said}; /openapi.json lists what there is"
        headers = exc.headers
        return Response(orjson.dumps(body), exc.status_code, headers, media_type=MEDIA_TYPE)

    @app.exception_handler(Exception)
    def bug(request: Request, exc: Exception) -> Response:
        return problem(ReelcastError("an error of ours; the server's log says where"))


def too_large(limit: int) -> Response:
    """The answer to a body above `limit` bytes."""
    return problem(TooLargeError(f"the body is larger than {limit:,} bytes: ask in parts"))
