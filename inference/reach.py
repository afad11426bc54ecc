"""Unique and qualified reach of a campaign: what follows from views under assumptions."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit, ndtri

from features.panel import F64
from reelcast.plans import Assumptions, Share

_Z80 = float(ndtri(0.9))


def unique_viewers(views: F64, under: Assumptions) -> F64:
    """Unique viewers (n_samples,) of posts' sampled views (n_samples, n_posts).

    Posts are taken by size, each adding those whom none before it has shown up to.

    >>> under = Assumptions(reach_per_view=0.5, audience_overlap=0.2)
    >>> unique_viewers(np.array([[100.0, 200.0]]), under).tolist()
    [140.0]
    """
    each = np.sort(views * under.reach_per_view, axis=1)[:, ::-1]
    fresh = (1.0 - under.audience_overlap) ** np.arange(each.shape[1])
    return np.asarray(each @ fresh)


def qualified(reach: F64, under: Assumptions, rng: np.random.Generator) -> F64:
    """Reach (n_samples,) times the shares in target and authentic that are assumed.

    A share is drawn anew for each sample, normal in its log odds, so that its range widens the
    product's.
    """
    for share in (under.in_target, under.authentic):
        if share is not None:
            reach = reach * _drawn(share, rng.standard_normal(len(reach)))
    return reach


def _drawn(share: Share, z: F64) -> F64:
    low, high = logit([share.low, share.high])
    return np.asarray(expit((low + high) / 2 + z * (high - low) / (2 * _Z80)))


def words_of(under: Assumptions) -> tuple[str, ...]:
    """Each assumption, and what does not follow from data."""
    named = (("in target", under.in_target), ("real people", under.authentic))
    shares = tuple(
        f"assumption: {of.low:.0%} to {of.high:.0%} of viewers are {name}"
        for name, of in named
        if of is not None
    )
    return (
        f"assumption: {under.reach_per_view:g} unique viewers per view of one post",
        f"assumption: a viewer of one post saw any one other with chance "
        f"{under.audience_overlap:g}, independently",
        *shares,
        "reach follows from these assumptions; it is neither counted nor learned",
    )
