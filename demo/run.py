"""Runs the demo: a simulated world's export files, imported as anyone's would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from demo.world import ExportFile
from ingest import ImportOptions, ImportReport, import_file
from reelcast.simulated import HORIZON_DAYS, World, growth
from reelcast.store import Lake

_TESTED = ("y", "q10", "q50", "q90", "last5_median", "tier_median", "followers_rate", "tier")


def import_world(
    exports: Sequence[ExportFile],
    lake: Lake,
    salt: str,
    progress: Callable[[int, int], None] | None = None,
) -> list[ImportReport]:
    """Import each file, its format recognised; `progress` is told the files done and in all."""
    reports = []
    for number, file in enumerate(exports, 1):
        options = ImportOptions(
            salt=salt, mapping=file.mapping, creator=file.creator, observed_at=file.observed_at
        )
        reports.append(import_file(file.path, lake, options))
        if progress is not None:
            progress(number, len(exports))
    return reports


def arrays_of_test(tested: pa.Table, world: World) -> dict[str, npt.NDArray[np.generic]]:
    """A backtest's columns for the report, and as `true_median` what each post had to expect."""
    arrays = {name: tested[name].to_pandas().to_numpy() for name in _TESTED}
    ages_days = dict(
        zip(tested["post_id"].to_pylist(), tested["horizon_days"].to_pylist(), strict=True)
    )
    truth = true_medians(world, ages_days)
    return {**arrays, "true_median": np.array([truth[post_id] for post_id in ages_days])}


def true_medians(world: World, ages_days: dict[str, float]) -> dict[str, float]:
    """The true median views of posts (ids as imported) at the given ages in days."""
    posts = {f"{post.platform}:{post.post_id}": post for post in world.posts}
    truth = {}
    for post_id, age_days in ages_days.items():
        post = posts[post_id]
        grown = growth(age_days, post.growth_days) / growth(HORIZON_DAYS, post.growth_days)
        truth[post_id] = float(np.exp(post.true_log_median)) * grown
    return truth
