from __future__ import annotations

from pathlib import Path

import pytest

from ingest import ImportReport, import_file
from reelcast.store import Lake
from tests.ingest.samples import SAMPLES, Sample


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture(scope="session", params=SAMPLES, ids=lambda sample: sample.file)
def imported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Sample, Lake, ImportReport]:
    """Each sample, imported once into a lake of its own."""
    sample: Sample = request.param
    lake = Lake(tmp_path_factory.mktemp("imported"))
    return sample, lake, import_file(sample.path, lake, sample.options)
