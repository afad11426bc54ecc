"""Answers kept under the key that a caller gave its request: sent again, it gets the same answer.

A request that is repeated while the first is at work is refused; a key that comes with another
request is refused too. Answers are kept for a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    Double,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from reelcast.database import METADATA, ensure_tables, open_database, writing
from reelcast.errors import ConflictError

KEPT_S = 86_400.0
STUCK_S = 900.0  # a request without an answer for so long died with its server

ANSWERS = Table(
    "idempotency",
    METADATA,
    Column("request_key", String(64), primary_key=True),
    Column("fingerprint", String(64)),
    Column("at", Double, nullable=False, index=True),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", LargeBinary),
)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer, and the fingerprint of the request that got it."""

    fingerprint: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class KeptAnswers:
    """The answers of one database; connected at its first use."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        engine = open_database(self._url)
        ensure_tables(engine, ANSWERS)
        return engine

    def begin(self, request_key: str, now: datetime) -> KeptAnswer | None:
        """The answer that was kept; None where this request is now the first, and at work.

        Raises ConflictError while an earlier one is at work.
        """
        at = now.timestamp()
        with writing(self._engine) as connection:
            stuck = ANSWERS.c.status.is_(None) & (ANSWERS.c.at < at - STUCK_S)
            connection.execute(delete(ANSWERS).where((ANSWERS.c.at < at - KEPT_S) | stuck))
            asked = select(ANSWERS).where(ANSWERS.c.request_key == request_key)
            row = connection.execute(asked).one_or_none()
            if row is None:
                connection.execute(insert(ANSWERS).values(request_key=request_key, at=at))
                return None
        if row.status is None:
            raise ConflictError(
                "the first request with this Idempotency-Key is still at work: ask again shortly"
            )
        return _answer(row)

    def keep(self, request_key: str, answer: KeptAnswer) -> None:
        """Keep the answer of the request that is at work."""
        with writing(self._engine) as connection:
            connection.execute(
                update(ANSWERS)
                .where(ANSWERS.c.request_key == request_key)
                .values(
                    fingerprint=answer.fingerprint,
                    status=answer.status,
                    headers=orjson.dumps(answer.headers).decode(),
                    body=answer.body,
                )
            )

    def forget(self, request_key: str) -> None:
        """Forget a request that failed: it may be made again, mended."""
        with writing(self._engine) as connection:
            unanswered = ANSWERS.c.status.is_(None)
            of_key = ANSWERS.c.request_key == request_key
            connection.execute(delete(ANSWERS).where(of_key & unanswered))

    def close(self) -> None:
        """Give the database's connections back."""
        if "_engine" in self.__dict__:
            self._engine.dispose()


def _answer(row: Any) -> KeptAnswer:
    headers = tuple((name, value) for name, value in orjson.loads(row.headers))
    return KeptAnswer(row.fingerprint, row.status, headers, bytes(row.body))
