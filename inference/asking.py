"""Turns what a person asks (creators and a brief) into questions on a panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from features.gather import Questions
from features.growth import MATURE_DAYS
from features.panel import Panel, code_of, hashtag_codes, panel_from, text_of
from ingest.values import hashtags_in
from reelcast.errors import InputError, NotFoundError
from reelcast.records import Brief, CreatorQuestion, PastPost, creator_id_of
from reelcast.tables import TABLES, TARGETS

_LATE = timedelta(days=1)  # how long ago "now" may have been when a request was written
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # no platform is older; a panel's keys need 1970 on


def brief_text(brief: Brief) -> str:
    """What is embedded of a draft: caption, else script, then theme and hashtags as tags."""
    theme = (brief.theme.replace("_", " "),) if brief.theme else ()
    return text_of(brief.caption or brief.script, (*brief.hashtags, *theme))


def is_unsaid(brief: Brief) -> bool:
    """Whether a draft's words are not known: it is taken to say what its creator usually says.

    An empty caption that is given is one: the post goes out without words.
    """
    return brief.caption is None and not brief_text(brief)


def planned_at(brief: Brief, now: datetime, max_lead_days: int) -> datetime:
    """When the post goes out.

    Raises InputError for a time in the past, or further ahead than forecasts are made for.
    """
    planned = brief.post_at or now
    if planned < now - _LATE:
        raise InputError(f"post_at {planned.isoformat()} lies in the past (now {now.isoformat()})")
    if planned > now + timedelta(days=max_lead_days):
        raise InputError(
            f"post_at {planned.isoformat()} is more than {max_lead_days} days ahead: "
            "a forecast from today's history would not hold; ask nearer to the date"
        )
    return planned


def known_creator(question: CreatorQuestion, panel: Panel, salt: str | None) -> int:
    """The panel's index of the account asked about.

    Raises NotFoundError for an account that the lake does not hold.
    """
    creator_id = question.creator_id
    if creator_id is None:
        if salt is None or question.platform is None or question.handle is None:
            raise InputError("a handle cannot be looked up: no import has made a salt yet")
        creator_id = creator_id_of(question.platform, question.handle, salt)
    index = panel.creator_index(creator_id)
    if index < 0:
        handle = f"@{(question.handle or '').lstrip('@')} on {question.platform}"
        asked = handle if question.creator_id is None else repr(question.creator_id)
        raise NotFoundError(
            f"creator {asked} is not in the lake: import an export with their posts, "
            'or give their posts inline as "posts": [...]'
        )
    return index


def inline_panel(questions: Sequence[CreatorQuestion], now: datetime) -> Panel:
    """A panel of the posts given inline; the creators' ids are their positions, 8 digits."""
    posts, observed, followers, about = [], [], [], []
    for number, question in enumerate(questions):
        creator_id = f"{number:08d}"
        kind = {"platform": question.platform, "niche": question.niche}
        about.append(_row("creators", creator_id=creator_id, **kind))
        followers.append(_row("creator_observations", creator_id=creator_id, observed_at=now))
        followers[-1]["followers"] = question.followers
        for i, post in enumerate(question.posts or ()):
            post_id = f"{creator_id}-{i:05d}"
            posts.append(_post_row(post, post_id, creator_id, now))
            observed += _observation_rows(post, post_id, now)
    return panel_from(
        pa.Table.from_pylist(posts, TABLES["posts"].schema),
        pa.Table.from_pylist(observed, TABLES["post_observations"].schema),
        pa.Table.from_pylist(followers, TABLES["creator_observations"].schema),
        pa.Table.from_pylist(about, TABLES["creators"].schema),
    )


def _row(table: str, **values: object) -> dict[str, object]:
    return dict.fromkeys(TABLES[table].schema.names) | values


def _post_row(post: PastPost, post_id: str, creator_id: str, now: datetime) -> dict[str, object]:
    if post.published_at > now:
        raise InputError(
            f"posts: one is published at {post.published_at.isoformat()}, after now "
            f"({now.isoformat()}): past posts only; the planned one belongs into the brief"
        )
    if post.published_at < EARLIEST:
        raise InputError(
            f"posts: one is published at {post.published_at.isoformat()}, before {EARLIEST.year}: "
            "correct its time, or leave the post out"
        )
    return _row(
        "posts",
        post_id=post_id,
        creator_id=creator_id,
        published_at=post.published_at,
        caption=post.caption,
        hashtags=_hashtags(post),
        duration_s=post.duration_s,
        sound_id=post.sound_id,
        language=post.language,
    )


def _observation_rows(post: PastPost, post_id: str, now: datetime) -> list[dict[str, object]]:
    """The post's counts as one row, no row where none is known: as an import would keep them."""
    at = post.observed_at or now
    if not post.published_at <= at <= now:
        raise InputError(
            f"posts: observed_at {at.isoformat()} must lie between published_at "
            f"({post.published_at.isoformat()}) and now"
        )
    counts = {target: getattr(post, target) for target in TARGETS}
    if all(count is None for count in counts.values()):
        return []
    return [_row("post_observations", post_id=post_id, observed_at=at, **counts)]


@dataclass(frozen=True, slots=True)
class Ask:
    """One row: whose post (index into a panel, and as named by the asker), which draft, when."""

    creator: int
    person: CreatorQuestion
    brief: Brief
    planned: datetime


def questions_of(asks: Sequence[Ask], now: datetime) -> Questions:
    """The questions of rows, decided now, their texts not yet embedded.

    Beyond 30 days they ask for 30: growth is modelled until then, and the forecast says so.
    """
    n = len(asks)
    days = np.array([ask.brief.horizon_days for ask in asks], np.float64)
    return Questions(
        creator=np.array([ask.creator for ask in asks], np.int64),
        decided_s=np.full(n, int(now.timestamp()), np.int64),
        post_s=np.array([int(ask.planned.timestamp()) for ask in asks], np.int64),
        horizon_days=np.minimum(days, MATURE_DAYS),
        duration_s=np.array([_or_nan(ask.brief.duration_s) for ask in asks], np.float64),
        sound=np.array([code_of(ask.brief.sound_id) for ask in asks], np.int64),
        hashtags=np.array([hashtag_codes(_hashtags(ask.brief)) for ask in asks], np.int64),
        texts=[brief_text(ask.brief) for ask in asks],
        unsaid=np.array([is_unsaid(ask.brief) for ask in asks], bool),
    )


def _hashtags(draft: Brief | PastPost) -> list[str]:
    """Those given and those in the caption, as an import finds them."""
    return [*draft.hashtags, *hashtags_in(draft.caption or "")]


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
