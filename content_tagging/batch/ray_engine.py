"""Watches files on a Ray cluster: one actor on each node's cores, each with a guarded pool of its
own, so that a bad file ends a worker of the pool and never the actor.

Every node must see the files and the home under the same paths (a shared file system), and have
reelcast installed. `RAY_ADDRESS` names the cluster; without it Ray starts one on this machine.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from content_tagging.batch.local import TASKS, Tasks, watch_in
from content_tagging.batch.outcomes import Asked, Failure, Watched
from content_tagging.media.guard import WorkerPool
from content_tagging.media.threads import workers_of
from reelcast.packages import require
from reelcast.settings import TaggingSettings

log = logging.getLogger(__name__)
FILES_A_WORKER = 8  # in a block: workers wait at its end, and a node that dies loses it


def watch_on_ray(
    asked: Iterable[Asked], settings: TaggingSettings, folder: Path, tasks: Tasks = TASKS
) -> Iterator[Watched | Failure]:
    """The outcome of each file, as they are done, by `watch_in` in Ray Data's actors."""
    files = []
    for file in asked:
        if _is_text(file.path):
            files.append({"asked": file.model_dump_json()})
        else:
            yield _no_text(file)
    if not files:
        return
    ray = _quiet_ray()
    started = not ray.is_initialized()
    if started:
        ray.init(log_to_driver=False, include_dashboard=False, logging_level=logging.ERROR)
    try:
        workers = workers_of(settings)
        each = settings.model_copy(update={"workers": workers})
        yield from _outcomes(ray, files, workers, (each, folder, tasks))
    finally:
        if started:
            ray.shutdown()


def _is_text(path: Path) -> bool:
    """Whether the path can be sent: Unix names are bytes, and not all are UTF-8."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_text(asked: Asked) -> Failure:
    reason = "the file's name is no UTF-8 and cannot be sent to Ray: rename it, or tag it without"
    return Failure(
        content_id=asked.content_id, path=asked.path, kind="InputError", reason=f"{reason} --engine"
    )


def _quiet_ray() -> Any:
    """Ray, its reports to its makers off and its own talk down to errors."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    ray = require("ray")
    require("ray.data")
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray


def _outcomes(
    ray: Any, files: list[dict[str, str]], workers: int, actor: tuple[TaggingSettings, Path, Tasks]
) -> Iterator[Watched | Failure]:
    """The outcomes of blocks of files, each block by an actor on `workers` cores."""
    size = FILES_A_WORKER * workers
    blocks = -(-len(files) // size)
    most = max(1, int(ray.cluster_resources().get("CPU", 1)) // workers)
    ray.data.DataContext.get_current().enable_progress_bars = False
    watched = ray.data.from_items(files, override_num_blocks=blocks).map_batches(
        _Watcher,
        fn_constructor_args=actor,
        compute=ray.data.ActorPoolStrategy(
            size=min(most, blocks),
            max_tasks_in_flight_per_actor=1,  # none waits behind another
        ),
        num_cpus=workers,
        batch_size=None,  # a whole block: those smaller than a batch would be put together
    )
    for row in watched.iter_rows():
        if row["failed"]:
            yield Failure.model_validate_json(row["outcome"])
        else:
            yield Watched.model_validate_json(row["outcome"])


class _Watcher:
    """An actor: batches of files -> their outcomes, as JSON, by one pool whose weights stay."""

    def __init__(self, settings: TaggingSettings, folder: Path, tasks: Tasks) -> None:
        self._pool, self._folder, self._tasks = WorkerPool(settings), folder, tasks

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        asked = [Asked.model_validate_json(text) for text in batch["asked"]]
        outcomes = [*watch_in(self._pool, asked, self._folder, self._tasks)]
        return {
            "outcome": [outcome.model_dump_json() for outcome in outcomes],
            "failed": [isinstance(outcome, Failure) for outcome in outcomes],
        }
