"""Totals against the sum of means: the ratio, its interval, its words."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from inference.model_words import words_of_means
from training.totals import is_off, total_against, total_words, totals_of


def posts_of(ratio: float, posts: int = 200, creators: int = 40) -> pa.Table:
    """Test posts whose outcomes are `ratio` times their means, give or take."""
    rng = np.random.default_rng(5)
    mean = np.exp(rng.normal(8, 1, posts))
    return pa.table(
        {
            "post_id": [f"tiktok:{i}" for i in range(posts)],
            "creator_id": [f"c{i % creators}" for i in range(posts)],
            "y": mean * ratio * np.exp(rng.normal(0, 0.3, posts) - 0.045),
            "mean": mean,
        }
    )


def test_the_ratio_is_what_came_over_what_the_means_said() -> None:
    of = totals_of({"views": posts_of(1.5)})["views"]
    assert of["ratio"] == pytest.approx(1.5, abs=0.1)
    assert of["low"] < of["ratio"] < of["high"]


def test_the_interval_holds_no_bias_nine_times_in_ten_at_least() -> None:
    held = []
    for seed in range(200):
        y = np.exp(np.random.default_rng(seed).normal(0, 0.8, 300) - 0.32)
        held.append(not is_off(total_against(np.ones(300), y, np.arange(300) % 20)))
    assert np.mean(held) >= 0.9


@pytest.mark.parametrize(("creators", "size_sd"), [(10, 1.2), (15, 2.0), (50, 2.0)])
def test_the_interval_holds_where_few_creators_hold_most_of_the_views(
    creators: int, size_sd: float
) -> None:
    held = []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        creator = np.repeat(np.arange(creators), rng.poisson(8, creators) + 1)
        mean = np.exp(rng.normal(8, size_sd, creators))[creator]
        shared = rng.normal(0, 0.3, creators)[creator]
        y = mean * np.exp(shared + rng.normal(0, 0.8, len(creator)) - (0.09 + 0.64) / 2)
        held.append(not is_off(total_against(mean, y, creator)))
    assert 0.92 <= np.mean(held) <= 0.985


def test_the_interval_is_unknown_for_a_handful_of_creators() -> None:
    of = totals_of({"views": posts_of(1.5, creators=5)})["views"]
    assert of["low"] is None
    assert not is_off(of)
    assert "too few for an interval" in total_words("views", of)


def test_ids_of_creators_change_no_interval() -> None:
    mean, y = np.ones(60), np.exp(np.random.default_rng(1).normal(0, 1, 60))
    creator = np.arange(60) % 20
    other = total_against(mean, y, 19 - creator)
    assert total_against(mean, y, creator) == pytest.approx(other)


def test_engagements_are_summed_over_the_posts_that_all_three_hold() -> None:
    likes, few = posts_of(1.0), posts_of(2.0).slice(0, 150)
    found = totals_of({"likes": likes, "comments": few, "shares": few})["engagements"]
    assert found["n"] == 150
    assert found["ratio"] == pytest.approx(5 / 3, abs=0.1)


@pytest.mark.parametrize(
    ("ratio", "words"), [(1.5, "the means were too low"), (0.6, "the means were too high")]
)
def test_a_bias_beyond_chance_is_named(ratio: float, words: str) -> None:
    of = totals_of({"views": posts_of(ratio)})["views"]
    assert is_off(of)
    assert words in total_words("views", of)


def test_what_is_no_more_than_chance_is_called_so() -> None:
    of = {"ratio": 0.9, "low": 0.7, "high": 1.2, "n": 1200, "n_creators": 80}
    assert total_words("likes", of) == (
        "on test posts likes summed to 10% less than the means (1,200 posts of 80 creators; 95% "
        "interval 30% less to 20% more: no more than chance)"
    )


def test_a_bundle_without_totals_says_nothing_of_means() -> None:
    assert words_of_means({"scores": {}}) == {}
