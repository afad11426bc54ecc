"""Growth curves by platform, follower tier and niche, each shrunk to the one above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from features.growth import Growth, Pairs, fit_growth, growth_noise, pairs_of, spans_of
from features.kinds import UNKNOWN
from features.panel import F64, I64, Panel, key_of
from features.state import TIER_NAMES, tier_index

_MIN_PAIRS = 100  # a segment with fewer pairs has no curve of its own
_NOISE_PAIRS = 50.0  # pairs that weigh as much as the noise of the segment above
_MOST = 3.0  # standardised residuals beyond this are recounts or revivals, not noise

Segment = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A growth curve, how much posts vary about it (1: as `growth_noise` says), pairs behind it."""

    growth: Growth = field(default_factory=Growth)
    noise_factor: float = 1.0
    n_pairs: int = 0

    def rise(self, from_days: F64, to_days: F64) -> F64:
        """Expected log of the ratio of the counts at two ages (n,)."""
        return np.asarray(self.growth.log_share(to_days) - self.growth.log_share(from_days))

    def noise(self, from_days: F64, to_days: F64) -> F64:
        """Standard deviation, in logs, of a post's own growth between two ages (n,).

        >>> Curve().noise(np.array([1.0, 7.0]), np.array([7.0, 7.0])).round(2).tolist()
        [0.56, 0.0]
        """
        between = growth_noise(from_days) ** 2 - growth_noise(to_days) ** 2
        return np.asarray(self.noise_factor * np.sqrt(np.maximum(between, 0.0)))


@dataclass(frozen=True, slots=True)
class Curves:
    """The general curve and those of segments: (platform,), (platform, tier), (..., niche)."""

    general: Curve = field(default_factory=Curve)
    by_segment: Mapping[Segment, Curve] = field(default_factory=dict)

    def of(self, segment: Segment) -> Curve:
        """The curve of the segment, or of the narrowest one around it that has its own."""
        for length in range(len(segment), 0, -1):
            found = self.by_segment.get(segment[:length])
            if found is not None:
                return found
        return self.general

    def to_json(self) -> list[dict[str, Any]]:
        return [
            {
                "segment": list(segment),
                "slopes": list(curve.growth.slopes),
                "noise_factor": curve.noise_factor,
                "n_pairs": curve.n_pairs,
            }
            for segment, curve in [((), self.general), *self.by_segment.items()]
        ]

    @classmethod
    def from_json(cls, data: Sequence[Mapping[str, Any]]) -> Curves:
        made = {
            tuple(of["segment"]): Curve(
                Growth(tuple(of["slopes"])), float(of["noise_factor"]), int(of["n_pairs"])
            )
            for of in data
        }
        return cls(made.pop(()), made)


EVER_S = 2**33  # a second (since 1970) after all counts


def segments_of(
    panel: Panel, niches: Mapping[str, str] | None = None, until_s: int = EVER_S
) -> list[Segment]:
    """Each post's (platform, tier, niche); the platform is what a post id begins with.

    The tier is that of the last followers known before `until_s` (seconds since 1970);
    `niches` names creators' niches by their ids.
    """
    tiers = tier_index(last_followers(panel, until_s))
    of_creator = [
        (TIER_NAMES[tier], (niches or {}).get(creator_id, UNKNOWN))
        for tier, creator_id in zip(tiers, panel.creator_ids, strict=True)
    ]
    return [
        (platform_of(post_id), *of_creator[creator])
        for post_id, creator in zip(panel.post_ids, panel.creator.tolist(), strict=True)
    ]


def platform_of(post_id: str) -> str:
    """The platform that a post id of the lake begins with.

    >>> platform_of("tiktok:77001"), platform_of("77001")
    ('tiktok', 'unknown')
    """
    platform, colon, _ = post_id.partition(":")
    return platform if colon else UNKNOWN


def last_followers(panel: Panel, until_s: int) -> F64:
    """Each creator's last followers known before a second (n_creators,), NaN where none are."""
    creators = np.arange(len(panel.creator_ids))
    last = (
        np.searchsorted(panel.follower_key, key_of(creators, np.full(len(creators), until_s))) - 1
    )
    known = last >= panel.follower_start[:-1]
    found = np.full(len(known), np.nan)
    found[known] = panel.followers[last[known]]
    return found


def fit_curves(panel: Panel, posts: I64, until_s: int, segments: Sequence[Segment]) -> Curves:
    """The curves of these posts' pairs of counts up to `until_s`.

    The general curve is shrunk to the documented prior, a platform's to the general one, a
    tier's to its platform's, a niche's to its tier's.
    """
    pairs, spans = pairs_of(panel, posts, until_s), spans_of(panel, posts, until_s)
    general = _fit(pairs, spans, Curve())
    curves: dict[Segment, Curve] = {}
    for length in (1, 2, 3):
        of_pair, of_span = (_codes(of, segments, length) for of in (pairs, spans))
        for segment in sorted(set(of_pair)):
            own = pairs.take(np.array([name == segment for name in of_pair], bool))
            if len(own) >= _MIN_PAIRS:
                above = Curves(general, curves).of(segment[:-1])
                mine = spans.take(np.array([name == segment for name in of_span], bool))
                curves[segment] = _fit(own, mine, above)
    return Curves(general, curves)


def _codes(pairs: Pairs, segments: Sequence[Segment], length: int) -> list[Segment]:
    return [segments[post][:length] for post in pairs.post.tolist()]


def _fit(pairs: Pairs, spans: Pairs, above: Curve) -> Curve:
    """Slopes from successive counts; noise from each post's first and last, which see it whole."""
    growth = fit_growth(pairs.younger_days, pairs.older_days, pairs.log_ratio, above.growth)
    plain = Curve(growth)
    sd = plain.noise(spans.younger_days, spans.older_days)
    use = sd > 0
    rise = plain.rise(spans.younger_days, spans.older_days)
    scores = np.clip((spans.log_ratio[use] - rise[use]) / sd[use], -_MOST, _MOST)
    prior = _NOISE_PAIRS * above.noise_factor**2
    factor = np.sqrt((prior + (scores**2).sum()) / (_NOISE_PAIRS + len(scores)))
    return Curve(growth, float(factor), len(pairs))
