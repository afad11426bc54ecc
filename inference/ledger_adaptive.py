"""The adaptive conformal step: intervals widen where they missed, narrow where they held.

Gibbs & Candes (2021): alpha moves by gamma * (0.2 - miss) at each outcome, and the next interval
is asked for 1 - alpha. Misses are judged by the model's own interval at the alpha of that time,
whether or not the forecasts shown were adapted, so the sequence is one and the same either way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from inference.ledger_store import Entry, Ledger, canonical
from inference.quantiles import logs_of, stretched
from reelcast.records import QUANTILE_COLUMNS, Forecast

LEVEL = "level"
ALPHA = 0.2  # of an 80% interval
WINDOWS_DAYS = (1.0, 3.0, 7.0, 30.0)
_ALPHAS = (0.002, 0.6)  # bounds: intervals of 99.8% and 40%
_Z80 = float(ndtri(1 - ALPHA / 2))

Slice = tuple[str, str]  # target, window


@dataclass(frozen=True, slots=True)
class Level:
    """Where the step stands for a target and window after so many outcomes."""

    alpha: float = ALPHA
    outcomes: int = 0

    @property
    def stretch(self) -> float:
        """How much wider than the model's own interval the next one is.

        >>> Level().stretch, round(Level(0.1).stretch, 3)
        (1.0, 1.283)
        """
        return float(ndtri(1 - self.alpha / 2)) / _Z80

    def step(self, score: float, gamma: float) -> Level:
        """After an outcome with this normal score in the model's own distribution."""
        missed = abs(score) > self.stretch * _Z80
        moved = self.alpha + gamma * (ALPHA - missed)
        return Level(float(np.clip(moved, *_ALPHAS)), self.outcomes + 1)


def window_of(horizon_days: float) -> str:
    """The window nearest to a horizon, in log days.

    >>> [window_of(days) for days in (1.0, 5.0, 20.0)]
    ['24 h', '7 d', '30 d']
    """
    nearest = min(WINDOWS_DAYS, key=lambda days: abs(np.log(horizon_days / days)))
    return f"{nearest * 24:g} h" if nearest < 7 else f"{nearest:g} d"


def follow(scores: Iterable[float], gamma: float, start: Level | None = None) -> Level:
    """Where the step stands after these outcomes' normal scores, in the order they were due."""
    level = start or Level()
    for score in scores:
        level = level.step(score, gamma)
    return level


def keep_levels(ledger: Ledger, levels: Mapping[Slice, Level]) -> int:
    """Append where the step stands for each slice that moved; how many of that were new.

    An id follows from what its entry says and from the slice's entry before it, so that a step
    that stands elsewhere after as many outcomes is kept too.
    """
    last = {_slice(entry): entry for entry in ledger.read(LEVEL)}
    moved = []
    for key, level in levels.items():
        body = {"target": key[0], "window": key[1], "alpha": level.alpha, "n": level.outcomes}
        before = last.get(key)
        if before is None or before.body != body:
            said = canonical([body, before.entry_id if before else None])
            moved.append(Entry(LEVEL, f"l{hashlib.sha256(said).hexdigest()[:24]}", body))
    return ledger.append(moved)


def _slice(entry: Entry) -> Slice:
    return entry.body["target"], entry.body["window"]


def kept_levels(ledger: Ledger) -> dict[Slice, Level]:
    """Where the step stands, as last kept."""
    levels: dict[Slice, Level] = {}
    for entry in ledger.read(LEVEL):
        levels[_slice(entry)] = Level(float(entry.body["alpha"]), int(entry.body["n"]))
    return levels


def adapt(
    forecasts: Sequence[Forecast], levels: Mapping[Slice, Level]
) -> tuple[list[Forecast], list[dict[str, Any]]]:
    """The forecasts with intervals at the step's width, and what was done, for the ledger.

    Medians and means stay: the step corrects widths alone.
    """
    adapted, changes = [], []
    for forecast in forecasts:
        window = window_of(forecast.horizon_days)
        done: dict[str, Any] = {}
        targets = dict(forecast.targets)
        for name, of in forecast.targets.items():
            factor = levels.get((name, window), Level()).stretch
            if factor != 1.0:
                values = np.expm1(stretched(logs_of(of.quantiles), factor)).round(1).tolist()
                wider = dict(zip(QUANTILE_COLUMNS, values, strict=True))
                targets[name] = of.model_copy(update={"quantiles": wider})
                done[name] = {"stretch": round(factor, 6), "quantiles": of.quantiles}
        adapted.append(forecast.model_copy(update={"targets": targets}) if done else forecast)
        changes.append({"adapted_from": done} if done else {})
    return adapted, changes
