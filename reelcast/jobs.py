"""Long work, kept in the ledger database: asked for by a door, taken by a worker with a lease.

A worker renews its lease while it works. One that ends without a word (a kill, a power cut) lets
it run out, and another takes the job up again: a job survives a restart of the server.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import orjson
from pydantic import Field
from sqlalchemy import (
    Column,
    Connection,
    Double,
    Engine,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    or_,
    select,
    update,
)

from reelcast.database import METADATA, ensure_tables, open_database, reading, writing
from reelcast.errors import ConflictError, NotFoundError
from reelcast.records import Record

MAX_ATTEMPTS = 3  # a job under which three servers ended is not given to a fourth
Status = Literal["queued", "running", "done", "failed", "cancelled"]
OPEN: tuple[Status, ...] = ("queued", "running")

JOBS = Table(
    "jobs",
    METADATA,
    Column("job_id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("asked", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("done", Integer, nullable=False, default=0),
    Column("total", Integer),
    Column("attempts", Integer, nullable=False, default=0),
    Column("worker", String(120)),
    Column("lease_until", Double),
    Column("cancel_asked", Integer, nullable=False, default=0),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("ended_at", Double),
    Column("result", Text),
    Column("problem", Text),
    Index("jobs_status", "status", "created_at"),
    Index("jobs_created", "created_at", "job_id"),
)


class JobProblem(Record):
    """Why a job failed: the error's class, its HTTP status, and what it says."""

    type: str
    status: int
    detail: str


class Job(Record):
    """Long work: how far it is, and what came of it."""

    job_id: str
    kind: str = Field(description="tag, import, ...")
    status: Status
    done: int = Field(description="steps done, e.g. rows read")
    total: int | None = Field(description="steps in all; null where nobody knows")
    attempts: int = Field(description="how often a worker took it up")
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    result: dict[str, Any] | None = Field(description="once it is done")
    problem: JobProblem | None = Field(description="why it failed")

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.status in OPEN


class Taken(Record):
    """A job that a worker has taken, and what is asked of it."""

    job_id: str
    kind: str
    asked: dict[str, Any]


