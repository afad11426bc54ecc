"""Columns of what a draft's video shows: its tags, measures and words, and how such posts did."""

from __future__ import annotations

import numpy as np

from features.context import Context
from features.panel import F64
from features.shared import own_level
from features.shown import LABEL_GROUPS

_SHARPNESS = 6.0  # of the weight that likeness gives to a past post


def columns(c: Context) -> list[F64]:
    """What the draft's video shows, and how the creator's posts that show the like did."""
    width = len(c.state.content.columns)
    if not width:
        return []
    shown, row = c.panel.shown, c.asked.shown_row
    if shown is None or not len(shown.values):
        return [np.full(len(c.asked), np.nan)] * width
    own = np.where((row >= 0)[:, None], shown.values[row], np.nan)
    return [*np.asarray(own, np.float64).T, own_content(c)]


def own_content(c: Context) -> F64:
    """how the creator's posts with tags like these do"""
    shown, row = c.panel.shown, c.asked.shown_row
    if shown is None or not c.panel.n_posts:
        return np.where(row >= 0, 0.0, np.nan)
    labels = [i for i, name in enumerate(shown.names) if name.startswith(LABEL_GROUPS)]
    known = np.nan_to_num(shown.values[:, labels])
    units = known / np.maximum(np.linalg.norm(known, axis=1), 1e-9)[:, None]
    past = np.where(c.past.seen, shown.of_post[c.past.post], -1)
    alike = np.einsum("nkd,nd->nk", units[past], units[row])
    has = (past >= 0) & (row >= 0)[:, None]
    level = own_level(c, np.where(has, np.exp(_SHARPNESS * (alike - 1)), np.nan), 1.0)
    return np.where(row >= 0, level, np.nan)
