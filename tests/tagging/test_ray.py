"""Files watched on a real Ray cluster of two nodes end as those watched here."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from content_tagging.batch.items import items_in
from content_tagging.batch.local import Tasks, watch_locally
from content_tagging.batch.outcomes import Asked, Failure, Watched
from content_tagging.batch.ray_engine import watch_on_ray
from content_tagging.batch.steps import listen_to, look_at
from content_tagging.cache import sha256_of
from reelcast.settings import TaggingSettings
from tests.tagging.clips import Clip, write_clip
from tests.tagging.tasks import look

SETTINGS = TaggingSettings(workers=1, max_wall_s=60)
MEMORY = 100_000_000  # of each node's object store
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # ray's own
]


def look_or_end(path: Path, *others: Any) -> Any:
    """The real task on a video; on a text file, what that asks for: a crash, say.

    The process whose pool it runs in, an actor, is noted in `actors.log`.
    """
    with (path.parent / "actors.log").open("a") as log:
        log.write(f"{os.getppid()}\n")
    return look(path, *others) if path.suffix == ".txt" else look_at(path, *others)


TASKS = Tasks(look_or_end, listen_to)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes with a core each on this machine, named by RAY_ADDRESS."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_BACKEND_LOG_LEVEL"] = "fatal"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray_cluster = pytest.importorskip("ray.cluster_utils", reason="ray is not installed")
        nodes = ray_cluster.Cluster()
        for _ in range(2):
            nodes.add_node(num_cpus=1, object_store_memory=MEMORY, include_dashboard=False)
    os.environ["RAY_ADDRESS"] = nodes.address
    yield nodes
    nodes.shutdown()
    for name in ("RAY_ADDRESS", "RAY_USAGE_STATS_ENABLED", "RAY_BACKEND_LOG_LEVEL"):
        os.environ.pop(name, None)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Ten clips, a file that is none, and one that ends the process that reads it."""
    folder = tmp_path_factory.mktemp("clips")
    for index in range(10):
        words = ((0.0, 1.0, f"{index + 2} THINGS"),)
        write_clip(folder / f"{index}.mp4", Clip(seconds=1.0, frames_per_s=10, words=words))
    (folder / "torn.mp4").write_bytes(b"not a video")
    (folder / "crash.txt").write_text("crash")
    paths = [*(item.path for item in items_in([folder])), folder / "crash.txt"]
    return [Asked(content_id=sha256_of(path), path=path) for path in paths]


def by_content(outcomes: Sequence[Watched | Failure]) -> dict[str, str]:
    return {outcome.content_id: outcome.model_dump_json() for outcome in outcomes}


def test_two_nodes_give_what_this_process_gives(
    cluster: Any, asked: list[Asked], tmp_path: Path
) -> None:
    there = [*watch_on_ray(asked, SETTINGS, tmp_path / "there", TASKS)]
    actors = set((asked[0].path.parent / "actors.log").read_text().split())
    here = [*watch_locally(asked, SETTINGS, tmp_path / "here", TASKS)]
    assert (len(cluster.list_all_nodes()), len(actors)) == (2, 2)  # a core, so an actor, each
    assert sum(isinstance(outcome, Watched) for outcome in there) == 10
    assert by_content(there) == by_content(here)
