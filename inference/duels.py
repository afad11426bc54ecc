"""Differences between drafts as a joint posterior, and which of many may be called clear.

How much of a forecast difference comes true is known to a slope with an error; what each label
and measure is worth is known to an effect with an error. One draw of these makes one table of
expected differences between all drafts, of all targets. A duel's sign error is the chance that
its expected difference has the other sign (Stephens 2017). As many duels are called clear as keep
the mean sign error of those called at 10%, however many are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from features.panel import F64
from inference.content_model import ContentModel

DRAWS = 4096
FALSE_SHARE = 0.10  # of the duels called clear, how many may have the wrong sign
MIN_CREATORS = 10  # tested ones, below which nothing is believed
_SEED = 20_261_127


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected log counts of drafts about their mean: as believed (n_drafts,), and as draws of
    what is believed (DRAWS, n_drafts)."""

    believed: F64
    draws: F64

    def __add__(self, other: Expected) -> Expected:
        return Expected(self.believed + other.believed, self.draws + other.draws)

    def __sub__(self, other: Expected) -> Expected:
        return Expected(self.believed - other.believed, self.draws - other.draws)


def tells_apart(skill: Mapping[str, Any] | None) -> bool:
    """Whether pairs of posts of one creator were put in order better than by a coin."""
    if not skill or skill["n_creators"] < MIN_CREATORS or skill.get("slope_error") is None:
        return False
    return bool(skill["low"] > 0.5)


def forecast_part(medians: F64, skill: Mapping[str, Any] | None) -> Expected:
    """What is believed of drafts with forecast log medians (n,): the tested slope of a difference,
    between none and all of it; nothing where tests did not tell posts apart."""
    rng = np.random.default_rng(_SEED)
    apart = medians - medians.mean()
    share, slopes = _slopes(skill, rng)
    return Expected(share * apart, slopes[:, None] * apart)


def content_part(model: ContentModel | None, rows: F64 | None, n: int) -> Expected:
    """The same of `n` drafts by their contents' columns (n, k)."""
    if model is None or rows is None:
        return Expected(np.zeros(n), np.zeros((DRAWS, n)))
    rng = np.random.default_rng(_SEED + 1)
    rows = rows - rows.mean(axis=0)
    share, slopes = _slopes(model.skill, rng)
    effects = model.mean + model.sd * rng.standard_normal((DRAWS, len(model.mean)))
    return Expected(share * (rows @ model.mean), slopes[:, None] * (effects @ rows.T))


def _slopes(skill: Mapping[str, Any] | None, rng: np.random.Generator) -> tuple[float, F64]:
    """The share believed, and draws (DRAWS,) of it; zeros where nothing is believed."""
    z = rng.standard_normal(DRAWS)
    if skill is None or not tells_apart(skill):
        return 0.0, np.zeros(DRAWS)
    slope, error = float(skill["slope"]), float(skill["slope_error"])
    return float(np.clip(slope, 0.0, 1.0)), slope + error * z


def sign_error(draws: F64) -> float:
    """The chance that a difference (DRAWS,) has the less likely sign; .5 where there is none.

    >>> sign_error(np.array([1.0, 2.0, -1.0, 0.0])), sign_error(np.zeros(3))
    (0.375, 0.5)
    """
    above = float((draws > 0).mean() + 0.5 * (draws == 0).mean())
    return min(above, 1 - above)


def called(sign_errors: F64) -> list[bool]:
    """Which of these duels (n,) may be called clear: the surest, while their mean error is low.

    >>> called(np.array([0.3, 0.01, 0.08, 0.2]))
    [False, True, True, True]
    """
    order = np.argsort(sign_errors, kind="stable")
    mean = np.cumsum(sign_errors[order]) / np.arange(1, len(order) + 1)
    n = int((mean <= FALSE_SHARE).sum())
    clear = np.zeros(len(order), bool)
    clear[order[:n]] = True
    return clear.tolist()
