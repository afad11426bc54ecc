"""What a bundle knows of how posts go on: curves, the noise about them by age, stage models."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from features.growth import MATURE_DAYS, spans_of
from features.growth_curves import Curves, Segment, fit_curves, segments_of
from features.panel import F64, I64, Panel
from features.snapshots import PanelTracks, snapshots
from training.trajectory import BUCKETS, MIN_POSTS, StageModel

WINDOWS_DAYS = (1.0, 3.0, 7.0, 30.0)
STAGES = tuple((a, b) for a in WINDOWS_DAYS for b in WINDOWS_DAYS if a < b)
_FILE = "trajectories.json"
_PRIOR_SPANS = 50.0  # held-out spans that weigh as much as the curve's own noise
_HELD_OUT = 0.25  # latest share of posts by which the noise is calibrated


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Curves by segment, factors on their noise by bucket of age, and models of stages.

    `counted` holds for each platform and window how many posts were counted at about 24 h and
    at that window: what a forecast says in words.
    """

    curves: Curves = field(default_factory=Curves)
    noise_factor: tuple[float, ...] = (1.0,) * (len(BUCKETS) + 1)
    stages: tuple[StageModel, ...] = ()
    counted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def stage(self, age_days: float, horizon_days: float) -> StageModel | None:
        """The model for a count at this age, None where none has learned of it."""
        fitting = [s for s in self.stages if s.horizon_days == horizon_days and s.knows(age_days)]
        return min(fitting, key=lambda s: abs(np.log(age_days / s.from_days)), default=None)

    def noise(self, segment: Segment, from_days: F64, to_days: F64) -> F64:
        """Calibrated standard deviation, in logs, of growth between two ages (n,)."""
        factor = np.array(self.noise_factor)[np.searchsorted(BUCKETS, from_days, side="right")]
        return np.asarray(self.curves.of(segment).noise(from_days, to_days) * factor)

    def save(self, folder: Path) -> None:
        """Write `trajectories.json` and the stages' boosters into the folder."""
        data = {
            "curves": self.curves.to_json(),
            "noise_factor": list(self.noise_factor),
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
            tuple(data["noise_factor"]),
            tuple(StageModel.load(folder, of) for of in data["stages"]),
            data["counted"],
        )


def fit_trajectories(
    panel: Panel, until_s: int, niches: Mapping[str, str] | None = None, threads: int = 0
) -> Trajectories:
    """What the counts before `until_s` (seconds since 1970) teach.

    The curves' noise is calibrated on the latest posts, which a first set of curves has not seen.
    """
    segments = segments_of(panel, niches)
    posts = np.flatnonzero(panel.published_s < until_s)
    factor = noise_factor_of(panel, posts, until_s, segments)
    curves = fit_curves(panel, posts, until_s, segments)
    tracks = PanelTracks(panel, curves, segments)
    return Trajectories(
        curves, factor, _stages(tracks, until_s, threads), counted_by_platform(tracks, segments)
    )


def _stages(tracks: PanelTracks, until_s: int, threads: int) -> tuple[StageModel, ...]:
    made = []
    for horizon in WINDOWS_DAYS[1:]:
        of = snapshots(tracks, horizon)
        known = np.flatnonzero(of.known_s < until_s)
        for start, end in STAGES:
            if end == horizon:
                model = StageModel(start, end)
                if len(np.unique(of.post[model.of_stage(of, known)])) >= MIN_POSTS:
                    made.append(model.fit(of, known, threads=threads))
    return tuple(made)


def noise_factor_of(
    panel: Panel, posts: I64, until_s: int, segments: list[Segment]
) -> tuple[float, ...]:
    """By bucket of age how much wider held-out growth varied than the curves said.

    Never growing with age: what is known does not become less.
    """
    neutral = (1.0,) * (len(BUCKETS) + 1)
    if not len(posts):
        return neutral
    cut = np.quantile(panel.published_s[posts], 1 - _HELD_OUT)
    older, held = (
        posts[side] for side in (panel.published_s[posts] < cut, panel.published_s[posts] >= cut)
    )
    curves = fit_curves(panel, older, int(cut), segments)
    spans = spans_of(panel, held, until_s)
    if not len(spans):
        return neutral
    score = np.empty(len(spans))
    for at, post in enumerate(spans.post.tolist()):
        curve = curves.of(segments[post])
        ages = spans.younger_days[[at]], np.minimum(spans.older_days[[at]], MATURE_DAYS)
        score[at] = (
            (spans.log_ratio[at] - curve.rise(*ages)) / np.maximum(curve.noise(*ages), 1e-6)
        )[0]
    bucket = np.searchsorted(BUCKETS, spans.younger_days, side="right")
    found = [_spread(score[bucket == b]) for b in range(len(neutral))]
    return tuple(np.minimum.accumulate(found).tolist())


def _spread(score: F64) -> float:
    """Half the 80% range in normal deviations, shrunk to 1."""
    n = len(score)
    if n < 2:
        return 1.0
    low, high = np.quantile(score, [0.1, 0.9])
    own = max(float(high - low) / (2 * float(ndtri(0.9))), 0.1)
    return float(np.sqrt((_PRIOR_SPANS + n * own**2) / (_PRIOR_SPANS + n)))


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
