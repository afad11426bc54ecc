from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from reelcast.errors import MissingPackageError
from reelcast.packages import require

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"][
    "targets"
]["wheel"]["packages"]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_resolves_inside_the_repository(name: str) -> None:
    file = importlib.import_module(name).__file__
    assert file is not None
    assert Path(file).resolve().parent == ROOT / name


def test_every_folder_with_code_is_an_installed_package() -> None:
    with_code = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert with_code - {"tests", "benchmarks"} == set(PACKAGES)


def test_a_missing_package_is_named_with_what_to_do() -> None:
    with pytest.raises(MissingPackageError, match=r"'no_such_package'.*make setup"):
        require("no_such_package")


def test_a_package_that_is_there_but_broken_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_package.py").write_text("import no_such_package")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        require("broken_package")


def test_importing_the_training_loads_nothing_heavy() -> None:
    heavy = ["torch", "lightgbm", "mlflow", "matplotlib", "transformers", "sklearn", "cv2", "ray"]
    code = f"import sys, training.run; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
