"""Files are watched in workers that can be lost: one bad file stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_tagging.batch.local import watch_in, watch_locally
from content_tagging.batch.outcomes import Asked, Failure, Watched
from content_tagging.cache import sha256_of
from content_tagging.media.guard import WorkerPool
from reelcast.errors import MediaError, MediaLimitError
from reelcast.settings import TaggingSettings
from tests.tagging.tasks import TASKS

SETTINGS = TaggingSettings(workers=2, max_wall_s=3)
WORDS = ("fine", "broken", "bug", "crash", "slow", "fine too")


def asked_of(folder: Path, words: tuple[str, ...]) -> list[Asked]:
    """A file with each of these words."""
    paths = [folder / f"{index}.txt" for index in range(len(words))]
    for path, text in zip(paths, words, strict=True):
        path.write_text(text)
    return [Asked(content_id=sha256_of(path), path=path) for path in paths]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Watched | Failure]:
    """What became of a file of each kind, watched in one batch."""
    folder = tmp_path_factory.mktemp("files")
    asked = asked_of(folder, WORDS)
    made = {each.content_id: each for each in watch_locally(asked, SETTINGS, folder, TASKS)}
    return {words: made[each.content_id] for words, each in zip(WORDS, asked, strict=True)}


@pytest.mark.parametrize("words", ["fine", "fine too"])
def test_bad_files_stop_no_good_one(outcomes: dict[str, Watched | Failure], words: str) -> None:
    watched = outcomes[words]
    assert isinstance(watched, Watched)
    assert watched.looked.pictures.detectors == {"words": words}


@pytest.mark.parametrize(
    ("words", "kind", "reason"),
    [
        ("broken", "MediaError", "is broken: export it anew"),
        ("bug", "ReelcastError", "a fault of ours: ZeroDivisionError: of ours"),
        ("crash", "MediaCrashError", "ended by itself"),
        ("slow", "MediaLimitError", "not done after 3 s"),
    ],
)
def test_a_bad_file_says_what_became_of_it(
    outcomes: dict[str, Watched | Failure], words: str, kind: str, reason: str
) -> None:
    failure = outcomes[words]
    assert isinstance(failure, Failure)
    assert failure.kind == kind
    assert reason in failure.reason


def test_a_failure_gives_the_error_to_raise(outcomes: dict[str, Watched | Failure]) -> None:
    failure = outcomes["slow"]
    assert isinstance(failure, Failure)
    assert type(failure.error()) is MediaLimitError
    assert not isinstance(outcomes["bug"].error(), MediaError)  # type: ignore[union-attr]


def test_a_pool_serves_one_batch_after_the_other(tmp_path: Path) -> None:
    asked = asked_of(tmp_path, ("one", "two"))
    with WorkerPool(SETTINGS) as pool:
        made = [[*watch_in(pool, [each], tmp_path, TASKS)] for each in asked]
    assert [[type(outcome) for outcome in batch] for batch in made] == [[Watched]] * 2


def test_few_files_are_under_way_at_once(tmp_path: Path) -> None:
    asked = asked_of(tmp_path, tuple(map(str, range(30))))
    taken: list[Asked] = []
    made = watch_locally((taken.append(each) or each for each in asked), SETTINGS, tmp_path, TASKS)  # type: ignore[func-returns-value]
    next(made)
    assert len(taken) < 15
    assert len([*made]) == 29
