"""What the server's jobs do: each kind calls one function of a stage, in a process of its own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, Field

from reelcast.database import database_url
from reelcast.job_runner import Handler, JobRunner, Progress
from reelcast.jobs import Job, JobQueue
from reelcast.records import Record
from reelcast.settings import Settings
from reelcast.store import Lake

if TYPE_CHECKING:
    from ingest import ImportOptions


class ImportAsked(Record):
    """How an uploaded export is read, as `reelcast import` takes it."""

    format: str | None = Field(None, max_length=100, description="default: recognised")
    mapping: str | None = Field(
        None, max_length=100, pattern=r"^[A-Za-z0-9_-]+$", description="a shipped mapping's name"
    )
    creator: str | None = Field(None, max_length=200, description="where the export names none")
    platform: str | None = Field(None, max_length=40)
    observed_at: AwareDatetime | None = None
    timezone: str | None = Field(None, max_length=60, description="for times without a zone")
    year: int | None = Field(None, ge=1990, le=2200)


def import_options(settings: Settings, asked: ImportAsked) -> ImportOptions:
    """The options of the import that is asked for."""
    from ingest import ImportOptions
    from reelcast.salt import make_salt

    return ImportOptions(salt=make_salt(settings), **asked.model_dump())


def tag(settings: Settings, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Watch one uploaded video into the lake."""
    from content_tagging.batch.items import Item
    from content_tagging.batch.run import tag_files

    item = Item(**asked)
    lake = Lake(settings.lake_root, settings.storage_options)
    done = tag_files([item], lake, settings, progress=progress)
    for failure in done.failures:
        error = failure.error()
        raise type(error)(str(error).replace(f"{item.path.parent}/", ""))
    return {"content_id": done.content_of[item.path], "made": done.made, "known": done.known}


def import_export(settings: Settings, asked: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Merge one uploaded export into the lake; the upload is removed once it is in."""
    from ingest import import_file

    path = Path(asked.pop("path"))
    options = import_options(settings, ImportAsked(**asked))
    lake = Lake(settings.lake_root, settings.storage_options)
    made = import_file(path, lake, options, progress).to_dict()
    path.unlink(missing_ok=True)
    return made


HANDLERS: dict[str, Handler] = {"tag": tag, "import": import_export}


class Doing:
    """The long work of one server: its queue, and who works it off from `start` to `stop`."""

    def __init__(self, settings: Settings) -> None:
        self.queue = JobQueue(database_url(settings))
        self._runner = JobRunner(settings, self.queue, HANDLERS)

    def start(self) -> None:
        self._runner.start()

    def add(self, kind: str, asked: dict[str, Any], now: datetime) -> Job:
        """A new job; a worker that is free takes it at once."""
        job = self.queue.add(kind, asked, now)
        self._runner.wake()
        return job

    def stop(self) -> None:
        self._runner.stop()
        self.queue.close()
