"""Posts and what they counted when, as sorted arrays that history can be looked up in."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from features.kinds import Kind, kinds_of
from features.places import place_of
from features.shown import Shown
from reelcast.tables import TABLES, TARGETS

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
DAY_S = 86_400.0
MAX_HASHTAGS = 12
_SHIFT = np.int64(34)  # a key is group << 34 | seconds since 1970, good until the year 2514


@dataclass(frozen=True, slots=True)
class Panel:
    """All posts, sorted by creator and time, with their observations sorted by post and time.

    `post_key` and `obs_key` put group and second into one integer, so that one binary search
    answers "the last before t within this creator (or post)" for many questions at once.
    """

    creator_ids: list[str]
    kinds: list[Kind]  # (n_creators,) platform and niche, `unknown` where not known
    creator_start: I64  # (n_creators + 1,) where each creator's posts begin
    post_ids: list[str]
    captions: list[str | None]
    texts: list[str]  # caption and hashtags, as embedded
    creator: I64  # (n_posts,) index into creator_ids
    published_s: I64  # (n_posts,) seconds since 1970, UTC
    post_key: I64
    duration_s: F64  # (n_posts,) NaN where unknown
    sound: I64  # (n_posts,) stable hash of the sound id, 0 where unknown
    hashtags: I64  # (n_posts, MAX_HASHTAGS) stable codes, 0 where there are fewer
    obs_start: I64  # (n_posts + 1,)
    obs_key: I64
    obs_s: I64  # (n_obs,) seconds since 1970, UTC
    obs_counts: F64  # (n_obs, 5) counts in the order of TARGETS, NaN where unknown
    follower_start: I64  # (n_creators + 1,)
    follower_key: I64
    followers: F64
    place: I64  # (n_posts,) index into PLACES by the post's language, -1 where it names none
    vectors: npt.NDArray[np.float32] | None = None  # (n_posts, 384) sentence embeddings
    shown: Shown | None = None  # what the posts' videos show

    @property
    def n_posts(self) -> int:
        return len(self.post_ids)

    def creator_index(self, creator_id: str) -> int:
        """The creator's index, -1 where unknown."""
        at = bisect_left(self.creator_ids, creator_id)
        found = at < len(self.creator_ids) and self.creator_ids[at] == creator_id
        return at if found else -1

    def with_vectors(self, vectors: npt.NDArray[np.float32]) -> Panel:
        return replace(self, vectors=vectors)


def key_of(group: I64, seconds: I64) -> I64:
    """Group and second in one sortable integer."""
    return (group.astype(np.int64) << _SHIFT) + seconds.astype(np.int64)


def text_of(caption: str | None, hashtags: Sequence[str] | None) -> str:
    """What is embedded: the caption, then the hashtags that it does not already hold.

    >>> text_of("My day #vlog", ["vlog", "travel"])
    'My day #vlog #travel'
    """
    body = (caption or "").strip()
    lowered = body.lower()
    extra = [f"#{tag}" for tag in hashtags or () if tag and f"#{tag.lower()}" not in lowered]
    return " ".join([body, *extra]).strip()


@lru_cache(maxsize=100_000)
def code_of(name: str | None) -> int:
    """A stable 62-bit code of a sound's id or a hashtag, 0 where unknown."""
    if not name:
        return 0
    return (int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) >> 2) | 1


def hashtag_codes(hashtags: Sequence[str] | None) -> list[int]:
    """The codes of the first MAX_HASHTAGS different hashtags, filled up with 0."""
    different = dict.fromkeys(tag.lstrip("#").lower() for tag in hashtags or () if tag)
    codes = [code_of(tag) for tag in different][:MAX_HASHTAGS]
    return codes + [0] * (MAX_HASHTAGS - len(codes))


