"""A post as it stands at an age: what was counted until then, as columns for a trajectory model.

Only what had been observed when the post was counted is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from features.growth import MATURE_DAYS
from features.growth_curves import Curve, Curves, Segment
from features.panel import DAY_S, F64, I64, Panel, key_of

YOUNGEST_DAYS = 0.1  # a count of a younger post says next to nothing
_PAST_POSTS = 1.5  # earlier posts that weigh as much as knowing none
YOUNGER = 0.85  # of a horizon: a count so young never stands for the horizon's (see _NEAR)
_NEAR = 0.1  # a count so near to the horizon (in log ages) stands for it, brought there
_MILLION = 1e6
_BRACKET = 0.7  # else two counts on its sides, so near to each other, are interpolated


@dataclass(frozen=True, slots=True)
class Stand:
    """Where posts stand (n,): ages in days, logs of counts, NaN where unknown."""

    age_days: F64
    log_views: F64
    earlier_days: F64  # age at the count before this one
    earlier_log_views: F64
    likes: F64
    comments: F64
    published_s: I64
    duration_s: F64
    past_excess: F64  # how much faster than the curve the creator's earlier posts grew, in noises
    n_past: F64
    past_level: F64  # mean mature log count of the creator's earlier posts, NaN without any

    def __len__(self) -> int:
        return len(self.age_days)


def columns(stand: Stand, rise: F64, log_share: F64) -> F64:
    """(n, 13) columns in the order of COLUMNS, from the curve's rise to the horizon and share."""
    grown = stand.log_views - stand.earlier_log_views
    days = stand.age_days - stand.earlier_days
    per_day = np.expm1(np.maximum(grown, 0.0)) / np.exp(np.maximum(grown, 0.0)) / days
    views = np.exp(stand.log_views)
    return np.column_stack(
        [
            np.log(stand.age_days),
            rise,
            stand.log_views,
            np.log(per_day + 1e-4),
            grown / np.log(stand.age_days / stand.earlier_days),
            days,
            np.log((stand.likes + 1) / views),
            np.log((stand.comments + 1) / views),
            (stand.published_s / DAY_S + 3) % 7,
            stand.published_s % DAY_S / 3600,
            np.log(stand.duration_s),
            stand.past_excess,
            stand.n_past,
            stand.log_views - log_share - stand.past_level,
        ]
    )


COLUMNS = (
    "log_age",
    "curve_rise",
    "log_views",
    "share_gained_per_day",
    "growth_exponent",
    "days_since_count",
    "like_rate",
    "comment_rate",
    "weekday",
    "hour",
    "log_duration",
    "past_excess",
    "n_past",
    "above_past_level",
)


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Counts of a panel's posts (n,) as stands, and how they went on until a horizon."""

    post: I64
    observed_s: I64
    stand: Stand
    values: F64  # (n, n_columns)
    rise: F64  # the curve's expected log ratio from here to the horizon
    noise: F64  # and the curve's standard deviation about it
    log_ratio: F64  # what came, NaN where it is not known
    known_s: I64  # when that was known, 2**40 where it is not


class PanelTracks:
    """A panel's counts, flat: what snapshots and later requests are made from."""

    def __init__(self, panel: Panel, curves: Curves, segments: Sequence[Segment]) -> None:
        self.panel, self.segments = panel, list(segments)
        post = np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))
        age = (panel.obs_s - panel.published_s[post]) / DAY_S
        use = np.flatnonzero((panel.obs_counts[:, 0] > 0) & (age >= YOUNGEST_DAYS))
        self.post, self.age_days = post[use], age[use]
        self.observed_s = panel.obs_s[use]
        self.log_views = np.log(panel.obs_counts[use, 0])
        self.likes, self.comments = panel.obs_counts[use, 1], panel.obs_counts[use, 2]
        names = sorted(set(segments))
        self._curves = [curves.of(name) for name in names]
        number = {name: i for i, name in enumerate(names)}
        self._curve_of_post = np.array([number[name] for name in segments], np.int64)

    def rise_and_noise(self, rows: I64, to_days: float) -> tuple[F64, F64]:
        """The curves' expected log ratio from each count to an age, and the noise about it."""
        rise, noise = np.zeros(len(rows)), np.zeros(len(rows))
        age, goal = self.age_days[rows], np.full(len(rows), to_days)
        of_row = self._curve_of_post[self.post[rows]]
        for number, curve in enumerate(self._curves):
            mine = of_row == number
            rise[mine] = curve.rise(age[mine], goal[mine])
            noise[mine] = curve.noise(age[mine], goal[mine])
        return rise, noise

    def curve(self, post: int) -> Curve:
        return self._curves[int(self._curve_of_post[post])]

    def at_age(self, age_days: float) -> tuple[F64, I64]:
        """Per post its log views at an age (n_posts,), NaN where unknown, and when that was known.

        Two counts on both sides are interpolated in log age; one near by is brought there.
        """
        log_views = np.full(self.panel.n_posts, np.nan)
        known_s = np.full(self.panel.n_posts, 2**40, np.int64)
        key = key_of(self.post, np.round(self.age_days * DAY_S).astype(np.int64))
        posts = np.arange(self.panel.n_posts)
        after = np.searchsorted(key, key_of(posts, np.full(len(posts), round(age_days * DAY_S))))
        for near in (after - 1, after):  # a later known count wins: it is nearer or no worse
            self._bring(near, age_days, log_views, known_s)
        low, high = after - 1, after
        both = (low >= 0) & (high < len(key))
        both[both] = (self.post[low[both]] == posts[both]) & (self.post[high[both]] == posts[both])
        low, high, at = low[both], high[both], posts[both]
        gap = np.log(self.age_days[high] / self.age_days[low])
        close = gap <= _BRACKET
        low, high, at, gap = low[close], high[close], at[close], gap[close]
        weight = np.log(age_days / self.age_days[low]) / np.maximum(gap, 1e-9)
        log_views[at] = self.log_views[low] + weight * (self.log_views[high] - self.log_views[low])
        known_s[at] = self.observed_s[high]
        return log_views, known_s

    def _bring(self, rows: I64, age_days: float, log_views: F64, known_s: I64) -> None:
        posts = np.flatnonzero((rows >= 0) & (rows < len(self.post)))
        posts = posts[self.post[rows[posts]] == posts]
        posts = posts[np.abs(np.log(self.age_days[rows[posts]] / age_days)) <= _NEAR]
        rise, _ = self.rise_and_noise(rows[posts], age_days)
        log_views[posts] = self.log_views[rows[posts]] + rise
        known_s[posts] = self.observed_s[rows[posts]]


