"""The one place that reads from MLflow: finds the bundle that a model URI means."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from reelcast.errors import InputError, NotFoundError, StoreError
from reelcast.packages import require
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
    mlflow = require("mlflow")
    uri = settings.resolved_tracking_uri
    if settings.tracking_uri is None and not (settings.local_home / "mlflow.db").exists():
        raise NotFoundError(f"no model is trained yet under {settings.home}: run `reelcast train`")
    database = require("sqlalchemy.exc")
    try:
        client = mlflow.MlflowClient(uri, uri)
        if match["alias"]:
            found = client.get_model_version_by_alias(match["name"], match["alias"])
        else:
            found = client.get_model_version(match["name"], match["version"])
    except mlflow.exceptions.MlflowException as exc:
        if exc.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise NotFoundError(
                f"{model} is not registered in {uri}: run `reelcast train`"
            ) from exc
        raise StoreError(f"MLflow at {uri} fails: {exc}; is the server up?") from exc
    except (database.SQLAlchemyError, OSError) as exc:
        raise StoreError(f"MLflow at {uri} fails: {exc}; is the database whole?") from exc
    return str(found.run_id)


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
