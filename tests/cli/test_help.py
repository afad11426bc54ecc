"""The command line answers at once and says what there is."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import reelcast

COMMANDS = ("import", "features", "train", "backtest", "forecast", "serve", "demo")
SCRIPT = Path(sys.executable).with_name("reelcast")


def test_help_answers_in_half_a_second() -> None:
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([SCRIPT, "--help"], check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    assert statistics.median(seconds) < 0.5


@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_each_command_with_what_it_does(tmp_path: Path, command: str) -> None:
    listed = reelcast("--help", home=tmp_path).out
    assert re.search(rf"^\s+{command}\s+[A-Z]\w+", listed, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_has_help(tmp_path: Path, command: str) -> None:
    ran = reelcast(command, "--help", home=tmp_path)
    assert ran.code == 0
    options = re.findall(r"^  --?\w.*$", ran.out, re.MULTILINE)
    assert options
    silent = [line for line in options if not re.search(r"\S {2,}\S", line.strip())]
    assert silent == [] or all(wrapped(ran.out, line) for line in silent)


def wrapped(text: str, line: str) -> bool:
    """Whether the line after this one goes on with its help."""
    after = text.split(line, 1)[1].split("\n")[1]
    return after.startswith("     ")


def test_asking_for_help_makes_no_files(tmp_path: Path) -> None:
    reelcast("forecast", "--help", home=tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_without_a_command_help_comes(tmp_path: Path) -> None:
    ran = reelcast(home=tmp_path)
    assert "COMMAND [ARGS]" in ran.out + ran.err


def test_an_unknown_command_has_exit_code_2(tmp_path: Path) -> None:
    ran = reelcast("predict", home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "No such command 'predict'" in ran.err
