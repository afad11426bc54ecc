from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.dataset import Dataset
from features.state import State
from reelcast.errors import MismatchError, NotFoundError, ReelcastError
from reelcast.tables import TARGETS
from tests.property.panels import STATE
from tests.support import NOW, fast_settings
from training import bundle as bundles
from training.bundle import Bundle, load_bundle, save_bundle
from training.fit import Model, fit_model

CUT_S = int(NOW.timestamp()) - 40 * 86_400
MANIFEST = {"gap_days": None, "history": "as_of", "data_version": "d", "scores": {}}


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> Model:
    return fit_model(dataset, CUT_S, fast_settings())


@pytest.fixture
def path(model: Model, tmp_path: Path) -> Path:
    return save_bundle(Bundle(model, MANIFEST), tmp_path / "bundle")


def predictions(model: Model, dataset: Dataset) -> dict[str, bytes]:
    asked, _ = dataset.ask()
    rows = dataset.rows(asked, model.state)
    return {
        target: forecaster.predict(rows, asked.horizon_days).tobytes()
        for target, forecaster in model.forecasters.items()
    }


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    change(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest))


def test_a_loaded_bundle_forecasts_byte_for_byte_as_the_model_did(
    path: Path, model: Model, dataset: Dataset
) -> None:
    assert predictions(load_bundle(path).model, dataset) == predictions(model, dataset)


def test_a_loaded_bundle_has_the_same_baselines(path: Path, model: Model) -> None:
    loaded = load_bundle(path).model
    for target in TARGETS:
        assert loaded.baselines[target].to_json() == model.baselines[target].to_json()


def test_a_bundle_saved_again_has_the_same_bytes(path: Path, tmp_path: Path) -> None:
    again = save_bundle(load_bundle(path), tmp_path / "again")
    files = sorted(file.name for file in path.iterdir())
    assert sorted(file.name for file in again.iterdir()) == files
    for name in files:
        assert (again / name).read_bytes() == (path / name).read_bytes(), name


def test_a_bundle_holds_no_pickle(path: Path) -> None:
    assert {file.suffix for file in path.iterdir()} <= {".json", ".txt", ".npz"}


def test_the_manifest_names_columns_and_the_time_trained_until(path: Path, model: Model) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    assert manifest["trained_until_s"] == CUT_S
    assert set(manifest["targets"]) == set(TARGETS)
    assert manifest["targets"]["views"]["columns"] == list(model.forecasters["views"].columns)


def test_a_missing_bundle_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no bundle in .*reelcast train"):
        load_bundle(tmp_path / "nowhere")


def test_a_folder_without_a_manifest_is_no_bundle(path: Path) -> None:
    (path / "manifest.json").unlink()
    with pytest.raises(NotFoundError, match=r"manifest\.json is missing"):
        load_bundle(path)


@pytest.mark.parametrize("text", ["{", "", "\x00\x01"])
def test_a_broken_manifest_is_a_mismatch(path: Path, text: str) -> None:
    (path / "manifest.json").write_text(text)
    with pytest.raises(MismatchError, match="not JSON"):
        load_bundle(path)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"x"', "{}"])
def test_json_that_is_no_manifest_is_a_mismatch(path: Path, text: str) -> None:
    (path / "manifest.json").write_text(text)
    with pytest.raises(MismatchError, match="format"):
        load_bundle(path)


def test_another_format_number_is_a_mismatch(path: Path) -> None:
    edit(path, lambda manifest: manifest.update(format=9))
    with pytest.raises(MismatchError, match=r"format 9, this code reads 5.*train again"):
        load_bundle(path)


def test_a_column_that_this_code_does_not_build_is_named(path: Path) -> None:
    def rename(manifest: dict[str, Any]) -> None:
        manifest["targets"]["likes"]["columns"][3] = "likes_per_moon"

    edit(path, rename)
    with pytest.raises(MismatchError, match=r"for likes: likes_per_moon; train again"):
        load_bundle(path)


def test_columns_in_another_order_are_a_mismatch(path: Path) -> None:
    edit(path, lambda manifest: manifest["targets"]["views"]["columns"].reverse())
    with pytest.raises(MismatchError, match="another order"):
        load_bundle(path)


@pytest.mark.parametrize("key", ["targets", "trained_until_s", "n_rows", "gap_days"])
def test_a_manifest_that_lacks_a_key_is_a_mismatch(path: Path, key: str) -> None:
    edit(path, lambda manifest: manifest.pop(key))
    with pytest.raises(MismatchError, match=key):
        load_bundle(path)


def test_a_target_that_lacks_its_calibration_is_a_mismatch(path: Path) -> None:
    edit(path, lambda manifest: manifest["targets"]["views"].pop("calibration"))
    with pytest.raises(MismatchError, match="calibration"):
        load_bundle(path)


def test_missing_weights_are_named(path: Path) -> None:
    (path / "likes.lgb.txt").unlink()
    with pytest.raises(NotFoundError, match=r"likes\.lgb\.txt.*train again"):
        load_bundle(path)


def test_cut_off_weights_are_a_mismatch(path: Path) -> None:
    weights = path / "likes.lgb.txt"
    weights.write_text(weights.read_text()[:2000])
    with pytest.raises(MismatchError, match=r"likes\.lgb\.txt"):
        load_bundle(path)


def test_a_missing_state_is_named(path: Path) -> None:
    (path / "state.json").unlink()
    with pytest.raises(ReelcastError, match=r"state\.json"):
        load_bundle(path)


def test_saving_twice_replaces_the_bundle_and_leaves_nothing_beside(
    path: Path, model: Model
) -> None:
    (path / "old.txt").write_text("of the old bundle")
    save_bundle(Bundle(model, {**MANIFEST, "data_version": "new"}), path)
    assert load_bundle(path).manifest["data_version"] == "new"
    assert not (path / "old.txt").exists()
    assert [each.name for each in path.parent.iterdir()] == ["bundle"]


def test_a_save_that_fails_leaves_the_old_bundle_and_nothing_beside(
    path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {file.name: file.read_bytes() for file in path.iterdir()}
    with pytest.raises(TypeError):
        save_bundle(Bundle(model, {**MANIFEST, "data_version": object()}), path)
    assert {file.name: file.read_bytes() for file in path.iterdir()} == before
    assert [each.name for each in path.parent.iterdir()] == ["bundle"]


def test_the_new_bundle_stands_before_the_old_one_is_deleted(
    path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill while the old bundle is deleted leaves the new one in place."""

    def killed(folder: Path, *_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bundles.shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        save_bundle(Bundle(model, {**MANIFEST, "data_version": "new"}), path)
    monkeypatch.undo()
    assert load_bundle(path).manifest["data_version"] == "new"


def test_a_state_with_text_survives_its_files(tmp_path: Path) -> None:
    STATE.save(tmp_path)
    loaded = State.load(tmp_path)
    vectors = np.random.default_rng(0).normal(size=(5, 384)).astype(np.float32)
    assert loaded.n_components == 2
    assert np.array_equal(loaded.reduce(vectors), STATE.reduce(vectors))  # type: ignore[arg-type]
    assert np.array_equal(loaded.prior_mean, STATE.prior_mean)


def test_a_bundle_moved_elsewhere_still_loads(path: Path, tmp_path: Path) -> None:
    moved = shutil.move(path, tmp_path / "elsewhere")
    assert load_bundle(Path(moved)).manifest["history"] == "as_of"
