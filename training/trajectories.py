"""What a bundle knows of how posts go on: curves, the noise about them by age, stage models."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from features.growth_curves import Curves, Segment, fit_curves, segments_of
from features.panel import F64, I64, Panel
from features.snapshots import YOUNGER, PanelTracks, Snapshots, snapshots
from training.trajectory import BUCKETS, MIN_POSTS, StageModel

WINDOWS_DAYS = (1.0, 3.0, 7.0, 30.0)
STAGES = tuple((a, b) for a in WINDOWS_DAYS for b in WINDOWS_DAYS if a < b)
Rows = tuple[tuple[float, ...], ...]
_N = len(BUCKETS) + 1
_FILE = "trajectories.json"
_PRIOR_COUNTS = 50.0  # held-out posts that weigh as much as the curve and its own noise
_N_BLOCKS = 4  # in time, each held out of the curves that it calibrates


@dataclass(frozen=True, slots=True)
class Fallback:
    """How the curves' growth missed on held-out posts, in units of their noise.

    For each window after the first a shift and a factor by bucket of age (n_windows, n_buckets),
    and how a forecast's misses correlate with the growth's (training.together).
    """

    shift: Rows = ((0.0,) * _N,) * 3
    factor: Rows = ((1.0,) * _N,) * 3
    together: Rows = ((0.0,) * _N,) * 3

    def of(self, age_days: F64, to_days: float) -> tuple[F64, F64]:
        """Shift and factor (n,) of counts at these ages, by the window nearest to `to_days`."""
        window, bucket = _place(age_days, to_days)
        return np.array(self.shift[window])[bucket], np.array(self.factor[window])[bucket]

    def together_at(self, age_days: F64, to_days: float) -> F64:
        """The correlation (n,) of both misses, of counts at these ages."""
        window, bucket = _place(age_days, to_days)
        return np.asarray(np.array(self.together[window])[bucket])

    def to_json(self) -> dict[str, Any]:
        return {"shift": self.shift, "factor": self.factor, "together": self.together}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Fallback:
        names = [name for name in ("shift", "factor", "together") if name in data]
        return cls(**{name: tuple(tuple(row) for row in data[name]) for name in names})


def _place(age_days: F64, to_days: float) -> tuple[int, I64]:
    """The window nearest to an age, and the ages' buckets (n,)."""
    window = int(np.abs(np.log(np.array(WINDOWS_DAYS[1:]) / to_days)).argmin())
    return window, np.searchsorted(BUCKETS, age_days, side="right").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Curves by segment, what corrects them by age, and models of stages.

    `counted` holds for each platform and window how many posts were counted at about 24 h and
    at that window: what a forecast says in words.
    """

    curves: Curves = field(default_factory=Curves)
    fallback: Fallback = field(default_factory=Fallback)
    stages: tuple[StageModel, ...] = ()
    counted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def stage(self, age_days: float, horizon_days: float) -> StageModel | None:
        """The model for a count at this age, None where none has learned of it."""
        fitting = [s for s in self.stages if s.horizon_days == horizon_days and s.knows(age_days)]
        return min(fitting, key=lambda s: abs(np.log(age_days / s.from_days)), default=None)

    def growth(self, segment: Segment, from_days: float, to_days: float) -> tuple[float, float]:
        """Expected log ratio from a count at an age to a later one, and its calibrated noise."""
        ages = np.array([from_days]), np.array([to_days])
        curve = self.curves.of(segment)
        rise, noise = curve.rise(*ages), curve.noise(*ages)
        shift, factor = self.fallback.of(ages[0], to_days)
        return float((rise + shift * noise)[0]), float((noise * factor)[0])

    def together(self, from_days: float, to_days: float) -> float:
        """How a forecast's miss goes with the growth's between these ages: a correlation."""
        return float(self.fallback.together_at(np.array([from_days]), to_days)[0])

    def save(self, folder: Path) -> None:
        """Write `trajectories.json` and the stages' boosters into the folder."""
        data = {
            "curves": self.curves.to_json(),
            "fallback": self.fallback.to_json(),
            "counted": {platform: dict(of) for platform, of in self.counted.items()},
            "stages": [stage.save(folder) for stage in self.stages],
        }
        (folder / _FILE).write_text(json.dumps(data, indent=1, sort_keys=True))

    @classmethod
    def load(cls, folder: Path) -> Trajectories:
        """What `save` wrote, the documented prior where a bundle holds none."""
        if not (folder / _FILE).is_file():
            return cls()
        data: dict[str, Any] = json.loads((folder / _FILE).read_text())
        return cls(
            Curves.from_json(data["curves"]),
            Fallback.from_json(data["fallback"]),
            tuple(StageModel.load(folder, of) for of in data["stages"]),
            data["counted"],
        )