def panel_from(
    posts: pa.Table,
    observations: pa.Table,
    creator_observations: pa.Table,
    about: pa.Table | None = None,
) -> Panel:
    """The panel of canonical tables; posts without creator or time are left out.

    `about`: the table of creators, which knows their niches.
    """
    posts = posts.filter(
        pc.and_(pc.is_valid(posts["creator_id"]), pc.is_valid(posts["published_at"]))
    )
    posts = posts.sort_by([(c, "ascending") for c in ("creator_id", "published_at", "post_id")])
    creators = pc.unique(
        pa.chunked_array([*posts["creator_id"].chunks, *creator_observations["creator_id"].chunks])
        if posts.num_rows + creator_observations.num_rows
        else pa.array([], pa.string())
    )
    creators = creators.take(pc.sort_indices(creators))
    ids = creators.to_pylist()
    about = TABLES["creators"].schema.empty_table() if about is None else about
    creator = _index_in(posts["creator_id"], creators)
    published = _seconds(posts["published_at"])
    captions = posts["caption"].to_pylist()
    hashtags = posts["hashtags"].to_pylist()
    obs_post, obs_s, obs_counts = _observations(posts["post_id"], observations)
    follower_creator, follower_s, followers = _followers(creators, creator_observations)
    return Panel(
        creator_ids=ids,
        kinds=kinds_of(ids, posts, about),
        creator_start=_starts(creator, len(creators)),
        post_ids=posts["post_id"].to_pylist(),
        captions=captions,
        texts=[text_of(c, h) for c, h in zip(captions, hashtags, strict=True)],
        creator=creator,
        published_s=published,
        post_key=key_of(creator, published),
        duration_s=_floats(posts["duration_s"]),
        sound=np.array([code_of(s) for s in posts["sound_id"].to_pylist()], np.int64),
        hashtags=np.array([hashtag_codes(h) for h in hashtags], np.int64).reshape(-1, MAX_HASHTAGS),
        obs_start=_starts(obs_post, posts.num_rows),
        obs_key=key_of(obs_post, obs_s),
        obs_s=obs_s,
        obs_counts=obs_counts,
        follower_start=_starts(follower_creator, len(creators)),
        follower_key=key_of(follower_creator, follower_s),
        followers=followers,
        place=np.array([place_of(tag) for tag in posts["language"].to_pylist()], np.int64),
    )


def _observations(post_ids: pa.ChunkedArray, table: pa.Table) -> tuple[I64, I64, F64]:
    post = _index_in(table["post_id"], post_ids)
    seconds = _seconds(table["observed_at"])
    counts = np.column_stack([_floats(table[name]) for name in TARGETS])
    unseen = (counts[:, 0] == 0) & (np.nan_to_num(counts[:, 1:]).sum(axis=1) > 0)
    counts[unseen, 0] = np.nan  # a post that was liked was viewed: its views are unknown
    order = np.lexsort((seconds, post))
    order = order[post[order] >= 0]
    return post[order], seconds[order], counts[order]


def _followers(creators: pa.Array, table: pa.Table) -> tuple[I64, I64, F64]:
    table = table.filter(pc.is_valid(table["followers"]))
    creator = _index_in(table["creator_id"], creators)
    seconds = _seconds(table["observed_at"])
    order = np.lexsort((seconds, creator))
    return creator[order], seconds[order], _floats(table["followers"])[order]


def _index_in(values: pa.ChunkedArray, among: pa.Array | pa.ChunkedArray) -> I64:
    if isinstance(among, pa.ChunkedArray):
        among = among.combine_chunks()
    found = pc.fill_null(pc.index_in(values, value_set=among), -1)
    return np.asarray(found.to_numpy(), np.int64)


def _starts(groups: I64, n_groups: int) -> I64:
    return np.searchsorted(groups, np.arange(n_groups + 1)).astype(np.int64)


def _seconds(column: pa.ChunkedArray) -> I64:
    return np.asarray(column.cast(pa.int64()).to_numpy() // 1_000_000, np.int64)


def _floats(column: pa.ChunkedArray) -> F64:
    return np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)
