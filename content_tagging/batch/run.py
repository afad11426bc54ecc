"""Tags many files: each content once ever, whatever its name, and none lost to a kill.

What a step gave is in the step cache as soon as it is done, and contents go to the lake in lots: a
run that is started again takes up where the killed one was.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa

from content_tagging.batch.items import Item
from content_tagging.batch.join import signals_of
from content_tagging.batch.local import watch_locally
from content_tagging.batch.outcomes import Asked, Failure, Watched, attempt, without_folders
from content_tagging.batch.ray_engine import watch_on_ray
from content_tagging.batch.steps import versions_of
from content_tagging.cache import sha256_of
from content_tagging.contents import About, Content, about_in, keep, keep_posts, name_of
from content_tagging.reader import Reader, Unread
from reelcast.errors import InputError, MediaError
from reelcast.mentions import without_mentions
from reelcast.plain import plain
from reelcast.settings import Settings, TaggingSettings
from reelcast.store import Lake
from reelcast.tables import TABLES

log = logging.getLogger(__name__)

LOT = 100  # contents merged at once: merging into a large table takes a second or two
FORMAT = "video"
Engine = Callable[[Iterable[Asked], TaggingSettings, Path], Iterator[Watched | Failure]]
ENGINES: dict[str, Engine] = {"processes": watch_locally, "ray": watch_on_ray}
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. `content_of` has each file that ended in a content, made now or before."""

    files: int
    made: int
    known: int
    failures: tuple[Failure, ...]
    content_of: dict[Path, str]
    seconds: float


def engine_of(name: str) -> Engine:
    """The engine of this name. Raises InputError where there is none."""
    if name not in ENGINES:
        raise InputError(f"no engine is called {name!r}: there are {', '.join(ENGINES)}")
    return ENGINES[name]


def tag_files(
    items: Sequence[Item],
    lake: Lake,
    settings: Settings,
    engine: Engine = watch_locally,
    progress: Progress | None = None,
) -> Report:
    """What was done to tag the items into the lake; a file that fails goes to `failures`.

    `progress` is told the files done and in all. The same items again change nothing.
    """
    started = time.monotonic()
    with ThreadPoolExecutor(1) as beside:
        run = _Run(items, lake, settings.tagging, Reader.load(settings), beside, progress)
        folder = settings.local_home / "cache" / "tagging"
        for outcome in engine(run.asked(), settings.tagging, folder):
            run.take(outcome)
    run.commit()
    return Report(
        files=len(items),
        made=run.made,
        known=run.known,
        failures=tuple(run.failures),
        content_of=run.content_of(),
        seconds=time.monotonic() - started,
    )