def fit_trajectories(
    panel: Panel, until_s: int, niches: Mapping[str, str] | None = None, threads: int = 0
) -> Trajectories:
    """What the counts before `until_s` (seconds since 1970) teach.

    Shift, noise and the stages' intervals are calibrated on posts that the curves behind them
    have not seen.
    """
    learned = _Learned(panel, until_s, segments_of(panel, niches, until_s))
    posts = np.flatnonzero(panel.published_s < until_s)
    curves = learned.curves(until_s)
    tracks = PanelTracks(panel, curves, learned.segments)
    return Trajectories(
        curves,
        fit_fallback(panel, posts, until_s, learned.segments),
        _stages(learned, tracks, threads),
        counted_by_platform(tracks, learned.segments),
    )


@dataclass(frozen=True, slots=True)
class _Learned:
    """What is known before a second, and what the posts published before another one teach."""

    panel: Panel
    until_s: int
    segments: list[Segment]

    def curves(self, before_s: int) -> Curves:
        posts = np.flatnonzero(self.panel.published_s < before_s)
        return fit_curves(self.panel, posts, self.until_s - 1, self.segments)

    def tracks(self, before_s: int) -> PanelTracks:
        return PanelTracks(self.panel, self.curves(before_s), self.segments)


def _stages(learned: _Learned, tracks: PanelTracks, threads: int) -> tuple[StageModel, ...]:
    made = []
    for horizon in WINDOWS_DAYS[1:]:
        of = snapshots(tracks, horizon)
        known = np.flatnonzero(of.known_s < learned.until_s)
        for start, end in STAGES:
            if end == horizon:
                model = StageModel(start, end)
                if len(np.unique(of.post[model.of_stage(of, known)])) >= MIN_POSTS:
                    early = partial(_snapshots_before, learned, horizon)
                    made.append(model.fit(of, known, early, threads))
    return tuple(made)


def _snapshots_before(learned: _Learned, horizon_days: float, cut_s: int) -> Snapshots:
    return snapshots(learned.tracks(cut_s), horizon_days)


def fit_fallback(panel: Panel, posts: I64, until_s: int, segments: Sequence[Segment]) -> Fallback:
    """What these posts say of curves that have not seen them, by window and bucket of age.

    Each of four blocks in time is held against the curves of the other three: one block alone is
    one season, and shift and noise move with it (docs/experiments.md).
    """
    blocks = [of for of in _blocks(panel, posts) if len(of)]
    held = [
        PanelTracks(
            panel, fit_curves(panel, np.setdiff1d(posts, of), until_s - 1, segments), segments
        )
        for of in blocks
    ]
    if not blocks:
        return Fallback()
    found = [_spreads(list(zip(held, blocks, strict=True)), until_s, w) for w in WINDOWS_DAYS[1:]]
    return Fallback(tuple(of[0] for of in found), tuple(of[1] for of in found))


