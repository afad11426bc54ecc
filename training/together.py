"""How a forecast's miss and its growth's miss go together: what the growth update must not ignore.

A post that beats its forecast also outgrows the curve: the forecast of a later count holds the
growth until then, so both miss by it. Learned on posts that neither heads nor curves have seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from features.growth_curves import EVER_S, Segment
from features.panel import F64, I64, Panel
from features.snapshots import YOUNGER, PanelTracks
from training.trajectories import WINDOWS_DAYS, Fallback, Rows, Trajectories, never_growing
from training.trajectory import BUCKETS

_PRIOR_POSTS = 50.0  # held-out posts that weigh as much as no correlation
_MIN_POSTS = 50  # fewer say nothing of their ages: those have the younger neighbour's
_MOST = 3.0  # standard deviations beyond which a miss counts no more
_CLOSEST = 0.8
_MIN_SD = 0.05  # log units


@dataclass(frozen=True, slots=True)
class Held:
    """Forecasts before posting (n,) of posts that the model had not seen: in logs, at an age."""

    post: I64  # index into the panel's posts
    mean: F64
    sd: F64
    at_days: F64


def held_of(predictions: pa.Table, panel: Panel) -> Held:
    """The forecasts of a backtest's table of views."""
    number = {name: at for at, name in enumerate(panel.post_ids)}
    low, middle, high = (
        np.log1p(np.asarray(predictions[name].to_numpy(), np.float64))
        for name in ("q10", "q50", "q90")
    )
    return Held(
        np.array([number[name] for name in predictions["post_id"].to_pylist()], np.int64),
        middle,
        np.maximum((high - low) / (2 * float(ndtri(0.9))), _MIN_SD),
        np.asarray(predictions["horizon_days"].to_numpy(), np.float64),
    )


def with_together(
    of: Trajectories, panel: Panel, segments: Sequence[Segment], held: Held
) -> Trajectories:
    """The trajectories with the correlations that these posts show."""
    found = together(PanelTracks(panel, of.curves, segments), of.fallback, held)
    return replace(of, fallback=replace(of.fallback, together=found))


def together(tracks: PanelTracks, fallback: Fallback, held: Held, until_s: int = EVER_S) -> Rows:
    """Correlation of both misses by window and bucket of age, at least 0, shrunk to 0.

    Only counts before `until_s` (seconds since 1970) are read. It never grows with age: a later
    count then never widens the update.
    """
    return tuple(
        _of_window(tracks, fallback, held, (window, until_s)) for window in WINDOWS_DAYS[1:]
    )


def _of_window(
    tracks: PanelTracks, fallback: Fallback, held: Held, by: tuple[float, int]
) -> tuple[float, ...]:
    window, until_s = by
    before, grown, rows = _misses(tracks, fallback, held, (window, until_s))
    bucket = np.searchsorted(BUCKETS, tracks.age_days[rows], side="right")
    found = []
    for each in range(len(BUCKETS) + 1):
        mine = bucket == each
        _, index, n = np.unique(tracks.post[rows[mine]], return_inverse=True, return_counts=True)
        found.append(_correlation(before[mine], grown[mine], 1.0 / n[index]))
    if np.isnan(found).all():
        return (0.0,) * len(found)
    return tuple(never_growing(found).tolist())


def _misses(
    tracks: PanelTracks, fallback: Fallback, held: Held, by: tuple[float, int]
) -> tuple[F64, F64, I64]:
    """Standardised misses of forecast and of growth (n,) at a window, and the counts (n,) asked."""
    window, until_s = by
    reached, known_s = tracks.at_age(window)
    at = np.full(len(reached), -1)
    at[held.post] = np.arange(len(held.post))
    use = (at[tracks.post] >= 0) & (known_s[tracks.post] < until_s)
    use &= (tracks.age_days < YOUNGER * window) & ~np.isnan(reached[tracks.post])
    rows = np.flatnonzero(use)
    came, of = reached[tracks.post[rows]], at[tracks.post[rows]]
    rise, noise = tracks.rise_and_noise(rows, window)
    shift, factor = fallback.of(tracks.age_days[rows], window)
    grown = (came - tracks.log_views[rows] - rise - shift * noise) / np.maximum(
        noise * factor, 1e-6
    )
    said = held.mean + _moved(tracks, held, window)
    return (came - said[of]) / held.sd[of], grown, rows


def _moved(tracks: PanelTracks, held: Held, window: float) -> F64:
    """What the curves add to each forecast between its age and the window, logs (n,)."""
    ages = np.column_stack([held.at_days, np.full(len(held.post), window)])
    shares = [
        tracks.curve(post).growth.log_share(of)
        for post, of in zip(held.post.tolist(), ages, strict=True)
    ]
    return np.diff(np.array(shares).reshape(-1, 2), axis=1)[:, 0]


def _correlation(one: F64, other: F64, weight: F64) -> float:
    """The weighted correlation, at least 0, shrunk by the posts behind it; NaN for too few."""
    n = float(weight.sum())
    if n < _MIN_POSTS:
        return float("nan")
    a, b = (
        np.clip(of, -_MOST, _MOST) - np.average(np.clip(of, -_MOST, _MOST), weights=weight)
        for of in (one, other)
    )
    spread = np.sqrt((weight * a**2).sum() * (weight * b**2).sum())
    found = float((weight * a * b).sum() / max(spread, 1e-12))
    return float(np.clip(found * n / (n + _PRIOR_POSTS), 0.0, _CLOSEST))
