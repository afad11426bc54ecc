"""Columns of a draft's text: how like the past it is, how such posts did, and what it says."""

from __future__ import annotations

import numpy as np

from features.context import Context
from features.panel import F64
from features.shared import own_level

_LATELY = 8  # posts that say how like each other a creator's texts usually are
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
    made = [*near, *parts] if k else []
    unsaid = c.asked.is_unsaid
    if not k or not unsaid.any():
        return made
    pairs = zip(_usual(c), made, strict=True)
    return [np.where(unsaid, as_usual, column) for as_usual, column in pairs]


def _usual(c: Context) -> list[F64]:
    """The columns of a draft that says what its creator usually says, and does as those posts do:
    the last posts' similarity to those before them, and the mean of the past's components.
    """
    n, k = len(c.asked), c.state.n_components
    if c.panel.vectors is None or not c.panel.n_posts:
        return [np.full(n, np.nan), np.zeros(n), *np.zeros((k, n))]
    past = np.where(c.past.seen[..., None], c.panel.vectors[c.past.post], np.nan)
    unit = past / np.maximum(np.linalg.norm(past, axis=2), 1e-9)[..., None]
    width = past.shape[1]
    near = [np.full(n, np.nan)] + [
        _row_max(np.einsum("nd,nkd->nk", unit[:, at], unit[:, :at]))
        for at in range(max(1, width - _LATELY), width)
    ]
    parts = [np.nan_to_num(_mean(past[:, :, i])) for i in range(k)]
    return [_mean(np.column_stack(near)), np.zeros(n), *parts]


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


def _mean(values: F64) -> F64:
    """Each row's mean (n,) of what is known, NaN where nothing is."""
    n = (~np.isnan(values)).sum(axis=1)
    total = np.nan_to_num(values).sum(axis=1)
    return np.asarray(np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0))