class CreatorPast:
    """What was known at a time of how a creator's other posts grew."""

    def __init__(self, tracks: PanelTracks, horizon_days: float) -> None:
        panel = tracks.panel
        reached, known_s = tracks.at_age(horizon_days)
        early = np.flatnonzero(tracks.age_days < 0.7 * horizon_days)
        rows = early[np.diff(tracks.post[early], prepend=-1) != 0]
        post = tracks.post[rows]
        rise, noise = tracks.rise_and_noise(rows, horizon_days)
        excess = (reached[post] - tracks.log_views[rows] - rise) / np.maximum(noise, 1e-6)
        known = ~np.isnan(excess)
        self._excess = _Running(
            panel, post[known], known_s[post[known]], np.clip(excess[known], -3, 3)
        )
        ripe = np.flatnonzero(tracks.age_days >= 0.75)
        ripe = ripe[np.diff(tracks.post[ripe], prepend=-1) != 0]
        mature, _ = tracks.rise_and_noise(ripe, MATURE_DAYS)
        self._level = _Running(
            panel, tracks.post[ripe], tracks.observed_s[ripe], tracks.log_views[ripe] + mature
        )

    def at(self, creator: I64, at_s: I64, but: I64) -> tuple[F64, F64, F64]:
        """Shrunk excess growth, number of posts behind it, and mean mature log count (n,).

        `but`: the post that is asked about, left out; -1 where it is not one of the panel's.
        """
        total, n = self._excess.until(creator, at_s, but)
        level, n_level = self._level.until(creator, at_s, but)
        mean = np.where(n_level > 0, level / np.maximum(n_level, 1), np.nan)
        return total / (n + _PAST_POSTS), n, mean


class _Running:
    """Sums by creator of what became known when (one value a post), to be looked up at any second.

    Summed in whole millionths, so that what comes later changes no earlier sum by a rounding.
    """

    def __init__(self, panel: Panel, post: I64, known_s: I64, value: F64) -> None:
        key = key_of(panel.creator[post], known_s)
        order = np.argsort(key, kind="stable")
        self._key = key[order]
        whole = np.round(value * _MILLION).astype(np.int64)
        self._sum = np.concatenate([[0], np.cumsum(whole[order])])
        self._own = np.zeros(panel.n_posts + 1, np.int64)  # the last stands for no post, -1
        self._own_s = np.full(panel.n_posts + 1, 2**40, np.int64)
        self._own[post], self._own_s[post] = whole, known_s

    def until(self, creator: I64, at_s: I64, but: I64) -> tuple[F64, F64]:
        """Sum and number of what was known before each second (n,), without the posts `but`."""
        start = np.searchsorted(self._key, key_of(creator, np.zeros(len(creator), np.int64)))
        end = np.searchsorted(self._key, key_of(creator, at_s))
        is_in = self._own_s[but] < at_s
        total = self._sum[end] - self._sum[start] - np.where(is_in, self._own[but], 0)
        return total / _MILLION, (end - start - is_in).astype(np.float64)


def snapshots(tracks: PanelTracks, horizon_days: float) -> Snapshots:
    """All counts of posts younger than YOUNGER of the horizon, with what came of them."""
    rows = np.flatnonzero(tracks.age_days < YOUNGER * horizon_days)
    post, panel = tracks.post[rows], tracks.panel
    reached, known_s = tracks.at_age(horizon_days)
    excess, n_past, level = CreatorPast(tracks, horizon_days).at(
        panel.creator[post], tracks.observed_s[rows], post
    )
    earlier = np.maximum(rows - 1, 0)
    has = (rows > 0) & (tracks.post[earlier] == post)
    has &= tracks.age_days[rows] - tracks.age_days[earlier] > 0.02
    stand = Stand(
        age_days=tracks.age_days[rows],
        log_views=tracks.log_views[rows],
        earlier_days=np.where(has, tracks.age_days[earlier], np.nan),
        earlier_log_views=np.where(has, tracks.log_views[earlier], np.nan),
        likes=tracks.likes[rows],
        comments=tracks.comments[rows],
        published_s=panel.published_s[post],
        duration_s=panel.duration_s[post],
        past_excess=excess,
        n_past=n_past,
        past_level=level,
    )
    rise, noise = tracks.rise_and_noise(rows, horizon_days)
    share = -tracks.rise_and_noise(rows, MATURE_DAYS)[0]
    return Snapshots(
        post=post,
        observed_s=tracks.observed_s[rows],
        stand=stand,
        values=columns(stand, rise, share),
        rise=rise,
        noise=noise,
        log_ratio=reached[post] - tracks.log_views[rows],
        known_s=known_s[post],
    )
