"""What the lake knows of creators: searched, filtered, sorted, and one with its history.

No model is asked: creators ranked by a forecast are `inference.ranking`'s.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
from pydantic import Field

from features.dataset import load_panel
from features.panel import F64, Panel
from inference.attention import attention_of
from inference.directory import UNKNOWN, Known, directory_of, matches
from reelcast.campaigns import Stage
from reelcast.errors import NotFoundError
from reelcast.paging import Key, page_of
from reelcast.records import Record, creator_id_of, tier_of
from reelcast.salt import read_salt
from reelcast.settings import Settings
from reelcast.store import Lake
from reelcast.tables import TARGETS

RECENT = 10  # posts behind a median or a rate
_UNHEARD = Known(UNKNOWN, None, ())
_FRESH_S = 2.0  # how long a look at the lake holds

SortBy = Literal[
    "creator_id", "followers", "-followers", "posts", "-posts", "median_views", "-median_views",
    "last_post_at", "-last_post_at", "engagement_rate", "-engagement_rate",
    "audience_change", "-audience_change",
]  # fmt: skip
Tier = Literal["nano", "micro", "mid", "macro", "mega", "unknown"]


class CreatorRow(Record):
    """What the lake knows of an account, in one row."""

    creator_id: str
    platform: str
    niche: str | None
    followers: int | None
    tier: str
    posts: int
    last_post_at: datetime | None
    median_views: float | None = Field(description=f"of the last {RECENT} counted posts")
    engagement_rate: float | None = Field(
        description=f"likes, comments and shares by views, of the last {RECENT} counted posts"
    )
    audience_change: float | None = Field(
        description="of views in 90 days against the usual trend here, shrunk: -.1 is a tenth lost"
    )
    audience_low: float | None = Field(description="its 95% interval's lower end")
    audience_high: float | None
    audience: str = Field(description="whether its audience stays, in words")
    stages: tuple[str, ...] = Field(description="of the campaigns that it was paid for")


class CreatorFilter(Record):
    """Which creators, and in which order."""

    q: str | None = Field(None, max_length=200, description="handle, id's beginning, or niche")
    platform: str | None = Field(None, max_length=40)
    tier: Tier | None = None
    niche: str | None = Field(None, max_length=200)
    stage: Stage | None = Field(None, description="of campaigns that the creator was paid for")
    sort: SortBy = "-followers"


class CreatorPage(Record):
    """Creators, and the cursor of the next page."""

    items: tuple[CreatorRow, ...]
    total: int = Field(description="creators that fit, on all pages")
    next_cursor: str | None


class PostRow(Record):
    """A post with its last counts."""

    post_id: str
    published_at: datetime
    observed_at: datetime | None
    views: float | None
    likes: float | None
    comments: float | None
    shares: float | None
    saves: float | None
    caption: str | None
    duration_s: float | None
    is_sponsored: bool | None
    campaign_id: str | None
    content_id: str | None


class FollowerCount(Record):
    """Followers at a time."""

    observed_at: datetime
    followers: int


class CreatorHistory(Record):
    """One creator: the row, its latest posts (newest first), followers over time."""

    creator: CreatorRow
    posts: tuple[PostRow, ...]
    followers: tuple[FollowerCount, ...]


class Catalog:
    """The creators of the settings' lake, read anew when the lake changes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lake = Lake(settings.lake_root, settings.storage_options)
        self._reading = threading.Lock()
        self._looked = 0.0
        self._version: str | None = None
        self._panel: Panel | None = None
        self._rows: dict[str, CreatorRow] = {}

    def page(self, asked: CreatorFilter, limit: int, cursor: str | None) -> CreatorPage:
        """The creators that fit, in their order. Raises InputError for a wrong cursor."""
        self._renew()
        named = self._named(asked.q)
        fitting = [row for row in self._rows.values() if _fits(row, asked, named)]
        items, following = page_of(fitting, lambda row: _key(row, asked.sort), limit, cursor)
        return CreatorPage(items=tuple(items), total=len(fitting), next_cursor=following)

    def one(self, creator_id: str, most: int = 200) -> CreatorHistory:
        """One creator with the latest posts. Raises NotFoundError where the lake has none such."""
        row, panel = self.row(creator_id), self._renew()
        at = panel.creator_index(creator_id)
        return CreatorHistory(
            creator=row,
            posts=tuple(self._posts(panel, at, most)),
            followers=tuple(_follower_counts(panel, at)),
        )

    def row(self, creator_id: str) -> CreatorRow:
        """What is known of one creator. Raises NotFoundError where the lake has none such."""
        self._renew()
        if creator_id not in self._rows:
            raise NotFoundError(
                f"creator {creator_id!r} is not in the lake: GET /v1/creators lists those that are"
            )
        return self._rows[creator_id]

    def _renew(self) -> Panel:
        """The lake's posts; rows are made anew where the lake changed."""
        with self._reading:
            if self._panel is None or time.monotonic() - self._looked > _FRESH_S:
                version = self._lake.data_version()
                if self._panel is None or version != self._version:
                    self._panel = load_panel(self._lake)
                    self._rows = {row.creator_id: row for row in _rows(self._lake, self._panel)}
                    self._version = version
                self._looked = time.monotonic()
            return self._panel

    def _named(self, words: str | None) -> frozenset[str]:
        """The ids that the words would have as a handle, on each platform."""
        salt = read_salt(self._settings)
        if not words or salt is None:
            return frozenset()
        platforms = {row.platform for row in self._rows.values()}
        return frozenset(creator_id_of(platform, words, salt) for platform in platforms)

    def _posts(self, panel: Panel, creator: int, most: int) -> Iterator[PostRow]:
        start, end = panel.creator_start[creator], panel.creator_start[creator + 1]
        indices = range(int(end) - 1, max(int(start), int(end) - most) - 1, -1)
        ids = [panel.post_ids[at] for at in indices]
        facts = {row["post_id"]: row for row in self._lake.read_keys("posts", ids).to_pylist()}
        shown = self._lake.read_keys("post_contents", ids).to_pylist()
        contents = {row["post_id"]: row["content_id"] for row in shown}
        for at, post_id in zip(indices, ids, strict=True):
            yield _post(panel, at, facts.get(post_id, {}), contents.get(post_id))