class JobQueue:
    """The jobs of one database; connected at its first use."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _engine(self) -> Engine:
        engine = open_database(self._url)
        ensure_tables(engine, JOBS)
        return engine

    def add(self, kind: str, asked: dict[str, Any], now: datetime) -> Job:
        """A new job, waiting for a worker."""
        job_id = f"j{secrets.token_hex(12)}"
        row = {"job_id": job_id, "kind": kind, "asked": orjson.dumps(asked).decode()}
        with writing(self._engine) as connection:
            values = {**row, "status": "queued", "created_at": now.timestamp()}
            connection.execute(insert(JOBS).values(values))
            return _find(connection, job_id)

    def get(self, job_id: str) -> Job:
        """The job as it is now; raises NotFoundError where there is none."""
        with reading(self._engine) as connection:
            return _find(connection, job_id)

    def latest(self, most: int, before: tuple[float, str] | None = None) -> list[Job]:
        """The newest jobs first, `most` at most; `before`: older than this time and id."""
        asked = select(JOBS).order_by(JOBS.c.created_at.desc(), JOBS.c.job_id.desc()).limit(most)
        if before is not None:
            at, job_id = before
            older = (JOBS.c.created_at == at) & (JOBS.c.job_id < job_id)
            asked = asked.where(or_(JOBS.c.created_at < at, older))
        with reading(self._engine) as connection:
            return [_job(row) for row in connection.execute(asked)]

    def cancel(self, job_id: str, now: datetime) -> Job:
        """The job, cancelled where it waits, told to stop where it runs.

        Raises ConflictError where it has ended.
        """
        with writing(self._engine) as connection:
            job = _find(connection, job_id)
            if not job.is_open:
                raise ConflictError(f"job {job_id} is {job.status} already: nothing to cancel")
            changes: dict[str, Any] = {"cancel_asked": 1}
            if job.status == "queued":
                changes |= {"status": "cancelled", "ended_at": now.timestamp()}
            _change(connection, job_id, **changes)
            return _find(connection, job_id)

    def take(self, worker: str, lease_s: float, now: datetime) -> Taken | None:
        """The oldest job that waits or whose worker ended without a word, now this worker's."""
        at = now.timestamp()
        left = (JOBS.c.status == "running") & (JOBS.c.lease_until < at)
        waits = or_(JOBS.c.status == "queued", left)
        with reading(self._engine) as connection:  # a look that holds up no writer
            if connection.execute(select(JOBS.c.job_id).where(waits).limit(1)).first() is None:
                return None
        with writing(self._engine) as connection:
            asked = select(JOBS).where(waits).order_by(JOBS.c.created_at, JOBS.c.job_id)
            for row in connection.execute(asked).all():
                if row.cancel_asked or row.attempts >= MAX_ATTEMPTS:
                    _give_up(connection, row, at)
                    continue
                _change(
                    connection,
                    row.job_id,
                    status="running",
                    worker=worker,
                    attempts=row.attempts + 1,
                    lease_until=at + lease_s,
                    started_at=row.started_at or at,
                )
                return Taken(job_id=row.job_id, kind=row.kind, asked=orjson.loads(row.asked))
        return None

    def beat(
        self, job_id: str, worker: str, until: datetime, progress: tuple[int, int | None]
    ) -> Literal["go on", "cancelled", "lost"]:
        """Renew the lease and say how far it is; whether the worker is to go on."""
        done, total = progress
        with writing(self._engine) as connection:
            row = _row(connection, job_id)
            if row.status != "running" or row.worker != worker:
                return "lost"
            _change(connection, job_id, lease_until=until.timestamp(), done=done, total=total)
            return "cancelled" if row.cancel_asked else "go on"

    def end(
        self,
        job_id: str,
        worker: str,
        now: datetime,
        outcome: dict[str, Any] | JobProblem | None,
    ) -> bool:
        """Keep the result, the problem, or (None) that it was cancelled.

        False where the job is no longer this worker's: then nothing is kept.
        """
        changes: dict[str, Any] = {"status": "cancelled"}
        if isinstance(outcome, JobProblem):
            changes = {"status": "failed", "problem": outcome.model_dump_json()}
        elif outcome is not None:
            changes = {"status": "done", "result": orjson.dumps(outcome).decode()}
        with writing(self._engine) as connection:
            row = _row(connection, job_id)
            if row.status != "running" or row.worker != worker:
                return False
            _change(connection, job_id, ended_at=now.timestamp(), lease_until=None, **changes)
        return True

    def release(self, job_id: str, worker: str) -> None:
        """Give the job back: it waits again, as if it had never been taken."""
        with writing(self._engine) as connection:
            row = _row(connection, job_id)
            if row.status == "running" and row.worker == worker:
                changes = {"worker": None, "lease_until": None, "attempts": row.attempts - 1}
                _change(connection, job_id, status="queued", **changes)

    def close(self) -> None:
        """Give the database's connections back."""
        if "_engine" in self.__dict__:
            self._engine.dispose()


def _give_up(connection: Connection, row: Any, at: float) -> None:
    """End a job that was cancelled, or under which its worker ended too often."""
    if row.cancel_asked:
        _change(connection, row.job_id, status="cancelled", ended_at=at, lease_until=None)
        return
    problem = JobProblem(
        type="ReelcastError",
        status=500,
        detail=f"the server ended {row.attempts} times while it worked on this: see its log",
    )
    changes = {"problem": problem.model_dump_json(), "ended_at": at, "lease_until": None}
    _change(connection, row.job_id, status="failed", **changes)


def _row(connection: Connection, job_id: str) -> Any:
    row = connection.execute(select(JOBS).where(JOBS.c.job_id == job_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no job {job_id!r}: GET /v1/jobs lists them")
    return row


def _find(connection: Connection, job_id: str) -> Job:
    return _job(_row(connection, job_id))


def _change(connection: Connection, job_id: str, **changes: Any) -> None:
    connection.execute(update(JOBS).where(JOBS.c.job_id == job_id).values(**changes))


def _job(row: Any) -> Job:
    return Job(
        **{name: getattr(row, name) for name in ("job_id", "kind", "status", "done", "total")},
        attempts=row.attempts,
        created_at=_time(row.created_at),
        started_at=_time(row.started_at),
        ended_at=_time(row.ended_at),
        result=None if row.result is None else orjson.loads(row.result),
        problem=None if row.problem is None else JobProblem.model_validate_json(row.problem),
    )


def _time(at: float | None) -> datetime | None:
    return None if at is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
