"""Rates over posts are as sure as posts are many, not as views are."""

from __future__ import annotations

import numpy as np
import pytest

from measurement import rates
from measurement.intervals import clustered, wilson
from measurement.measured import Measured, Provenance
from measurement.over_posts import Under, over_units, rate
from measurement.results import CampaignMeasured
from measurement.run import measure
from tests.measurement.conftest import SoldLake

RATE, SPREAD = 0.05, 0.6  # of posts' engagement rates: mean, and sd over mean


def posts(n: int, size_sd: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Engagements and views (n,) of posts whose rates differ."""
    views = np.maximum(rng.lognormal(9, size_sd, n), 100).round()
    a = (1 - RATE) / SPREAD**2 - RATE
    own = rng.beta(a, a * (1 - RATE) / RATE, n)
    return rng.binomial(views.astype(int), own).astype(float), views


@pytest.mark.parametrize(("n", "size_sd"), [(3, 0.5), (5, 1.2), (10, 1.2), (30, 0.5)])
def test_the_interval_covers_the_true_rate_where_wilsons_does_not(n: int, size_sd: float) -> None:
    rng = np.random.default_rng(n)
    held = narrow = 0
    for _ in range(600):
        parts, views = posts(n, size_sd, rng)
        low, high = clustered(parts, views) or (1.0, 0.0)
        held += low <= RATE <= high
        low, high = wilson(int(parts.sum()), int(views.sum()))
        narrow += low <= RATE <= high
    assert 0.92 <= held / 600 <= 0.985
    assert narrow / 600 < 0.25


def test_posts_that_agree_are_never_surer_than_their_counts() -> None:
    low, high = clustered(np.array([5.0] * 4), np.array([100.0] * 4)) or (0.0, 0.0)
    ends = wilson(20, 400)
    assert high - low >= 0.95 * (ends[1] - ends[0])


def test_the_order_of_posts_changes_nothing() -> None:
    parts, views = posts(6, 1.0, np.random.default_rng(1))
    assert clustered(parts, views) == pytest.approx(clustered(parts[::-1], views[::-1]))


def test_none_or_all_have_wilsons_interval() -> None:
    views = np.array([100.0, 200.0, 300.0])
    assert clustered(np.zeros(3), views) == wilson(0, 600)
    assert clustered(views, views) == wilson(600, 600)


def test_posts_without_views_are_no_units() -> None:
    assert clustered(np.array([5.0, 6.0, 0.0]), np.array([100.0, 90.0, 0.0])) is None


def test_fewer_than_three_posts_give_a_value_and_say_why_there_is_no_interval() -> None:
    pair = np.array([5.0, 6.0]), np.array([100.0, 90.0])
    (made,) = rate(lambda n, v: rates.save_rate(n, v, Provenance()), pair, Under("USD", "", ""))
    assert made.value == pytest.approx(11 / 190)
    assert (made.low, made.high, made.method) == (None, None, None)
    assert "needs 3" in (made.note or "")


def test_posts_of_one_creator_are_one_unit_among_several_creators() -> None:
    under = Under("USD", "", "", units=np.array([0, 0, 1, 1, 2, 2]))
    pair = np.array([5.0, 6, 20, 22, 1, 2]), np.full(6, 100.0)
    (made,) = rate(lambda n, v: rates.save_rate(n, v, Provenance()), pair, under)
    by_creator = clustered(np.array([11.0, 42, 3]), np.full(3, 200.0))
    assert (made.low, made.high) == by_creator
    assert made.method == "jackknife over creators"


def test_a_note_that_is_there_stays() -> None:
    of = Measured(metric="x", value=0.1, unit="share", basis="counted", note="so far")
    assert (over_units(of, (np.ones(1), np.ones(1))).note or "").startswith("so far; no interval")


@pytest.fixture(scope="module")
def made(spring: SoldLake) -> CampaignMeasured:
    return measure(spring.lake, "spring", spring.now)


def test_shares_of_views_and_shares_of_orders_have_intervals_of_their_own(
    made: CampaignMeasured,
) -> None:
    week = made.slice("campaign", "spring").windows[2].metrics
    for name in ("engagement_rate_by_views", "save_rate", "ctr_of_views", "conversion_rate"):
        assert week[name].method == "jackknife over creators"
    assert week["new_customer_share"].method == "wilson"


def test_a_single_post_has_a_rate_without_an_interval(made: CampaignMeasured) -> None:
    of = made.posts[0].windows[2].metrics["engagement_rate_by_views"]
    assert of.value is not None
    assert of.low is None
