"""Merges against a dictionary: known values replace, nulls never erase, repeats change nothing."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reelcast.store import Lake, MergeCount
from tests.support import table_of

START = datetime(2026, 1, 1, tzinfo=UTC)
Key = tuple[str, str]

rows = st.fixed_dictionaries(
    {
        "post_id": st.sampled_from(["a", "b", "é'\""]),
        "observed_at": st.integers(0, 2).map(lambda day: START + timedelta(days=day)),
        "views": st.none() | st.integers(0, 3),
        "completion_rate": st.none() | st.sampled_from([0.0, 0.5, float("nan")]),
        "source": st.none() | st.sampled_from(["", "x"]),
    }
)
batches = st.lists(st.lists(rows, max_size=6), min_size=1, max_size=3)
VALUES = ("views", "completion_rate", "source")


def merged_by_hand(given_batches: list[list[dict[str, Any]]]) -> dict[Key, dict[str, Any]]:
    held: dict[Key, dict[str, Any]] = {}
    for row in (row for batch in given_batches for row in batch):
        own = held.setdefault(
            (row["post_id"], row["observed_at"].isoformat()), dict.fromkeys(VALUES)
        )
        own.update({name: row[name] for name in VALUES if row[name] is not None})
    return held


def held_by(lake: Lake) -> dict[Key, dict[str, Any]]:
    rows = lake.read("post_observations").to_pylist()
    held = {
        (r["post_id"], r["observed_at"].isoformat()): {name: r[name] for name in VALUES}
        for r in rows
    }
    assert len(held) == len(rows)
    return held


@settings(max_examples=15, deadline=None)
@given(batches)
def test_merges_hold_what_a_dictionary_would(given_batches: list[list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(folder)
        for batch in given_batches:
            lake.merge("post_observations", table_of("post_observations", batch))
        assert repr(sorted(held_by(lake).items())) == repr(
            sorted(merged_by_hand(given_batches).items())
        )


@settings(max_examples=15, deadline=None)
@given(st.lists(rows, max_size=6))
def test_the_same_merge_twice_makes_no_version(batch: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake, table = Lake(folder), table_of("post_observations", batch)
        first = lake.merge("post_observations", table)
        before = lake.versions()
        again = lake.merge("post_observations", table)
        assert again == MergeCount(unchanged=first.inserted)
        assert lake.versions() == before
