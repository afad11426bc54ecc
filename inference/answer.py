"""Assembles forecasts: quantiles, means, baselines, grades, drivers, comparable posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.gather import Questions, gather, kinds_asked
from features.kinds import Kind
from features.panel import Panel
from features.rows import Rows, build_rows
from features.state import TIER_NAMES
from inference.asking import Ask
from inference.comparables import comparables
from inference.drivers import drivers
from inference.grading import grade
from inference.horizons import Counted, notes_at
from reelcast.records import (
    QUANTILE_COLUMNS,
    ComparablePost,
    Driver,
    Forecast,
    Grade,
    TargetForecast,
)
from reelcast.tables import TARGETS
from training.bundle import Bundle
from training.outlook import Outlook, needed_for, outlook


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows on one panel; `in_lake` says whether its ids mean anything to the asker."""

    panel: Panel
    questions: Questions
    asks: Sequence[Ask]
    in_lake: bool
    counted: Counted  # of the lake's posts


def answer(bundle: Bundle, batch: Batch, targets: tuple[str, ...], explain: bool) -> list[Forecast]:
    """One forecast per row; with `explain` also drivers and comparable posts."""
    questions, model = batch.questions, bundle.model
    needed = needed_for(model, targets)
    rows = build_rows(batch.panel, questions, model.state, bundle.gap_days, needed)
    seen = outlook(model, rows, questions.horizon_days, targets)
    kinds = kinds_asked(batch.panel, questions)
    alike = _alike(bundle, kinds, rows) if explain else None
    why = (
        {t: [()] * len(rows) for t in targets}
        if alike is None
        else {
            t: drivers(model.forecasters[t], rows, questions, alike, model.state.rate_mean)
            for t in targets
        }
    )
    by_target = {t: _of_target(bundle, rows, (t, seen[t]), why[t]) for t in targets}
    past_posts = _comparables(bundle, batch) if explain else [()] * len(rows)
    notes = _notes(bundle, batch, kinds)
    days = np.expm1(rows.pick(("days_since_counted",))[:, 0]).tolist()
    return [
        Forecast(
            creator_id=_creator_id(batch, i),
            label=ask.person.label,
            tier=TIER_NAMES[rows.tier[i]],
            followers=None if np.isnan(rows.followers[i]) else int(rows.followers[i]),
            n_history=int(rows.n_history[i]),
            horizon_days=ask.brief.horizon_days,
            post_at=ask.planned,
            grade=_grade(bundle, rows, i, (days[i], targets[0])),
            targets={t: by_target[t][i] for t in targets},
            measured_coverage={t: _coverage(bundle, t, TIER_NAMES[rows.tier[i]]) for t in targets},
            comparables=past_posts[i],
            notes=notes[kinds[i][0], ask.brief.horizon_days],
        )
        for i, ask in enumerate(batch.asks)
    ]


def look_ahead(bundle: Bundle, batch: Batch, targets: tuple[str, ...]) -> dict[str, Outlook]:
    """The targets' quantiles and joint samples for each row of the batch."""
    questions, model = batch.questions, bundle.model
    needed = needed_for(model, targets)
    rows = build_rows(batch.panel, questions, model.state, bundle.gap_days, needed)
    seen = outlook(model, rows, questions.horizon_days, targets)
    return {target: seen[target] for target in targets}


def _of_target(
    bundle: Bundle, rows: Rows, of: tuple[str, Outlook], why: Sequence[tuple[Driver, ...]]
) -> list[TargetForecast]:
    target, seen = of
    counts = np.expm1(seen.log_quantiles).round(1).tolist()
    means = seen.mean.round(1).tolist()
    naive = bundle.model.baselines[target].predict(rows, TARGETS.index(target))
    return [
        TargetForecast(
            quantiles=dict(zip(QUANTILE_COLUMNS, counts[i], strict=True)),
            mean=means[i],
            baselines={name: _or_none(values[i]) for name, values in naive.items()},
            drivers=why[i],
        )
        for i in range(len(rows))
    ]


def _notes(
    bundle: Bundle, batch: Batch, kinds: Sequence[Kind]
) -> dict[tuple[str, float], tuple[str, ...]]:
    """By platform and horizon, in words, what the figures rest on."""
    asked = {(kind[0], ask.brief.horizon_days) for kind, ask in zip(kinds, batch.asks, strict=True)}
    return {key: tuple(notes_at(bundle.trajectories, batch.counted, *key)) for key in asked}


def _alike(bundle: Bundle, kinds: Sequence[Kind], rows: Rows) -> list[str]:
    """Of each row, beside the tier, what the typical level is that of."""
    words = bundle.model.state.groups.words
    return [words(kind, tier) for kind, tier in zip(kinds, rows.tier.tolist(), strict=True)]


def _comparables(bundle: Bundle, batch: Batch) -> list[tuple[ComparablePost, ...]]:
    past = gather(batch.panel, batch.questions, bundle.gap_days)
    return comparables(batch.panel, batch.questions, past, batch.in_lake)


def _creator_id(batch: Batch, i: int) -> str | None:
    return batch.panel.creator_ids[batch.asks[i].creator] if batch.in_lake else None


def _grade(bundle: Bundle, rows: Rows, i: int, judged_by: tuple[float, str]) -> Grade:
    days, target = judged_by
    tier = TIER_NAMES[rows.tier[i]]
    is_known = not np.isnan(rows.last5_median[i, TARGETS.index(target)])
    known = days if is_known and not np.isnan(days) else None
    return grade(int(rows.n_history[i]), known, tier, _coverage(bundle, target, tier))


def _coverage(bundle: Bundle, target: str, tier: str) -> float | None:
    value = bundle.manifest["coverage_by_tier"].get(target, {}).get(tier)
    return None if value is None else round(float(value), 3)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 1)
