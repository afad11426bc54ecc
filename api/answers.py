"""Answers of GET routes, with an ETag: who has it already gets 304 and no body."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "What If-None-Match names is what there is now"}
}


def tagged(request: Request, model: BaseModel) -> Response:
    """The model as JSON, or 304 where the caller's If-None-Match names it."""
    return tagged_bytes(request, model.model_dump_json().encode(), "application/json")


def tagged_bytes(request: Request, body: bytes, media_type: str) -> Response:
    """The body, or 304 where the caller's If-None-Match names it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    asked = request.headers.get("if-none-match", "")
    if any(each.strip().removeprefix("W/") in (tag, "*") for each in asked.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
