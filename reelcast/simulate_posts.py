"""The posts of a simulated creator: what they say, what they truly had to expect, what came.

Log views at 30 days are a sum of a level by followers, the creator's effect and slow trend, theme,
hook, duration, hour, sound and sponsorship (together `true_log_median`) and a Student noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from reelcast.captions import (
    CAPTIONS,
    CLOSERS,
    HOOK_EFFECT,
    HOOK_TAGS,
    THEME_EFFECT,
    THEME_TAGS,
    THINGS,
    WHEN,
)
from reelcast.simulated import (
    HORIZON_DAYS,
    Era,
    SimulatedCreator,
    SimulatedPost,
    WorldSettings,
    growth,
)

N_SOUNDS = 30
SPONSORED_EFFECT = -0.3
OFF_THEME_EFFECT = -0.5
_OFF_THEME_SHARE = 0.15
_WEEKLY_TREND_SD = 0.06
_RATES = (  # mean of likes, comments, shares, saves over views; how alike a post's rates are
    (0.065, 60.0),
    (0.004, 500.0),
    (0.006, 350.0),
    (0.009, 300.0),
)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

Rng = np.random.Generator
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a creator posts."""

    trend: F64  # (n_weeks,) log views above the creator's own level
    hour: float  # UTC
    duration_s: float
    engagement: float  # factor on all engagement rates


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before anybody saw it."""

    published_at: datetime
    caption: str
    hashtags: tuple[str, ...]
    theme: str
    hook: str
    duration_s: int
    sound: int | None  # index of a popular sound, None for the creator's own
    is_sponsored: bool


def sound_effects(rng: Rng) -> F64:
    """(N_SOUNDS,) what each popular sound adds to log views."""
    return rng.normal(0.0, 0.15, N_SOUNDS)


def posts_of(
    creator: SimulatedCreator,
    n_posts: int,
    sounds: F64,
    frame: tuple[WorldSettings, Era],
    rng: Rng,
) -> list[SimulatedPost]:
    """The creator's posts, oldest first; their numbers are unique within the world."""
    settings, era = frame
    habits = _habits(era, rng)
    times = _times(n_posts, habits, era, rng)
    sponsored = _sponsored(times, creator, era, rng)
    made = []
    for number, published_at in enumerate(times):
        draft = _draft(creator, habits, published_at, rng)
        if number in sponsored:
            draft = replace(draft, is_sponsored=True, caption=f"{draft.caption} #ad")
        post = _publish(draft, creator, habits, (era, sounds, settings.noise_df), rng)
        made.append(_watched(post, settings, era))
    return made


