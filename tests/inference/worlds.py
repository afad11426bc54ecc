"""Worlds of posts whose labels' and measures' true effects are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.panel import F64
from inference.effect_design import Design
from inference.effect_fit import fit_effects, less_own, level_of_others, others
from inference.effects import Effect, _effects

LABELS, MEASURES = 24, 16
_RATIO = 0.45  # of variances within and between creators


@dataclass(frozen=True, slots=True)
class Planted:
    """How many creators and posts of each, which share of effects is not none, how much creators'
    audiences differ in it."""

    creators: int = 60
    posts: int = 12
    share: float = 0.0
    apart: float = 0.2


def effects_in(world: Planted, seed: int) -> list[tuple[Effect, float]]:
    """What is found in a world, with each true effect in logs."""
    rng = np.random.default_rng(seed)
    each = np.maximum(rng.poisson(world.posts, world.creators), 3)
    creator = np.repeat(np.arange(world.creators), each)
    uses = rng.beta(0.6, 3, (world.creators, LABELS))
    labels = (rng.random((len(creator), LABELS)) < uses[creator]).astype(np.float64)
    usual = rng.normal(0, 0.7, (world.creators, MEASURES))
    measures = usual[creator] + rng.normal(size=(len(creator), MEASURES))
    x = np.column_stack([labels, measures])
    size = np.where(np.arange(x.shape[1]) < LABELS, 0.35, 0.18) * rng.choice([-1, 1], x.shape[1])
    true = np.where(rng.random(x.shape[1]) < world.share, size, 0.0)
    of_each = true + rng.normal(0, world.apart, (world.creators, x.shape[1]))
    level = rng.normal(8, 1.5, world.creators)
    noise = rng.standard_t(5, len(creator)) * np.sqrt(3 / 5)
    log = level[creator] + (x * of_each[creator]).sum(axis=1) + noise
    return _found(x, log, creator, true)


def _found(x: F64, log: F64, creator: F64, true: F64) -> list[tuple[Effect, float]]:
    n = len(log)
    has = np.column_stack([x[:, :LABELS] > 0, np.ones((n, MEASURES), bool)])
    users = np.array([len(np.unique(creator[of])) for of in has.T])
    kept = (has.sum(axis=0) >= 15) & (users >= 5)
    names = [("label" if i < LABELS else "measure", str(i), "") for i in np.flatnonzero(kept)]
    steps = [(0.0, 1.0)] * len(names)
    n_posts = has.sum(axis=0)[kept]
    design = Design(x[:, kept], names, n_posts, users[kept], np.ones(n, bool), steps)
    against = log - level_of_others(log, creator, np.full(n, 8.0), _RATIO)
    weight = 1 / (1 + 1 / (others(creator) + _RATIO))
    when = np.arange(n)[:, None] % 365.0
    columns = (less_own(x[:, kept], creator, _RATIO), less_own(when, creator, _RATIO))
    fit = fit_effects(columns, (against, weight), creator)
    return [(effect, float(true[int(effect.label)])) for effect in _effects(design, fit)]
