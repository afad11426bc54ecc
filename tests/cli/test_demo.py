"""The demo from nothing to its report, twice."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from demo.run import Demo, run_demo
from reelcast.settings import Settings
from reelcast.store import Lake
from tests.support import fast_settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return fast_settings(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def runs(settings: Settings) -> list[tuple[Demo, dict[str, int], str]]:
    """Two runs in one home: what was made, the lake's versions, and the report's text."""
    made = []
    for _ in range(2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # mlflow and what it imports warn of themselves
            demo = run_demo(settings, lambda step: None)
        made.append((demo, Lake(settings.lake_root).versions(), demo.report.read_text()))
    return made


def test_the_demo_forecasts_ten_creators(runs: list[tuple[Demo, dict[str, int], str]]) -> None:
    assert len(runs[0][0].answer.forecasts) == 10


def test_a_second_run_changes_nothing_in_the_lake(
    runs: list[tuple[Demo, dict[str, int], str]],
) -> None:
    assert runs[0][1] == runs[1][1]


def test_a_second_run_forecasts_the_same_bytes(
    runs: list[tuple[Demo, dict[str, int], str]],
) -> None:
    first, second = (
        [made.model_dump_json() for made in demo.answer.forecasts] for demo, _, _ in runs
    )
    assert first == second


def test_the_demo_shows_a_creator_without_posts(
    runs: list[tuple[Demo, dict[str, int], str]],
) -> None:
    assert "D" in {made.grade.grade for made in runs[0][0].answer.forecasts}


def test_the_report_needs_nothing_from_elsewhere(
    runs: list[tuple[Demo, dict[str, int], str]],
) -> None:
    page = runs[0][2]
    assert re.findall(r"""(?:src|href|action)\s*=\s*["']?\s*(?:https?:)?//""", page) == []
    assert re.findall(r"""url\(\s*["']?(?:https?:)?//|@import""", page) == []
    assert "<link" not in page
    assert "<script src" not in page


def test_the_report_names_no_folder_of_this_machine(
    runs: list[tuple[Demo, dict[str, int], str]], settings: Settings
) -> None:
    assert str(settings.local_home) not in runs[0][2]
    assert str(Path.home()) not in runs[0][2] or str(Path.home()) == "/"
