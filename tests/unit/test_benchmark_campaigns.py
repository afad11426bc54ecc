"""Campaigns drawn for the benchmark: smaller ones are parts of larger ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.campaign_posts import Posts
from benchmarks.campaigns import SIZES, campaigns
from inference.quantiles import SCORES
from training.joint import Rate

RATE = Rate(0.0, 0.0, 1.0, 0.0, 1.0)


@pytest.fixture(scope="module")
def posts() -> Posts:
    """400 posts of 200 creators whose views are drawn from their own forecasts."""
    rng = np.random.default_rng(3)
    middle = rng.normal(9.0, 1.0, 400)
    views = middle[:, None] + 0.6 * SCORES
    came = np.expm1(middle + 0.6 * np.clip(rng.standard_normal(400), -2, 2))
    logs = {"views": views, "likes": views - 3, "comments": views - 5, "shares": views - 5}
    counts = {"views": came, **dict.fromkeys(("likes", "comments", "shares"), came / 50)}
    rates: dict[int, Mapping[str, Rate]] = {1: dict.fromkeys(("likes", "comments", "shares"), RATE)}
    return Posts(
        logs,
        counts,
        np.arange(400) // 2,
        np.ones(400, np.int64),
        np.arange(400),
        np.full(400, 5),
        np.full(400, 30.0),
        rates,
    )


def test_each_size_has_scores_of_each_count_and_of_engagements(posts: Posts) -> None:
    found = campaigns(posts, 3)
    assert list(found) == [str(size) for size in SIZES]
    assert set(found["5"]) == {"views", "likes", "comments", "shares", "engagements"}


def test_totals_of_calibrated_forecasts_have_next_to_no_bias(posts: Posts) -> None:
    found = campaigns(_views_alone(posts), 200)
    assert found["30"]["views"]["bias"] == pytest.approx(0.0, abs=0.06)


def test_larger_campaigns_are_missed_by_less(posts: Posts) -> None:
    found = campaigns(_views_alone(posts), 200)
    missed = [found[str(size)]["views"]["mape_median"] for size in SIZES]
    assert missed == sorted(missed, reverse=True)


def _views_alone(posts: Posts) -> Posts:
    logs, counts = ({"views": of["views"]} for of in (posts.logs, posts.counts))
    return replace(posts, logs=logs, counts=counts)
