"""What importing the application loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = "import sys, {module}; print(' '.join(sys.modules))"


def modules_after(module: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def of_app() -> set[str]:
    return modules_after("api.app")


HEAVY = ("torch", "lightgbm", "ray", "mlflow", "cv2", "transformers", "matplotlib", "sklearn")


@pytest.mark.parametrize("heavy", HEAVY)
def test_importing_the_application_loads_nothing_heavy(of_app: set[str], heavy: str) -> None:
    assert heavy not in of_app


@pytest.mark.parametrize("heavy", ["numpy", "pyarrow", "pydantic", "fastapi", "rich.table"])
def test_importing_the_command_line_loads_hardly_anything(heavy: str) -> None:
    assert heavy not in modules_after("api.cli")
