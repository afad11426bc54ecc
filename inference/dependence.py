"""How posts of one campaign move together: a documented prior, then the ledger's own estimate.

A post's normal score is where its count lies in its forecast, 0 at the median. It is split into
a shock that all posts of a campaign share, an effect that posts of one creator share, and noise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.panel import F64, I64
from inference.ledger_scores import Resolved
from reelcast.plans import Dependence

PRIOR_SHOCK, PRIOR_CREATOR = 0.08, 0.20  # docs/experiments.md: backtests of two collections
WILLING_CREATOR = 0.33  # of how willing viewers are: what posts of one creator share
WILLING_POST = 0.5  # and what the engagement counts of one post share
ENOUGH = 20  # finished campaigns from which the ledger's estimate counts
_MOST = 0.8


@dataclass(frozen=True, slots=True)
class Finished:
    """Outcomes of posts (n,): normal scores, and codes of their campaigns and creators."""

    score: F64
    campaign: I64
    creator: I64


def prior(campaigns: int = 0) -> Dependence:
    """The documented prior, until enough campaigns have finished."""
    return Dependence(
        campaign_shock=PRIOR_SHOCK,
        creator_effect=PRIOR_CREATOR,
        campaigns=campaigns,
        basis="prior",
        words=f"prior: {campaigns} finished campaigns in the ledger, {ENOUGH} are needed to "
        "estimate how much their posts move together",
    )


def estimate(of: Finished) -> Dependence:
    """Correlations from finished campaigns, shrunk to the prior; the prior below ENOUGH.

    The shock is the mean product of scores of two creators' posts of one campaign, the creator's
    effect that of one creator's posts of one campaign less the shock; both over the mean square.
    """
    campaigns = np.unique(of.campaign)
    if len(campaigns) < ENOUGH:
        return prior(len(campaigns))
    square = max(float((of.score**2).mean()), 1e-9)
    others, own = [], []
    for code in campaigns:
        mine = of.campaign == code
        between, within = _pairs(of.score[mine], of.creator[mine])
        others += between
        own += within
    shock = _shrunk(others, PRIOR_SHOCK, square)
    together = _shrunk(own, PRIOR_SHOCK + PRIOR_CREATOR, square)
    return Dependence(
        campaign_shock=shock,
        creator_effect=float(np.clip(together - shock, 0.0, _MOST - shock)),
        campaigns=len(campaigns),
        basis="ledger",
        words=f"estimated from {len(campaigns)} finished campaigns, shrunk to the prior",
    )


def _pairs(score: F64, creator: I64) -> tuple[list[float], list[float]]:
    """A campaign's mean product over pairs of different creators, and of one creator, if any."""
    product = np.outer(score, score)
    upper = np.triu(np.ones(product.shape, bool), 1)
    same = creator[:, None] == creator[None, :]
    parts = product[upper & ~same], product[upper & same]
    between, within = ([float(part.mean())] if len(part) else [] for part in parts)
    return between, within


def _shrunk(found: Sequence[float], before: float, square: float) -> float:
    if not found:
        return before
    own = float(np.mean(found)) / square
    weight = len(found) / (len(found) + ENOUGH)
    return float(np.clip(weight * own + (1 - weight) * before, 0.0, _MOST))


def scores_of(posts: tuple[I64, int], dependence: Dependence, rng: np.random.Generator) -> F64:
    """Normal scores (draws, n_posts) of posts by these creators: `posts` = codes (n,), draws."""
    creator, draws = posts
    _, index = np.unique(creator, return_inverse=True)
    shock, effect = dependence.campaign_shock, dependence.creator_effect
    shared = rng.standard_normal((draws, 1))
    of_creator = rng.standard_normal((draws, int(index.max(initial=0)) + 1))
    noise = rng.standard_normal((draws, len(creator)))
    return np.asarray(
        np.sqrt(shock) * shared
        + np.sqrt(effect) * of_creator[:, index]
        + np.sqrt(max(1.0 - shock - effect, 0.0)) * noise
    )


class Willing:
    """How willing the viewers of one creator's posts are to like, comment, share and save.

    `shape` = (engagements, scores each, draws). The prior was measured on two collections
    (docs/experiments.md): engagements of one post go together, and so do posts of one creator.
    """

    def __init__(self, shape: tuple[int, int, int], rng: np.random.Generator) -> None:
        self._rng = rng
        self._creator = rng.standard_normal((shape[0] + 1, *shape[1:]))

    def of_post(self) -> F64:
        """Normal scores of one of the creator's posts, in this shape."""
        own = self._rng.standard_normal(self._creator.shape)
        both = np.sqrt(WILLING_CREATOR) * self._creator + np.sqrt(1 - WILLING_CREATOR) * own
        return np.asarray(np.sqrt(WILLING_POST) * both[0] + np.sqrt(1 - WILLING_POST) * both[1:])


def dependence_of(outcomes: Sequence[Resolved]) -> Dependence:
    """What the ledger's finished campaigns say, the prior where they are too few.

    A campaign counts where two or more of its posts' views have come in. A post of an unknown
    creator is nobody else's.
    """
    known = [r for r in outcomes if r.target == "views" and r.campaign_id is not None]
    several = Counter(r.campaign_id for r in known)
    known = [r for r in known if several[r.campaign_id] > 1]
    return estimate(
        Finished(
            np.array([r.own_score for r in known], np.float64),
            _codes([str(r.campaign_id) for r in known]),
            _codes([r.creator_id or f"of {r.post_id}" for r in known]),
        )
    )


def _codes(names: Sequence[str]) -> I64:
    return np.unique(np.array(names, str), return_inverse=True)[1].astype(np.int64)
