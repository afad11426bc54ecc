"""What features learn from training rows only: priors of creators' levels, and text components."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from features.gather import Questions
from features.groups import Accounts, Groups, fit_groups
from features.growth import Growth
from features.kinds import Kind
from features.panel import F64, I64
from features.questions import Outcomes
from features.shown import Basis, ContentState
from reelcast.records import TIERS
from reelcast.tables import TARGETS

TIER_NAMES = (*(name for name, _ in TIERS), "unknown")
_EDGES = np.array([below for _, below in TIERS[:-1]])
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class State:
    """Fitted on training rows: the growth curve, `prior_mean` (5 targets, 6 tiers), `prior_ratio`
    (5,) within over between variance of mature log counts, `rate_mean` (4,) log rates per view,
    `size_slope` (5,) of levels on log followers within a tier, `tier_size` (6,) a tier's mean log
    followers, the text basis.
    """

    growth: Growth
    prior_mean: F64
    prior_ratio: F64
    rate_mean: F64
    usual_duration_s: float  # median of training posts, NaN where unknown
    size_slope: F64 = field(default_factory=lambda: np.zeros(len(TARGETS)))
    tier_size: F64 = field(default_factory=lambda: np.zeros(len(TIER_NAMES)))
    text_mean: F32 | None = None  # (384,)
    text_basis: F32 | None = None  # (384, components)
    content: ContentState = field(default_factory=ContentState)
    groups: Groups = field(default_factory=Groups)  # platforms' and niches' levels above that
    has_places: bool = False  # whether any training post's language names a place
    usual_length: float = 0.0  # median log1p of characters of training posts' texts
    usual_hashtags: float = 0.0  # median number of training posts' hashtags

    @property
    def n_components(self) -> int:
        return 0 if self.text_basis is None else self.text_basis.shape[1]

    def prior_log(self, followers: F64, kinds: Sequence[Kind]) -> F64:
        """The level of accounts of this size and kind (n, 5), log counts: the tier's, within it
        the slope on log followers, and what platform and niche add to it; of unknown followers
        the tier `unknown`'s.
        """
        tier = tier_index(followers)
        larger = np.nan_to_num(np.log1p(followers) - self.tier_size[tier])
        of_size = self.prior_mean[:, tier].T + larger[:, None] * self.size_slope
        return np.asarray(of_size + self.groups.of(kinds, tier))

    def reduce(self, vectors: F32 | None) -> F32 | None:
        """Components of embeddings: (n, 384) -> (n, components); a NaN row (no text) stays NaN."""
        if vectors is None or self.text_basis is None or self.text_mean is None:
            return None
        return np.asarray((vectors - self.text_mean) @ self.text_basis, np.float32)

    def save(self, path: Path) -> None:
        """Write `state.json` (priors) and `text.npz` (basis) into the folder `path`."""
        priors = {
            "targets": TARGETS,
            "tiers": TIER_NAMES,
            "growth": self.growth.slopes,
            "prior_mean": self.prior_mean.tolist(),
            "prior_ratio": self.prior_ratio.tolist(),
            "rate_mean": self.rate_mean.tolist(),
            "usual_duration_s": self.usual_duration_s,
            "usual_length": self.usual_length,
            "usual_hashtags": self.usual_hashtags,
            "size_slope": self.size_slope.tolist(),
            "tier_size": self.tier_size.tolist(),
            "content": list(self.content.names),
            "groups": self.groups.to_json(),
            "has_places": self.has_places,
        }
        (path / "state.json").write_text(json.dumps(priors, indent=1))
        if self.text_mean is not None and self.text_basis is not None:
            np.savez(path / "text.npz", mean=self.text_mean, basis=self.text_basis)
        if self.content.words is not None:
            words = self.content.words
            np.savez(path / "words.npz", mean=words.mean, basis=words.axes)

    @classmethod
    def load(cls, path: Path) -> State:
        priors = json.loads((path / "state.json").read_text())
        text, words = (
            np.load(path / name) if (path / name).exists() else {}
            for name in ("text.npz", "words.npz")
        )
        return cls(
            Growth(tuple(priors["growth"])),
            np.array(priors["prior_mean"]),
            np.array(priors["prior_ratio"]),
            np.array(priors["rate_mean"]),
            float(priors["usual_duration_s"]),
            np.array(priors["size_slope"]),
            np.array(priors["tier_size"]),
            text["mean"] if text else None,
            text["basis"] if text else None,
            ContentState(
                tuple(priors["content"]), Basis(words["mean"], words["basis"]) if words else None
            ),
            Groups.from_json(priors.get("groups", ())),
            bool(priors["has_places"]),
            float(priors["usual_length"]),
            float(priors["usual_hashtags"]),
        )


def tier_index(followers: F64) -> I64:
    """Index into TIER_NAMES of each follower count; the last (unknown) for NaN."""
    index = np.searchsorted(_EDGES, followers, side="right")
    return np.where(np.isnan(followers), len(TIER_NAMES) - 1, index).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Learned:
    """Training rows: questions, their outcomes, followers (n,), NaN if unknown, creators' kinds."""

    asked: Questions
    outcomes: Outcomes
    followers: F64
    kinds: Sequence[Kind]


