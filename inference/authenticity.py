"""Indicators of an account's authenticity, each beside its peers'. No share of false followers:
counts cannot show one, and a person must not be judged by a guess.

An unusual value has innocent causes too (a viral post, a topic, an age group): it is a question to
ask, no verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from features.gather import last_known_followers
from features.panel import DAY_S, F64, Panel
from features.state import TIER_NAMES, tier_index
from inference.past_posts import nearest_counts
from reelcast.records import Record
from reelcast.tables import TARGETS

FEWEST_PEERS, FEWEST_POSTS = 10, 3
FAR = (0.025, 0.975)  # beyond these shares of its peers a value is unusual
WINDOW_DAYS = 30.0
_VIEWS, _LIKES, _COMMENTS, _SHARES = (
    TARGETS.index(name) for name in ("views", "likes", "comments", "shares")
)
MEANINGS = {
    "views per follower": "median views of a post over followers; far below peers, followers do "
    "not watch; far above, posts go beyond followers",
    "engagement per view": "likes, comments and shares over views; far above peers, engagement may "
    "come from elsewhere than viewers",
    "comments per like": "far above or below peers, one of the two may not come from viewers",
    "unevenness of views": "the typical factor between posts; views that are far more even than "
    "peers' are rare among posts that people chose to watch",
    "largest growth of followers": "the largest gain in 30 days, as a share; a jump asks for a "
    "post or a story behind it",
}


class Indicator(Record):
    """One figure of an account, the middle 80% of its peers', and whether it lies beyond the
    middle 95%."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    peers: int
    is_unusual: bool
    words: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Every account's figures (n_creators,) by indicator, NaN where unknown, and its tier."""

    values: Mapping[str, F64]
    tier: tuple[str, ...]


def figures_of(panel: Panel) -> Figures:
    """The figures of all accounts of a panel."""
    counts = nearest_counts(panel, WINDOW_DAYS).counts
    followers = last_known_followers(panel)
    own = [
        _own(counts[panel.creator_start[i] : panel.creator_start[i + 1]], followers[i])
        for i in range(len(panel.creator_ids))
    ]
    values = dict(zip(MEANINGS, np.array(own).reshape(-1, 4).T, strict=False))
    values["largest growth of followers"] = _jumps(panel)
    return Figures(values, tuple(TIER_NAMES[i] for i in tier_index(followers)))


def _own(counts: F64, followers: float) -> tuple[float, float, float, float]:
    """The four figures of one account's posts (n, 5)."""
    if len(counts) < FEWEST_POSTS:
        return (float("nan"),) * 4
    views = counts[:, _VIEWS]
    acts = (
        counts[:, _LIKES] + np.nan_to_num(counts[:, _COMMENTS]) + np.nan_to_num(counts[:, _SHARES])
    )
    logs = np.log1p(views[~np.isnan(views)])
    spread = np.exp(np.median(np.abs(logs - np.median(logs))) * 1.4826) if len(logs) else np.nan
    return (
        _ratio(_median(views), followers),
        _median(acts / np.where(views > 0, views, np.nan)),
        _median(counts[:, _COMMENTS] / np.where(counts[:, _LIKES] > 0, counts[:, _LIKES], np.nan)),
        float(spread),
    )


def _median(values: F64) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) >= FEWEST_POSTS else float("nan")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")


def _jumps(panel: Panel) -> F64:
    """The largest growth of followers between two readings, as a share in 30 days."""
    found = np.full(len(panel.creator_ids), np.nan)
    for i in range(len(found)):
        rows = slice(panel.follower_start[i], panel.follower_start[i + 1])
        counted, at = panel.followers[rows], (panel.follower_key[rows] & ((1 << 34) - 1)) / DAY_S
        days = np.diff(at)
        if len(days) >= FEWEST_POSTS and (counted[:-1] > 0).all() and (days > 0).all():
            rate = np.log(counted[1:] / counted[:-1]) * 30 / np.maximum(days, 7.0)
            found[i] = float(np.expm1(rate.max()))
    return found


def indicators(figures: Figures, index: int) -> tuple[Indicator, ...]:
    """The indicators of the account at `index` of the panel, against its tier's others."""
    tier = figures.tier[index]
    peers = [i for i, name in enumerate(figures.tier) if name == tier and i != index]
    return tuple(
        _indicator(name, float(values[index]), values[peers], tier)
        for name, values in figures.values.items()
    )


def _indicator(name: str, value: float, peers: F64, tier: str) -> Indicator:
    known = peers[~np.isnan(peers)]
    enough = len(known) >= FEWEST_PEERS
    low, high = (float(v) for v in np.quantile(known, [0.1, 0.9])) if enough else (None, None)
    is_known = not np.isnan(value)
    far = np.quantile(known, FAR) if enough else None
    outside = is_known and far is not None and not far[0] <= value <= far[1]
    return Indicator(
        name=name,
        value=value if is_known else None,
        low=low,
        high=high,
        peers=len(known),
        is_unusual=bool(outside),
        words=_words(name, is_known, enough, tier, bool(outside)),
    )


def _words(name: str, is_known: bool, enough: bool, tier: str, outside: bool) -> str:
    if not is_known:
        return "not enough counts to say"
    if not enough:
        return f"fewer than {FEWEST_PEERS} other accounts of the {tier} tier to compare with"
    said = "beyond the middle 95% of peers: ask about it" if outside else "as peers are"
    return f"{said}; {MEANINGS[name]}"
