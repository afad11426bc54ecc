"""The routes of jobs: their list, one, its events as they come, cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.problems import RESPONSES
from reelcast.errors import InputError
from reelcast.jobs import Job, JobQueue
from reelcast.paging import read_cursor, write_cursor
from reelcast.records import Record

Limit = Annotated[int, Query(ge=1, le=200, description="items of a page")]
Cursor = Annotated[str | None, Query(max_length=1000, description="`next_cursor` of a page")]
_LOOK_S = 0.5  # between looks at a job that is followed
_ALIVE_S = 15.0  # between signs of life, so that no proxy thinks the line dead
_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`event: job` with the job as data at each change, the last once it ended",
        "content": {"text/event-stream": {"itemSchema": {"$ref": "#/components/schemas/Job"}}},
    }
}


class JobPage(Record):
    """Jobs, newest first, and the cursor of the next page."""

    items: tuple[Job, ...]
    next_cursor: str | None = Field(description="null at the end")


def add_job_routes(app: FastAPI, queue: JobQueue, now: Callable[[], datetime]) -> None:
    """Add GET /v1/jobs, GET and DELETE /v1/jobs/{job_id}, and its events."""

    @app.get("/v1/jobs", response_model=JobPage, responses=RESPONSES)
    def list_jobs(limit: Limit = 50, cursor: Cursor = None) -> JobPage:
        """Long work, newest first."""
        found = queue.latest(limit + 1, None if cursor is None else _before(cursor))
        last = found[limit - 1] if len(found) > limit else None
        following = last and write_cursor((last.created_at.timestamp(), last.job_id))
        return JobPage(items=tuple(found[:limit]), next_cursor=following)

    @app.get("/v1/jobs/{job_id}", response_model=Job, responses=RESPONSES)
    def get_job(job_id: str) -> Job:
        """How far a job is, and what came of it."""
        return queue.get(job_id)

    @app.delete("/v1/jobs/{job_id}", response_model=Job, responses=RESPONSES)
    def cancel_job(job_id: str) -> Job:
        """Cancel a job: at once where it waits, within seconds where it runs."""
        return queue.cancel(job_id, now())

    @app.get(
        "/v1/jobs/{job_id}/events",
        response_class=StreamingResponse,
        responses={**RESPONSES, **_EVENTS},
    )
    async def follow_job(request: Request, job_id: str) -> Response:
        """A job's progress as server-sent events, until it has ended."""
        first = await run_in_threadpool(queue.get, job_id)
        return StreamingResponse(
            _follow(request, queue, first),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )


async def _follow(request: Request, queue: JobQueue, job: Job) -> AsyncIterator[str]:
    yield _event(job)
    quiet_s = 0.0
    while job.is_open and not await request.is_disconnected():
        await asyncio.sleep(_LOOK_S)
        newer = await run_in_threadpool(queue.get, job.job_id)
        quiet_s += _LOOK_S
        if newer != job:
            job, quiet_s = newer, 0.0
            yield _event(job)
        elif quiet_s >= _ALIVE_S:
            quiet_s = 0.0
            yield ": still there\n\n"


def _event(job: Job) -> str:
    return f"event: job\ndata: {job.model_dump_json()}\n\n"


def _before(cursor: str) -> tuple[float, str]:
    key = read_cursor(cursor)
    if len(key) != 2 or not isinstance(key[0], float | int) or not isinstance(key[1], str):
        raise InputError("this list gave no such cursor: leave it out to begin at the first page")
    return float(key[0]), key[1]
