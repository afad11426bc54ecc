"""Uploads, streamed to a file of the home while they are hashed: none is held in memory."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from reelcast.errors import InputError, StoreError, TooLargeError
from reelcast.plain import plain
from reelcast.settings import Settings

_BLOCK = 1_000_000
_LONGEST = 100  # of a kept name


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded."""

    sha256: str
    path: Path
    size: int


def uploads_of(settings: Settings) -> Path:
    """The folder of the uploads."""
    return settings.local_home / "uploads"


def save(source: BinaryIO, name: str, settings: Settings) -> Upload:
    """The upload, kept under its sha256 and its name: the same again is the same file.

    Raises InputError for an empty one, TooLargeError above `api.max_upload_bytes`.
    """
    folder = uploads_of(settings)
    draft: str | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
        with os.fdopen(descriptor, "wb") as out:
            sha256, size = _copy(source, out, settings.api.max_upload_bytes)
        if not size:
            raise InputError("the file is empty: send one that holds something")
        path = folder / sha256 / file_name(name)
        path.parent.mkdir(exist_ok=True)
        os.replace(draft, path)
        draft = None
    except OSError as exc:
        raise StoreError(f"the upload cannot be kept in {folder}: {exc.strerror}") from exc
    finally:
        if draft is not None:
            Path(draft).unlink(missing_ok=True)
    return Upload(sha256, path, size)


def find_upload(sha256: str, settings: Settings) -> Path | None:
    """The file of an upload, None where it is not there (any more)."""
    folder = uploads_of(settings) / sha256
    if not (len(sha256) == 64 and sha256.isalnum() and folder.is_dir()):
        return None
    return next((path for path in sorted(folder.iterdir()) if path.is_file()), None)


def sweep(settings: Settings, older_s: float = 86_400.0) -> None:
    """Remove the drafts of uploads that were broken off."""
    until = time.time() - older_s
    for draft in uploads_of(settings).glob(".draft-*"):
        if draft.stat().st_mtime < until:
            draft.unlink(missing_ok=True)


def file_name(name: str) -> str:
    """A name fit for a file: no folders, no controls, not too long, its suffix kept.

    >>> file_name("../../etc/pass wd.MP4"), file_name("C:\\\\clips\\\\a.mov"), file_name("..")
    ('pass wd.MP4', 'a.mov', 'upload')
    """
    last = PurePosixPath(plain(name).replace("\\", "/")).name.replace("\n", " ").strip(" .")
    suffix = PurePosixPath(last).suffix[:12]
    stem = last.removesuffix(suffix)[: _LONGEST - len(suffix)].encode()[: 2 * _LONGEST]
    return f"{stem.decode(errors='ignore')}{suffix}" or "upload"


def _copy(source: BinaryIO, out: BinaryIO, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        size += len(block)
        if size > limit:
            raise TooLargeError(f"the file is larger than {limit:,} bytes: make it smaller")
        digest.update(block)
        out.write(block)
    return digest.hexdigest(), size
