"""Draws of clicks, conversions and revenue that go with draws of views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from features.panel import F64, I64
from training.conversions_fit import Levels, Rates, size_of
from training.conversions_model import ConversionsModel
from training.conversions_prior import (
    CLICKS_PER_VIEW,
    CONVERSIONS_PER_CLICK,
    FACTORS,
    SHARE_CENTRES,
    SHARE_OF,
    Kind,
)
from training.conversions_values import Worth, revenue_draws

_MOST = 1 - 1e-12


@dataclass(frozen=True, slots=True)
class Offer:
    """What a post is for: whose brand, which creator, objective and content; None: unknown."""

    brand: str
    kind: Kind = "purchase"
    creator: str | None = None
    objective: str | None = None
    offer: str | None = None
    theme: str | None = None
    format: str | None = None
    hook: str | None = None
    platform: str | None = None

    def level(self, factor: str) -> str | None:
        value: str | None = getattr(self, factor)
        return value


@dataclass(frozen=True, slots=True)
class FunnelDraws:
    """Sampled counts (n_posts, draws) int64; in each draw clicks <= views, conversions <= clicks.

    `revenue` is None where no value per conversion is known; `follows` holds the shares' counts.
    """

    clicks: I64
    conversions: I64
    revenue: F64 | None
    follows: dict[str, I64]


@dataclass(frozen=True, slots=True)
class ScoreDraws:
    """Draws of a rate's logit without its size (n_posts, draws), of the slope and the shape."""

    base: F64
    slope: F64
    shape: F64

    def at(self, rates: Rates, n: F64) -> F64:
        """The logit of the odds' centre at sizes n, (n_posts, draws)."""
        return np.asarray(self.base + self.slope * size_of(n, rates.prior))


def levels_of(offers: Sequence[Offer]) -> Levels:
    """Each post's level of each factor."""
    return {factor: [o.level(factor) for o in offers] for factor in ("kind", *FACTORS)}


def draw_funnel(
    model: ConversionsModel,
    offers: Sequence[Offer],
    views: F64,
    worth: Worth | None,
    rng: np.random.Generator,
) -> FunnelDraws:
    """The funnel of posts with sampled views (n_posts, draws)."""
    levels, draws = levels_of(offers), views.shape[1]
    shown = np.floor(np.maximum(views, 0.0)).astype(np.int64)
    of_view = np.full(len(offers), logit(CLICKS_PER_VIEW.rate))
    clicks = draw_counts(model.clicks, (levels, of_view), shown, rng)
    of_click = np.array([logit(CONVERSIONS_PER_CLICK[o.kind].rate) for o in offers])
    conversions = draw_counts(model.conversions, (levels, of_click), clicks, rng)
    revenue = None if worth is None else revenue_draws(worth, conversions, rng)
    follows = {}
    for name, rates in model.shares.items():
        if any(o.kind != SHARE_OF[name] for o in offers):
            continue
        share = np.full(len(offers), logit(SHARE_CENTRES[name]))
        follows[name] = draw_counts(rates, (levels, share), conversions, rng)
    assert conversions.shape == (len(offers), draws)
    return FunnelDraws(clicks, conversions, revenue, follows)


def draw_counts(
    rates: Rates, asked: tuple[Levels, F64], trials: I64, rng: np.random.Generator
) -> I64:
    """Successes (n, draws) of trials (n, draws): never more than them."""
    scores = draw_scores(rates, asked, trials.shape[1], rng)
    eta = np.clip(scores.at(rates, trials.astype(np.float64)), -40.0, 40.0)
    rate = rng.beta(scores.shape, scores.shape * np.exp(-eta))
    return np.asarray(rng.binomial(trials, np.clip(rate, 0.0, _MOST)), np.int64)


def draw_scores(
    rates: Rates, asked: tuple[Levels, F64], draws: int, rng: np.random.Generator
) -> ScoreDraws:
    """Joint draws for posts with these levels and offsets (n,).

    A level never seen before is one draw of its factor's distribution (Student's t), the same for
    all posts that have it; a level that is not known adds nothing.
    """
    levels, offset = asked
    column = {name: 2 + i for i, name in enumerate(rates.names)}
    wanted = [(f, v) for f in rates.prior.spread for v in dict.fromkeys(levels.get(f, ())) if v]
    known = [name for name in wanted if name in column]
    at = np.array([0, 1, *(column[name] for name in known)])
    effects = _normal(rates.effect[at], rates.covariance[np.ix_(at, at)], draws, rng)
    of_level = dict(zip(known, effects[2:], strict=True))
    scale = {
        f: np.sqrt(var * dof / rng.chisquare(dof, draws))
        for f, (var, dof) in rates.variance.items()
    }
    for name in wanted:
        if name not in of_level:
            of_level[name] = scale[name[0]] * rng.standard_normal(draws)
    base = offset[:, None] + np.broadcast_to(effects[0], (len(offset), draws)).copy()
    for factor in rates.prior.spread:
        for row, level in enumerate(levels.get(factor, ())):
            if level:
                base[row] += of_level[factor, level]
    shape = np.exp(rates.log_shape + rates.log_shape_sd * rng.standard_normal(draws))
    return ScoreDraws(base, effects[1], np.clip(shape, 0.05, 1e4))


def _normal(mean: F64, covariance: F64, draws: int, rng: np.random.Generator) -> F64:
    """(len(mean), draws) of a joint normal."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(mean[:, None] + root @ rng.standard_normal((len(mean), draws)))
