"""A model's name means one bundle, and what it does not mean is said in words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inference.predictor import Predictor
from inference.registry import bundle_folder
from reelcast.errors import InputError, MismatchError, NotFoundError, ReelcastError, StoreError
from tests.inference.homes import Home
from tests.support import fast_settings

# mlflow and what it imports warn of their own deprecations
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture
def bundle(home: Home, tmp_path: Path) -> Path:
    """A copy of the champion's bundle, to be broken."""
    return shutil.copytree(bundle_folder(home.settings.model, home.settings), tmp_path / "bundle")


def rewrite(bundle: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = bundle / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def test_an_alias_a_version_and_a_path_name_the_same_model(home: Home) -> None:
    folder = bundle_folder("models:/reelcast@champion", home.settings)
    names = ["models:/reelcast@champion", "models:/reelcast/1", str(folder)]
    loaded = [Predictor.load(name, home.settings).name for name in names]
    assert loaded[0] == loaded[1] == loaded[2]


def test_a_version_is_fetched_once(home: Home) -> None:
    folder = bundle_folder("models:/reelcast/1", home.settings)
    before = (folder / "manifest.json").stat()
    assert bundle_folder("models:/reelcast/1", home.settings) == folder
    assert (folder / "manifest.json").stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    "name", ["models:/reelcast", "models:/a/b/c", "models:reelcast@champion", "models:/x@y@z"]
)
def test_a_name_that_is_no_model_uri_is_told_how_to_write_one(home: Home, name: str) -> None:
    with pytest.raises(InputError, match="write models:/reelcast@champion"):
        bundle_folder(name, home.settings)


@pytest.mark.parametrize(
    "name", ["models:/reelcast@nobody", "models:/reelcast/99", "models:/other@champion"]
)
def test_a_model_that_is_not_registered_is_named(home: Home, name: str) -> None:
    with pytest.raises(NotFoundError, match=rf"{name} is not registered.*reelcast train"):
        bundle_folder(name, home.settings)


def test_an_empty_home_says_to_train(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no model is trained yet .*`reelcast train`"):
        bundle_folder("models:/reelcast@champion", fast_settings(tmp_path))


def test_asking_for_a_model_makes_no_files_in_an_empty_home(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        bundle_folder("models:/reelcast@champion", fast_settings(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_tracking_database_that_is_none_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="MLflow at sqlite"):
        bundle_folder("models:/reelcast@champion", fast_settings(tmp_path))


def test_artifacts_that_are_gone_are_a_store_error(home: Home, tmp_path: Path) -> None:
    bare = fast_settings(tmp_path)
    shutil.copy(home.folder / "mlflow.db", tmp_path / "mlflow.db")
    artifacts = home.folder / "mlartifacts"
    artifacts.rename(home.folder / "away")
    try:
        with pytest.raises(StoreError, match="cannot fetch the bundle"):
            bundle_folder("models:/reelcast@champion", bare)
    finally:
        (home.folder / "away").rename(artifacts)
    assert not list((tmp_path / "cache" / "bundles").iterdir())


def test_a_folder_without_a_bundle_says_what_is_missing(home: Home, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"manifest.json is missing"):
        Predictor.load(str(tmp_path), home.settings)


def test_a_bundle_of_other_features_is_refused_by_name(home: Home, bundle: Path) -> None:
    rewrite(bundle, lambda m: m["targets"]["views"]["columns"].append("moon_phase"))
    with pytest.raises(MismatchError, match=r"other features .*views: moon_phase; train again"):
        Predictor.load(str(bundle), home.settings)


BROKEN: dict[str, Callable[[Path], object]] = {
    "weights cut off": lambda b: (b / "views.lgb.txt").write_text("tree"),
    "weights gone": lambda b: (b / "views.lgb.txt").unlink(),
    "state gone": lambda b: (b / "state.json").unlink(),
    "manifest a list": lambda b: (b / "manifest.json").write_text("[]"),
    "manifest cut off": lambda b: (b / "manifest.json").write_text('{"format": 1'),
    "manifest no text": lambda b: (b / "manifest.json").write_bytes(b"\xff\xfe\x00"),
    "later format": lambda b: rewrite(b, lambda m: m.update(format=99)),
    "no scores": lambda b: rewrite(b, lambda m: m.pop("scores")),
    "no targets": lambda b: rewrite(b, lambda m: m.update(targets={})),
    "no coverage": lambda b: rewrite(b, lambda m: m.pop("coverage_by_tier")),
    "no history": lambda b: rewrite(b, lambda m: m.pop("history")),
}


@pytest.mark.parametrize("damage", BROKEN)
def test_a_damaged_bundle_is_refused_in_words_when_it_is_loaded(
    home: Home, bundle: Path, damage: str
) -> None:
    BROKEN[damage](bundle)
    with pytest.raises(ReelcastError, match=r"train again|run `reelcast train`"):
        Predictor.load(str(bundle), home.settings)
