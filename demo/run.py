"""Runs the demo: a simulated world's export files, imported as anyone's would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from demo.clips_tag import tag_clips
from demo.labels import label_posts
from demo.replay import replay
from demo.report import ReportContent, write_report
from demo.use_cases import measure_use_cases, write_use_cases
from demo.world import ExportFile, write_exports
from features.dataset import load_dataset
from inference.predictor import Predictor
from ingest import ImportOptions, ImportReport, import_file
from reelcast.records import (
    Brief,
    CreatorQuestion,
    ForecastRequest,
    ForecastResponse,
    creator_id_of,
)
from reelcast.salt import make_salt
from reelcast.settings import Settings
from reelcast.simulate import simulate
from reelcast.simulated import HORIZON_DAYS, World, WorldSettings, growth
from reelcast.store import Lake
from training.run import train

_TESTED = (
    "y",
    "q10",
    "q50",
    "q90",
    "mean",
    "creator_id",
    "last5_median",
    "tier_median",
    "followers_rate",
    "tier",
)


NOW = datetime(2026, 11, 1, tzinfo=UTC)  # fixed: the demo's answers are the same on any day
BRIEF = Brief(
    theme="beauty_skincare",
    caption="I tried this serum every night for 30 days, here is what happened #skincare",
    hashtags=("skincare",),
    duration_s=32,
    post_at=NOW + timedelta(days=3),
)
_ASKED = 10


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made: ten forecasts and the report's path."""

    answer: ForecastResponse
    report: Path


def run_demo(settings: Settings, progress: Callable[[str], None]) -> Demo:
    """World -> export files -> lake -> bundle -> ten forecasts -> report, under the home."""
    home = settings.local_home
    home.mkdir(parents=True, exist_ok=True)
    (home / "salt").write_text("reelcast demo")  # known to all: the demo's people are made up
    progress("writing the export files of 60 simulated creators")
    world = simulate(WorldSettings(), NOW)
    exports = write_exports(world, home / "exports")
    lake = Lake(settings.lake_root)
    progress(f"importing {len(exports)} files")
    reports = import_world(exports, lake, make_salt(settings))
    progress("watching six clips")
    clips = tag_clips(world, lake, settings, home / "clips")
    progress("measuring four campaigns")
    sold = write_use_cases(world, home / "campaigns", make_salt(settings))
    cases, of_sales = measure_use_cases(sold, home / "campaigns", lake, make_salt(settings), NOW)
    label_posts(world, lake)
    progress("embedding captions")
    learned = without_content(settings)
    dataset = load_dataset(lake, learned.features, settings.sentence_cache)
    progress("training")
    trained = train(dataset, learned, lambda step: progress(f"training: {step}"))
    progress("forecasting ten creators")
    predictor = Predictor.load(settings.model, settings)
    answer = predictor.respond(_request(world, make_salt(settings)), NOW)
    progress("replaying forecasts of the last two months for the ledger")
    ledger = replay(world, predictor, settings, make_salt(settings))
    content = ReportContent(
        made_at=NOW,
        model=f"model version {trained.tracked.version} ({trained.verdict})",
        forecasts=answer.forecasts,
        brief=BRIEF,
        tested=arrays_of_test(trained.tests["views"], world),
        imports=[*reports, *of_sales],
        failures=lake.read("failures").to_pylist(),
        hindsight=answer.model.hindsight,
        clips=clips,
        campaigns=cases,
        ledger=ledger,
    )
    return Demo(answer, write_report(home / "report.html", content))


def without_content(settings: Settings) -> Settings:
    """The settings of a model that reads no labels: the demo's draft has none."""
    features = settings.features.model_copy(update={"content": "never"})
    return settings.model_copy(update={"features": features})


def _request(world: World, salt: str) -> ForecastRequest:
    """Ten creators over all tiers: eight from the lake, and two that no export knows, inline."""
    known = [c for c in world.creators if len(world.posts_of(c)) > 2]
    known.sort(key=lambda c: c.daily_followers[-1])
    chosen = known[:: max(1, len(known) // (_ASKED - 2))][: _ASKED - 2]
    new = [c for c in world.creators if not world.posts_of(c)][:2]
    people = [
        CreatorQuestion(creator_id=creator_id_of(c.platform, c.handle, salt), label=c.handle)
        for c in chosen
    ]
    people += [
        CreatorQuestion(
            label=c.handle, platform=c.platform, followers=c.daily_followers[-1], posts=()
        )
        for c in new
    ]
    return ForecastRequest(creators=tuple(people), brief=BRIEF)


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
    arrays = {name: tested[name].to_numpy() for name in _TESTED}
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