def _blocks(panel: Panel, posts: I64) -> list[I64]:
    """The posts in blocks of equally many, by the time of publication."""
    in_time = posts[np.argsort(panel.published_s[posts], kind="stable")]
    return [np.sort(of) for of in np.array_split(in_time, _N_BLOCKS)]


def _spreads(
    held: Sequence[tuple[PanelTracks, I64]], until_s: int, window: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Shift and factor by bucket of age; the factor never grows with age."""
    parts = [_misses(tracks, posts, until_s, window) for tracks, posts in held]
    score, bucket, weight = (np.concatenate(of) for of in zip(*parts, strict=True))
    of_bucket = [_spread(score[bucket == b], weight[bucket == b]) for b in range(len(BUCKETS) + 1)]
    factor = never_growing([spread for _, spread in of_bucket])
    return tuple(shift for shift, _ in of_bucket), tuple(factor.tolist())


def _misses(tracks: PanelTracks, posts: I64, until_s: int, window: float) -> tuple[F64, I64, F64]:
    """Of counts that are no stand-ins for the window's: miss in noises, bucket, weight."""
    reached, known_s = tracks.at_age(window)
    use = np.isin(tracks.post, posts) & (known_s[tracks.post] < until_s)
    use &= (tracks.age_days < YOUNGER * window) & ~np.isnan(reached[tracks.post])
    rows = np.flatnonzero(use)
    rise, noise = tracks.rise_and_noise(rows, window)
    score = (reached[tracks.post[rows]] - tracks.log_views[rows] - rise) / np.maximum(noise, 1e-6)
    bucket = np.searchsorted(BUCKETS, tracks.age_days[rows], side="right")
    n = np.bincount(tracks.post[rows] * _N + bucket)
    return score, bucket, 1.0 / n[tracks.post[rows] * _N + bucket]


def never_growing(factors: Sequence[float]) -> F64:
    """The factors, none above an earlier one; an unknown one (NaN) is its neighbour's, else 1.

    >>> never_growing([float("nan"), 1.6, float("nan"), 1.8, 0.9]).tolist()
    [1.6, 1.6, 1.6, 1.6, 0.9]
    """
    of = np.array(factors)
    known = of[~np.isnan(of)]
    lowest = np.fmin.accumulate(of)
    return np.where(np.isnan(lowest), known[0] if len(known) else 1.0, lowest)


def _spread(score: F64, weight: F64) -> tuple[float, float]:
    """Median, and half the 80% range in normal deviations, shrunk to 0 and 1; NaN if unknown."""
    n = weight.sum()
    if n < 2:
        return 0.0, float("nan")
    low, middle, high = weighted_quantiles(score, weight, np.array([0.1, 0.5, 0.9]))
    own = max(float(high - low) / (2 * float(ndtri(0.9))), 0.1)
    share = n / (_PRIOR_COUNTS + n)
    return float(share * middle), float(np.sqrt(1 - share + share * own**2))


def weighted_quantiles(values: F64, weight: F64, levels: F64) -> F64:
    """The smallest values (n_levels,) below or at which these shares of the weight lie.

    >>> weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.array([2.0, 1.0, 1.0]), np.array([0.5]))
    array([2.])
    """
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    at = np.searchsorted(share, levels - 1e-12)
    return np.asarray(values[order][np.minimum(at, len(values) - 1)])


def counted_by_platform(tracks: PanelTracks, segments: list[Segment]) -> dict[str, dict[str, int]]:
    """For each platform and window the posts counted at about a day's age and at the window."""
    platform = np.array([segment[0] for segment in segments], object)
    early = ~np.isnan(tracks.at_age(1.0)[0])
    found: dict[str, dict[str, int]] = {}
    for window in WINDOWS_DAYS:
        both = early & ~np.isnan(tracks.at_age(window)[0])
        for name in sorted(set(platform.tolist())):
            found.setdefault(name, {})[f"{window:g}"] = int((both & (platform == name)).sum())
    return found
