"""The routes of imports: upload an export, see what it would do, then import it by a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI, File, Request, UploadFile
from pydantic import Field, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.bodies import json_body, read_json
from api.problems import RESPONSES
from api.routes_contents import ACCEPTED
from api.uploads import find_upload, save
from api.work import Doing, ImportAsked, import_options
from ingest.preview import Preview, preview
from reelcast.errors import NotFoundError
from reelcast.jobs import Job
from reelcast.records import Record
from reelcast.settings import Settings

_PREVIEW = TypeAdapter(Preview)


class UploadedExport(Record):
    """An export that was uploaded; nothing of it is imported yet."""

    import_id: str = Field(description="sha256 of the file's bytes")
    file: str
    size_bytes: int


def add_import_routes(
    app: FastAPI, settings: Settings, doing: Doing, now: Callable[[], datetime]
) -> None:
    """Add POST /v1/imports, and of one: POST preview and run."""

    @app.post("/v1/imports", status_code=201, response_model=UploadedExport, responses=RESPONSES)
    def upload_export(
        file: Annotated[UploadFile, File(description="an export file")],
    ) -> UploadedExport:
        """Upload an export file; /preview says what it holds, /run imports it."""
        kept = save(file.file, file.filename or "", settings)
        return UploadedExport(import_id=kept.sha256, file=kept.path.name, size_bytes=kept.size)

    @app.post(
        "/v1/imports/{import_id}/preview",
        response_model=Preview,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(ImportAsked)},
    )
    async def preview_import(request: Request, import_id: str) -> Response:
        """What was recognised, and what its first rows would become; nothing is imported."""
        asked = read_json(ImportAsked, await request.body())
        made = await run_in_threadpool(_look, settings, import_id, asked)
        return Response(_PREVIEW.dump_json(made), media_type="application/json")

    @app.post(
        "/v1/imports/{import_id}/run",
        status_code=202,
        response_model=Job,
        responses={**RESPONSES, **ACCEPTED},
        openapi_extra={"requestBody": json_body(ImportAsked)},
    )
    async def run_import(request: Request, import_id: str) -> Response:
        """Import it: a job merges its rows into the lake."""
        asked = read_json(ImportAsked, await request.body())
        job = await run_in_threadpool(_run, settings, doing, (import_id, asked), now())
        headers = {"Location": f"/v1/jobs/{job.job_id}"}
        return Response(job.model_dump_json(), 202, headers, media_type="application/json")


def _look(settings: Settings, import_id: str, asked: ImportAsked) -> Preview:
    path = find_upload(import_id, settings)
    if path is None:
        raise _unknown(import_id)
    return preview(path, import_options(settings, asked))


def _run(settings: Settings, doing: Doing, asked: tuple[str, ImportAsked], now: datetime) -> Job:
    import_id, given = asked
    path = find_upload(import_id, settings)
    if path is None:
        raise _unknown(import_id)
    import_options(settings, given)  # a wrong option is told now, not by the job
    return doing.add("import", {**given.model_dump(mode="json"), "path": str(path)}, now)


def _unknown(import_id: str) -> NotFoundError:
    return NotFoundError(f"there is no upload {import_id!r}: POST /v1/imports first")
