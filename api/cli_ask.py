"""Reads a forecast request from the command line's options or from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reelcast.errors import InputError, NotFoundError
from reelcast.records import ForecastRequest


def from_options(
    creators: Sequence[str],
    platform: str,
    brief: dict[str, str],
    horizon_days: float,
    targets: Sequence[str] | None,
) -> ForecastRequest:
    """The request that the options mean; empty texts are unknown.

    Raises InputError naming what is wrong.
    """
    if not creators:
        raise InputError("name a creator: --creator ID, --creator @handle, or --request FILE")
    people = [
        {"handle": name, "platform": platform, "label": name}
        if name.startswith("@")
        else {"creator_id": name}
        for name in creators
    ]
    known = {key: value for key, value in brief.items() if value}
    return _valid(
        {
            "creators": people,
            "brief": {**known, "horizon_days": horizon_days},
            "targets": list(targets) if targets else None,
        }
    )


def from_file(path: Path) -> ForecastRequest:
    """The request in a JSON file, as POST /v1/forecasts takes it."""
    if not path.is_file():
        raise NotFoundError(f"no file {path}: give a JSON request as POST /v1/forecasts takes it")
    try:
        return ForecastRequest.model_validate_json(path.read_bytes())
    except ValidationError as exc:
        raise named_error(exc) from exc


def _valid(data: dict[str, Any]) -> ForecastRequest:
    try:
        return ForecastRequest.model_validate(data)
    except ValidationError as exc:
        raise named_error(exc) from exc


def named_error(exc: ValidationError) -> InputError:
    """The request's mistakes, each by its field."""
    said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors())
    return InputError(f"the request is not valid: {said}")
