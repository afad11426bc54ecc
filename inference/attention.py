"""Whether a creator's audience stays: the trend of views against the creator's own level. Pure.

A post's views, grown to 30 days, count in logs against its creator's own: what a straight line
through them loses or gains in 90 days is the trend. A creator who loses steadily has relative views
(against the median of the posts before) that are all slightly low and do not fall themselves, so
the line goes through the logs, whose steps they are. Where posts were counted once, older ones also
had longer to grow, for every creator: so a trend is told against the usual one of the lake's
creators, to which it is shrunk (empirical Bayes, normal; spread by DerSimonian & Laird 1986, one
standard error up: without it no spread is found by chance where creators are few, and all of them
seem to keep their audience). The spread of a creator's posts is shared by `_SHARED` posts' worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from features.growth import MATURE_DAYS, Growth, growth_noise, growth_of
from features.panel import DAY_S, F64, I64, Panel
from inference.past_posts import grown, nearest_counts
from reelcast.records import Record

PER_DAYS = 90.0
LOOK_BACK_DAYS = 365.0
FEWEST, FEWEST_DAYS = 8, 45.0  # posts, and days between the first and the last of them
KEEPS = 0.25  # an audience is kept where the interval lies within a loss or gain of so much
_YOUNGEST_DAYS = 7.0  # counts younger than this lean on the growth curve too much
_SHARED = 10.0  # posts' worth of the spread that creators share
_FEWEST_PEERS = 10  # creators that a prior is learned from; below it is the one stated here
_PRIOR_SD = 0.25  # of slopes, in logs a period
_LEVEL = 0.95


class Attention(Record):
    """A creator's trend of views in 90 days: `change` -.1 is a tenth lost against the `usual`
    trend of creators here (None: too few of them, nothing is taken off). None: too few posts."""

    posts: int
    days: float
    change: float | None
    low: float | None
    high: float | None
    usual: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Posts (n,): their creator's index, days before now, mature log views, growth's variance."""

    creator: I64
    days_ago: F64
    log: F64
    noise2: F64


@dataclass(frozen=True, slots=True)
class Lines:
    """Each creator's (k,) posts, days that they span, slope a period and its error; NaN: none."""

    posts: I64
    days: F64
    slope: F64
    error: F64

    @property
    def is_known(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.slope)


def attention_of(panel: Panel, now_s: int, growth: Growth | None = None) -> list[Attention]:
    """Every creator's trend as of a second: of posts out and counts made by then alone.

    `growth`: the curve that young counts are grown by; None learns it of the panel's counts by
    then.
    """
    curve = growth_of(panel, np.arange(panel.n_posts), now_s) if growth is None else growth
    return trends(lines(counted(panel, now_s, curve), len(panel.creator_ids)))


def counted(panel: Panel, now_s: int, growth: Growth) -> Counted:
    """The posts of the last year that were counted by then, at the count nearest to 30 days."""
    latest = nearest_counts(panel, MATURE_DAYS, now_s)
    views, age = latest.counts[:, 0], latest.age_days
    days_ago = (now_s - panel.published_s) / DAY_S
    is_recent = (days_ago >= 0) & (days_ago <= LOOK_BACK_DAYS)
    use = np.flatnonzero(is_recent & ~np.isnan(views) & (age >= _YOUNGEST_DAYS))
    age = age[use]
    noise2 = np.where(age < MATURE_DAYS, growth_noise(age) ** 2, 0.0)
    log = np.log1p(grown(views[use], age, MATURE_DAYS, growth))
    return Counted(panel.creator[use], days_ago[use], log, noise2)


def lines(of: Counted, n_creators: int) -> Lines:
    """The weighted least-squares line of each creator's log views over time."""
    n = np.bincount(of.creator, minlength=n_creators)
    spread2 = _spread2(of, n)
    weight = spread2 / (spread2 + of.noise2)
    time = -of.days_ago / PER_DAYS

    def summed(values: F64) -> F64:
        return np.asarray(np.bincount(of.creator, weight * values, n_creators), np.float64)

    total = np.maximum(summed(np.ones(len(time))), 1e-9)
    x = time - (summed(time) / total)[of.creator]
    y = of.log - (summed(of.log) / total)[of.creator]
    across = summed(x**2)
    days = _span_days(of, n_creators)
    known = (n >= FEWEST) & (days >= FEWEST_DAYS)
    slope = np.divide(summed(x * y), across, out=np.full(n_creators, np.nan), where=known)
    rest = summed((y - np.nan_to_num(slope)[of.creator] * x) ** 2)
    pooled = float(rest[known].sum() / max((n[known] - 2).sum(), 1))
    own2 = (rest + _SHARED * pooled) / np.maximum(n - 2 + _SHARED, 1)
    error = np.sqrt(np.divide(own2, across, out=np.full(n_creators, np.nan), where=known))
    return Lines(n, days, slope, error)


