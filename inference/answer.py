"""Assembles forecasts: quantiles, means, baselines, grades, drivers, comparable posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from features.gather import Questions, gather
from features.panel import F64, Panel
from features.rows import Rows, build_rows
from features.state import TIER_NAMES
from inference.comparables import comparables
from inference.drivers import drivers
from inference.grading import grade
from reelcast.records import (
    QUANTILE_COLUMNS,
    ComparablePost,
    CreatorQuestion,
    Driver,
    Forecast,
    Grade,
    TargetForecast,
)
from reelcast.tables import TARGETS
from training.bundle import Bundle
from training.forecaster import mean_of


@dataclass(frozen=True, slots=True)
class Part:
    """Questions on one panel, the people they are about, and the planned time.

    `in_lake` says whether the panel's ids mean anything to the asker.
    """

    panel: Panel
    questions: Questions
    people: Sequence[CreatorQuestion]
    planned: datetime
    in_lake: bool


def answer(bundle: Bundle, part: Part, targets: Sequence[str], explain: bool) -> list[Forecast]:
    """One forecast per question; with `explain` also drivers and comparable posts."""
    needed = tuple(dict.fromkeys((*_views_of(bundle), *targets)))
    rows = build_rows(part.panel, part.questions, bundle.model.state, bundle.gap_days, needed)
    logs = _consistent(
        {
            target: bundle.model.forecasters[target].predict(rows, part.questions.horizon_days)
            for target in needed
        }
    )
    by_target = {t: _of_target(bundle, rows, t, logs[t], explain) for t in targets}
    alike = _comparables(bundle, part) if explain else [()] * len(rows)
    return [
        Forecast(
            creator_id=_creator_id(part, i),
            label=person.label,
            tier=TIER_NAMES[rows.tier[i]],
            followers=None if np.isnan(rows.followers[i]) else int(rows.followers[i]),
            n_history=int(rows.n_history[i]),
            horizon_days=float(part.questions.horizon_days[i]),
            post_at=part.planned,
            grade=_grade(bundle, rows, i, targets[0]),
            targets={target: by_target[target][i] for target in targets},
            measured_coverage={t: _coverage(bundle, t, int(rows.tier[i])) for t in targets},
            comparables=alike[i],
        )
        for i, person in enumerate(part.people)
    ]


def _views_of(bundle: Bundle) -> tuple[str, ...]:
    return ("views",) if "views" in bundle.model.forecasters else ()


def _consistent(logs: dict[str, F64]) -> dict[str, F64]:
    """Quantiles of engagement no higher than those of views at the same level."""
    views = logs.get("views")
    if views is None:
        return logs
    return {target: np.minimum(of_target, views) for target, of_target in logs.items()}


def _of_target(
    bundle: Bundle, rows: Rows, target: str, logs: F64, explain: bool
) -> list[TargetForecast]:
    counts = np.expm1(logs).round(1).tolist()
    means = mean_of(logs).round(1).tolist()
    naive = bundle.model.baselines[target].predict(rows, TARGETS.index(target))
    forecaster = bundle.model.forecasters[target]
    why: Sequence[tuple[Driver, ...]] = drivers(forecaster, rows) if explain else [()] * len(rows)
    return [
        TargetForecast(
            quantiles=dict(zip(QUANTILE_COLUMNS, counts[i], strict=True)),
            mean=means[i],
            baselines={name: _or_none(values[i]) for name, values in naive.items()},
            drivers=why[i],
        )
        for i in range(len(rows))
    ]


def _comparables(bundle: Bundle, part: Part) -> list[tuple[ComparablePost, ...]]:
    past = gather(part.panel, part.questions, bundle.gap_days)
    return comparables(part.panel, part.questions, past, part.in_lake)


def _creator_id(part: Part, i: int) -> str | None:
    return part.panel.creator_ids[part.questions.creator[i]] if part.in_lake else None


def _grade(bundle: Bundle, rows: Rows, i: int, target: str) -> Grade:
    tier = int(rows.tier[i])
    days = float(np.expm1(rows.pick(("days_since_counted",))[i, 0]))
    return grade(
        int(rows.n_history[i]),
        None if np.isnan(days) else days,
        TIER_NAMES[tier],
        _coverage(bundle, target, tier),
    )


def _coverage(bundle: Bundle, target: str, tier: int) -> float | None:
    value = bundle.manifest["coverage_by_tier"].get(target, {}).get(TIER_NAMES[tier])
    return None if value is None else round(float(value), 3)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 1)
