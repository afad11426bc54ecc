"""Results of steps by content: the same bytes are looked at once, whatever the file is called.

A key is the sha256 of the content, the step, and the step's version, which names the settings that
matter. An entry is written under a temporary name, then renamed: a kill leaves no half of one.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from reelcast.errors import StoreError

log = logging.getLogger(__name__)

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class StepCache:
    """Records as JSON in a folder, each under its key and its own sha256."""

    folder: Path

    def get_or_make(self, key: str, kind: type[R], make: Callable[[], R]) -> R:
        """The record under the key; made and kept where there is none, or a spoilt one."""
        found = self.get(key, kind)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def get(self, key: str, kind: type[R]) -> R | None:
        """The record under the key; None where there is none that is whole."""
        path = self._path(key)
        try:
            digest, _, body = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise StoreError(f"cannot read {path}: {exc}") from exc
        if digest.decode("ascii", "replace") != hashlib.sha256(body).hexdigest():
            log.warning("%s is spoilt: made again", path)
            return None
        try:
            return kind.model_validate_json(body)
        except ValidationError:  # kept by code that wrote other fields under this version
            log.warning("%s does not hold a %s of this release: made again", path, kind.__name__)
            return None

    def put(self, key: str, record: BaseModel) -> None:
        """Keep the record under the key. Raises StoreError where the folder cannot be written."""
        body = record.model_dump_json().encode()
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.stem}.{uuid4().hex}.tmp")
            try:
                with draft.open("xb") as file:
                    file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)  # there only where it could not be written or moved
        except OSError as exc:
            raise StoreError(f"cannot write {path}: {exc}: free space or choose a home") from exc

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key[2:]}.json"


def key_of(content_id: str, step: str, version: str) -> str:
    """The key of a step's result on a content.

    >>> key_of("ab", "look", "1") == key_of("ab", "look", "1"), key_of("ab", "look", "2")[:8]
    (True, 'c21e8c60')
    """
    return hashlib.sha256(f"{content_id}\n{step}\n{version}".encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """The sha256 of the file's bytes, in hex. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
