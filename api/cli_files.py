"""Reads a record from a JSON or YAML file that the command line names."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from reelcast.errors import InputError, NotFoundError

Model = TypeVar("Model", bound=BaseModel)


def read_file(model: type[Model], path: Path) -> Model:
    """The record in a file; YAML reads JSON too.

    Raises NotFoundError where there is no file, InputError naming what is wrong in it.
    """
    if not path.is_file():
        raise NotFoundError(f"no file {path}: give JSON or YAML as the API takes it")
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as exc:  # bytes that are no text, dates that are none
        raise InputError(f"{path} is neither JSON nor YAML: {exc}") from exc
    return valid(model, data)


def valid(model: type[Model], data: Any) -> Model:
    """The record of plain data; raises InputError naming each wrong field."""
    try:
        return model.model_validate(data)
    except ValidationError as exc:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors()[:20])
        raise InputError(f"the request is not valid: {said}") from exc
