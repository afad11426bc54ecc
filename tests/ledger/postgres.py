"""A real PostgreSQL server of the tests' own: made in a folder, on a socket there, then stopped."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def server_folder() -> Path | None:
    """The folder of PostgreSQL's programs, the newest that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def why_not() -> str | None:
    """Why no server can be started here, None where one can."""
    if server_folder() is None:
        return "PostgreSQL's server is not installed: run .ci/services"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL refuses root, and setpriv is missing"
    return None


def _as_user() -> tuple[list[str], str]:
    """What to put before a command so that it does not run as root, and the user's name."""
    if os.geteuid() != 0:
        return [], pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    user = pwd.getpwnam(name)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"], name


@contextmanager
def running() -> Iterator[str]:
    """The URL of a database on a server that runs until the end."""
    folder = server_folder()
    assert folder is not None
    before, name = _as_user()
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if before:
            shutil.chown(home, name)
        home.chmod(0o700)
        data = home / "data"
        _run([*before, str(folder / "initdb"), "-D", str(data), "-A", "trust", "-U", "reelcast"])
        server = subprocess.Popen(
            [*before, str(folder / "postgres"), "-D", str(data), "-k", str(home),
             "-c", "listen_addresses=", "-c", "fsync=off"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home,
        )  # fmt: skip
        try:
            yield _ready(home, server)
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown: it waits for no client
            server.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=120)


def _ready(home: Path, server: subprocess.Popen[bytes]) -> str:
    import psycopg

    for _ in range(300):
        assert server.poll() is None, "the server ended by itself"
        try:
            with psycopg.connect(f"host={home} user=reelcast dbname=postgres", autocommit=True):
                return f"postgresql://reelcast@/postgres?host={home}"
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer in 30 seconds")
