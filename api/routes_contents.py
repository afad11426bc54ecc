"""The routes of contents: upload a video, look through what was tagged, correct a tag."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from fastapi import FastAPI, File, Form, Query, Request, UploadFile
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import NOT_MODIFIED, tagged, tagged_bytes
from api.bodies import json_body, read_json
from api.problems import RESPONSES
from api.routes_jobs import Cursor, Limit
from api.uploads import find_upload, save
from api.work import Doing
from content_tagging.batch.items import SUFFIXES
from content_tagging.browse import ContentPage, browse
from content_tagging.contents import Content, find, load
from content_tagging.correcting import correct_tags
from content_tagging.fix_list import FixThresholds, abcd_fix_list
from content_tagging.report.write import write_report
from reelcast.errors import InputError, MediaError, NotFoundError
from reelcast.jobs import Job
from reelcast.mentions import without_mentions
from reelcast.records import Record
from reelcast.settings import Settings
from reelcast.store import Lake

Group = Annotated[str, Field(max_length=40)]
Label = Annotated[str, Field(max_length=100)]
Said = Annotated[str | None, Form(max_length=5000)]
ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"description": "The job that does it; Location names it"}
}


class Uploaded(Record):
    """The content that a video will be known by, and the job that watches it."""

    content_id: str = Field(description="sha256 of the file's bytes")
    job: Job


class Fix(Record):
    """One thing to change in a draft, by the ABCD rubric."""

    part: str
    measure: str
    words: str


class ContentAnswer(Record):
    """A content with its tags, evidence, measures and signals, and what to change."""

    content: Content
    fixes: tuple[Fix, ...]
    has_report: bool = Field(description="whether its file is at hand for /report")


class LabelsAsked(Record):
    """What a content's labels are, by group, the primary one first."""

    labels: dict[Group, Annotated[tuple[Label, ...], Field(min_length=1, max_length=20)]] = Field(
        min_length=1, max_length=20
    )
    reason: str | None = Field(None, max_length=2000)


def add_content_routes(
    app: FastAPI, settings: Settings, doing: Doing, now: Callable[[], datetime]
) -> None:
    """Add /v1/contents: upload, list, one, report and corrections."""
    lake = Lake(settings.lake_root, settings.storage_options)
    _add_upload(app, settings, doing, now)
    _add_looks(app, settings, lake)

    @app.post(
        "/v1/contents/{content_id}/corrections",
        response_model=ContentAnswer,
        responses=RESPONSES,
        openapi_extra={"requestBody": json_body(LabelsAsked)},
    )
    async def correct_content(request: Request, content_id: str) -> Response:
        """Say what a content's labels are; the tagger learns from it when it is trained again."""
        asked = read_json(LabelsAsked, await request.body())
        answer = await run_in_threadpool(_correct, lake, settings, (content_id, asked), now())
        return Response(answer.model_dump_json(), media_type="application/json")


def _add_upload(
    app: FastAPI, settings: Settings, doing: Doing, now: Callable[[], datetime]
) -> None:
    """Add the upload, which becomes a job."""

    @app.post(
        "/v1/contents",
        status_code=202,
        response_model=Uploaded,
        responses={**RESPONSES, **ACCEPTED},
    )
    def upload_content(
        response: Response,
        file: Annotated[UploadFile, File(description="a video or sound file")],
        caption: Said = None,
        brand: Annotated[str | None, Form(max_length=200)] = None,
        product: Annotated[str | None, Form(max_length=200)] = None,
        post_id: Annotated[str | None, Form(max_length=200)] = None,
    ) -> Uploaded:
        """Upload a video: a job watches and tags it. What was watched before is not again."""
        _check_suffix(file.filename or "")
        kept = save(file.file, file.filename or "", settings)
        said = without_mentions(caption) if caption else None
        asked = {"path": str(kept.path), "caption": said, "brand": brand or None}
        asked |= {"product": product or None, "post_id": post_id or None}
        job = doing.add("tag", asked, now())
        response.headers["Location"] = f"/v1/jobs/{job.job_id}"
        return Uploaded(content_id=kept.sha256, job=job)


def _add_looks(app: FastAPI, settings: Settings, lake: Lake) -> None:
    """Add the list, one content and its page."""

    @app.get("/v1/contents", response_model=ContentPage, responses={**RESPONSES, **NOT_MODIFIED})
    def list_contents(
        request: Request,
        q: Annotated[str | None, Query(max_length=200, description="in name or caption")] = None,
        label: Annotated[
            str | None, Query(max_length=100, description="GROUP:LABEL, e.g. hook:listicle")
        ] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Response:
        """Tagged contents by name, with their labels."""
        return tagged(request, browse(lake, q, _label(label), limit, cursor))

    @app.get(
        "/v1/contents/{content_id}",
        response_model=ContentAnswer,
        responses={**RESPONSES, **NOT_MODIFIED},
    )
    def get_content(request: Request, content_id: str) -> Response:
        """One content, by its id or the beginning of it, with evidence and what to change."""
        return tagged(request, _answer(lake, settings, content_id))

    @app.get(
        "/v1/contents/{content_id}/report",
        response_class=Response,
        responses={**RESPONSES, **NOT_MODIFIED, 200: {"content": {"text/html": {}}}},
    )
    def get_content_report(request: Request, content_id: str) -> Response:
        """The page about a content: filmstrip, words, texts, cuts, tags. It needs the upload."""
        return tagged_bytes(request, _report(lake, settings, content_id), "text/html")


def _check_suffix(name: str) -> None:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise MediaError(
            f"a file called *{suffix or ' without a suffix'} is no video or sound file: send one "
            f"of {', '.join(sorted(SUFFIXES))}"
        )


def _label(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    group, colon, name = text.partition(":")
    if not colon or not group or not name:
        raise InputError(f"label {text!r} is not GROUP:LABEL, e.g. hook:listicle")
    return group, name


def _answer(lake: Lake, settings: Settings, content_id: str) -> ContentAnswer:
    found = load(lake, [find(lake, content_id)])
    if not found:
        raise NotFoundError(f"content {content_id!r} has no tags yet: upload its file again")
    (content,) = found.values()
    fixes = abcd_fix_list(content.measures, FixThresholds())
    return ContentAnswer(
        content=content,
        fixes=tuple(Fix(part=fix.part, measure=fix.measure, words=fix.words) for fix in fixes),
        has_report=find_upload(content.content_id, settings) is not None,
    )


def _report(lake: Lake, settings: Settings, content_id: str) -> bytes:
    content = _answer(lake, settings, content_id).content
    media = find_upload(content.content_id, settings)
    if media is None:
        raise NotFoundError(
            f"the file of content {content.content_id[:12]} was not uploaded here: upload it, or "
            "run `reelcast tag FILE --report PAGE` where it lies"
        )
    with tempfile.TemporaryDirectory() as folder:
        page = write_report(Path(folder) / "report.html", content, media, settings.tagging)
        return page.read_bytes()


def _correct(
    lake: Lake, settings: Settings, asked: tuple[str, LabelsAsked], now: datetime
) -> ContentAnswer:
    content_id, given = asked
    correct_tags(lake, content_id, given.labels, now, given.reason)
    return _answer(lake, settings, content_id)
