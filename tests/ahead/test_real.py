"""Stage models on videos that were counted repeatedly, held against a constant ratio."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.trajectory_data import COLLECTIONS, panel_of
from benchmarks.trajectory_methods import forecasts, task_of

FOLDER = Path(os.environ.get("REELCAST_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
RETRACKED = COLLECTIONS["youtube_retracked"]


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not (FOLDER / RETRACKED.file).is_file(), reason="no real data beside us")
def test_a_stage_model_beats_a_constant_ratio_on_videos_counted_again() -> None:
    task = task_of(RETRACKED, panel_of(RETRACKED, FOLDER))
    rows, made = forecasts(task, RETRACKED)
    y = task.of.log_ratio[rows]
    quantiles = made["stage_model"]
    held = ((y >= quantiles[:, 1]) & (y <= quantiles[:, 5])).mean()
    miss, constant = (
        np.median(np.abs(np.expm1(of - y))) for of in (quantiles[:, 3], made["constant_ratio"])
    )
    assert miss < 0.9 * constant
    assert 0.74 <= held <= 0.88
