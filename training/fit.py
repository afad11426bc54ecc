"""From a dataset and a cut in time to a fitted, calibrated model of every target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from features import calendar
from features.dataset import Dataset
from features.gather import Questions
from features.growth import curve_doubt, pairs_of
from features.panel import F64, I64
from features.questions import Outcomes
from features.rows import Rows
from features.shown import ContentState
from features.state import State
from reelcast.errors import NotEnoughDataError
from reelcast.records import QUANTILES
from reelcast.settings import Settings
from reelcast.tables import TARGETS
from training.baselines import Baselines, fit_baselines
from training.forecaster import TargetForecaster
from training.joint import MEDIAN, Rate, fit_rate
from training.model import Model
from training.pairs import shared_noise
from training.trials import choose

Progress = Callable[[str], None]


def fit_model(
    dataset: Dataset,
    until_s: int,
    settings: Settings,
    targets: Sequence[str] = TARGETS,
    progress: Progress = lambda _: None,
) -> Model:
    """The model of what is known before `until_s` (seconds since 1970, UTC).

    The latest share by time calibrates: heads and state fitted on what was known before it
    forecast it, and the misses become shifts. Then heads and state are fitted again on all rows,
    so that the newest posts are learned too (docs/adr/003-refit-after-calibration.md). What reads
    (training.trials) is chosen on posts before those that calibrate. Targets with too few known
    outcomes are left out.

    Raises NotEnoughDataError where no target is left.
    """
    asked, outcomes = _known_by(dataset, until_s)
    cut_s = _calibration_cut(asked, settings.training.calibration_share)
    progress("calibrating")
    early = _learn(dataset, _known_by(dataset, cut_s), settings)
    latest = np.flatnonzero(asked.decided_s >= cut_s)
    unseen = dataset.rows(asked.take(latest), early.state), outcomes.take(latest)
    progress("fitting")
    final = _learn(dataset, (asked, outcomes), settings)
    fitted: dict[str, _Fitted] = {}
    for target in targets:
        progress(target)
        of_target = _fit_target(target, (early, final), unseen, settings)
        if of_target is not None:
            fitted[target] = of_target
    if not fitted:
        raise NotEnoughDataError(
            f"{len(asked)} observed posts before the cut are too few to train on any of "
            f"{', '.join(targets)}: at least {settings.training.min_rows} with a known count are "
            "needed on either side of the calibration cut; import more history"
        )
    horizon_days = asked.horizon_days[latest]
    made = {t: _out_of_fold(of.early, unseen, horizon_days, settings) for t, of in fitted.items()}
    first = next(iter(fitted))
    return Model(
        _trimmed(final.state, fitted.values()),
        {target: of.forecaster for target, of in fitted.items()},
        {target: of.baselines for target, of in fitted.items()},
        until_s,
        len(asked),
        _fit_rates(made, unseen),
        shared_noise(made[first], unseen[1].counts[:, TARGETS.index(first)], unseen[0].creator),
    )


def _trimmed(state: State, fitted: Iterable[_Fitted]) -> State:
    """The state without blocks that no target reads, which would cost time at each request."""
    read = {column for of in fitted for column in of.forecaster.columns}
    if not read & set(state.content.columns):
        state = replace(state, content=ContentState())
    return replace(state, has_places=bool(read & set(calendar.COLUMNS)))


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A target's finished forecaster and baselines, and the early one that calibrated it."""

    forecaster: TargetForecaster
    baselines: Baselines
    early: TargetForecaster


@dataclass(frozen=True, slots=True)
class _Learned:
    """A state, the rows and outcomes that it and the heads are fitted on, what its curve rests on.

    `paired_days` are the ages of the younger counts of the growth curve's pairs.
    """

    state: State
    rows: Rows
    outcomes: Outcomes
    paired_days: F64


def _known_by(dataset: Dataset, before_s: int) -> tuple[Questions, Outcomes]:
    """What can be learned from by then, ordered by time and post, not by the salted ids."""
    asked, outcomes = dataset.ask(before_s)
    order = np.lexsort((np.array(dataset.panel.post_ids)[outcomes.post], asked.decided_s))
    return asked.take(order), outcomes.take(order)