def fit_state(growth: Growth, learned: Learned, n_components: int) -> State:
    """The state of training rows.

    Variances are the one-way analysis of variance's moment estimates (Searle et al. 1992); what
    platforms and niches add to a tier's level is taken out before tiers are fitted.
    """
    asked, outcomes = learned.asked, learned.outcomes
    logs = outcomes.mature_log(growth)
    tier, size = tier_index(learned.followers), np.log1p(learned.followers)
    tier_size = _tier_size(tier, size)
    within = size - tier_size[tier]
    means, ratios, slopes = _levels(logs, asked.creator, tier, within)
    groups = fit_groups(_accounts(logs, learned, tier, within), ratios)
    if groups.shift:
        logs = logs - groups.of(learned.kinds, tier)
        means, ratios, slopes = _levels(logs, asked.creator, tier, within)
    text = Basis.of(asked.vectors, np.arange(len(asked)), n_components)
    durations = asked.duration_s[~np.isnan(asked.duration_s)]
    return State(
        growth,
        means,
        ratios,
        _rate_means(outcomes.counts),
        float(np.median(durations)) if len(durations) else float("nan"),
        slopes,
        tier_size,
        None if text is None else text.mean,
        None if text is None else text.axes,
        groups=groups,
        usual_length=float(np.median(np.log1p([len(text) for text in asked.texts] or [0]))),
        usual_hashtags=float(np.median((asked.hashtags != 0).sum(axis=1))) if len(asked) else 0.0,
    )


def _levels(logs: F64, creator: I64, tier: I64, within: F64) -> tuple[F64, F64, F64]:
    """Of each target: tiers' means, the ratio of variances, the slope on followers."""
    means, ratios, slopes = [], [], []
    for target in range(len(TARGETS)):
        known = ~np.isnan(logs[:, target])
        own = creator[known], tier[known]
        mean, ratio = _level_prior(logs[known, target], *own)
        means.append(mean)
        ratios.append(ratio)
        slopes.append(_size_slope(logs[known, target] - mean[own[1]], own[0], within[known]))
    return np.array(means), np.array(ratios), np.array(slopes)


def _accounts(logs: F64, learned: Learned, tier: I64, within: F64) -> Accounts:
    """The rows by creator; tier and size as at the last row."""
    ids, index = np.unique(learned.asked.creator, return_inverse=True)
    last = np.zeros(len(ids), np.int64)
    last[index] = np.arange(len(index))
    known = ~np.isnan(logs)
    n = np.stack([np.bincount(index, of, len(last)) for of in known.T], axis=1).astype(np.float64)
    sums = np.stack([np.bincount(index, of, len(last)) for of in np.nan_to_num(logs).T], axis=1)
    level = np.divide(sums, n, out=np.full(n.shape, np.nan), where=n > 0)
    return Accounts([learned.kinds[i] for i in last.tolist()], tier[last], within[last], level, n)


def _level_prior(log: F64, creator: I64, tier: I64) -> tuple[F64, float]:
    """Each tier's mean of creators' means (the overall one where fewer than 5 creators), ratio."""
    if not len(log):
        return np.full(len(TIER_NAMES), np.nan), 5.0
    ids, index = np.unique(creator, return_inverse=True)
    n = np.bincount(index)
    mean = np.bincount(index, log) / n
    within = ((log - mean[index]) ** 2).sum() / max(1, len(log) - len(ids))
    n0 = (len(log) - (n**2).sum() / len(log)) / max(1, len(ids) - 1)
    between = ((n * (mean - log.mean()) ** 2).sum() / max(1, len(ids) - 1) - within) / max(n0, 1e-9)
    ratio = float(np.clip(within / max(between, 1e-3), 0.05, 50.0))
    tier_of_creator = np.zeros(len(ids), np.int64)
    tier_of_creator[index] = tier
    by_tier = np.full(len(TIER_NAMES), mean.mean())
    for t in range(len(TIER_NAMES)):
        own = mean[tier_of_creator == t]
        if len(own) >= 5:
            by_tier[t] = own.mean()
    return by_tier, ratio


def _tier_size(tier: I64, size: F64) -> F64:
    """Each tier's mean log followers, 0 where none is known."""
    known = ~np.isnan(size)
    n = np.bincount(tier[known], minlength=len(TIER_NAMES))
    return np.bincount(tier[known], size[known], len(TIER_NAMES)) / np.maximum(n, 1)


def _size_slope(above: F64, creator: I64, size: F64) -> float:
    """The slope of creators' mean levels on log followers within their tiers, between 0 and 1.5.

    Drawn to 0 as if by ten creators more, who differ from their tier's size by one log unit.
    """
    known = ~np.isnan(size)
    if not known.any():
        return 0.0
    _, index = np.unique(creator[known], return_inverse=True)
    n = np.bincount(index)
    level, log = np.bincount(index, above[known]) / n, np.bincount(index, size[known]) / n
    return float(np.clip((level @ log) / (log @ log + 10.0), 0.0, 1.5))


def _rate_means(counts: F64) -> F64:
    """Log of summed engagement over summed views, where both are known; NaN without any."""
    views = counts[:, 0]
    rates = []
    for target in range(1, len(TARGETS)):
        both = ~np.isnan(views) & ~np.isnan(counts[:, target])
        total = views[both].sum()
        rates.append(np.log((counts[both, target].sum() + 0.5) / (total + 1)) if total else np.nan)
    return np.array(rates)
