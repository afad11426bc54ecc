"""Every odd file beside the project ends in a content or a typed error, and none stops another."""

from __future__ import annotations

from pathlib import Path

import pytest

from content_tagging.batch.items import Item
from content_tagging.batch.run import Report, tag_files
from reelcast.settings import Settings
from reelcast.store import Lake

ODD = Path(__file__).parents[3] / "shared" / "media" / "odd"
pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(
        not ODD.is_dir(), reason="the real videos (../shared) are not beside the project"
    ),
]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Report:
    settings = Settings(home=str(tmp_path_factory.mktemp("home")))
    items = [Item(path=path) for path in sorted(ODD.iterdir())]
    return tag_files(items, Lake(settings.lake_root), settings)


def test_every_file_ends_in_a_content_or_a_failure(done: Report) -> None:
    failed = {failure.path for failure in done.failures}
    assert set(done.content_of) | failed == set(ODD.iterdir())
    assert not set(done.content_of) & failed


def test_no_failure_is_a_fault_of_ours_or_a_crash(done: Report) -> None:
    kinds = {failure.path.name: failure.kind for failure in done.failures}
    assert {name: kind for name, kind in kinds.items() if kind != "MediaError"} == {}