def _habits(era: Era, rng: Rng) -> Habits:
    steps = rng.normal(0.0, _WEEKLY_TREND_SD, era.n_days // 7 + 1)
    return Habits(
        trend=np.cumsum(steps),
        hour=float(rng.uniform(9, 22)),
        duration_s=float(np.exp(rng.normal(np.log(26), 0.4))),
        engagement=float(np.exp(rng.normal(0, 0.3))),
    )


def _times(n_posts: int, habits: Habits, era: Era, rng: Rng) -> list[datetime]:
    """Publication times, sorted and distinct: any day of the era, around the creator's hour."""
    days = np.sort(rng.integers(0, era.n_days, n_posts))
    hours = np.clip(rng.normal(habits.hour, 2.5, n_posts), 0, 23.9)
    offsets_s = np.floor(hours * 3600) + np.arange(n_posts)
    midnight = era.start.replace(hour=0, minute=0, second=0, microsecond=0)
    times = {
        midnight + timedelta(days=int(day), seconds=float(offset_s))
        for day, offset_s in zip(days, offsets_s, strict=True)
    }
    return sorted(at for at in times if era.start < at < era.now)


def _sponsored(times: list[datetime], creator: SimulatedCreator, era: Era, rng: Rng) -> list[int]:
    """Which posts brands pay for: two of half the TikTok creators, 40 to 100 days ago."""
    if creator.platform != "tiktok" or rng.random() > 0.5:
        return []
    ages = [(era.now - at).days for at in times]
    return [number for number, age in enumerate(ages) if 40 <= age <= 100][:2]


def _draft(creator: SimulatedCreator, habits: Habits, published_at: datetime, rng: Rng) -> Draft:
    is_off_theme = rng.random() < _OFF_THEME_SHARE
    theme = str(rng.choice(list(CAPTIONS))) if is_off_theme else creator.niche
    hook, pattern = CAPTIONS[theme][rng.integers(len(CAPTIONS[theme]))]
    hashtags = (
        *rng.choice(THEME_TAGS[theme], int(rng.integers(1, 4)), replace=False),
        *rng.choice(HOOK_TAGS[hook], int(rng.integers(0, 2)), replace=False),
    )
    return Draft(
        published_at=published_at,
        caption=_caption(pattern, theme, hashtags, rng),
        hashtags=tuple(str(tag) for tag in hashtags),
        theme=theme,
        hook=hook,
        duration_s=int(np.clip(habits.duration_s * np.exp(rng.normal(0, 0.35)), 5, 180)),
        sound=int(rng.integers(N_SOUNDS)) if rng.random() < 0.4 else None,
        is_sponsored=False,
    )


def _caption(pattern: str, theme: str, hashtags: tuple[str, ...], rng: Rng) -> str:
    text = pattern.format(
        n=rng.integers(3, 10), when=rng.choice(WHEN), thing=rng.choice(THINGS[theme])
    )
    closer = rng.choice(CLOSERS)
    ended = text if text[-1] in "?.!" else f"{text}."
    parts = [ended[0].upper() + ended[1:], str(closer), *(f"#{tag}" for tag in hashtags)]
    return " ".join(part for part in parts if part)


def _publish(
    draft: Draft,
    creator: SimulatedCreator,
    habits: Habits,
    frame: tuple[Era, F64, float],
    rng: Rng,
) -> SimulatedPost:
    era, sounds, noise_df = frame
    median = _log_median(draft, creator, habits, era)
    median += 0.0 if draft.sound is None else float(sounds[draft.sound])
    growth_days = float(np.exp(rng.normal(np.log(1.2), 0.35)))
    log_views = median + creator.noise_sd * float(rng.standard_t(noise_df))
    ceiling = max(1, round(math.exp(min(log_views, 20.0)) / growth(HORIZON_DAYS, growth_days)))
    return SimulatedPost(
        post_id=_post_id(creator.platform, draft.published_at, rng),
        handle=creator.handle,
        platform=creator.platform,
        published_at=draft.published_at,
        caption=draft.caption,
        hashtags=draft.hashtags,
        theme=draft.theme,
        hook=draft.hook,
        duration_s=draft.duration_s,
        sound_id=_sound_id(draft, rng),
        is_sponsored=draft.is_sponsored,
        true_log_median=median,
        noise_sd=creator.noise_sd,
        growth_days=growth_days,
        ceiling=(ceiling, *_engagement(ceiling, habits.engagement, rng)),
    )


def _log_median(draft: Draft, creator: SimulatedCreator, habits: Habits, era: Era) -> float:
    day = era.day_of(draft.published_at)
    hour = draft.published_at.hour + draft.published_at.minute / 60
    return float(
        1.6
        + 0.72 * math.log(creator.daily_followers[day])
        + creator.effect
        + habits.trend[day // 7]
        + THEME_EFFECT[draft.theme]
        + HOOK_EFFECT[draft.hook]
        + (OFF_THEME_EFFECT if draft.theme != creator.niche else 0.0)
        + (SPONSORED_EFFECT if draft.is_sponsored else 0.0)
        - 0.15 * math.log(draft.duration_s / 25) ** 2
        + 0.2 * math.cos((hour - 19) / 12 * math.pi)
    )


def _engagement(views: int, factor: float, rng: Rng) -> tuple[int, int, int, int]:
    """Likes, comments, shares, saves: each Beta-Binomial of the views."""
    drawn = []
    for mean, concentration in _RATES:
        rate = rng.beta(mean * factor * concentration, (1 - mean * factor) * concentration)
        drawn.append(int(rng.binomial(views, rate)))
    likes, comments, shares, saves = drawn
    return likes, comments, shares, saves


def _watched(post: SimulatedPost, settings: WorldSettings, era: Era) -> SimulatedPost:
    """The post with what each scrape counted while it was young."""
    until = post.published_at + timedelta(days=settings.watched_days)
    seen = [at for at in era.scrapes if post.published_at < at <= until]
    return replace(post, observed=tuple(post.counts_at(at) for at in seen))


def _post_id(platform: str, published_at: datetime, rng: Rng) -> str:
    """An id in the platform's manner: TikTok's hold the second in their upper 32 bits."""
    low = int(rng.integers(1, 2**32))
    if platform == "tiktok":
        return str((int(published_at.timestamp()) << 32) + low)
    if platform == "youtube":
        return "".join(rng.choice(list(_ALPHABET), 11))
    return f"180{int(published_at.timestamp()) % 10**7:07d}{low % 10**7:07d}"


def _sound_id(draft: Draft, rng: Rng) -> str:
    own = 7_000_000_000_000_000_000 + int(rng.integers(10**15))
    return str(own if draft.sound is None else 6_900_000_000_000_000_000 + draft.sound)
