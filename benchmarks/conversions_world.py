"""Simulated campaigns whose true rates are known: brands, creators, offers, one post at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from features.panel import F64, I64

BRANDS, CREATORS, CAMPAIGNS, POSTS = 8, 80, 40, 8
_SD = {"brand": 0.5, "creator": 0.45, "offer": 0.3, "theme": 0.25}
_LEVELS = {"offer": 5, "theme": 10}
_SHAPE = {"clicks": 3.0, "conversions": 4.0}
_CENTRE = {"clicks": 0.003, "conversions": 0.012}
_CENTRE_SD = 0.6


@dataclass(frozen=True, slots=True)
class SimulatedFunnel:
    """Posts in order of time (n,): what each counted, who made it for whom, what it cost.

    `true_effect` are the brands' true effects on the logit of clicks per view, by their code.
    """

    campaign: I64
    levels: dict[str, list[str]]
    views: I64
    clicks: I64
    conversions: I64
    fee: F64
    true_effect: F64


def simulated_funnel(seed: int) -> SimulatedFunnel:
    """One world. A brand's first campaign comes at any time; creators are drawn anew for each."""
    rng = np.random.default_rng(seed)
    brand = rng.integers(0, BRANDS, CAMPAIGNS)
    n = CAMPAIGNS * POSTS
    campaign = np.repeat(np.arange(CAMPAIGNS), POSTS)
    creator = np.concatenate([rng.choice(CREATORS, POSTS, False) for _ in range(CAMPAIGNS)])
    codes = {"brand": np.repeat(brand, POSTS), "creator": creator}
    codes |= {name: rng.integers(0, size, n) for name, size in _LEVELS.items()}
    usual = rng.normal(9.5, 1.0, CREATORS)[creator]
    views = np.exp(usual + rng.normal(0, 0.9, n)).astype(np.int64)
    clicks, true_effect = _counts("clicks", codes, views, rng)
    return SimulatedFunnel(
        campaign,
        {name: [f"{name}{c}" for c in of] for name, of in codes.items()},
        views,
        clicks,
        _counts("conversions", codes, clicks, rng)[0],
        18.0 / 1000 * np.exp(usual + rng.normal(0, 0.3, n)) + 50.0,
        true_effect,
    )


def _counts(
    step: str, codes: dict[str, I64], trials: I64, rng: np.random.Generator
) -> tuple[I64, F64]:
    """Successes (n,), and the brands' true effects."""
    eta = np.full(len(trials), logit(_CENTRE[step]) + rng.normal(0, _CENTRE_SD))
    effects = {name: rng.normal(0, _SD[name], int(of.max()) + 1) for name, of in codes.items()}
    for name, of in codes.items():
        eta += effects[name][of]
    shape = _SHAPE[step]
    counts = rng.binomial(trials, rng.beta(shape, shape * np.exp(-eta)))
    return counts.astype(np.int64), effects["brand"]
