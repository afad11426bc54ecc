from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MAKE = """
import pyarrow.parquet as pq
from tests.support import canonical_tables, small_world
world = small_world(n_creators=1100, posts_per_creator=48.0, days=365, watched_days=14.0)
for name, table in canonical_tables(world).items():
    pq.write_table(table, f"{folder}/{name}.parquet")
"""
BUILD = """
import json, time
from pathlib import Path
import numpy as np
import pyarrow.parquet as pq
from tests.support import DATA_TABLES, dataset_of, scraped_once
tables = {name: pq.read_table(f"{folder}/{name}.parquet") for name in DATA_TABLES}
figures = {"posts": tables["posts"].num_rows, "observations": tables["post_observations"].num_rows}
for name, gap_days, of in (("as_of", None, tables), ("hindsight", 3.0, scraped_once(tables))):
    began = time.monotonic()
    dataset = dataset_of(of, gap_days)
    asked, outcomes = dataset.ask()
    rows = dataset.rows(asked, dataset.fit(asked, outcomes, 0))
    figures[name] = {"seconds": round(time.monotonic() - began, 2), "rows": len(rows)}
    assert np.isfinite(rows.level).all()
    status = Path("/proc/self/status").read_text().split()  # its own, not its parent's as well
    figures[name]["peak_mb"] = int(status[status.index("VmHWM:") + 1]) * 1024 // 10**6
print(json.dumps(figures))
"""


def run(code: str, folder: Path) -> str:
    """What the code prints, run by a process of its own: making the world takes more memory."""
    return subprocess.run(
        [sys.executable, "-c", f"folder = {str(folder)!r}{code}"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.slow
def test_a_table_of_50_000_posts_builds_in_30_seconds_and_2_gigabytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(MAKE, tmp_path)
    figures = json.loads(run(BUILD, tmp_path))
    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201
    for mode in ("as_of", "hindsight"):
        assert figures[mode]["rows"] >= 50_000
        assert figures[mode]["seconds"] < 30
        assert figures[mode]["peak_mb"] < 2_000
