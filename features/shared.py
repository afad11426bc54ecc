"""Columns that every target's model sees: rhythm, rates, plan, and the question's horizon."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from features import lately
from features.context import Context
from features.gather import usual_duration
from features.history import quantile
from features.panel import DAY_S, F64

_RATE_STRENGTH = 500.0  # views that a creator's rate must have before it outweighs the pool's


def _log1p(values: npt.ArrayLike) -> F64:
    return np.asarray(np.log1p(values), np.float64)


def horizon(c: Context) -> F64:
    """the age at which the counts are asked for"""
    return _log1p(c.asked.horizon_days)


def followers(c: Context) -> F64:
    """followers before the decision"""
    return _log1p(c.followers)


def n_history(c: Context) -> F64:
    """how many earlier posts are known"""
    return _log1p(c.past.seen.sum(axis=1))


def days_since_last(c: Context) -> F64:
    """days since the creator's last post"""
    ahead = (c.asked.post_s - c.asked.decided_s) / DAY_S
    return np.log1p(np.maximum(c.past.posted_days[:, -1] + ahead, 0))


def days_since_counted(c: Context) -> F64:
    """days since the last post whose counts are known"""
    return np.log1p(np.maximum(c.past.age_days[:, -1], 0))


def posts_7d(c: Context) -> F64:
    """posts in the last 7 days"""
    return np.asarray(np.log1p((c.past.posted_days <= 7).sum(axis=1)), np.float64)


def posts_30d(c: Context) -> F64:
    """posts in the last 30 days"""
    return np.asarray(np.log1p((c.past.posted_days <= 30).sum(axis=1)), np.float64)


def median_gap(c: Context) -> F64:
    """the usual pause between the creator's posts"""
    gaps = np.sort(-np.diff(c.past.posted_days[:, -11:], axis=1), axis=1)
    if not gaps.shape[1]:
        return np.full(len(c.asked), np.nan)
    return np.log1p(quantile(gaps, (~np.isnan(gaps)).sum(axis=1).astype(float), 0.5))


def history_days(c: Context) -> F64:
    """how far back the known posts reach"""
    oldest = np.where(c.past.seen, c.past.age_days, -np.inf).max(axis=1)
    return np.log1p(np.where(np.isinf(oldest), np.nan, oldest))


def _rate(c: Context, target: int) -> F64:
    views, engaged = c.past.counts[:, :, 0], c.past.counts[:, :, target]
    both = ~np.isnan(views) & ~np.isnan(engaged)
    pool = np.exp(np.nan_to_num(c.state.rate_mean[target - 1], nan=-4.0))
    engaged_sum = np.where(both, engaged, 0.0).sum(axis=1) + _RATE_STRENGTH * pool
    return np.asarray(
        np.log(engaged_sum / (np.where(both, views, 0.0).sum(axis=1) + _RATE_STRENGTH)), np.float64
    )


def like_rate(c: Context) -> F64:
    """likes per view of the creator's posts"""
    return _rate(c, 1)


def comment_rate(c: Context) -> F64:
    """comments per view of the creator's posts"""
    return _rate(c, 2)


def share_rate(c: Context) -> F64:
    """shares per view of the creator's posts"""
    return _rate(c, 3)


def save_rate(c: Context) -> F64:
    """saves per view of the creator's posts"""
    return _rate(c, 4)


def hour_sin(c: Context) -> F64:
    """the hour of posting (UTC)"""
    return np.sin(2 * np.pi * (c.asked.post_s % 86_400) / 86_400)


def hour_cos(c: Context) -> F64:
    """the hour of posting (UTC)"""
    return np.cos(2 * np.pi * (c.asked.post_s % 86_400) / 86_400)


