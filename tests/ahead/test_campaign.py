"""Campaign totals: what they rest on, how they add up, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from features.panel import F64
from inference.campaign import (
    MOST_POSTS,
    Models,
    Samples,
    campaign_forecast,
    campaign_samples,
    requests_of,
)
from inference.dependence import ENOUGH, Finished, dependence_of, estimate, prior, scores_of
from inference.ledger_campaigns import CAMPAIGN, campaign_outcomes
from inference.ledger_join import ACTUAL
from inference.ledger_scores import Resolved
from inference.ledger_store import Entry
from inference.sampling import ENGAGEMENTS, WILLING, JointSampler, Scores
from reelcast.errors import InputError
from reelcast.plans import CampaignForecast, CampaignPlan
from reelcast.records import Forecast, ForecastResponse
from tests.ledger.made import forecast, response, target
from training.joint import Rate


def plan(n: int, **others: object) -> CampaignPlan:
    people = [{"creator": {"creator_id": f"c{i}"}} for i in range(n)]
    return CampaignPlan.model_validate({"deliverables": people, **others})


def answered(n: int, **targets: float) -> list[ForecastResponse]:
    of = {name: target(median) for name, median in (targets or {"views": 1000.0}).items()}
    return [response(*(forecast(creator_id=f"c{i}", targets=of) for i in range(n)))]


def made(n: int, **others: object) -> CampaignForecast:
    return campaign_forecast(plan(n, **others), answered(n))


def test_the_mean_of_a_total_is_the_sum_of_means() -> None:
    one, ten = made(1, draws=20_000), made(10, draws=20_000)
    assert ten.totals["views"].mean == pytest.approx(10 * one.totals["views"].mean, rel=0.03)


def test_a_total_is_no_sum_of_p90s() -> None:
    one, ten = made(1), made(10)
    assert ten.totals["views"].p90 < 0.8 * 10 * one.totals["views"].p90
    assert ten.totals["views"].p10 > 10 * one.totals["views"].p10


def test_the_sum_of_medians_falls_short_of_the_total() -> None:
    assert made(30).totals["views"].p50 > 1.2 * 30 * 1000


def test_the_same_plan_gives_the_same_answer() -> None:
    assert made(5) == made(5)
    assert made(5, seed=8) != made(5)


def test_posts_of_one_creator_are_riskier_than_of_several() -> None:
    several = plan(10)
    same = CampaignPlan(deliverables=(several.deliverables[0].model_copy(update={"posts": 10}),))
    apart, together = (campaign_forecast(p, answered(n)) for p, n in ((several, 10), (same, 1)))
    widths = [of.totals["views"].p90 / of.totals["views"].p10 for of in (apart, together)]
    assert widths[1] > widths[0]


def test_the_chance_of_a_goal_falls_with_the_goal() -> None:
    chances = [made(5, goals={"views": g}).totals["views"].chance for g in (0, 5e3, 2e4, 1e9)]
    assert chances[0] == 1.0
    assert chances == sorted(chances, reverse=True)  # type: ignore[type-var]
    assert chances[-1] == 0.0


def test_a_goal_that_is_not_forecast_is_refused() -> None:
    with pytest.raises(InputError, match="a goal for likes"):
        made(2, goals={"likes": 5})


RATE = Rate(shift=0.0, slope=0.0, spread=1.0, known=0.0, odds=1.0)
COUNTS = {"views": 1000.0, "likes": 80.0, "comments": 4.0, "shares": 6.0, "saves": 9.0}


def scores(n: int, seed: int = 0) -> Scores:
    rng = np.random.default_rng(seed)
    return Scores(rng.standard_normal(n), rng.standard_normal((len(ENGAGEMENTS), WILLING, n)))


@pytest.mark.parametrize("rates", [{}, {"likes": RATE}])
def test_engagement_never_exceeds_views(rates: dict[str, Rate]) -> None:
    of = forecast(targets={"views": target(100, 1.5), "likes": target(90, 1.5)})
    drawn = JointSampler(rates).draw(of, scores(5000), np.random.default_rng(0))
    assert (drawn["likes"] <= drawn["views"]).all()


def test_engagement_keeps_its_own_quantiles_where_views_do_not_bound_it() -> None:
    of = forecast(targets={"views": target(100_000, 1.0), "likes": target(900, 1.3)})
    drawn = JointSampler({"likes": RATE}).draw(of, scores(20_000), np.random.default_rng(0))
    seen = np.quantile(drawn["likes"], [0.1, 0.5, 0.9])
    said = [of.targets["likes"].quantiles[name] for name in ("q10", "q50", "q90")]
    assert seen == pytest.approx(said, rel=0.05)


def test_engagement_follows_views() -> None:
    of = forecast(targets={"views": target(100_000, 1.0), "likes": target(900, 1.3)})
    drawn = JointSampler({"likes": RATE}).draw(of, scores(5000), np.random.default_rng(0))
    assert np.corrcoef(np.log1p(drawn["views"]), np.log1p(drawn["likes"]))[0, 1] > 0.5


def samples(posts: int) -> Samples:
    one = plan(1).deliverables[0].model_copy(update={"posts": posts})
    of = CampaignPlan(deliverables=(one, *plan(2).deliverables[1:]))
    sampler = JointSampler(dict.fromkeys(ENGAGEMENTS, RATE))
    return campaign_samples(of, answered(2, **COUNTS), prior(), sampler)


def test_samples_are_of_posts_that_know_their_deliverable() -> None:
    drawn = samples(3)
    assert drawn.counts["views"].shape == (4000, 4)
    assert drawn.deliverable.tolist() == [0, 0, 0, 1]


def test_how_willing_viewers_are_goes_together_in_posts_of_one_creator() -> None:
    drawn = samples(2)
    rate = np.log((drawn.counts["likes"] + 1) / (drawn.counts["views"] + 1))
    together = np.corrcoef(rate.T)
    assert together[0, 1] > 0.15
    assert abs(together[0, 2]) < 0.1


def test_engagements_are_likes_comments_and_shares_in_each_future() -> None:
    drawn = samples(1)
    added = np.sum([drawn.counts[t].sum(axis=1) for t in ("likes", "comments", "shares")], axis=0)
    assert np.array_equal(drawn.totals()["engagements"], added)


def test_a_goal_may_be_set_on_engagements() -> None:
    asked = plan(3, goals={"engagements": 250, "saves": 5})
    found = campaign_forecast(asked, answered(3, **COUNTS))
    assert 0 < (found.totals["engagements"].chance or 0) < 1
    assert found.totals["saves"].chance is not None


def test_engagements_without_shares_are_no_total() -> None:
    with pytest.raises(InputError, match="a goal for engagements"):
        campaign_forecast(plan(2, goals={"engagements": 5}), answered(2, views=10.0, likes=1.0))


def test_reach_is_labelled_as_an_assumption_and_below_views() -> None:
    found = made(5)
    assert found.reach is not None
    assert found.reach.basis == "estimated"
    assert found.reach.mean < found.totals["views"].mean
    assert all("assum" in words for words in found.assumptions)


def test_more_overlap_is_less_reach() -> None:
    reaches = [made(8, assumptions={"audience_overlap": o}).reach for o in (0.0, 0.2, 0.6)]
    means = [reach.mean for reach in reaches if reach is not None]
    assert means == sorted(means, reverse=True)


def test_qualified_reach_is_given_where_shares_are_assumed() -> None:
    share = {"low": 0.3, "high": 0.5}
    plain, asked = (made(5, assumptions=under) for under in ({}, {"in_target": share}))
    assert plain.qualified_reach is None
    assert asked.reach == plain.reach
    assert asked.qualified_reach is not None
    assert asked.reach is not None
    assert asked.qualified_reach.mean == pytest.approx(0.4 * asked.reach.mean, rel=0.03)
    assert "assumption: 30% to 50% of viewers are in target" in asked.assumptions


def test_a_share_that_is_less_sure_widens_qualified_reach() -> None:
    widths = []
    for low, high in ((0.40, 0.42), (0.1, 0.8)):
        share = {"low": low, "high": high}
        found = made(30, assumptions={"in_target": share, "authentic": share}).qualified_reach
        assert found is not None
        widths.append(found.p90 / found.p10)
    assert widths[1] > 1.2 * widths[0]


def test_one_request_is_made_per_brief() -> None:
    asked = CampaignPlan.model_validate(
        {
            "deliverables": [
                {"creator": {"creator_id": "a"}, "brief": {"theme": "x"}},
                {"creator": {"creator_id": "b"}},
                {"creator": {"creator_id": "c"}, "brief": {"theme": "x"}},
            ]
        }
    )
    assert [positions for _, positions in requests_of(asked)] == [[0, 2], [1]]


def test_too_many_posts_are_refused() -> None:
    many = CampaignPlan.model_validate(
        {"deliverables": [{"creator": {"creator_id": "a"}, "posts": 50}] * (MOST_POSTS // 50 + 1)}
    )
    with pytest.raises(InputError, match="in parts"):
        requests_of(many)


def test_too_many_draws_of_many_posts_are_refused() -> None:
    many = CampaignPlan.model_validate(
        {"deliverables": [{"creator": {"creator_id": "a"}, "posts": 50}] * 10, "draws": 20_000}
    )
    with pytest.raises(InputError, match="at most 8000 draws"):
        requests_of(many)


@pytest.mark.parametrize(
    "wrong",
    [
        {"deliverables": []},
        {"deliverables": [{"creator": {"creator_id": "a"}, "posts": 0}]},
        {"deliverables": [{"creator": {"creator_id": "a"}}], "goals": {"views": -1}},
        {"deliverables": [{"creator": {"creator_id": "a"}}], "goals": {"views": float("nan")}},
        {"deliverables": [{"creator": {"creator_id": "a"}}], "draws": 10},
        {
            "deliverables": [{"creator": {"creator_id": "a"}}],
            "assumptions": {"audience_overlap": 1},
        },
        {"deliverables": [{"creator": {"creator_id": "a"}}], "budget": 1},
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        CampaignPlan.model_validate(wrong)


def finished(campaigns: int, shock: float, effect: float, seed: int = 0) -> Finished:
    """Campaigns of five creators with two posts each, with this dependence."""
    rng = np.random.default_rng(seed)
    creator = np.repeat(np.arange(5), 2)
    truth = prior().model_copy(update={"campaign_shock": shock, "creator_effect": effect})
    scores = np.concatenate([scores_of((creator, 1), truth, rng)[0] for _ in range(campaigns)])
    return Finished(scores, np.repeat(np.arange(campaigns), 10), np.tile(creator, campaigns))


def test_few_campaigns_leave_the_prior() -> None:
    found = estimate(finished(ENOUGH - 1, 0.5, 0.3))
    assert found == prior(ENOUGH - 1)
    assert "prior" in found.words


def test_many_campaigns_show_their_own_dependence() -> None:
    found = estimate(finished(600, 0.30, 0.25))
    assert found.basis == "ledger"
    assert found.campaign_shock == pytest.approx(0.30, abs=0.06)
    assert found.creator_effect == pytest.approx(0.25, abs=0.08)


def test_posts_of_unknown_creators_are_not_of_one_creator() -> None:
    together = np.random.default_rng(3).standard_normal((200, 2)) @ [[1.0, 1.0], [0.0, 0.0]]

    def creator_effect(creators: tuple[str | None, str | None]) -> float:
        return dependence_of(
            [
                resolved_of(f"k{k}", creators[i], f"t:{k}.{i}", together[k, i])
                for k in range(200)
                for i in range(2)
            ]
        ).creator_effect

    assert creator_effect(("c", "c")) > 0.5
    assert creator_effect((None, None)) < 0.5


def resolved_of(campaign: str, creator: str | None, post: str, score: float) -> Resolved:
    return Resolved(
        forecast_id=post,
        target="views",
        window="7 d",
        tier="micro",
        made_at="2026-01-01T00:00:00+00:00",
        source="command line",
        due_at="2026-01-08T00:00:00+00:00",
        post_id=post,
        creator_id=creator,
        campaign_id=campaign,
        median=1.0,
        low=0.5,
        high=2.0,
        mean=1.0,
        actual=1.0,
        score=score,
        own_score=score,
    )


@pytest.mark.parametrize(("second", "outcomes"), [("t:2", 1), ("t:1", 0)])
def test_a_post_joined_to_two_deliverables_is_not_counted_twice(second: str, outcomes: int) -> None:
    parts = [{"forecast_id": f"f{i}", "posts": 1} for i in (1, 2)]
    total = {"p10": 1.0, "p50": 2.0, "p90": 3.0, "mean": 2.0}
    body = {"campaign_id": "k", "made_at": "", "posts": 2, "parts": parts}
    forecast_of = Entry(CAMPAIGN, "k1", {**body, "totals": {"views": total}})
    actuals = [
        Entry(
            ACTUAL, f"a{i}", {"forecast_id": f"f{i}", "target": "views", "post_id": p, "count": 1}
        )
        for i, p in ((1, "t:1"), (2, second))
    ]
    assert len(campaign_outcomes([forecast_of], actuals)) == outcomes


def test_no_outcomes_are_no_campaigns() -> None:
    assert dependence_of([]) == prior(0)


@given(st.integers(1, 40), st.floats(0, 0.5), st.floats(0, 0.3))
@settings(max_examples=30, deadline=None)
def test_scores_are_standard_normal_whatever_the_dependence(
    n: int, shock: float, effect: float
) -> None:
    of = prior().model_copy(update={"campaign_shock": shock, "creator_effect": effect})
    scores: F64 = scores_of((np.arange(n) // 2, 4000), of, np.random.default_rng(n))
    assert scores.std() == pytest.approx(1.0, abs=0.15)
    assert np.isfinite(scores).all()


class Fixed:
    """A sampler that always draws the same."""

    def draw(self, forecast: Forecast, scores: Scores, rng: np.random.Generator) -> dict[str, F64]:
        return {"views": np.full(len(scores.views), 10.0)}


def test_another_sampler_takes_the_place_of_the_quantiles() -> None:
    found = campaign_forecast(plan(3), answered(3), Models(sampler=Fixed()))
    assert found.totals["views"].p10 == found.totals["views"].mean == 30.0


def test_a_total_says_how_far_totals_lay_from_their_means_in_the_test() -> None:
    said = "the forecasts of its posts; on test posts views summed to 12% more than the means"
    found = campaign_forecast(plan(3), answered(3), Models(means={"views": said}))
    assert found.totals["views"].words == said


SELLING = {"brand": "Brindle", "objective": "sales"}


def test_a_plan_that_sells_has_clicks_conversions_and_revenue() -> None:
    found = made(3, selling=SELLING, goals={"conversions": 1})
    assert {"clicks", "conversions", "revenue"} <= found.totals.keys()
    assert "prior, no own data" in str(found.totals["conversions"].words)
    assert found.totals["conversions"].chance is not None


def test_a_plan_that_says_nothing_of_selling_has_none() -> None:
    assert "clicks" not in made(3).totals
    with pytest.raises(InputError, match="selling"):
        made(3, goals={"clicks": 1})


def test_costs_follow_from_fees() -> None:
    people = [{"creator": {"creator_id": f"c{i}"}, "fee": 50.0, "posts": 2} for i in range(3)]
    asked = CampaignPlan.model_validate({"deliverables": people, "selling": SELLING})
    found = campaign_forecast(asked, answered(3))
    assert {"cpv", "cpc", "cpa", "roas"} <= found.costs.keys()
    assert found.costs["cpv"].mean == pytest.approx(300 / found.totals["views"].mean, rel=0.01)


def test_costs_are_left_out_where_a_fee_is_missing() -> None:
    people = [{"creator": {"creator_id": "a"}, "fee": 50.0}, {"creator": {"creator_id": "b"}}]
    assert (
        campaign_forecast(CampaignPlan.model_validate({"deliverables": people}), answered(2)).costs
        == {}
    )


def test_selling_changes_no_view() -> None:
    assert made(3, selling=SELLING).totals["views"] == made(3).totals["views"]
