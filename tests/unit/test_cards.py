"""The cards of a training run: what it learned from, how it was tested, where it fails."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from features.dataset import Dataset
from tests.support import fast_settings
from training.cards import DATA_CARD, MODEL_CARD, data_card, facts_of, model_card
from training.run import Trained, train

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # mlflow warns of its own
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def trained(home: Path, dataset: Dataset) -> Trained:
    return train(dataset, fast_settings(home))


@pytest.fixture(scope="module")
def manifest(trained: Trained) -> dict[str, Any]:
    return trained.bundle.manifest


@pytest.mark.parametrize("name", [MODEL_CARD, DATA_CARD])
def test_the_run_keeps_its_cards_in_the_bundle(home: Path, trained: Trained, name: str) -> None:
    folder = fast_settings(home).run_bundle(trained.tracked.run_id)
    assert (folder / name).read_text().startswith("# ")
    assert name in trained.bundle.manifest["sha256"]


def test_the_model_card_names_every_count_with_its_coverage(manifest: dict[str, Any]) -> None:
    card = model_card(manifest)
    for target, of in manifest["scores"].items():
        row = re.search(rf"^\| {target} \| [\d,]+ \|.*$", card, re.MULTILINE)
        assert row is not None
        assert f"| {of['model']['coverage_80']:.0%} |" in row.group()


def test_the_model_card_names_a_slice_that_was_not_held(manifest: dict[str, Any]) -> None:
    views = manifest["scores"]["views"]
    worse = {**views, "by_tier": {"micro": {**views["model"], "coverage_80": 0.5}}}
    card = model_card({**manifest, "scores": {**manifest["scores"], "views": worse}})
    assert "views, tier micro: the 80% interval held 50%" in card


def test_the_model_card_names_what_was_seen_in_hindsight(manifest: dict[str, Any]) -> None:
    assert "In hindsight: counts" in model_card({**manifest, "hindsight": ["counts as scraped"]})


def test_the_data_card_tells_how_much_and_what_is_missing(
    manifest: dict[str, Any], dataset: Dataset
) -> None:
    card = data_card(manifest)
    assert f"{dataset.panel.n_posts:,} posts" in card
    assert all(f"Missing: {name}" in card for name in manifest["data"]["missing"])


def test_the_data_card_names_a_mixture(manifest: dict[str, Any]) -> None:
    shift = {"name": "feed", "shift": 1.1, "clear": True, "n_posts": 900}
    mixed = {**manifest, "mixture": {"reference": "history", "shifts": [shift]}}
    assert "feed: 3.00 times history, 900 posts" in data_card(mixed)
    assert "not learned from" in model_card(mixed)


def test_shares_of_what_is_missing_lie_between_none_and_all(dataset: Dataset) -> None:
    assert all(0 <= share <= 1 for share in facts_of(dataset)["missing"].values())
