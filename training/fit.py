"""From a dataset and a cut in time to a fitted, calibrated model of every target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from features.dataset import Dataset
from features.gather import Questions
from features.panel import F64, I64
from features.questions import Outcomes
from features.rows import Rows
from features.state import State
from reelcast.errors import NotEnoughDataError
from reelcast.settings import Settings
from reelcast.tables import TARGETS
from training.baselines import Baselines, fit_baselines
from training.forecaster import TargetForecaster, columns_of
from training.heads import fit_median
from training.metrics import paired_bootstrap
from training.model import Model

Progress = Callable[[str], None]


def fit_model(
    dataset: Dataset,
    until_s: int,
    settings: Settings,
    targets: Sequence[str] = TARGETS,
    progress: Progress = lambda _: None,
) -> Model:
    """The model of what is known before `until_s` (seconds since 1970, UTC).

    The latest share by time calibrates: heads and state fitted on the rows before it forecast it,
    and the misses become shifts. Then heads and state are fitted again on all rows, so that the
    newest posts are learned too (docs/adr/003-refit-after-calibration.md). Targets with too few
    known outcomes are left out.

    Raises NotEnoughDataError where no target is left.
    """
    asked, outcomes = dataset.ask(until_s)
    order = np.lexsort((np.array(dataset.panel.post_ids)[outcomes.post], asked.decided_s))
    asked, outcomes = asked.take(order), outcomes.take(order)  # not by the salted creators' ids
    older, latest = _split_latest(asked, settings.training.calibration_share)
    progress("calibrating")
    early = _fit_state_and_rows(dataset, asked, outcomes, older, settings)
    progress("fitting")
    final = _fit_state_and_rows(dataset, asked, outcomes, np.arange(len(asked)), settings)
    forecasters, baselines = {}, {}
    for target in targets:
        progress(target)
        fitted = _fit_target(target, (early, final), outcomes, (older, latest), settings)
        if fitted is not None:
            forecasters[target], baselines[target] = fitted
    if not forecasters:
        raise NotEnoughDataError(
            f"{len(asked)} observed posts before the cut are too few to train on any of "
            f"{', '.join(targets)}: at least {settings.training.min_rows} with a known count are "
            "needed on either side of the calibration cut; import more history"
        )
    return Model(final[0], forecasters, baselines, until_s, len(asked))


def _split_latest(asked: Questions, share: float) -> tuple[I64, I64]:
    """Indices of the rows before and in the latest `share` by decision time."""
    if len(asked) == 0:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing
    cut = np.quantile(asked.decided_s, 1 - share)
    return np.flatnonzero(asked.decided_s < cut), np.flatnonzero(asked.decided_s >= cut)


def _fit_state_and_rows(
    dataset: Dataset, asked: Questions, outcomes: Outcomes, fit_on: I64, settings: Settings
) -> tuple[State, Rows]:
    """The state learned from the questions at `fit_on`, and all questions' rows under it."""
    components = settings.features.text_components
    state = dataset.fit(asked.take(fit_on), outcomes.take(fit_on), components)
    return state, dataset.rows(asked, state)


def _fit_target(
    target: str,
    fitted: tuple[tuple[State, Rows], tuple[State, Rows]],
    outcomes: Outcomes,
    parts: tuple[I64, I64],
    settings: Settings,
) -> tuple[TargetForecaster, Baselines] | None:
    (early_state, early_rows), (final_state, final_rows) = fitted
    index = TARGETS.index(target)
    known = ~np.isnan(outcomes.counts[:, index])
    older, latest = (part[known[part]] for part in parts)
    if min(len(older), len(latest) * 3) < settings.training.min_rows:
        return None
    mature = outcomes.mature_log(early_state.growth)[:, index]
    tried = _Trial(early_rows.take(older), mature[older], early_rows.take(latest), mature[latest])
    components = min(early_state.n_components, final_state.n_components)
    words, reads_text = _try_text(target, tried, components, settings)
    columns = columns_of(target, components if reads_text else 0)
    early = TargetForecaster(target, columns, early_state.growth)
    early.fit(tried.older, tried.older_log, settings.training)
    early.calibrate(tried.latest, tried.latest_log, settings.training.min_tier_rows)
    everything = np.flatnonzero(known)
    rows = final_rows.take(everything)
    mature = outcomes.mature_log(final_state.growth)[:, index]
    final = TargetForecaster(target, columns, final_state.growth)
    final.fit(rows, mature[everything], settings.training)
    final.calibration, final.text_trial = early.calibration, words
    counts = outcomes.counts[everything, index]
    return final, fit_baselines(counts, rows.tier, rows.followers)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Rows to fit on and the latest rows, both with known mature log counts."""

    older: Rows
    older_log: F64
    latest: Rows
    latest_log: F64


def _try_text(
    target: str, tried: _Trial, n_components: int, settings: Settings
) -> tuple[str, bool]:
    """In words and as a decision: does the text lower the median's error on the latest rows?"""
    if n_components == 0 or settings.features.text != "auto":
        reads = n_components > 0
        return f"text {'read' if reads else 'not available'} (setting)", reads
    misses = []
    for k in (n_components, 0):
        columns, level = columns_of(target, k), TARGETS.index(target)
        response = tried.older_log - tried.older.level[:, level]
        head = fit_median(tried.older.pick(columns), response, columns, settings.training)
        forecast = head.predict(tried.latest.pick(columns)) + tried.latest.level[:, level]
        misses.append(np.abs(tried.latest_log - forecast))
    gain = paired_bootstrap(misses[0] - misses[1], tried.latest.creator)
    reads = gain["high"] < 0
    return (
        f"text {'read' if reads else 'left out'}: log MAE {gain['mean']:+.3f} with it "
        f"(95% interval {gain['low']:+.3f} to {gain['high']:+.3f}, calibration posts)"
    ), reads
