"""Runs the command line in this process, as a shell would see it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from rich.console import ConsoleDimensions

from api import cli_show, cli_show_tags
from api.cli import main
from tests.inference.homes import SALT
from tests.support import fast_settings

_SETTINGS = fast_settings()
FAST = {
    "REELCAST_SALT": SALT,
    "REELCAST_FEATURES__TEXT": _SETTINGS.features.text,
    **{
        f"REELCAST_TRAINING__{name.upper()}": str(getattr(_SETTINGS.training, name))
        for name in ("trees", "leaves", "tail_leaves", "threads")
    },
    "COLUMNS": "100",
}
WIDE = ConsoleDimensions(100, 50)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What stdout holds, which is JSON and nothing else."""
        return json.loads(self.out)


def reelcast(*args: object, home: Path, env: Mapping[str, str] = FAST) -> Ran:
    """`reelcast ARGS` with REELCAST_HOME and the environment's other variables."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    for console in (cli_show.out, cli_show.talk, cli_show_tags._out, cli_show_tags._talk):
        console.size = WIDE  # whatever terminal it was made in
    clean = {k: v for k, v in os.environ.items() if not k.startswith("REELCAST_")}
    with (
        mock.patch.dict(os.environ, {**clean, **env, "REELCAST_HOME": str(home)}, clear=True),
        mock.patch.object(sys, "argv", ["reelcast", *map(str, args)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # mlflow and what it imports warn of themselves
        try:
            main()
        except SystemExit as exc:
            code = exc.code if isinstance(exc.code, int) else 0
    return Ran(code, out.getvalue(), err.getvalue())
