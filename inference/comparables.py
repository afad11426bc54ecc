"""The creator's past posts that are most like the one asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from features.gather import Past, Questions
from features.panel import F64, Panel
from reelcast.records import ComparablePost

_SHOWN = 3
_CAPTION = 120


def comparables(
    panel: Panel, asked: Questions, past: Past, named: bool
) -> list[tuple[ComparablePost, ...]]:
    """For each question up to three seen posts, most alike first, then most recent.

    Likeness is the cosine of the texts where both are embedded, else the share of hashtags in
    common. `named` says whether the panel's post ids mean anything to the asker.
    """
    likeness = _likeness(panel, asked, past)
    rank = np.where(past.seen, np.nan_to_num(likeness, nan=-1.0), -np.inf)
    recent = np.arange(rank.shape[1]) * 1e-9
    best = np.argsort(-(rank + recent), axis=1)[:, :_SHOWN]
    return [
        tuple(
            _shown(panel, past, (i, k), likeness[i, k], named) for k in best[i] if past.seen[i, k]
        )
        for i in range(len(asked))
    ]


def _shown(
    panel: Panel, past: Past, at: tuple[int, int], likeness: float, named: bool
) -> ComparablePost:
    post = past.post[at]
    views = past.counts[at][0]
    caption = panel.captions[post]
    return ComparablePost(
        post_id=panel.post_ids[post] if named else None,
        published_at=datetime.fromtimestamp(int(panel.published_s[post]), UTC),
        views=None if np.isnan(views) else float(views),
        similarity=None if np.isnan(likeness) else round(float(likeness), 3),
        caption=None if caption is None else caption[:_CAPTION],
    )


def _likeness(panel: Panel, asked: Questions, past: Past) -> F64:
    """(n, K) cosine of texts, or the Jaccard share of hashtags, NaN where neither is known."""
    if not panel.n_posts:
        return np.full(past.post.shape, np.nan)
    if panel.vectors is not None and asked.vectors is not None:
        theirs, own = panel.vectors[past.post], asked.vectors[:, None, :]
        norms = np.linalg.norm(theirs, axis=2) * np.linalg.norm(own, axis=2)
        return np.asarray((theirs * own).sum(axis=2) / np.maximum(norms, 1e-9), np.float64)
    tags = panel.hashtags[past.post]
    common = sum(
        ((tags == tag[:, None, None]) & (tag != 0)[:, None, None]).any(axis=2).astype(float)
        for tag in asked.hashtags.T
    )
    either = (tags != 0).sum(axis=2) + (asked.hashtags != 0).sum(axis=1)[:, None] - common
    return np.where(either > 0, common / np.maximum(either, 1), np.nan)
