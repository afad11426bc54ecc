"""How a creator's posts do: how even, how often far beyond, paid ones apart, with which tags. Pure.

All on the log scale and by medians: a few posts that go far must not speak for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from scipy import stats

from features.panel import DAY_S, F64
from inference.past_posts import PastCount
from measurement.performance import winner_rate
from reelcast.records import Record

FEWEST = 3  # posts with a tag, and without it, below which nothing is said of it
_MANY = 12  # tags shown


class Consistency(Record):
    """How even a creator's posts are. None: too few posts to say."""

    posts: int
    spread: float | None
    winners: float | None
    winners_low: float | None
    winners_high: float | None
    posts_per_week: float | None
    days_since_last: float | None
    change: float | None
    change_low: float | None
    change_high: float | None


class Kind(Record):
    """Posts of one kind: organic, sponsored, or not known which."""

    kind: str
    posts: int
    median: float | None
    low: float | None
    high: float | None


class TagWork(Record):
    """Posts with a tag against the creator's others: 1.2 is 20% more, with its 95% interval."""

    group: str
    label: str
    posts: int
    others: int
    factor: float
    low: float
    high: float
    is_clear: bool


def consistency(posts: Sequence[PastCount], now: datetime) -> Consistency:
    """Spread, winners, pace and drift of posts, oldest first.

    `spread` is the factor within which two of three posts lie of the median (robust, from the
    median absolute deviation); `change` is the last ten posts over the ten before, by means of
    logs.
    """
    views = np.array([post.at_window for post in posts])
    wins = winner_rate(views) if len(views) > FEWEST else None
    change = _change(np.log1p(views))
    return Consistency(
        posts=len(views),
        spread=_spread(np.log1p(views)),
        winners=None if wins is None else wins.value,
        winners_low=None if wins is None else wins.low,
        winners_high=None if wins is None else wins.high,
        posts_per_week=_pace(posts),
        days_since_last=_since(posts, now),
        change=None if change is None else change[0],
        change_low=None if change is None else change[1],
        change_high=None if change is None else change[2],
    )


def _spread(logs: F64) -> float | None:
    if len(logs) < FEWEST:
        return None
    return float(np.exp(1.4826 * np.median(np.abs(logs - np.median(logs)))))


def _change(logs: F64) -> tuple[float, float, float] | None:
    """The last ten posts over the ten before, as a factor with its 95% interval."""
    last, before = logs[-10:], logs[-20:-10]
    if len(before) < FEWEST:
        return None
    return _factor(last, before)


def _factor(some: F64, others: F64) -> tuple[float, float, float]:
    """exp of the difference of means of logs, and its 95% interval (Welch)."""
    difference = float(some.mean() - others.mean())
    errors = np.array([of.var(ddof=1) / len(of) for of in (some, others)])
    if errors.sum() <= 0:
        return (float(np.exp(difference)),) * 3
    free = errors.sum() ** 2 / sum(
        e**2 / (len(of) - 1) for e, of in zip(errors, (some, others), strict=True)
    )
    half = float(stats.t.ppf(0.975, free) * np.sqrt(errors.sum()))
    ends = np.exp([difference, difference - half, difference + half])
    return float(ends[0]), float(ends[1]), float(ends[2])


def _pace(posts: Sequence[PastCount]) -> float | None:
    last = posts[-20:]
    if len(last) < FEWEST:
        return None
    days = (last[-1].published_at - last[0].published_at).total_seconds() / DAY_S
    return None if days <= 0 else round(7 * (len(last) - 1) / days, 2)


def _since(posts: Sequence[PastCount], now: datetime) -> float | None:
    return round((now - posts[-1].published_at).total_seconds() / DAY_S, 1) if posts else None


def kinds(posts: Sequence[PastCount]) -> tuple[Kind, ...]:
    """Organic and sponsored posts apart, and those of which it is not known."""
    names: tuple[tuple[str, bool | None], ...] = (
        ("organic", False),
        ("sponsored", True),
        ("not known which", None),
    )
    return tuple(
        _kind(name, np.array([p.at_window for p in posts if p.is_sponsored is flag]))
        for name, flag in names
    )


def _kind(name: str, views: F64) -> Kind:
    if not len(views):
        return Kind(kind=name, posts=0, median=None, low=None, high=None)
    low, median, high = (float(value) for value in np.quantile(views, [0.1, 0.5, 0.9]))
    if len(views) < FEWEST:
        return Kind(kind=name, posts=len(views), median=median, low=None, high=None)
    return Kind(kind=name, posts=len(views), median=median, low=low, high=high)


def tags_that_work(
    posts: Sequence[PastCount], labels: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[TagWork, ...]:
    """The creator's tags with enough posts with and without them, the clearest first.

    `labels` has (group, label) of tagged posts by id; among untagged posts only hashtags are
    known. Association, not cause: the creator chose what to make so. Of twenty tags without any
    effect one looks clear.
    """
    logs = np.log1p([post.at_window for post in posts])
    found = [("hashtag", tag) for post in posts for tag in post.hashtags]
    tagged = [post.post_id in labels for post in posts]
    found += [pair for post in posts for pair in labels.get(post.post_id, ())]
    made = []
    for group, label in dict.fromkeys(found):
        has = np.array([_has(post, (group, label), labels) for post in posts])
        among = np.ones(len(posts), bool) if group == "hashtag" else np.array(tagged)
        some, others = logs[has & among], logs[~has & among]
        if min(len(some), len(others)) >= FEWEST:
            made.append(_work((group, label), some, others))
    made.sort(key=lambda work: (not work.is_clear, -abs(np.log(work.factor)), work.label))
    return tuple(made[:_MANY])


def _has(
    post: PastCount, tag: tuple[str, str], labels: Mapping[str, Sequence[tuple[str, str]]]
) -> bool:
    return tag[1] in post.hashtags if tag[0] == "hashtag" else tag in labels.get(post.post_id, ())


def _work(tag: tuple[str, str], some: F64, others: F64) -> TagWork:
    factor, low, high = _factor(some, others)
    return TagWork(
        group=tag[0],
        label=tag[1],
        posts=len(some),
        others=len(others),
        factor=factor,
        low=low,
        high=high,
        is_clear=not low <= 1 <= high,
    )
