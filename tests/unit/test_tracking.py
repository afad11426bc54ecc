"""A training run in MLflow: against a real server, in the default SQLite store, and none at all."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.dataset import Dataset
from reelcast.errors import StoreError
from reelcast.packages import require
from reelcast.settings import Settings
from reelcast.tables import TARGETS
from tests.support import FAST, Tables, dataset_of, fast_settings, shuffled
from training.bundle import load_bundle
from training.run import Trained, train
from training.tracking import CHAMPION, MODEL_NAME, Tracker

# mlflow and what it imports warn of their own deprecations
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
START_S = 90


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_healthy(uri: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{uri}/health", timeout=2) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"mlflow server at {uri} did not come up")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real `mlflow server` with a database and artifacts of its own."""
    folder = tmp_path_factory.mktemp("mlflow")
    uri = f"http://127.0.0.1:{free_port()}"
    options = {
        "--backend-store-uri": f"sqlite:///{folder}/mlflow.db",
        "--artifacts-destination": str(folder / "artifacts"),
        "--host": "127.0.0.1",
        "--port": uri.rsplit(":", 1)[1],
        "--workers": "1",
    }
    command = [sys.executable, "-m", "mlflow", "server", *(x for o in options.items() for x in o)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            wait_until_healthy(uri, process)
            yield uri
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("server", marks=pytest.mark.slow)])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Those of a first training, in the default store and on a server."""
    uri = request.getfixturevalue("server") if request.param == "server" else None
    training = FAST.model_copy(update={"test_share": 0.4})  # so that tiers have 100 test posts
    home = tmp_path_factory.mktemp("home")
    return fast_settings(home, tracking_uri=uri, training=training)


@pytest.fixture(scope="module")
def trained(
    dataset: Dataset, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    """The first training, run in an empty working folder that it must leave empty."""
    here = tmp_path_factory.mktemp("here")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        done = train(dataset, settings)
    assert list(here.iterdir()) == []
    return done


@pytest.fixture(scope="module")
def client(settings: Settings) -> Any:
    uri = settings.resolved_tracking_uri
    return require("mlflow").MlflowClient(uri, uri)


def artifacts(client: Any, run_id: str, folder: str = "") -> set[str]:
    found = set()
    for each in client.list_artifacts(run_id, folder):
        found |= artifacts(client, run_id, each.path) if each.is_dir else {each.path}
    return found


def test_the_first_bundle_is_registered_and_crowned(trained: Trained, client: Any) -> None:
    version = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    assert trained.is_champion
    assert str(version.version) == trained.tracked.version
    assert version.run_id == trained.tracked.run_id
    assert version.description == trained.verdict == "first bundle: champion by default"


def test_a_finished_run_carries_data_and_code_version(trained: Trained, client: Any) -> None:
    run = client.get_run(trained.tracked.run_id)
    manifest = trained.bundle.manifest
    assert run.info.status == "FINISHED"
    assert run.data.tags["data_version"] == manifest["data_version"] == "test"
    assert run.data.tags["code_version"] == manifest["code_version"]
    assert run.data.tags["code_version"].startswith("0.")
    assert run.data.tags["history"] == "as_of"


def test_the_registered_version_carries_the_same_tags(trained: Trained, client: Any) -> None:
    version = client.get_model_version(MODEL_NAME, trained.tracked.version)
    assert version.tags["data_version"] == "test"


def test_all_settings_are_logged_as_parameters(trained: Trained, client: Any) -> None:
    params = client.get_run(trained.tracked.run_id).data.params
    assert params["training.trees"] == "30"
    assert params["features.text"] == "never"


def test_metrics_are_logged_by_target_baseline_and_tier(trained: Trained, client: Any) -> None:
    metrics = client.get_run(trained.tracked.run_id).data.metrics
    for target in TARGETS:
        model = trained.scores[target]["model"]
        assert metrics[f"{target}.model.mae_log"] == pytest.approx(model["mae_log"])
        assert f"{target}.baseline.last5_median.mae_log" in metrics
    by_tier = trained.scores["views"]["by_tier"]
    assert by_tier
    for tier, scores in by_tier.items():
        logged = metrics[f"views.tier.{tier}.coverage_80"]
        assert logged == pytest.approx(scores["coverage_80"])


def test_figures_tests_and_bundle_are_artifacts_and_nothing_else(
    trained: Trained, client: Any
) -> None:
    found = artifacts(client, trained.tracked.run_id)
    figures = {"calibration", "predicted_against_actual", "importance"}
    assert {f"figures/{t}_{name}.png" for t in TARGETS for name in figures} <= found
    assert {f"test_{t}.parquet" for t in TARGETS} <= found
    assert {"bundle/manifest.json", "bundle/state.json", "bundle/views.lgb.txt"} <= found
    assert {path.split("/")[0].split("_")[0] for path in found} == {"figures", "test", "bundle"}


def test_the_champion_can_be_fetched_and_forecasts_as_it_did(
    trained: Trained, dataset: Dataset, settings: Settings, tmp_path: Path
) -> None:
    folder = Tracker(settings).champion_folder(tmp_path)
    assert folder is not None
    fetched = load_bundle(folder).model
    asked, _ = dataset.ask()
    rows = dataset.rows(asked, fetched.state)
    forecasts = [
        model.forecasters["views"].predict(rows, asked.horizon_days)
        for model in (fetched, trained.bundle.model)
    ]
    assert np.array_equal(*forecasts)


def test_training_the_same_data_again_does_not_move_the_alias(
    trained: Trained, dataset: Dataset, settings: Settings, client: Any
) -> None:
    again = train(dataset, settings)
    champion = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    assert not again.is_champion
    assert "does not beat the champion" in again.verdict
    assert again.tracked.version != trained.tracked.version
    assert str(champion.version) == trained.tracked.version
    assert not [path for path in artifacts(client, again.tracked.run_id) if "champion" in path]


@pytest.mark.slow
def test_a_bundle_that_is_clearly_better_takes_the_alias(
    tables: Tables, dataset: Dataset, tmp_path: Path
) -> None:
    """A champion that learned from counts handed out at random must give way."""
    before = train(dataset_of(shuffled(tables), None), fast_settings(tmp_path))
    assert before.is_champion
    after = train(dataset, fast_settings(tmp_path))
    assert after.is_champion
    assert "beats the champion" in after.verdict


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_default_store_is_sqlite_and_a_folder_in_home(
    trained: Trained, settings: Settings
) -> None:
    assert (settings.local_home / "mlflow.db").is_file()
    kept = settings.local_home.glob(f"mlartifacts/{trained.tracked.run_id}/**/manifest.json")
    assert [json.loads(path.read_text())["data_version"] for path in kept] == ["test"]


def test_a_server_that_is_down_is_named(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "2")
    uri = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StoreError, match=uri):
        train(dataset, fast_settings(tmp_path, tracking_uri=uri))


def test_a_tracking_uri_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="ftp://nowhere"):
        Tracker(fast_settings(tmp_path, tracking_uri="ftp://nowhere"))