def _calibration_cut(asked: Questions, share: float) -> int:
    """The time (seconds since 1970) from which the latest `share` of decisions lies."""
    return int(np.quantile(asked.decided_s, 1 - share)) if len(asked) else 0


def _learn(dataset: Dataset, known: tuple[Questions, Outcomes], settings: Settings) -> _Learned:
    asked, outcomes = known
    state = dataset.fit(asked, outcomes, settings.features.text_components)
    until_s = int(outcomes.observed_s.max(initial=0))
    pairs = pairs_of(dataset.panel, outcomes.post, until_s)
    return _Learned(state, dataset.rows(asked, state), outcomes, pairs.younger_days)


def _fit_target(
    target: str,
    learned: tuple[_Learned, _Learned],
    unseen: tuple[Rows, Outcomes],
    settings: Settings,
) -> _Fitted | None:
    """The target's forecaster: calibrated by the early one's misses, fitted on the final rows."""
    (early_part, final_part), index = learned, TARGETS.index(target)
    older, older_log = _known(early_part.rows, early_part.outcomes, early_part.state, index)
    latest, latest_log = _known(*unseen, early_part.state, index)
    rows, logs = _known(final_part.rows, final_part.outcomes, final_part.state, index)
    if min(len(older), len(latest) * 3) < settings.training.min_rows:
        return None
    chosen = choose(target, (older, older_log), early_part.state, settings)
    early, final = (
        TargetForecaster(target, chosen.columns(target, of.state), of.state.growth)
        for of in learned
    )
    early.fit(older, older_log, settings.training)
    early.calibrate(latest, latest_log, settings.training.min_tier_rows)
    final.fit(rows, logs, settings.training)
    for of, forecaster in zip(learned, (early, final), strict=True):
        n_pairs = int((of.paired_days < forecaster.youngest_days).sum())
        forecaster.curve_doubt = curve_doubt(n_pairs)
    final.calibration, final.trials = early.calibration, dict(chosen.words)
    counts = final_part.outcomes.counts[:, index]
    baselines = fit_baselines(counts[~np.isnan(counts)], rows.tier, rows.followers)
    return _Fitted(final, baselines, early)


def _out_of_fold(
    early: TargetForecaster, unseen: tuple[Rows, Outcomes], horizon_days: F64, settings: Settings
) -> F64:
    """Quantiles of the calibration's rows (n, n_quantiles), by the misses of other creators' rows.

    What is fitted on them (rates, shared noise) then meets forecasts as new posts will.
    """
    rows, outcomes = unseen
    log = outcomes.mature_log(early.growth)[:, early.index]
    fold = _folds(rows.creator)
    made = np.empty((len(rows), len(QUANTILES)))
    for k in (0, 1):
        mine, others = np.flatnonzero(fold == k), np.flatnonzero((fold != k) & ~np.isnan(log))
        apart = early
        if len(others) >= settings.training.min_tier_rows // 2:
            apart = copy(early)
            apart.calibrate(rows.take(others), log[others], settings.training.min_tier_rows)
        made[mine] = apart.predict(rows.take(mine), horizon_days[mine])
    return made


def _folds(creator: I64) -> I64:
    """0 or 1 for each row: every other creator, in the order of appearance."""
    _, first, index = np.unique(creator, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[index] % 2, np.int64)


def _fit_rates(made: dict[str, F64], unseen: tuple[Rows, Outcomes]) -> dict[str, Rate]:
    """How each engagement goes with views, on the posts that the early heads had not seen.

    `made`: their quantiles of log1p counts by target, (n, n_quantiles) each, calibrated by others.
    """
    if "views" not in made:
        return {}
    rows, outcomes = unseen
    views, rates = outcomes.counts[:, TARGETS.index("views")], {}
    for target in (t for t in TARGETS[1:] if t in made):
        counts = outcomes.counts[:, TARGETS.index(target)]
        medians = made[target][:, MEDIAN], made["views"][:, MEDIAN]
        rate = fit_rate(views, counts, medians, rows.n_history)
        if rate is not None:
            rates[target] = rate
    return rates


def _known(rows: Rows, outcomes: Outcomes, state: State, index: int) -> tuple[Rows, F64]:
    """The rows whose target is known, and its mature log counts."""
    logs = outcomes.mature_log(state.growth)[:, index]
    known = np.flatnonzero(~np.isnan(logs))
    return rows.take(known), logs[known]
