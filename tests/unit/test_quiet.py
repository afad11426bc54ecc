"""What native code writes to stdout meanwhile goes nowhere."""

from __future__ import annotations

import ctypes
import os

import pytest

from reelcast.quiet import quiet_stdout


def test_what_is_written_meanwhile_is_lost_and_what_comes_after_is_not(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with quiet_stdout():
        os.write(1, b"noise")
        ctypes.CDLL(None).puts(b"more noise")
    os.write(1, b"data")
    assert capfd.readouterr().out == "data"


def test_stdout_is_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="x"), quiet_stdout():
        raise ValueError("x")
    os.write(1, b"data")
    assert capfd.readouterr().out == "data"
