"""A synthetic world with known truth: creators, posts, their counts over time.

For the demo and for tests. What a post truly had to expect is kept beside what it counted, so
that a forecast's coverage can be held against the truth.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from reelcast.records import tier_of
from reelcast.simulate_posts import Rng, posts_of, sound_effects
from reelcast.simulated import Era, SimulatedCreator, World, WorldSettings

FEWEST_CREATORS = 12
_TIER_SHARES = {"nano": 0.22, "micro": 0.36, "mid": 0.24, "macro": 0.11, "mega": 0.07}
_TIER_SPANS = {
    "nano": (1_500, 9_000),
    "micro": (11_000, 90_000),
    "mid": (110_000, 450_000),
    "macro": (520_000, 950_000),
    "mega": (1_100_000, 4_000_000),
}
_NOISE_SD = {"nano": 0.60, "micro": 0.52, "mid": 0.45, "macro": 0.42, "mega": 0.38}
_NICHES = (
    "beauty_skincare",
    "fashion",
    "fitness_wellness",
    "food_drink",
    "home_garden",
    "tech_gadgets",
    "travel",
    "pets",
)
_HEADS = ("fern", "lumen", "cobalt", "willow", "saffron", "harbour", "pixel", "maple", "tidal")
_TAILS = ("notes", "diary", "corner", "studio", "days", "lab", "club", "files")


def simulate(settings: WorldSettings, now: datetime) -> World:
    """The world up to `now` (aware, whole seconds): the same arguments make the same world.

    Creators 0 and 1 have no posts, 2 to 4 have one or two; the last ones are on Instagram and
    YouTube. Raises ValueError for fewer than 12 creators.
    """
    if settings.n_creators < FEWEST_CREATORS:
        raise ValueError(f"n_creators is {settings.n_creators}: give {FEWEST_CREATORS} or more")
    era = _era(settings, now)
    sounds = sound_effects(np.random.default_rng([settings.seed, 0]))
    creators, posts = [], []
    for index in range(settings.n_creators):
        rng = np.random.default_rng([settings.seed, 1, index])
        creator = _creator(index, settings, era, rng)
        n_posts = _n_posts(index, settings, rng)
        creators.append(creator)
        posts += posts_of(creator, n_posts, sounds, (settings, era), rng)
    return World(settings, era, tuple(creators), tuple(posts))


def _era(settings: WorldSettings, now: datetime) -> Era:
    every = timedelta(days=settings.scrape_every_days)
    back = range(settings.days // settings.scrape_every_days - 1, -1, -1)
    return Era(now - timedelta(days=settings.days), now, tuple(now - k * every for k in back))


def _creator(index: int, settings: WorldSettings, era: Era, rng: Rng) -> SimulatedCreator:
    drawn = rng.choice(list(_TIER_SHARES), p=list(_TIER_SHARES.values()))
    followers = _daily_followers(_TIER_SPANS[str(drawn)], era, rng)
    tier = tier_of(followers[-1])
    return SimulatedCreator(
        platform=_platform(index, settings.n_creators),
        handle=f"{rng.choice(_HEADS)}.{rng.choice(_TAILS)}.demo{index:02d}",
        niche=_NICHES[index % len(_NICHES)],
        tier=tier,
        effect=float(rng.normal(0, 0.55)),
        noise_sd=float(_NOISE_SD[tier] * np.exp(rng.normal(0, 0.15))),
        daily_followers=followers,
    )


def _platform(index: int, n_creators: int) -> str:
    n_youtube = max(1, n_creators // 30)
    n_instagram = max(1, n_creators // 20)
    from_last = n_creators - 1 - index
    if from_last < n_youtube:
        return "youtube"
    return "instagram" if from_last < n_youtube + n_instagram else "tiktok"


def _daily_followers(span: tuple[float, float], era: Era, rng: Rng) -> tuple[int, ...]:
    """Followers of each day: log-uniform within `span` at first, then growing unevenly."""
    start = rng.uniform(*np.log(span))
    gain = rng.gamma(2.0, 0.12) / era.n_days
    steps = np.maximum(rng.normal(gain, 2 * gain, era.n_days), -0.5 * gain)
    return tuple(int(n) for n in np.exp(start + np.concatenate([[0.0], np.cumsum(steps)])))


def _n_posts(index: int, settings: WorldSettings, rng: Rng) -> int:
    """How many posts: none, one or two for the first five creators, else about the mean."""
    if index < 5:
        return (0, 0, 1, 2, 2)[index]
    most = 2.25 * settings.posts_per_creator
    return int(np.clip(rng.gamma(3.0, settings.posts_per_creator / 2.8), 3, most))
