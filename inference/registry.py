"""The one place that reads from MLflow: finds the bundle that a model URI means."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reelcast.errors import InputError, NotFoundError, StoreError
from reelcast.packages import require
from reelcast.records import Record
from reelcast.settings import Settings

_URI = re.compile(r"models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<version>\d+))")


def bundle_folder(model: str, settings: Settings) -> Path:
    """The local folder of `models:/NAME@ALIAS`, `models:/NAME/VERSION` or a bundle's path.

    A registered version is fetched once, into REELCAST_HOME/cache/bundles.
    Raises NotFoundError where there is no such model, StoreError where MLflow fails.
    """
    if not model.startswith("models:"):
        return Path(model)
    run_id = run_of(model, settings)
    in_place = settings.run_bundle(run_id)
    if in_place.exists():  # also in a home that was moved or copied
        return in_place
    kept = settings.local_home / "cache" / "bundles" / run_id
    if not kept.exists():
        _fetch(run_id, kept, settings.resolved_tracking_uri)
    return kept


def run_of(model: str, settings: Settings) -> str:
    """The id of the MLflow run that made a registered model version."""
    match = _URI.fullmatch(model)
    if match is None:
        raise InputError(
            f"model {model!r} is no model URI: write models:/reelcast@champion, "
            "models:/reelcast/3, or the path of a bundle"
        )
    with _client(settings, model) as client:
        if match["alias"]:
            found = client.get_model_version_by_alias(match["name"], match["alias"])
        else:
            found = client.get_model_version(match["name"], match["version"])
    return str(found.run_id)


class ModelVersion(Record):
    """A registered version: when it was made, under which aliases it is served, and why."""

    version: str
    run_id: str
    made_at: datetime
    aliases: tuple[str, ...]
    verdict: str | None
    metrics: dict[str, float]


def model_versions(settings: Settings, most: int = 50) -> tuple[ModelVersion, ...]:
    """The registered versions of the served model's name, the latest first.

    A model that is served from a path has none. Raises as `run_of` does.
    """
    match = _URI.fullmatch(settings.model)
    if match is None:
        return ()
    with _client(settings, settings.model) as client:
        aliases: dict[str, list[str]] = {}
        for alias, version in client.get_registered_model(match["name"]).aliases.items():
            aliases.setdefault(str(version), []).append(alias)
        found = client.search_model_versions(f"name = '{match['name']}'", max_results=most)
        return tuple(
            _version(client, each, tuple(sorted(aliases.get(str(each.version), ()))))
            for each in sorted(found, key=lambda each: -int(each.version))
        )


def _version(client: Any, found: Any, aliases: tuple[str, ...]) -> ModelVersion:
    run = client.get_run(found.run_id)
    return ModelVersion(
        version=str(found.version),
        run_id=str(found.run_id),
        made_at=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
        aliases=aliases,
        verdict=found.description or None,
        metrics={name: float(value) for name, value in run.data.metrics.items()},
    )


@contextmanager
def _client(settings: Settings, model: str) -> Iterator[Any]:
    """A client of the tracking store, whose failures become errors of ours."""
    mlflow = require("mlflow")
    uri = settings.resolved_tracking_uri
    if settings.tracking_uri is None and not (settings.local_home / "mlflow.db").exists():
        raise NotFoundError(f"no model is trained yet under {settings.home}: run `reelcast train`")
    database = require("sqlalchemy.exc")
    try:
        yield mlflow.MlflowClient(uri, uri)
    except mlflow.exceptions.MlflowException as exc:
        if exc.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise NotFoundError(
                f"{model} is not registered in {uri}: run `reelcast train`"
            ) from exc
        raise StoreError(f"MLflow at {uri} fails: {exc}; is the server up?") from exc
    except (database.SQLAlchemyError, OSError) as exc:
        raise StoreError(f"MLflow at {uri} fails: {exc}; is the database whole?") from exc


def _fetch(run_id: str, kept: Path, uri: str) -> None:
    mlflow = require("mlflow")
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{run_id}-", dir=kept.parent))
    try:
        fetched = mlflow.artifacts.download_artifacts(
            run_id=run_id, artifact_path="bundle", dst_path=str(draft), tracking_uri=uri
        )
        if not kept.exists():
            Path(fetched).rename(kept)
    except (mlflow.exceptions.MlflowException, OSError) as exc:
        raise StoreError(f"cannot fetch the bundle of run {run_id} from {uri}: {exc}") from exc
    finally:
        shutil.rmtree(draft, ignore_errors=True)
