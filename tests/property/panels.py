"""Random small panels for hypothesis: ties in time, repeated and missing counts, empty creators."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from features.gather import Questions
from features.growth import Growth
from features.panel import Panel, code_of, hashtag_codes
from features.rows import Rows, build_rows
from features.shown import ContentState, Shown
from features.state import TIER_NAMES, State
from reelcast.tables import TARGETS
from tests.support import Tables, panel_of, table_of

START = datetime(2026, 1, 1, tzinfo=UTC)
CREATORS = ("a", "b", "c")
_RNG = np.random.default_rng(0)
_WORD = {word: _RNG.normal(size=384).astype(np.float32) for word in ("cats", "dogs", "tea")}
STATE = State(
    growth=Growth(),
    prior_mean=_RNG.uniform(3, 9, (len(TARGETS), len(TIER_NAMES))),
    prior_ratio=np.array([0.5, 1.0, 2.0, 3.0, 4.0]),
    rate_mean=np.array([-3.0, -5.0, -6.0, -5.5]),
    usual_duration_s=30.0,
    text_mean=_RNG.normal(size=384).astype(np.float32) / 10,
    text_basis=_RNG.normal(size=(384, 2)).astype(np.float32) / 20,
    content=ContentState(("hook_a", "theme_b", "measure_c"), None),
    has_places=True,
)
VIDEOS = ("v0", "v1", "v2")

hours = st.integers(0, 60).map(lambda step: 12 * step)  # a month in half days: ties are common
counts = st.none() | st.integers(0, 10**6)
followers = st.sampled_from([500, 20_000, 200_000, 700_000, 2_000_000])


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def _post(number: int, drawn: tuple[Any, ...]) -> dict[str, Any]:
    creator, hour, word, sound, duration, language = drawn
    return {
        "post_id": f"p{number:02}",
        "creator_id": creator,
        "published_at": at(hour),
        "caption": word or None,
        "hashtags": [word, "all"] if word else [],
        "sound_id": sound,
        "duration_s": duration,
        "language": language,
    }


posts = st.lists(
    st.tuples(
        st.sampled_from(CREATORS[:2]),
        hours,
        st.sampled_from(["", *_WORD]),
        st.sampled_from([None, "s1", "s2"]),
        st.sampled_from([None, 10.0, 30.0]),
        st.sampled_from([None, "vi", "ja", "en"]),
    ),
    min_size=1,
    max_size=12,
)
seen = st.lists(st.tuples(st.integers(0, 11), hours, *[counts] * 5), max_size=30)
follower_counts = st.lists(st.tuples(st.sampled_from(CREATORS), hours, followers), max_size=5)


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """The three canonical tables; creator c never posts, and nothing is seen before it is out."""
    made = [_post(number, drawn) for number, drawn in enumerate(draw(posts))]
    observations: dict[tuple[str, datetime], dict[str, Any]] = {}
    for number, hour, *values in draw(seen):
        post = made[number % len(made)]
        when = max(at(hour), post["published_at"])
        observations[post["post_id"], when] = {
            "post_id": post["post_id"],
            "observed_at": when,
            **dict(zip(TARGETS, values, strict=True)),
        }
    people = {(who, hour): n for who, hour, n in draw(follower_counts)}
    return {
        "posts": table_of("posts", made),
        "post_observations": table_of("post_observations", observations.values()),
        "creator_observations": table_of(
            "creator_observations",
            (
                {"creator_id": who, "observed_at": at(hour), "followers": n}
                for (who, hour), n in people.items()
            ),
        ),
    }


def where(table: pa.Table, keep: Any) -> pa.Table:
    """The table's rows for which `keep` holds."""
    return pa.Table.from_pylist([r for r in table.to_pylist() if keep(r)], schema=table.schema)


def panel_with_text(of: Tables) -> Panel:
    panel = panel_of(of)
    panel = replace(panel, shown=shown_of(panel.post_ids))
    return panel.with_vectors(vectors_of(panel.texts))


def shown_of(post_ids: list[str]) -> Shown:
    """Three of four posts show one of three videos, by the number in their id."""
    values = np.array([[0.9, 0.1, 3.0], [0.0, 1.0, np.nan], [0.5, 0.5, 1.0]])
    row = np.array([int(post_id[-2:]) % 4 - 1 for post_id in post_ids], np.int64)
    of_content = {name: i for i, name in enumerate(VIDEOS)}
    return Shown(("hook_a", "theme_b", "measure_c"), values, None, row, of_content)


def vectors_of(texts: list[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    nothing = np.full(384, np.nan, np.float32)
    rows = [_WORD[text.split()[0].lstrip("#")] if text else nothing for text in texts]
    return np.stack(rows) if rows else np.empty((0, 384), np.float32)


def ask(panel: Panel, post: dict[str, Any], text: str) -> Questions:
    """The question of a post, as a person would ask it at its publication."""
    seconds = np.array([int(post["published_at"].timestamp())])
    duration = np.nan if post["duration_s"] is None else post["duration_s"]
    return Questions(
        creator=np.array([panel.creator_index(post["creator_id"])]),
        decided_s=seconds,
        post_s=seconds,
        horizon_days=np.array([30.0]),
        duration_s=np.array([duration]),
        sound=np.array([code_of(post["sound_id"])]),
        hashtags=np.array([hashtag_codes(post["hashtags"])]),
        texts=[text],
        vectors=vectors_of([text]),
        shown=shown_of([post["post_id"]]).of_post,
    )


def rows_of(panel: Panel, asked: Questions, gap_days: float | None) -> Rows:
    shown = STATE.content.reduce(panel.shown)
    panel = replace(panel, vectors=STATE.reduce(panel.vectors), shown=shown)
    return build_rows(panel, replace(asked, vectors=STATE.reduce(asked.vectors)), STATE, gap_days)


def assert_same(left: Rows, right: Rows) -> None:
    """Equal but for the creator's index, which is the panel's own."""
    for name in left.names:
        one, other = left.pick((name,)), right.pick((name,))
        near = 1e-5 if name.startswith("text_") else 1e-12  # components are float32
        assert np.allclose(one, other, rtol=near, atol=near, equal_nan=True), (name, one, other)
    for name in ("tier", "followers", "n_history", "stand_in", "level", "last5_median", "prior"):
        one, other = getattr(left, name), getattr(right, name)
        assert np.allclose(one, other, rtol=1e-12, atol=1e-12, equal_nan=True), (name, one, other)
