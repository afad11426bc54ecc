"""Draws of clicks, conversions and revenue that agree with those of views."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.panel import F64
from inference.conversions import conversion_of, costs_of, rests_on, sold
from inference.conversions_draw import Offer, draw_funnel
from reelcast.errors import InputError
from reelcast.plans import Selling
from training.conversions_fit import Trials, fit_rates
from training.conversions_model import ConversionsModel, Score, prior_model
from training.conversions_prior import CLICK_PRIOR, CLICKS_PER_VIEW, NO_OWN_DATA
from training.conversions_values import values_of

POST = Offer(brand="Brindle")
SELLING = Selling(brand="Brindle")


def views(n: int = 3, draws: int = 4000, of: float = 50_000) -> F64:
    return np.full((n, draws), of)


def learned(posts: int) -> ConversionsModel:
    """A model that saw posts of Brindle with 1% of views clicking."""
    offset = np.full(posts, float(np.log(CLICKS_PER_VIEW.rate)))
    k, n = np.full(posts, 500), np.full(posts, 50_000)
    trials = Trials(k, n, offset, {"brand": ["Brindle"] * posts})
    return replace(prior_model(), clicks=fit_rates(trials, CLICK_PRIOR))


@given(st.integers(0, 10**7), st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_no_draw_has_more_clicks_than_views_or_conversions_than_clicks(of: int, n: int) -> None:
    shown = views(n, 200, of)
    made = draw_funnel(prior_model(), [POST] * n, shown, None, np.random.default_rng(of))
    assert (made.clicks <= shown).all()
    assert (made.conversions <= made.clicks).all()
    assert (made.conversions >= 0).all()


def test_the_prior_is_wide() -> None:
    made = draw_funnel(prior_model(), [POST], views(1), None, np.random.default_rng(0))
    low, high = np.quantile(made.clicks, [0.1, 0.9])
    assert high / low > 8


def test_a_first_campaign_narrows_the_interval_and_many_narrow_it_more() -> None:
    widths = []
    for model in (prior_model(), learned(5), learned(200)):
        made = draw_funnel(model, [POST], views(1), None, np.random.default_rng(0))
        low, high = np.quantile(made.clicks, [0.1, 0.9])
        widths.append(np.log(high / low))
    assert widths[0] > widths[1] > widths[2]


def test_posts_of_one_brand_share_what_is_not_known_of_it() -> None:
    made = draw_funnel(prior_model(), [POST] * 2, views(2), None, np.random.default_rng(0))
    logs = np.log1p(made.clicks)
    assert np.corrcoef(logs)[0, 1] > 0.3


def test_posts_of_one_new_creator_are_more_alike_than_of_two() -> None:
    ana, ben = replace(POST, creator="ana"), replace(POST, creator="ben")
    alike = [
        np.corrcoef(
            np.log1p(
                draw_funnel(prior_model(), pair, views(2), None, np.random.default_rng(0)).clicks
            )
        )[0, 1]
        for pair in ([ana, ana], [ana, ben])
    ]
    assert alike[0] > alike[1] + 0.05


def test_revenue_is_conversions_times_their_value() -> None:
    values = values_of([(("Brindle", "purchase", "USD"), 30.0 + i % 20) for i in range(2000)])
    made = sold(replace(learned(50), values=values), SELLING, [POST], views(1).T, 7)
    mean = made.counts["revenue"].mean() / made.counts["conversions"].mean()
    assert mean == pytest.approx(39.5, rel=0.02)
    assert (made.counts["revenue"][made.counts["conversions"] == 0] == 0).all()
    assert "2,000 orders of Brindle" in made.words["revenue"]


def test_a_brand_is_known_however_it_is_spelled() -> None:
    made = sold(learned(50), Selling(brand=" brindle"), [Offer(brand=" brindle")], views(1).T, 7)
    same = sold(learned(50), SELLING, [POST], views(1).T, 7)
    assert made.words["clicks"] == same.words["clicks"]
    assert (made.counts["clicks"] == same.counts["clicks"]).all()


def test_without_data_each_number_says_prior_no_own_data() -> None:
    made = sold(prior_model(), SELLING, [POST], views(1, 500).T, 7)
    assert {"clicks", "conversions", "revenue"} == made.words.keys()
    assert all(NO_OWN_DATA in words for words in made.words.values())


def test_with_data_a_number_says_how_many_posts_are_behind_it() -> None:
    assert rests_on(learned(12).clicks, "Brindle", "") == (
        "learned from 12 posts of Brindle and 0 of other brands"
    )
    other = rests_on(learned(12).clicks, "Fen", "a prior")
    assert NO_OWN_DATA in other
    assert "12 posts of other brands" in other


def test_what_nothing_prices_has_no_revenue_and_says_so() -> None:
    selling = Selling(brand="Brindle", objective="installs")
    made = sold(prior_model(), selling, [replace(POST, kind="install")], views(1, 200).T, 7)
    assert "revenue" not in made.counts
    assert "give selling.aov" in made.notes[0]


def test_a_given_order_value_stands_in_for_orders() -> None:
    selling = Selling(brand="Brindle", currency="EUR", aov=25.0)
    made = sold(prior_model(), selling, [POST], views(1).T, 7)
    mean = made.counts["revenue"].mean() / made.counts["conversions"].mean()
    assert mean == pytest.approx(25.0, rel=0.05)
    assert "as given" in made.words["revenue"]


def test_new_customers_are_never_more_than_conversions() -> None:
    offset = np.zeros(20)
    trials = Trials(np.full(20, 7), np.full(20, 10), offset, {"brand": ["Brindle"] * 20})
    model = replace(prior_model(), shares={"new": fit_rates(trials, CLICK_PRIOR)})
    made = sold(model, SELLING, [POST], views(1).T, 7)
    assert (made.follows["new"] <= made.counts["conversions"]).all()
    share = made.follows["new"].sum() / made.counts["conversions"].sum()
    assert share == pytest.approx(0.7, abs=0.08)


@pytest.mark.parametrize("name", ["new", "repeat"])
def test_what_follows_purchases_is_not_told_of_leads(name: str) -> None:
    trials = Trials(np.array([7]), np.array([10]), np.zeros(1), {"brand": ["Brindle"]})
    model = replace(prior_model(), shares={name: fit_rates(trials, CLICK_PRIOR)})
    selling = Selling(brand="Brindle", objective="leads")
    made = sold(model, selling, [replace(POST, kind="lead")], views(1, 50).T, 7)
    assert made.follows == {}
    assert name in sold(model, SELLING, [POST], views(1, 50).T, 7).follows


def test_the_score_of_leads_is_told_where_leads_are_the_aim() -> None:
    model = replace(prior_model(), lead_scores={"Brindle": Score(40, 62.0, 15.0)})
    selling = Selling(brand="Brindle", objective="leads")
    made = sold(model, selling, [replace(POST, kind="lead")], views(1).T, 7)
    assert made.lead_score is not None
    assert made.lead_score.mean() == pytest.approx(62.0, abs=0.5)


def test_the_same_plan_sells_the_same() -> None:
    made = [sold(prior_model(), SELLING, [POST], views(1, 300).T, 7).counts for _ in range(2)]
    assert all(np.array_equal(made[0][name], made[1][name]) for name in made[0])


def test_leads_count_where_leads_are_the_objective() -> None:
    assert conversion_of(Selling(brand="b", objective="leads")) == "lead"
    assert conversion_of(Selling(brand="b", objective="leads", conversion="signup")) == "signup"


def test_a_cost_that_has_no_result_in_a_tenth_of_futures_has_no_p90() -> None:
    found = costs_of({"conversions": np.array([0.0] * 3 + [10.0] * 7)}, 100.0, "USD")["cpa"]
    assert (found.p10, found.p50, found.p90) == (10.0, 10.0, None)
    assert found.mean == pytest.approx(100 / 7)


def test_a_negative_cost_is_refused() -> None:
    with pytest.raises(InputError):
        costs_of({}, -1.0, "USD")
