"""A training run: dataset -> tested bundle -> MLflow, and the champion where it wins."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import reelcast
from features.dataset import Dataset, warn_of_mixture
from features.growth_curves import segments_of
from features.shown import OWN
from features.state import TIER_NAMES
from reelcast.errors import MismatchError, NotEnoughDataError, NotFoundError
from reelcast.settings import Settings
from reelcast.tables import TARGETS
from training.backtest import Origin, forecast_between, origins
from training.bundle import Bundle, load_bundle, save_bundle
from training.cards import DATA_CARD, MODEL_CARD, data_card, facts_of, model_card
from training.figures import write_figures
from training.fit import fit_model
from training.metrics import MIN_CREATORS, paired_bootstrap, quantile_loss, score
from training.model import Model
from training.pairs import pairs_of, rate_pairs_of
from training.together import held_of, with_together
from training.totals import totals_of
from training.tracking import Tracked, Tracker
from training.trajectories import fit_trajectories

Progress = Callable[[str], None]
_MIN_DUEL = 30  # posts that champion and challenger must both not have learned from


@dataclass(frozen=True, slots=True)
class Trained:
    """A run's bundle, scores and test forecasts by target, where it is kept, if it now serves."""

    bundle: Bundle
    scores: dict[str, Any]
    tests: dict[str, pa.Table]
    tracked: Tracked
    is_champion: bool
    verdict: str


def train(dataset: Dataset, settings: Settings, progress: Progress = lambda _: None) -> Trained:
    """Fit on the older posts, test on the latest share, track, and crown the bundle if it wins."""
    tracker = Tracker(settings)
    tracker.check()
    window = _test_window(dataset, settings)
    warn_of_mixture(dataset, window.start_s)
    model = fit_model(dataset, window.start_s, settings, progress=progress)
    progress("testing")
    tests = _test(dataset, model, window)
    scores = {t: {**score(table), "pairs": pairs_of(table)} for t, table in tests.items()}
    manifest = _manifest(dataset, settings, scores, window)
    manifest["engagement_rate"] = {"pairs": rate_pairs_of(tests)}
    manifest["totals"] = totals_of(tests)
    cards = {MODEL_CARD: model_card(manifest), DATA_CARD: data_card(manifest)}
    progress("trajectories")
    trajectories = fit_trajectories(
        dataset.panel, window.start_s, dataset.niches, settings.training.threads
    )
    if "views" in tests:
        segments = segments_of(dataset.panel, dataset.niches, window.start_s)
        held = held_of(tests["views"], dataset.panel)
        trajectories = with_together(trajectories, dataset.panel, segments, held)
    bundle = Bundle(model, manifest, cards, trajectories)
    progress("tracking")
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        bundle = load_bundle(save_bundle(bundle, files / "bundle"))
        _write_evidence(model, tests, files)
        verdict, wins = _duel(dataset, tests, tracker)
        tracked = _record(tracker, bundle, scores, files)
    tracker.explain(tracked.version, verdict)
    if wins:
        tracker.crown(tracked.version)
    return Trained(bundle, scores, tests, tracked, wins, verdict)


def _test_window(dataset: Dataset, settings: Settings) -> Origin:
    """The latest share of posts, by the count that most posts have."""
    _, outcomes = dataset.ask()
    known = (~np.isnan(outcomes.counts)).sum(axis=0)
    if known.max(initial=0) < settings.training.min_rows:
        raise NotEnoughDataError(
            f"{int(known.max(initial=0))} posts have a known count, at least "
            f"{settings.training.min_rows} are needed: import more history"
        )
    fullest = TARGETS[int(known.argmax())]
    return origins(dataset, fullest, 1, settings.training.test_share)[0]


def _test(dataset: Dataset, model: Model, window: Origin) -> dict[str, pa.Table]:
    tables = {
        target: forecast_between(dataset, model, target, window) for target in model.forecasters
    }
    return {target: table for target, table in tables.items() if table.num_rows}


def _manifest(
    dataset: Dataset, settings: Settings, scores: dict[str, Any], window: Origin
) -> dict[str, Any]:
    mixture = dataset.mixture(window.start_s)
    return {
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "code_version": code_version(),
        "data_version": dataset.data_version,
        "collection": dataset.collection,
        "mixture": None if mixture is None else mixture.to_json(),
        "history": dataset.history,
        "gap_days": dataset.gap_days,
        "hindsight": hindsight_words(dataset),
        "test_from": datetime.fromtimestamp(window.start_s, UTC).isoformat(),
        "test_until": datetime.fromtimestamp(window.end_s, UTC).isoformat(),
        "data": facts_of(dataset),
        "n_posts": dataset.panel.n_posts,
        "n_creators": len(dataset.panel.creator_ids),
        "settings": {
            "features": settings.features.model_dump(),
            "training": settings.training.model_dump(),
        },
        "scores": scores,
        "coverage_by_tier": {
            target: {
                tier: of_target["by_tier"].get(tier, {}).get("coverage_80") for tier in TIER_NAMES
            }
            for target, of_target in scores.items()
        },
    }


