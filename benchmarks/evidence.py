"""Where a benchmark finds its data, measures a child process, and keeps its figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from content_tagging.media import memory

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "benchmarks" / "out"
CACHE = ROOT / "var" / "bench" / "sentences.db"
SALT = "benchmark"


def real_data() -> Path | None:
    """The folder of real collections: REELCAST_REAL_DATA, else shared/data beside the project."""
    given = os.environ.get("REELCAST_REAL_DATA")
    folder = Path(given) if given else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def real_media() -> Path | None:
    """The folder of real videos beside the real collections."""
    data = real_data()
    folder = data.parent / "media" if data else None
    return folder if folder and folder.is_dir() else None


def real_data_or_exit() -> Path:
    """The folder of real collections; where it is missing, says so and ends with status 0."""
    folder = real_data()
    if folder is None:
        print(
            "skipped: the real collections are not beside the project (../shared/data); "
            "set REELCAST_REAL_DATA to their folder. benchmarks/out keeps its last figures."
        )
        sys.exit(0)
    return folder


def target(what: str, value: float | str, unit: str, goal: str, met: bool) -> dict[str, Any]:
    """A figure against what it should be, as docs/benchmarks.md lists it."""
    return {"what": what, "value": value, "unit": unit, "target": goal, "met": met}


def within(value: float, low: float, high: float) -> bool:
    return low <= value <= high


def in_child(module: str, *arguments: str) -> dict[str, Any]:
    """The JSON that `python -m module --child ARGUMENTS` prints last, run in its own process."""
    done = subprocess.run(
        [sys.executable, "-m", module, "--child", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def as_line(figures: dict[str, Any]) -> str:
    """What `in_child` reads."""
    return json.dumps(figures)


def peak_mb() -> float:
    """The most memory that this process has held, in MB (10**6 bytes)."""
    return round(memory.peak_mb(), 1)


def write(name: str, figures: dict[str, Any], started: float) -> Path:
    """Write benchmarks/out/NAME.json: figures, the command, code version, machine, seconds."""
    from training.run import code_version

    module = f"benchmarks.{name}"
    record = {
        "command": " ".join(["python -m", module, *sys.argv[1:]]),
        "code_version": code_version(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "seconds": round(time.monotonic() - started, 1),
        **figures,
    }
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.json"
    draft = path.with_suffix(".tmp")
    draft.write_text(json.dumps(_rounded(record), indent=1) + "\n")
    draft.rename(path)
    return path


def _rounded(value: Any) -> Any:
    """Floats to four decimals, so that a new run shows only differences that matter."""
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return round(value, 4) if isinstance(value, float) else value
