from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from content_tagging.media.guard import WorkerPool
from reelcast.errors import MediaCrashError, MediaError, MediaLimitError, MissingPackageError
from reelcast.settings import TaggingSettings

FILE = Path("clip.mp4")


def name_of(path: Path) -> str:
    return path.name


def endless(path: Path) -> None:
    while path:
        pass


def hog(path: Path) -> int:
    held = []
    while path:
        held.append(bytearray(20_000_000))
        time.sleep(0.005)
    return len(held)


def leap(path: Path) -> int:
    return len(bytearray(8_000_000_000))


def crash(path: Path) -> None:
    os._exit(3)


def kill(path: Path) -> None:
    os.kill(os.getpid(), 11)


def refuse(path: Path) -> None:
    raise MediaError(f"{path}: is no video")


def threads(path: Path) -> tuple[str, int, int]:
    import cv2
    import torch

    return os.environ["OMP_NUM_THREADS"], cv2.getNumThreads(), torch.get_num_threads()


def without_package() -> None:
    raise MissingPackageError("weights are not there: fetch them")


def burst() -> None:
    os._exit(5)


def settings(**given: object) -> TaggingSettings:
    return TaggingSettings(**{"workers": 2, **given})  # type: ignore[arg-type]


def test_a_result_comes_back() -> None:
    with WorkerPool(settings(workers=1)) as pool:
        assert pool.submit(name_of, FILE).result(60) == "clip.mp4"


def test_a_file_that_never_ends_is_stopped_and_the_others_go_on() -> None:
    with WorkerPool(settings(max_wall_s=2)) as pool:
        stuck = pool.submit(endless, FILE)
        others = [pool.submit(name_of, FILE) for _ in range(5)]
        assert [other.result(60) for other in others] == ["clip.mp4"] * 5
        with pytest.raises(MediaLimitError, match="not done after 2 s"):
            stuck.result(60)
        assert pool.submit(name_of, FILE).result(60) == "clip.mp4"


def test_a_file_that_takes_all_memory_is_stopped_and_the_others_go_on() -> None:
    with WorkerPool(settings(max_memory_mb=600)) as pool:
        greedy = [pool.submit(work, FILE) for work in (hog, leap)]
        for future in greedy:
            with pytest.raises(MediaLimitError, match="more than 600 MB"):
                future.result(60)
        assert pool.submit(name_of, FILE).result(60) == "clip.mp4"


def test_a_crash_is_an_error_of_its_file_and_the_others_go_on() -> None:
    with WorkerPool(settings()) as pool:
        dead = [pool.submit(work, FILE) for work in (crash, kill)]
        for future in dead:
            with pytest.raises(MediaCrashError, match=r"clip\.mp4"):
                future.result(60)
        assert pool.submit(name_of, FILE).result(60) == "clip.mp4"


def test_an_error_of_the_work_comes_back_as_it_was_raised() -> None:
    with WorkerPool(settings(workers=1)) as pool, pytest.raises(MediaError, match="is no video"):
        pool.submit(refuse, FILE).result(60)


def test_a_worker_that_cannot_start_says_why_for_each_file() -> None:
    with WorkerPool(settings(workers=1), initializer=without_package) as pool:
        for _ in range(2):
            with pytest.raises(MissingPackageError, match="fetch them"):
                pool.submit(name_of, FILE).result(60)


def test_the_libraries_of_a_worker_keep_to_its_threads() -> None:
    with WorkerPool(settings(workers=1, threads=1)) as pool:
        assert pool.submit(threads, FILE).result(60) == ("1", 1, 1)


def test_work_that_waits_can_be_cancelled() -> None:
    with WorkerPool(settings(workers=1, max_wall_s=3)) as pool:
        stuck = pool.submit(endless, FILE)
        waiting = pool.submit(name_of, FILE)
        assert waiting.cancel()
        assert isinstance(stuck.exception(60), MediaLimitError)


def interrupted(future_of: Callable[[WorkerPool], object]) -> None:
    with WorkerPool(settings()) as pool:
        future_of(pool)
        time.sleep(1)
        raise KeyboardInterrupt


def test_an_interrupted_pool_kills_its_workers_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupted(lambda pool: pool.submit(endless, FILE))
    assert time.monotonic() - began < 20


def test_workers_that_cannot_start_at_all_are_an_error() -> None:
    with WorkerPool(settings(workers=1), initializer=burst) as pool:
        with pytest.raises(MediaCrashError, match="the workers ended"):
            pool.submit(name_of, FILE).result(60)
        with pytest.raises(MediaCrashError, match="the workers ended"):
            pool.submit(name_of, FILE)
