"""The secret with which people's names are hashed: from the settings, else a file in the home."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from reelcast.errors import InputError, NotFoundError
from reelcast.settings import Settings


def read_salt(settings: Settings) -> str | None:
    """The salt, or None where no import has made one yet."""
    if settings.salt is not None:
        return settings.salt.get_secret_value()
    path = _path(settings)
    if not path.is_file():
        return None
    salt = path.read_text().strip()
    if not salt:
        raise InputError(f"{path} is empty: put the old salt back, or delete it with the lake")
    return salt


def make_salt(settings: Settings) -> str:
    """The salt, made and kept (readable by its owner alone) where there is none.

    Raises NotFoundError for a remote home without REELCAST_SALT: two machines that import into
    one lake must hash alike.
    """
    found = read_salt(settings)
    if found is not None:
        return found
    if "://" in settings.home:
        raise NotFoundError(
            f"REELCAST_HOME is {settings.home}: set REELCAST_SALT to one secret on every machine"
        )
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(16))
    with contextlib.suppress(FileExistsError):  # another import made it in this moment
        os.link(draft, path)
    os.unlink(draft)
    return path.read_text().strip()


def _path(settings: Settings) -> Path:
    return settings.local_home / "salt"
