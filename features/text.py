"""Columns of a draft's text: how like the past it is, how such posts did, and what it says."""

from __future__ import annotations

import numpy as np

from features.context import Context
from features.panel import F64
from features.shared import own_level

NAMES = ("text_similarity", "text_similar_posts")


def names(n_components: int) -> tuple[str, ...]:
    """Names in the order of `columns`; none without components."""
    return (*NAMES, *(f"text_{i}" for i in range(n_components))) if n_components else ()


def columns(c: Context) -> list[F64]:
    """Similarity to the past, the past of similar posts, and the draft's own components."""
    k = c.state.n_components
    nothing = np.full(len(c.asked), np.nan)
    similarity = _similarity(c)
    if not c.panel.n_posts and c.asked.vectors is not None:
        near = [nothing, np.zeros(len(c.asked))]
    elif similarity is None:
        near = [nothing, nothing]
    else:
        near = [_row_max(similarity), own_level(c, np.exp(4 * (similarity - 1)), 0.5)]
    own = c.asked.vectors
    parts = [nothing] * k if own is None else list(np.asarray(own, np.float64).T)
    return [*near, *parts] if k else []


def _similarity(c: Context) -> F64 | None:
    """(n, K) cosine of the draft's text with each past post's, NaN where either has none."""
    if c.asked.vectors is None or c.panel.vectors is None or not c.panel.n_posts:
        return None
    past = np.where(c.past.seen[..., None], c.panel.vectors[c.past.post], np.nan)
    dot = np.einsum("nkd,nd->nk", past, c.asked.vectors)
    norms = np.linalg.norm(past, axis=2) * np.linalg.norm(c.asked.vectors, axis=1)[:, None]
    return np.asarray(dot / np.maximum(norms, 1e-9), np.float64)


def _row_max(values: F64) -> F64:
    filled = np.where(np.isnan(values), -np.inf, values).max(axis=1)
    return np.where(np.isinf(filled), np.nan, filled)
