"""A job on a page: how far it is, until it ends; then what to do with what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from api.doors import Doors
from api.web.markup import note, text
from api.web.pieces import at_work, show
from reelcast.jobs import Job

_LOOK_S = 0.4
Then = Callable[[Job], Awaitable[None]]


async def follow(doors: Doors, job: Job, what: str, then: Then) -> None:
    """Show the job's progress in place until it has ended, then call `then` where it is done."""
    began = time.monotonic()
    shown = show(_progress(job, what, began))
    while job.is_open:
        await asyncio.sleep(_LOOK_S)
        if shown.is_deleted:  # the page was left; the job goes on
            return
        job = await at_work(doors.doing.queue.get, job.job_id)
        shown.content = _progress(job, what, began)
    if job.status == "done":
        shown.content = ""
        await then(job)
        return
    why = job.problem.detail if job.problem else f"it was {job.status}"
    shown.content = note("bad", f"{what}: not done", why)


def _progress(job: Job, what: str, began: float) -> str:
    """A bar where the job says how far it is, and always the seconds."""
    known = job.total is not None and job.total > 1
    value = f' value="{job.done}" max="{job.total}"' if known else ""
    far = f", {job.done:,} of {job.total:,}" if known else ""
    state = "waits for its turn" if job.status == "queued" else f"at work{far}"
    words = f"{what}: {state}, {time.monotonic() - began:.0f} s"
    return (
        f'<div class="card" role="status"><p>{text(words)}</p>'
        f'<progress{value} aria-label="{text(what)}"></progress></div>'
    )
