"""An import can be repeated, killed and run beside others, and nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import ImportOptions, import_file
from reelcast.store import Lake
from reelcast.tables import TABLES
from tests.ingest.samples import rows

IMPORT = """
import sys, time
from pathlib import Path
from ingest import ImportOptions, import_file
from reelcast.store import Lake
def progress(done, total):
    print(done, flush=True)
    time.sleep(float(sys.argv[3]))
options = ImportOptions(salt="s", mapping=sys.argv[4], batch_rows=500)
import_file(Path(sys.argv[1]), Lake(sys.argv[2]), options, progress)
"""
MAPPING = """
constants: {platform: tiktok}
columns: {post_id: id, creator: who, published_at: at, observed_at: seen, caption: text, views: n}
"""
cells = st.sampled_from(["", "1", "2", "x", "-3"])
records = st.lists(st.tuples(st.sampled_from("abc"), cells, cells, st.booleans()), max_size=12)


def write(folder: Path, lines: list[str], name: str = "x.jsonl") -> Path:
    (folder / "m.yaml").write_text(MAPPING)
    (folder / name).write_text("\n".join(lines))
    return folder / name


def line(post: str, views: object = 1, text: str = "t", day: int = 5) -> str:
    at, seen = "2026-01-01T00:00:00Z", f"2026-01-{day:02}T00:00:00Z"
    return json.dumps({"id": post, "who": "a", "at": at, "seen": seen, "text": text, "n": views})


def start(path: Path, lake: Path, pause_s: float) -> subprocess.Popen[str]:
    arguments = [str(path), str(lake), str(pause_s), str(path.parent / "m.yaml")]
    command = [sys.executable, "-c", IMPORT, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@settings(max_examples=6, deadline=None)
@given(records, st.integers(1, 4))
def test_the_same_import_twice_changes_nothing(
    given_rows: list[tuple[str, str, str, bool]], batch_rows: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        head = [line("z")]
        body = [line(post, views, text, 5 + later) for post, views, text, later in given_rows]
        path = write(folder, head + body)
        options = ImportOptions(salt="s", mapping=folder / "m.yaml", batch_rows=batch_rows)
        lake = Lake(folder / "lake")
        import_file(path, lake, options)
        before = lake.versions()
        import_file(path, lake, options)
        assert lake.versions() == before


def test_batches_of_any_size_give_the_same_tables(tmp_path: Path) -> None:
    path = write(tmp_path, [line(f"p{i % 7}", i, f"t{i}" if i > 9 else "") for i in range(30)])
    lakes = []
    for size in (1, 4, 100):
        lakes.append(Lake(tmp_path / f"lake{size}"))
        options = ImportOptions(salt="s", mapping=tmp_path / "m.yaml", batch_rows=size)
        import_file(path, lakes[-1], options)
    assert all(rows(lakes[0], name) == rows(each, name) for each in lakes[1:] for name in TABLES)


def test_a_killed_import_resumes_with_nothing_lost_and_nothing_twice(tmp_path: Path) -> None:
    lines = [line(f"p{number}", "x" if number % 100 == 0 else number) for number in range(2000)]
    path = write(tmp_path, lines)
    process = start(path, tmp_path / "lake", pause_s=30)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "500"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    lake = Lake(tmp_path / "lake")
    assert lake.read("posts").num_rows == 500
    import_file(path, lake, ImportOptions(salt="s", mapping=tmp_path / "m.yaml"))
    assert lake.read("posts").num_rows == lake.read("post_observations").num_rows + 20 == 2000
    assert lake.read("failures").num_rows == 20


def test_two_processes_importing_at_once_lose_nothing(tmp_path: Path) -> None:
    names = [(f"{side}.jsonl", [line(f"{side}{i}", i) for i in range(1500)]) for side in "ab"]
    paths = [write(tmp_path, lines, name) for name, lines in names]
    started = [start(path, tmp_path / "lake", pause_s=0) for path in paths]
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    lake = Lake(tmp_path / "lake")
    assert lake.read("posts").num_rows == lake.read("post_observations").num_rows == 3000


def test_progress_tells_the_rows_done_and_in_all(tmp_path: Path) -> None:
    path = write(tmp_path, [line(f"p{number}") for number in range(5)], "x.json")
    path.write_text("[" + path.read_text().replace("\n", ",") + "]")
    told: list[tuple[int, int | None]] = []
    options = ImportOptions(salt="s", mapping=tmp_path / "m.yaml", batch_rows=2)
    import_file(
        path, Lake(tmp_path / "lake"), options, lambda done, total: told.append((done, total))
    )
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_importing_the_package_is_light() -> None:
    heavy = ["torch", "pandas", "lightgbm", "mlflow", "cv2", "sklearn", "transformers"]
    code = f"import sys, ingest; print([m for m in {heavy} if m in sys.modules])"
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert time.monotonic() - began < 5
