"""Two or more drafts of one creator: how likely each does better than each other.

Drafts of one creator share much of what is not known: whether the account is rising, what the
platform does that week. So their samples share that part of the noise, as measured on past posts
of one creator, and only the rest differs. How much of a forecast difference comes true was
measured on the test posts; a difference is believed to that extent only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from pydantic import Field
from scipy.special import ndtri

from features.panel import F64
from inference.predictor import Predictor
from reelcast.records import (
    QUANTILE_COLUMNS,
    QUANTILES,
    Brief,
    CreatorQuestion,
    ModelName,
    Record,
    Target,
)
from training.joint import MEDIAN

DRAWS = 4096
_SEED = 20_261_127
EVEN = (0.4, 0.6)  # chances between these are called no difference
_MIN_CREATORS = 10


class CompareRequest(Record):
    """Whose post, and its drafts."""

    creator: CreatorQuestion
    drafts: tuple[Brief, ...] = Field(min_length=2, max_length=10)
    names: tuple[str, ...] | None = Field(None, description="of the drafts; default: A, B, ...")
    targets: tuple[Target, ...] | None = Field(None, min_length=1)


class Duel(Record):
    """One draft against another, by one target: `chance` that the first gets more."""

    target: str
    first: str
    second: str
    chance: float
    times: float = Field(description="median of the first over the second, as far as believed")
    is_clear: bool
    words: str


class Draft(Record):
    """A draft's forecast by target: quantiles of counts, as forecast alone."""

    name: str
    quantiles: dict[str, dict[str, float]]
    chance_best: dict[str, float] = Field(description="that it gets most of all drafts")


class CompareResponse(Record):
    """The drafts, each against each, and how far this model tells posts of one creator apart."""

    model: ModelName
    drafts: tuple[Draft, ...]
    duels: tuple[Duel, ...]
    shared_noise: float
    evidence: dict[str, str] = Field(description="by target: what the test posts say, in words")


def compare(predictor: Predictor, asked: CompareRequest, now: datetime) -> CompareResponse:
    """Each draft against each other for the creator's next post, decided at `now`.

    Raises as `Predictor.respond` does.
    """
    names = asked.names or tuple("ABCDEFGHIJ"[: len(asked.drafts)])
    logs = predictor.log_quantiles(asked.creator, asked.drafts, asked.targets, now)
    shared = predictor.bundle.model.shared_noise
    pairs = {t: predictor.bundle.manifest["scores"].get(t, {}).get("pairs") for t in logs}
    samples = {t: draw(_believed(of, pairs[t]), shared) for t, of in logs.items()}
    duels = tuple(
        _duel(target, (names[i], names[j]), (of[i], of[j]), pairs[target])
        for target, of in samples.items()
        for i, j in combinations(range(len(names)), 2)
    )
    return CompareResponse(
        model=predictor.name,
        drafts=tuple(_draft(i, name, logs, samples) for i, name in enumerate(names)),
        duels=duels,
        shared_noise=shared,
        evidence={target: _evidence(pairs[target]) for target in logs},
    )


def draw(log_quantiles: F64, shared: float) -> F64:
    """Samples of log counts (n_drafts, DRAWS): a common part of the noise, and each draft's own.

    `log_quantiles` (n_drafts, n_quantiles); `shared` is the common share of the variance.
    """
    z = _normal_scores(len(log_quantiles) + 1)
    scores = np.sqrt(shared) * z[0] + np.sqrt(1 - shared) * z[1:]
    levels = ndtri(np.array(QUANTILES))
    return np.array([_curve(at, levels, q) for at, q in zip(scores, log_quantiles, strict=True)])


def _curve(at: F64, levels: F64, quantiles: F64) -> F64:
    """Quantiles read at normal scores, going on beyond the outer ones with their slope."""
    inside = np.interp(at, levels, quantiles)
    low = (quantiles[MEDIAN] - quantiles[0]) / (levels[MEDIAN] - levels[0])
    high = (quantiles[-1] - quantiles[MEDIAN]) / (levels[-1] - levels[MEDIAN])
    below, above = np.minimum(at - levels[0], 0) * low, np.maximum(at - levels[-1], 0) * high
    return np.asarray(inside + below + above)


@lru_cache(maxsize=16)
def _normal_scores(n: int) -> F64:
    """(n, DRAWS) by a Latin hypercube of a fixed seed: the same answer at every call."""
    rng = np.random.default_rng(_SEED)
    strata = np.array([rng.permutation(DRAWS) for _ in range(n)])
    return np.asarray(ndtri((strata + 0.5) / DRAWS))


def _believed(logs: F64, pairs: Mapping[str, Any] | None) -> F64:
    """Quantiles drawn together, so that only the tested share of the drafts' difference stays."""
    share = float(np.clip(pairs["slope"], 0.0, 1.0)) if pairs else 0.0
    medians = logs[:, [MEDIAN]]
    return np.asarray(logs - (1 - share) * (medians - medians.mean()))


def _duel(
    target: str, names: tuple[str, str], logs: tuple[F64, F64], pairs: Mapping[str, Any] | None
) -> Duel:
    chance = float((logs[0] > logs[1]).mean() + 0.5 * (logs[0] == logs[1]).mean())
    times = float(np.exp(np.median(logs[0]) - np.median(logs[1])))
    clear = not EVEN[0] <= chance <= EVEN[1] and _tells_apart(pairs)
    winner, share = (names[0], chance) if chance > 0.5 else (names[1], 1 - chance)
    loser = names[1] if winner == names[0] else names[0]
    words = f"{winner} gets more {target} than {loser} with a chance of {share:.0%}"
    return Duel(
        target=target,
        first=names[0],
        second=names[1],
        chance=round(chance, 3),
        times=round(times, 3),
        is_clear=clear,
        words=words if clear else "no difference that the data can show",
    )


def _tells_apart(pairs: Mapping[str, Any] | None) -> bool:
    tested = pairs is not None and pairs["n_creators"] >= _MIN_CREATORS
    return bool(tested and pairs is not None and pairs["low"] > 0.5)


def _draft(i: int, name: str, logs: Mapping[str, F64], samples: Mapping[str, F64]) -> Draft:
    return Draft(
        name=name,
        quantiles={
            t: dict(zip(QUANTILE_COLUMNS, np.expm1(of[i]).round(1).tolist(), strict=True))
            for t, of in logs.items()
        },
        chance_best={t: round(_chance_best(of, i), 3) for t, of in samples.items()},
    )


def _chance_best(samples: F64, i: int) -> float:
    """How often row `i` is the highest; rows that are level share it."""
    top = samples == samples.max(axis=0)
    return float((top[i] / top.sum(axis=0)).mean())


def _evidence(pairs: Mapping[str, Any] | None) -> str:
    if not pairs or pairs["right"] is None or pairs["n_creators"] < _MIN_CREATORS:
        return "not tested: too few creators with two test posts or more"
    told = (
        f"of {pairs['n_pairs']:,} pairs of test posts by one creator, {pairs['right']:.0%} were "
        f"put in the right order (95% interval {pairs['low']:.0%} to {pairs['high']:.0%}), "
        f"{max(pairs['slope'], 0):.0%} of a forecast difference came true"
    )
    return told if _tells_apart(pairs) else f"{told}: no better than a coin"


def briefs_of(captions: Sequence[str]) -> tuple[Brief, ...]:
    """Drafts that differ in their caption alone."""
    return tuple(Brief(caption=caption) for caption in captions)