def _rows(lake: Lake, panel: Panel) -> Iterator[CreatorRow]:
    known = directory_of(lake)
    counts = _last_counts(panel)
    stays = attention_of(panel, int(panel.obs_s.max(initial=0)))
    for at, creator_id in enumerate(panel.creator_ids):
        start, end = int(panel.creator_start[at]), int(panel.creator_start[at + 1])
        own = counts[start:end]
        recent: F64 = own[~np.isnan(own[:, 0])][-RECENT:]
        followers = _last_followers(panel, at)
        about = known.get(creator_id, _UNHEARD)
        yield CreatorRow(
            creator_id=creator_id,
            platform=about.platform,
            niche=about.niche,
            followers=followers,
            tier=tier_of(followers),
            posts=end - start,
            last_post_at=_time(panel.published_s[end - 1]) if end > start else None,
            median_views=_median(recent[:, 0]),
            engagement_rate=_engagement(recent),
            audience_change=stays[at].change,
            audience_low=stays[at].low,
            audience_high=stays[at].high,
            audience=stays[at].words,
            stages=about.stages,
        )


def _last_counts(panel: Panel) -> F64:
    """The last counts of each post (n_posts, 5), NaN where there are none."""
    counts = np.full((panel.n_posts, len(TARGETS)), np.nan)
    counted = np.flatnonzero(panel.obs_start[1:] > panel.obs_start[:-1])
    counts[counted] = panel.obs_counts[panel.obs_start[counted + 1] - 1]
    return counts


def _fits(row: CreatorRow, asked: CreatorFilter, named: frozenset[str]) -> bool:
    if asked.q and not _found(row, asked.q.strip().casefold(), named):
        return False
    known = Known(row.platform, row.niche, row.stages)
    wanted = {name: getattr(asked, name) for name in ("platform", "tier", "niche", "stage")}
    return matches(known, row.tier, wanted)


def _found(row: CreatorRow, words: str, named: frozenset[str]) -> bool:
    in_niche = row.niche is not None and words in row.niche.casefold()
    return row.creator_id in named or row.creator_id.startswith(words) or in_niche


def _key(row: CreatorRow, sort: SortBy) -> Key:
    """What orders the row; the unknown come last."""
    name = sort.lstrip("-")
    value = getattr(row, name)
    if isinstance(value, str):
        return (0.0, 0.0, row.creator_id)
    if isinstance(value, datetime):
        value = value.timestamp()
    number = 0.0 if value is None else float(value)
    return (float(value is None), -number if sort[0] == "-" else number, row.creator_id)


def _post(panel: Panel, at: int, facts: Mapping[str, Any], content_id: str | None) -> PostRow:
    start, end = int(panel.obs_start[at]), int(panel.obs_start[at + 1])
    last = end - 1 if end > start else None
    counts: Sequence[float | None] = [None] * len(TARGETS)
    if last is not None:
        counts = [_known(count) for count in panel.obs_counts[last]]
    named = ("is_sponsored", "campaign_id")
    return PostRow(
        post_id=panel.post_ids[at],
        published_at=_time(panel.published_s[at]),
        observed_at=None if last is None else _time(panel.obs_s[last]),
        **dict(zip(TARGETS, counts, strict=True)),
        caption=panel.captions[at],
        duration_s=_known(panel.duration_s[at]),
        **{name: facts.get(name) for name in named},
        content_id=content_id,
    )


def _follower_counts(panel: Panel, creator: int) -> Iterator[FollowerCount]:
    start, end = int(panel.follower_start[creator]), int(panel.follower_start[creator + 1])
    seconds = panel.follower_key[start:end] & ((1 << 34) - 1)
    for at, count in zip(seconds, panel.followers[start:end], strict=True):
        yield FollowerCount(observed_at=_time(at), followers=int(count))


def _last_followers(panel: Panel, creator: int) -> int | None:
    start, end = int(panel.follower_start[creator]), int(panel.follower_start[creator + 1])
    return int(panel.followers[end - 1]) if end > start else None


def _median(views: F64) -> float | None:
    return float(np.median(views)) if len(views) else None


def _engagement(counts: F64) -> float | None:
    """Likes, comments and shares by views (n, 5) where all are known."""
    known = counts[~np.isnan(counts[:, :4]).any(axis=1)]
    views = known[:, 0].sum()
    return float(known[:, 1:4].sum() / views) if views > 0 else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _time(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