def hindsight_words(dataset: Dataset) -> list[str]:
    """What, in this dataset, was seen later than a decision and stands in for what was not."""
    if dataset.gap_days is None:
        return []
    return [
        f"counts of earlier posts: as scraped, for posts published {dataset.gap_days:g} days or "
        "more before the decision and not observed by then",
        "follower tier, and with it the level that few posts are drawn to and the followers' "
        "rate: as scraped where no earlier count is known",
        "outcomes that are learned from: as scraped, also after the cut",
    ]


def _write_evidence(model: Model, tests: dict[str, pa.Table], files: Path) -> None:
    for target, table in tests.items():
        pq.write_table(table, files / f"test_{target}.parquet")
        forecaster = model.forecasters[target]
        gains = dict(zip(forecaster.columns, forecaster.importance().tolist(), strict=True))
        write_figures(table, gains, target, files / "figures")


def _duel(dataset: Dataset, tests: dict[str, pa.Table], tracker: Tracker) -> tuple[str, bool]:
    """Whether the new bundle's test forecasts beat the champion's on the same posts, and why."""
    with tempfile.TemporaryDirectory() as folder:
        fetched = tracker.champion_folder(Path(folder))
        if fetched is None:
            return "first bundle: champion by default", True
        try:
            champion = load_bundle(fetched)
        except (MismatchError, NotFoundError) as exc:
            return f"the champion cannot be loaded by this code ({exc}): replaced", True
    target = next(iter(tests))
    theirs = champion.model.forecasters.get(target)
    if theirs is None:
        return f"the champion does not forecast {target}: replaced", True
    if champion.gap_days is None and dataset.gap_days is not None:
        return (
            "the champion sees history as of the time, this run in hindsight: not compared",
            False,
        )
    for name, column, known in (
        ("text", "text_0", dataset.panel.vectors),
        ("content", OWN, dataset.panel.shown),
    ):
        if column in theirs.columns and known is None:
            return f"the champion reads {name}, which this run left out: not compared", False
    return _compare(dataset, tests[target], champion, target)


def _compare(dataset: Dataset, test: pa.Table, champion: Bundle, target: str) -> tuple[str, bool]:
    window = Origin(0, champion.model.trained_until_s, 2**40)
    as_theirs = replace(dataset, gap_days=champion.gap_days)
    theirs = forecast_between(as_theirs, champion.model, target, window)
    joined = test.join(theirs, "post_id", join_type="inner", right_suffix="_champion")
    n_creators = len(set(joined["creator_id"].to_pylist()))
    if joined.num_rows < _MIN_DUEL or n_creators < MIN_CREATORS:
        new = f"{joined.num_rows} posts of {n_creators} creators are new to both"
        return f"{new}: too few to replace the champion", False
    mine, theirs_too = (quantile_loss(joined, suffix) for suffix in ("", "_champion"))
    creator = np.unique(joined["creator_id"].to_pylist(), return_inverse=True)[1]
    gain = paired_bootstrap(mine - theirs_too, creator)
    wins = gain["high"] < 0
    return (
        f"{'beats' if wins else 'does not beat'} the champion on {joined.num_rows} posts new to "
        f"both: quantile loss of {target} {gain['mean']:+.4f} "
        f"(95% interval {gain['low']:+.4f} to {gain['high']:+.4f})"
    ), wins


def _record(tracker: Tracker, bundle: Bundle, scores: dict[str, Any], files: Path) -> Tracked:
    settings = bundle.manifest["settings"]
    params = {
        f"{section}.{key}": value
        for section, values in settings.items()
        for key, value in values.items()
    }
    tags = {
        name: str(bundle.manifest[name]) for name in ("data_version", "code_version", "history")
    }
    return tracker.record(params, dict(_flat_metrics(scores)), tags, files)


def _flat_metrics(scores: dict[str, Any]) -> list[tuple[str, float]]:
    """Scores as MLflow's flat names: views.model.mae_log, views.tier.nano.coverage_80 ..."""
    flat: list[tuple[str, float]] = []
    for target, of_target in scores.items():
        parts = {
            "model": of_target["model"],
            **{f"baseline.{name}": s for name, s in of_target["baselines"].items()},
            **{f"tier.{name}": s for name, s in of_target["by_tier"].items()},
            **{f"history.{name}": s for name, s in of_target["by_history"].items()},
        }
        for part, values in parts.items():
            flat += [
                (f"{target}.{part}.{name}".replace("+", "_up"), float(value))
                for name, value in values.items()
                if isinstance(value, int | float)
            ]
    return flat


def code_version() -> str:
    """The release, and the commit where the code runs from a checkout."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=Path(reelcast.__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:  # no git here
        return reelcast.__version__
    commit = found.stdout.strip()
    return f"{reelcast.__version__}+{commit}" if commit else reelcast.__version__
