"""From a dataset and a cut in time to a fitted, calibrated model of every target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from features.dataset import Dataset
from features.gather import Questions
from features.panel import I64
from features.questions import Outcomes
from features.rows import Rows
from features.state import State
from reelcast.errors import NotEnoughDataError
from reelcast.settings import Settings
from reelcast.tables import TARGETS
from training.baselines import Baselines, fit_baselines
from training.forecaster import TargetForecaster, columns_of

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Model:
    """All that a forecast needs, fitted on what was published before `trained_until_s`."""

    state: State
    forecasters: dict[str, TargetForecaster]
    baselines: dict[str, Baselines]
    trained_until_s: int
    n_rows: int


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
    mature = outcomes.mature_log()[:, index]
    known = ~np.isnan(mature)
    older, latest = (part[known[part]] for part in parts)
    if min(len(older), len(latest) * 3) < settings.training.min_rows:
        return None
    early = TargetForecaster(target, columns_of(target, early_state.n_components))
    early.fit(early_rows.take(older), mature[older], settings.training)
    early.calibrate(early_rows.take(latest), mature[latest], settings.training.min_tier_rows)
    everything = np.flatnonzero(known)
    final = TargetForecaster(target, columns_of(target, final_state.n_components))
    final.fit(final_rows.take(everything), mature[everything], settings.training)
    final.calibration = early.calibration
    counts = outcomes.counts[everything, index]
    rows = final_rows.take(everything)
    return final, fit_baselines(counts, rows.tier, rows.followers)
