"""A post's path before it is out: its forecast at 24 h, 72 h, 7 d and 30 d, never falling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import numpy as np

from features.growth_curves import Segment, platform_of
from features.kinds import UNKNOWN
from features.panel import F64
from inference.horizons import name_of, notes_on
from inference.predictor import Predictor
from inference.quantiles import logs_of
from reelcast.records import QUANTILE_COLUMNS, ForecastRequest, ForecastResponse
from reelcast.tracks import Method, PathForecast, PathResponse, Window
from training.forecaster import mean_of
from training.trajectories import WINDOWS_DAYS

Keep = Callable[[ForecastRequest, ForecastResponse], ForecastResponse]


def at_windows(asked: ForecastRequest) -> list[ForecastRequest]:
    """The request at each window."""
    return [
        asked.model_copy(
            update={
                "brief": asked.brief.model_copy(update={"horizon_days": days}),
                "explain": False,
            }
        )
        for days in WINDOWS_DAYS
    ]


def paths(
    predictor: Predictor, asked: ForecastRequest, now: datetime, keep: Keep | None = None
) -> PathResponse:
    """The windows of each creator's next post; `keep` shows each forecast to the ledger."""
    answers = [(one, predictor.respond(one, now)) for one in at_windows(asked)]
    shown = [answer if keep is None else keep(one, answer) for one, answer in answers]
    made = []
    for i, person in enumerate(asked.creators):
        at_each = [answer.forecasts[i] for answer in shown]
        segment = segment_of(
            predictor, at_each[0].creator_id, (person.platform, person.niche), at_each[0].tier
        )
        logs = path_logs(predictor, [answer.forecasts[i].targets for answer in shown], segment)
        made.append(
            PathForecast(
                creator_id=at_each[0].creator_id,
                label=at_each[0].label,
                forecast_ids=tuple(forecast.forecast_id for forecast in at_each),
                targets={name: before_windows(of) for name, of in logs.items()},
                notes=notes_on(predictor.bundle.trajectories, segment),
            )
        )
    return PathResponse(model=predictor.name, paths=tuple(made))


def segment_of(
    predictor: Predictor, creator_id: str | None, kind: tuple[str | None, str | None], tier: str
) -> Segment:
    """The platform, tier and niche by which a creator's growth curve is chosen.

    `kind`: platform and niche as the asker names them, None where not.
    """
    at = -1 if creator_id is None else predictor.panel.creator_index(creator_id)
    posts = range(0) if at < 0 else range(*predictor.panel.creator_start[at : at + 2].tolist())
    own = platform_of(predictor.panel.post_ids[posts[-1]]) if len(posts) else UNKNOWN
    niche = predictor.niches.get(creator_id or "") or kind[1] or UNKNOWN
    return ((kind[0] or own).strip().lower(), tier, niche)


def path_logs(
    predictor: Predictor, at_each: list[Mapping[str, object]], segment: Segment
) -> dict[str, F64]:
    """Log quantiles (n_windows, 7) by target: the forecasts moved to the segment's own curve."""
    ages = np.array(WINDOWS_DAYS)
    own = predictor.bundle.trajectories.curves.of(segment).growth.log_share(ages)
    moved = own - predictor.bundle.model.state.growth.log_share(ages)
    found = {}
    for name in at_each[0]:
        logs = np.array([logs_of(of[name].quantiles) for of in at_each])  # type: ignore[attr-defined]
        found[name] = np.maximum.accumulate(np.maximum(logs + moved[:, None], 0.0), axis=0)
    return found


def before_windows(logs: F64) -> tuple[Window, ...]:
    """The windows of a path (n_windows, 7)."""
    return tuple(
        window_from(
            days, of, "before posting", f"expected {name_of(days)} after posting, before it is out"
        )
        for days, of in zip(WINDOWS_DAYS, logs, strict=True)
    )


def window_from(days: float, logs: F64, method: Method, words: str) -> Window:
    """The window of seven log quantiles."""
    counts = np.maximum(np.expm1(logs), 0.0).round(1).tolist()
    return Window(
        window=name_of(days),
        horizon_days=days,
        quantiles=dict(zip(QUANTILE_COLUMNS, counts, strict=True)),
        mean=round(float(mean_of(logs[None, :])[0]), 1),
        basis="counted" if method == "counted" else "modelled",
        method=method,
        words=words,
    )
