"""API keys in the ledger database: of each its sha256, its scopes, and when it was revoked.

A key is 32 random bytes, so a plain hash protects it: nobody can guess what it is of.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, get_args

from pydantic import Field
from sqlalchemy import Column, Double, Engine, String, Table, insert, select, update

from reelcast.database import METADATA, ensure_tables, open_database, reading, writing
from reelcast.errors import InputError, NotFoundError
from reelcast.plain import plain
from reelcast.records import Record

Scope = Literal["read", "forecast", "tag", "write", "admin"]
SCOPES: dict[Scope, str] = {
    "read": "see what is there",
    "forecast": "ask for forecasts, comparisons and plans",
    "tag": "upload videos, correct tags",
    "write": "import exports, keep campaigns, plans, links and learnings, cancel jobs",
    "admin": "all of these",
}
_MARK = "rc_"
_SHOWN = 11  # characters of a key that its list shows

KEYS = Table(
    "api_keys",
    METADATA,
    Column("key_id", String(_SHOWN), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("scopes", String(100), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("revoked_at", Double),
)


class ApiKey(Record):
    """A key as it is kept: not the key itself."""

    key_id: str = Field(description="the key's beginning")
    name: str = Field(description="who or what it is for")
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None

    def may(self, scope: str) -> bool:
        """Whether it may do what needs the scope."""
        return scope in self.scopes or "admin" in self.scopes


class KeyRing:
    """The keys of one database; connected at its first use."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        engine = open_database(self._url)
        ensure_tables(engine, KEYS)
        return engine

    def create(self, name: str, scopes: Sequence[str], now: datetime) -> tuple[str, ApiKey]:
        """A new key, which is shown this once, and how it is kept.

        Raises InputError for an unknown scope, or none.
        """
        known = get_args(Scope)
        wrong = [scope for scope in scopes if scope not in known]
        if wrong or not scopes:
            raise InputError(
                f"there is no scope {', '.join(wrong) or 'given'}: choose of {', '.join(known)}"
            )
        if not name.strip() or len(name) > 200:
            raise InputError("give the key a name of 1 to 200 characters: who or what it is for")
        secret = _MARK + secrets.token_urlsafe(32)
        row = {
            "key_id": secret[:_SHOWN],
            "sha256": digest_of(secret),
            "name": plain(name.strip()),
            "scopes": ",".join(scope for scope in known if scope in scopes),
            "created_at": now.timestamp(),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(KEYS).values(row))
        return secret, self.one(secret[:_SHOWN])

    def one(self, key_id: str) -> ApiKey:
        """The key with this id (the key's beginning); raises NotFoundError where there is none."""
        found = [key for _, key in self._all() if key.key_id == key_id]
        if not found:
            raise NotFoundError(
                f"there is no key {key_id!r}: `reelcast keys list` shows those that are"
            )
        return found[0]

    def all(self) -> list[ApiKey]:
        """All keys, revoked ones too, in the order in which they were made."""
        return [key for _, key in self._all()]

    def valid(self) -> dict[str, ApiKey]:
        """The keys that are not revoked, by their sha256."""
        return {digest: key for digest, key in self._all() if key.revoked_at is None}

    def revoke(self, key_id: str, now: datetime) -> ApiKey:
        """The key, which no longer opens anything. Raises NotFoundError where there is none."""
        if self.one(key_id).revoked_at is None:
            with writing(self._engine) as connection:
                of_key = update(KEYS).where(KEYS.c.key_id == key_id)
                connection.execute(of_key.values(revoked_at=now.timestamp()))
        return self.one(key_id)

    def _all(self) -> list[tuple[str, ApiKey]]:
        asked = select(KEYS).order_by(KEYS.c.created_at, KEYS.c.key_id)
        with reading(self._engine) as connection:
            return [(row.sha256, _key(row)) for row in connection.execute(asked)]

    def close(self) -> None:
        """Give the database's connections back."""
        if "_engine" in self.__dict__:
            self._engine.dispose()


def digest_of(secret: str) -> str:
    """The sha256 under which a key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Any) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        name=row.name,
        scopes=tuple(row.scopes.split(",")),
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        revoked_at=None if row.revoked_at is None else datetime.fromtimestamp(row.revoked_at, UTC),
    )
