"""Heavy packages, imported where used; a missing one becomes an error that says what to install."""

from __future__ import annotations

import importlib
import os
from typing import Any

from reelcast.errors import MissingPackageError


def require(module: str) -> Any:
    """The imported module, its threads set to sleep while they wait (busy waiting makes two
    processes on two cores up to thirty times slower) and MLflow's reports to its makers switched
    off, unless the environment says otherwise.

    Raises MissingPackageError naming the package where it is not installed.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as exc:
        if exc.name != module.split(".")[0]:
            raise
        raise MissingPackageError(
            f"the package {exc.name!r} is not installed: run `make setup`, or "
            f"`pip install -c constraints.txt -e .` in reelcast's folder"
        ) from exc
