from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BUILD = """
import json, resource, time
from datetime import datetime, timezone
import numpy as np
from tests.support import canonical_tables, dataset_of, small_world, scraped_once
world = small_world(n_creators=1100, posts_per_creator=48.0, days=365, watched_days=14.0)
tables = canonical_tables(world)
del world
figures = {"posts": tables["posts"].num_rows, "observations": tables["post_observations"].num_rows}
figures["mb_before"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for name, gap_days, of in (("as_of", None, tables), ("hindsight", 3.0, scraped_once(tables))):
    began = time.monotonic()
    dataset = dataset_of(of, gap_days)
    asked, outcomes = dataset.ask()
    rows = dataset.rows(asked, dataset.fit(asked, outcomes, 0))
    figures[name] = {"seconds": round(time.monotonic() - began, 2), "rows": len(rows)}
    assert np.isfinite(rows.level).all()
    figures[name]["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print(json.dumps(figures))
"""


@pytest.mark.slow
def test_a_table_of_50_000_posts_builds_in_30_seconds_and_2_gigabytes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", BUILD], cwd=root, capture_output=True, text=True, check=True
    )
    figures = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\n{figures}")  # noqa: T201
    for mode in ("as_of", "hindsight"):
        assert figures[mode]["rows"] >= 50_000
        assert figures[mode]["seconds"] < 30
        assert figures[mode]["peak_mb"] < 2_000