def weekday(c: Context) -> F64:
    """the day of the week (UTC)"""
    return ((c.asked.post_s // 86_400 + 3) % 7).astype(np.float64)


def duration(c: Context) -> F64:
    """the video's length"""
    return _log1p(c.duration_s)


def duration_vs_own(c: Context) -> F64:
    """the video's length against the creator's usual one"""
    return np.asarray(np.log1p(c.duration_s) - np.log1p(usual_duration(c.panel, c.past)))


def own_level(c: Context, weight: F64, strength: float) -> F64:
    """Weighted mean of past posts' log views against the creator's mean, shrunk to 0."""
    log = np.log1p(c.past.counts[:, :, 0]) - c.state.growth.log_share(c.past.observed_age_days)
    against = log - c.views.mean[:, None]
    unknown = np.isnan(against) | np.isnan(weight)
    weight, against = np.where(unknown, 0.0, weight), np.where(unknown, 0.0, against)
    return np.asarray((weight * against).sum(axis=1) / (weight.sum(axis=1) + strength))


def own_duration(c: Context) -> F64:
    """how the creator's videos of this length do"""
    if not c.panel.n_posts:
        return np.zeros(len(c.asked))
    apart = np.log1p(c.panel.duration_s[c.past.post]) - np.log1p(c.duration_s)[:, None]
    return own_level(c, np.exp(-0.5 * (apart / 0.3) ** 2), 1.0)


def own_hour(c: Context) -> F64:
    """how the creator's posts at this hour do"""
    if not c.panel.n_posts:
        return np.zeros(len(c.asked))
    apart = np.abs(c.panel.published_s[c.past.post] - c.asked.post_s[:, None]) % 86_400 / 3600
    apart = np.minimum(apart, 24 - apart)
    return own_level(c, np.exp(-0.5 * (apart / 2) ** 2), 2.0)


def own_sound(c: Context) -> F64:
    """how the creator's posts with this sound do"""
    if not c.panel.n_posts:
        return np.zeros(len(c.asked))
    same = (c.panel.sound[c.past.post] == c.asked.sound[:, None]) & (c.asked.sound != 0)[:, None]
    return own_level(c, same.astype(np.float64), 2.0)


def own_hashtags(c: Context) -> F64:
    """how the creator's posts with these hashtags do"""
    if not c.panel.n_posts:
        return np.zeros(len(c.asked))
    past = c.panel.hashtags[c.past.post]
    shared_tags = np.zeros(c.past.post.shape)
    for tag in c.asked.hashtags.T:
        shared_tags += ((past == tag[:, None, None]) & (tag != 0)[:, None, None]).any(axis=2)
    either = (past != 0).sum(axis=2) + (c.asked.hashtags != 0).sum(axis=1)[:, None] - shared_tags
    return own_level(c, shared_tags / np.maximum(either, 1), 1.0)


def caption_length(c: Context) -> F64:
    """the length of caption and hashtags"""
    return c.text_length


def n_hashtags(c: Context) -> F64:
    """the number of hashtags"""
    return c.n_hashtags


COLUMNS: dict[str, Callable[[Context], F64]] = {
    f.__name__: f
    for f in (
        horizon,
        followers,
        n_history,
        days_since_last,
        days_since_counted,
        posts_7d,
        posts_30d,
        median_gap,
        history_days,
        like_rate,
        comment_rate,
        share_rate,
        save_rate,
        hour_sin,
        hour_cos,
        weekday,
        duration,
        duration_vs_own,
        caption_length,
        n_hashtags,
        own_duration,
        own_hour,
        own_sound,
        own_hashtags,
    )
} | lately.COLUMNS
LOGS = frozenset(  # columns whose value is the log1p of a plain number
    {
        "horizon",
        "followers",
        "n_history",
        "days_since_last",
        "days_since_counted",
        "posts_7d",
        "posts_30d",
        "median_gap",
        "history_days",
        "duration",
        "caption_length",
        "posts_since_best",
    }
)
RATES = frozenset({"like_rate", "comment_rate", "share_rate", "save_rate"})  # log rates per view
RATIOS = lately.RATIOS | {  # log ratios
    "duration_vs_own",
    "own_duration",
    "own_hour",
    "own_sound",
    "own_hashtags",
}
