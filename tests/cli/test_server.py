"""`reelcast serve` as a process of its own: one real request, a clean end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import FAST
from tests.inference.homes import Home

START_S, STOP_S = 60.0, 15.0


@dataclass(frozen=True, slots=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and body; a body given as an iterator goes in chunks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body)  # may be answered before all is sent
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture
def server(home: Home, tmp_path: Path) -> Iterator[Server]:
    """A server of the trained home on a free port."""
    log = tmp_path / "log"
    env = {**os.environ, **FAST, "REELCAST_HOME": str(home.folder)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
            stderr=out,
            stdout=out,
            env=env,
        )
    try:
        yield Server(process, port_of(process, log), log)
    finally:
        process.kill()
        process.wait()


def port_of(process: subprocess.Popen[bytes], log: Path) -> int:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"running on http://127\.0\.0\.1:(\d+)", log.read_text())
        if found:
            return int(found[1])
        time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {log.read_text()}")


def test_a_real_server_answers_refuses_and_ends_cleanly(home: Home, server: Server) -> None:
    creator = home.creators[0]
    person = {"handle": creator.handle, "platform": creator.platform}
    status, body = server.ask("POST", "/v1/forecasts", json.dumps({"creators": [person]}))
    assert status == 200
    assert json.loads(body)["forecasts"][0]["targets"]["views"]["mean"] > 0
    assert server.ask("GET", "/health")[0] == 200
    assert server.ask("POST", "/v1/forecasts", iter([b"x" * 10**6] * 10))[0] == 413
    assert server.ask("POST", "/v1/forecasts", b"x" * 10**7)[0] == 413
    assert server.ask("GET", "/health")[0] == 200
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(STOP_S) in (0, -signal.SIGTERM)
    said = server.log.read_text()
    assert "Application shutdown complete" in said
    assert "Traceback" not in said