@dataclass(slots=True)
class _Run:
    """A batch under way."""

    items: Sequence[Item]
    lake: Lake
    settings: TaggingSettings
    reader: Reader
    beside: Executor
    progress: Progress | None
    warmed: Future[None] | None = None  # of the reader, beside the workers
    said: dict[str, About] = field(default_factory=dict)  # by content, as the lake has it
    files_of: dict[str, list[Item]] = field(default_factory=dict)  # by content, in order
    ended: dict[str, None] = field(default_factory=dict)  # contents in the lake or the lot
    lot: list[Content] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    made: int = 0
    known: int = 0
    told: int = 0

    def asked(self) -> Iterator[Asked]:
        """Each content of the items once, but for those that the lake holds as made now."""
        rows = self.lake.read_columns("contents", ["content_id", *About.model_fields])
        self.said = {row["content_id"]: about_in(row) for row in rows.to_pylist()}
        rows = self.lake.read_columns("taggings", ["content_id", "version"])
        present = {row["content_id"]: row["version"] for row in rows.to_pylist()}
        for item in self.items:
            named = Asked(content_id=_digest_of_name(item.path), path=item.path)
            content_id = attempt(named, partial(_content_id, item.path, self.settings))
            if isinstance(content_id, Failure):
                self._fail(content_id)
                continue
            items = self.files_of.setdefault(content_id, [])
            items.append(item)
            if len(items) > 1:
                self._tell()
                continue
            asked = Asked(content_id=content_id, path=item.path)
            known = content_id in present
            version = attempt(asked, partial(self._version, content_id)) if known else None
            if isinstance(version, Failure):
                self._fail(version)
            elif known and present[content_id] == version:
                self.known += 1
                self._end(content_id)
            else:
                self.warmed = self.warmed or self.beside.submit(self.reader.warm)
                yield asked

    def take(self, outcome: Watched | Failure) -> None:
        """Read a file that was watched; put it, or why not, into the lot."""
        if isinstance(outcome, Failure):
            self._fail(outcome)
            return
        if self.warmed is not None:
            self.warmed.result()  # raises what concerns all files
        item = self.files_of[outcome.content_id][0]
        asked = Asked(content_id=outcome.content_id, path=item.path)
        content = attempt(asked, partial(self._read, item, outcome))
        if isinstance(content, Failure):
            self._fail(content)
            return
        self.made += 1
        self.lot.append(content)
        self._end(content.content_id)
        if len(self.lot) >= LOT:
            self.commit()

    def commit(self) -> None:
        """Merge the lot, which posts show which content, and the failures into the lake."""
        keep(self.lake, self.lot)
        self.lot = []
        shown = self._ended_items()
        keep_posts(self.lake, {item.post_id: id_ for item, id_ in shown if item.post_id})
        rows = [_failure_row(failure) for failure in self.failures]
        self.lake.merge("failures", pa.Table.from_pylist(rows, TABLES["failures"].schema))

    def content_of(self) -> dict[Path, str]:
        """The content of each file that has one."""
        return {item.path: content_id for item, content_id in self._ended_items()}

    def _read(self, item: Item, watched: Watched) -> Content:
        (content,) = self.reader.read(
            [
                Unread(
                    name=name_of(item.path.stem),
                    about=self._about(watched.content_id),
                    signals=signals_of(watched),
                    versions=versions_of(item.path, self.settings),
                )
            ]
        )
        return content

    def _version(self, content_id: str) -> str:
        """That of the tags that the content would get now."""
        versions = versions_of(self.files_of[content_id][0].path, self.settings)
        return self.reader.tags_version(versions, self._about(content_id))

    def _about(self, content_id: str) -> About:
        """As the first item says, else as the lake does."""
        return self.files_of[content_id][0].over(self.said.get(content_id, About()))

    def _ended_items(self) -> Iterator[tuple[Item, str]]:
        for content_id in self.ended:
            for item in self.files_of[content_id]:
                yield item, content_id

    def _fail(self, failure: Failure) -> None:
        log.info("not tagged: %s", plain(failure.reason))
        self.failures.append(failure)
        self._tell()

    def _end(self, content_id: str) -> None:
        self.ended[content_id] = None
        self._tell()

    def _tell(self) -> None:
        self.told += 1
        if self.progress is not None:
            self.progress(self.told, len(self.items))


def _content_id(path: Path, settings: TaggingSettings) -> str:
    """The sha256 of the file's bytes; of its name where the worker will refuse to read it."""
    if not path.is_file() or path.stat().st_size > settings.max_bytes:
        return _digest_of_name(path)
    try:
        return sha256_of(path)
    except OSError as exc:
        raise MediaError(f"{path}: cannot be read ({exc.strerror}): check its rights") from exc


def _digest_of_name(path: Path) -> str:
    return hashlib.sha256(path.name.encode("utf-8", "surrogatepass")).hexdigest()


def _failure_row(failure: Failure) -> dict[str, object]:
    return {
        "file_sha256": failure.content_id,
        "line": 0,
        "column": "",
        "file": name_of(failure.path.name),
        "format": FORMAT,
        "value": None,
        "reason": without_mentions(without_folders(failure.reason, failure.path)),
    }
