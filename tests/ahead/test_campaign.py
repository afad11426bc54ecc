"""Campaign totals: what they rest on, how they add up, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from features.panel import F64
from inference.campaign import MOST_POSTS, campaign_forecast, dependence_of, requests_of
from inference.dependence import ENOUGH, Finished, estimate, prior, scores_of
from inference.ledger_campaigns import CAMPAIGN, campaign_outcomes
from inference.ledger_join import ACTUAL
from inference.ledger_scores import Resolved
from inference.ledger_store import Entry
from inference.sampling import QuantileSampler
from reelcast.errors import InputError
from reelcast.plans import CampaignForecast, CampaignPlan
from reelcast.records import Forecast, ForecastResponse
from tests.ledger.made import forecast, response, target


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


def test_engagement_never_exceeds_views() -> None:
    of = forecast(targets={"views": target(100, 1.5), "likes": target(90, 1.5)})
    rng = np.random.default_rng(0)
    drawn = QuantileSampler().draw(of, rng.standard_normal(5000), rng)
    assert (drawn["likes"] <= drawn["views"]).all()


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
        due_at="2026-01-08T00:00:00+00:00",
        post_id=post,
        creator_id=creator,
        campaign_id=campaign,
        median=1.0,
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

    def draw(self, forecast: Forecast, scores: F64, rng: np.random.Generator) -> dict[str, F64]:
        return {"views": np.full(len(scores), 10.0)}


def test_another_sampler_takes_the_place_of_the_quantiles() -> None:
    found = campaign_forecast(plan(3), answered(3), sampler=Fixed())
    assert found.totals["views"].p10 == found.totals["views"].mean == 30.0
