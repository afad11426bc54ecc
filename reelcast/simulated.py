"""The records of a simulated world: creators, posts, counts, and the truth behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HORIZON_DAYS = 30.0
GROWTH_POWER = 1.2


@dataclass(frozen=True, slots=True)
class WorldSettings:
    """How large the world is. Two creators never posted, three only once or twice."""

    seed: int = 7
    n_creators: int = 60
    posts_per_creator: float = 40.0
    days: int = 300
    scrape_every_days: int = 7
    watched_days: float = 35.0
    noise_df: float = 5.0  # degrees of freedom of the Student noise of log views


@dataclass(frozen=True, slots=True)
class Era:
    """The world's time: from `start` to `now`, scraped at `scrapes` (the last one is `now`)."""

    start: datetime
    now: datetime
    scrapes: tuple[datetime, ...]

    @property
    def n_days(self) -> int:
        return (self.now - self.start).days

    def day_of(self, when: datetime) -> int:
        """Days since the start, kept within the era."""
        return min(max((when - self.start).days, 0), self.n_days)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a post had counted at a time."""

    observed_at: datetime
    views: int
    likes: int
    comments: int
    shares: int
    saves: int


@dataclass(frozen=True, slots=True)
class SimulatedCreator:
    """An account. `daily_followers[d]` is counted d days after the world's start."""

    platform: str
    handle: str
    niche: str
    tier: str
    effect: float  # log views above what followers alone would give
    noise_sd: float  # scale of the Student noise of log views
    daily_followers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SimulatedPost:
    """A post and the truth of it: log views at 30 days are
    `true_log_median + noise_sd * t`, t of Student's distribution.
    """

    post_id: str  # as the platform writes it
    handle: str
    platform: str
    published_at: datetime
    caption: str
    hashtags: tuple[str, ...]
    theme: str
    hook: str
    duration_s: int
    sound_id: str
    is_sponsored: bool
    true_log_median: float
    noise_sd: float
    growth_days: float
    ceiling: tuple[int, int, int, int, int]  # views, likes, comments, shares, saves in the end
    observed: tuple[Counts, ...] = ()

    def counts_at(self, when: datetime) -> Counts:
        """What the post has counted by then: `ceiling` times growth's share, rounded down."""
        age_days = (when - self.published_at) / timedelta(days=1)
        share = growth(age_days, self.growth_days)
        views, likes, comments, shares, saves = (int(count * share) for count in self.ceiling)
        return Counts(when, views, likes, comments, shares, saves)


@dataclass(frozen=True, slots=True)
class World:
    """All that happened in an era, and the truth of it."""

    settings: WorldSettings
    era: Era
    creators: tuple[SimulatedCreator, ...]
    posts: tuple[SimulatedPost, ...]

    def posts_of(self, creator: SimulatedCreator) -> tuple[SimulatedPost, ...]:
        """The creator's posts, oldest first."""
        return tuple(post for post in self.posts if post.handle == creator.handle)

    def followers_at(self, creator: SimulatedCreator, when: datetime) -> int:
        """The creator's followers on that day."""
        return creator.daily_followers[self.era.day_of(when)]


def growth(age_days: float, growth_days: float) -> float:
    """The share of its final count that a post has at an age: a power law that saturates.

    (t / (t + growth_days)) ** 1.2: about 40% after one day, 90% after two weeks.

    >>> [round(growth(t, 1.0), 2) for t in (0.0, 1.0, 14.0, 30.0)]
    [0.0, 0.44, 0.92, 0.96]
    """
    if age_days <= 0:
        return 0.0
    return float((age_days / (age_days + growth_days)) ** GROWTH_POWER)
