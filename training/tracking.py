"""The one place that writes to MLflow: a run per training, the bundle as a registered model."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reelcast.errors import NotFoundError, StoreError
from reelcast.packages import require
from reelcast.settings import Settings

log = logging.getLogger(__name__)

MODEL_NAME = "reelcast"
CHAMPION = "champion"


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a training run left: MLflow's run id and the registered version."""

    run_id: str
    version: str


class Tracker:
    """MLflow under the settings' tracking URI (default: SQLite and a folder in REELCAST_HOME)."""

    def __init__(self, settings: Settings) -> None:
        self._mlflow = require("mlflow")
        for name in ("alembic", "mlflow"):
            logging.getLogger(name).setLevel(logging.WARNING)
        settings.local_home.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self.uri = settings.resolved_tracking_uri
        self._artifacts = None
        if settings.tracking_uri is None:
            self._artifacts = (settings.local_home / "mlartifacts").as_uri()
        with _as_store_error(self.uri):
            self._client = self._mlflow.MlflowClient(self.uri, self.uri)

    def check(self) -> None:
        """Raise StoreError at once where the store cannot be reached, before work is done."""
        with _as_store_error(self.uri):
            self._experiment_id()

    def record(
        self, params: dict[str, Any], metrics: dict[str, float], tags: dict[str, str], files: Path
    ) -> Tracked:
        """Log one run: everything under `files` as artifacts, `files`/bundle as a model version."""
        with _as_store_error(self.uri):
            run = self._client.create_run(self._experiment_id(), tags=tags)
            run_id = str(run.info.run_id)
            try:
                self._log(run, params, metrics, files)
                version = self._register(run_id, f"{run.info.artifact_uri}/bundle", tags)
            except BaseException:
                self._client.set_terminated(run_id, "FAILED")
                raise
            self._client.set_terminated(run_id)
        return Tracked(run_id, version)

    def _log(
        self, run: Any, params: dict[str, Any], metrics: dict[str, float], files: Path
    ) -> None:
        entities, at = self._mlflow.entities, int(run.info.start_time)
        self._client.log_batch(
            run.info.run_id,
            metrics=[entities.Metric(k, v, at, 0) for k, v in metrics.items()],
            params=[entities.Param(k, str(v)) for k, v in params.items()],
        )
        self._client.log_artifacts(run.info.run_id, str(files))

    def champion_folder(self, into: Path) -> Path | None:
        """The current champion's bundle, fetched into `into`; None before there is one."""
        with _as_store_error(self.uri):
            try:
                version = self._client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
            except self._mlflow.exceptions.MlflowException as exc:
                if exc.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                    return None
                raise
            in_place = self._settings.run_bundle(version.run_id)
            if in_place.exists():
                return in_place
            fetched = self._mlflow.artifacts.download_artifacts(
                run_id=version.run_id,
                artifact_path="bundle",
                dst_path=str(into),
                tracking_uri=self.uri,
            )
        return Path(fetched)

    def crown(self, version: str) -> None:
        """Move the champion alias to `version`."""
        with _as_store_error(self.uri):
            self._client.set_registered_model_alias(MODEL_NAME, CHAMPION, version)

    def explain(self, version: str, words: str) -> None:
        """Say at the version why it is, or is not, the champion."""
        with _as_store_error(self.uri):
            self._client.update_model_version(MODEL_NAME, version, description=words)

    def _experiment_id(self) -> str:
        found = self._client.get_experiment_by_name(MODEL_NAME)
        if found is not None:
            return str(found.experiment_id)
        return str(self._client.create_experiment(MODEL_NAME, artifact_location=self._artifacts))

    def _register(self, run_id: str, source: str, tags: dict[str, str]) -> str:
        if not self._client.search_registered_models(f"name = '{MODEL_NAME}'"):
            self._client.create_registered_model(MODEL_NAME)
        made = self._client.create_model_version(MODEL_NAME, source, run_id=run_id, tags=tags)
        return str(made.version)


@contextmanager
def _as_store_error(uri: str) -> Iterator[None]:
    """MLflow's and its transport's errors as StoreError, naming the tracking server."""
    exceptions = require("mlflow.exceptions")
    try:
        yield
    except NotFoundError:
        raise
    except (exceptions.MlflowException, OSError) as exc:
        raise StoreError(f"MLflow at {uri} fails: {exc}; is the server up?") from exc