def _spread2(of: Counted, n: I64) -> float:
    """The variance of posts about their creators' means, in logs."""
    mean = np.bincount(of.creator, of.log, len(n)) / np.maximum(n, 1)
    free = float((n[n > 1] - 1).sum())
    return max(float(((of.log - mean[of.creator]) ** 2).sum()) / max(free, 1.0), 1e-4)


def _span_days(of: Counted, n_creators: int) -> F64:
    first, last = np.full(n_creators, -np.inf), np.full(n_creators, np.inf)
    np.maximum.at(first, of.creator, of.days_ago)
    np.minimum.at(last, of.creator, of.days_ago)
    return np.asarray(np.maximum(first - last, 0.0))


def trends(of: Lines) -> list[Attention]:
    """Each creator's line against the usual one, shrunk to it."""
    usual, sd = prior_of(of)
    keep = sd**2 / (sd**2 + of.error**2)
    slope = keep * (of.slope - (usual or 0.0))
    free = np.maximum(of.posts - 2 + _SHARED, 1)
    reach = stats.t.ppf(0.5 + _LEVEL / 2, free) * np.sqrt(keep) * of.error
    ends = np.expm1([slope, slope - reach, slope + reach]).T
    shown = None if usual is None else round(float(np.expm1(usual)), 4)
    return [
        _attention((int(of.posts[i]), float(of.days[i])), ends[i] if known else None, shown)
        for i, known in enumerate(of.is_known)
    ]


def prior_of(of: Lines) -> tuple[float | None, float]:
    """The usual slope and the creators' deviation about it; None and the deviation of `_PRIOR_SD`
    where too few creators have a line."""
    slope, error2 = of.slope[of.is_known], np.maximum(of.error[of.is_known] ** 2, 1e-9)
    if len(slope) < _FEWEST_PEERS:
        return None, _PRIOR_SD
    weight = 1 / error2
    mean = float(np.average(slope, weights=weight))
    beyond = float((weight * (slope - mean) ** 2).sum()) - (len(slope) - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    doubt = float(np.sqrt(2 * (len(slope) - 1)))  # of `beyond`, were there no spread
    spread2 = (max(beyond, 0.0) + doubt) / scale
    return float(np.average(slope, weights=1 / (error2 + spread2))), float(np.sqrt(spread2))


def _attention(seen: tuple[int, float], ends: F64 | None, usual: float | None) -> Attention:
    posts, days = seen[0], round(seen[1], 1)
    if ends is None:
        words = (
            f"not enough posts to say: {posts} counted over {days:.0f} days of the last year; "
            f"{FEWEST} over {FEWEST_DAYS:.0f} days are needed"
        )
        return Attention(
            posts=posts, days=days, change=None, low=None, high=None, usual=usual, words=words
        )
    change, low, high = (round(float(value), 4) for value in ends)
    return Attention(
        posts=posts,
        days=days,
        change=change,
        low=low,
        high=high,
        usual=usual,
        words=verdict(change, low, high, usual),
    )


def signed(share: float) -> str:
    """A change in percent with its sign.

    >>> signed(-0.123), signed(-0.001)
    ('-12%', '+0%')
    """
    return f"{round(share, 2) + 0.0:+.0%}"


def verdict(change: float, low: float, high: float, usual: float | None = None) -> str:
    """A trend and its interval in words.

    >>> verdict(-0.2, -0.3, -0.1), verdict(0.0, -0.1, 0.1)
    ('loses about 20% in 90 days', 'keeps its audience')
    >>> verdict(-0.2, -0.3, -0.1, 0.02)
    'loses about 20% in 90 days against creators here (+2%)'
    >>> verdict(-0.1, -0.5, 0.6)
    'not enough posts to say: between -50% and +60% in 90 days'
    """
    within = f"in {PER_DAYS:.0f} days"
    if usual is not None:
        within += f" against creators here ({signed(usual)})"
    if high < 0:
        return f"loses about {-change:.0%} {within}"
    if low > 0:
        return f"gains about {change:.0%} {within}"
    if low >= -KEEPS and high <= KEEPS:
        return "keeps its audience" + (
            "" if usual is None else f" as creators here do ({signed(usual)})"
        )
    return f"not enough posts to say: between {signed(low)} and {signed(high)} {within}"
