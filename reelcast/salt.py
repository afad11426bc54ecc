"""The secret with which people's names are hashed: from the settings, else a file in the home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from reelcast.errors import NotFoundError
from reelcast.settings import Settings


def read_salt(settings: Settings) -> str | None:
    """The salt, or None where no import has made one yet."""
    if settings.salt is not None:
        return settings.salt.get_secret_value()
    path = _path(settings)
    return path.read_text().strip() if path.is_file() else None


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
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another import made it in this moment
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(16))
    return path.read_text().strip()


def _path(settings: Settings) -> Path:
    return settings.local_home / "salt"
