"""What is learned within a window is forecast for that window, whatever the age of the views."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from features.growth import Growth
from inference.campaign import Models, Samples, campaign_forecast, campaign_samples, sales_of
from inference.conversions import at_window
from inference.dependence import prior
from reelcast.campaigns import WindowDays
from reelcast.plans import CampaignPlan
from reelcast.store import Lake
from tests.conversions.shops import BRAND, DAY, START, campaign_of, settings_in, store
from tests.ledger.made import forecast, response, target
from training.conversions import fit_model
from training.conversions_lake import SoldOrder, SoldPost, sold_posts
from training.conversions_model import ConversionsModel, load_model, prior_model, save_model

CLICKS, BUYS = 0.02, 0.05  # of views and of clicks, the truth
MATURE = 40_000.0  # views at 30 days
ORDER = SoldOrder("purchase", 40.0, "USD", None, None, None, None)


def sold_world(window: WindowDays, posts: int = 120, brand: str = BRAND) -> list[SoldPost]:
    """Posts that grow as documented and sell at the true rates until their window's end."""
    rng = np.random.default_rng(window)
    share = float(np.exp(Growth().log_share(np.array([float(window)])))[0])
    made = []
    for i in range(posts):
        views = int(rng.lognormal(np.log(MATURE), 0.4) * share)
        clicks = int(rng.binomial(views, CLICKS))
        orders = (ORDER,) * int(rng.binomial(clicks, BUYS))
        levels = {"brand": brand, "creator": f"c{i}", "objective": "sales"}
        made.append(SoldPost("spring", levels, "purchase", views, clicks, orders, window))
    return made


def plan_of(horizon_days: float = 30, **selling: object) -> CampaignPlan:
    post = {"creator": {"creator_id": "c1"}, "brief": {"horizon_days": horizon_days}}
    return CampaignPlan.model_validate(
        {"deliverables": [post], "selling": {"brand": BRAND, **selling}}
    )


def clicks_of(plan: CampaignPlan, model: ConversionsModel, views: float) -> tuple[float, str]:
    """The mean of clicks where views are known exactly, and the words beside it."""
    answers = [response(forecast(creator_id="c1", targets={"views": target(views)}))]
    drawn = Samples({"views": np.full((4000, 1), views)}, np.zeros(1, np.int64))
    made = sales_of(plan, answers, drawn, Models(conversions=model))
    assert made is not None
    return float(made.counts["clicks"].mean()), made.words["clicks"]


@pytest.mark.parametrize("window", [1, 3, 7, 30])
def test_clicks_within_the_window_are_the_truth_of_the_simulation(window: WindowDays) -> None:
    model = fit_model(sold_world(window), {})
    share = float(np.exp(Growth().log_share(np.array([float(window)])))[0])
    found, _ = clicks_of(plan_of(), model, MATURE)
    assert found == pytest.approx(MATURE * share * CLICKS, rel=0.08)


def test_views_of_thirty_days_alone_would_tell_twice_too_much() -> None:
    """What the move mends: a day's rate on a month's views."""
    model = fit_model(sold_world(1), {})
    found, _ = clicks_of(plan_of(), model, MATURE)
    unmoved, _ = clicks_of(plan_of(horizon_days=1), model, MATURE)
    assert unmoved / found > 2


def test_views_at_another_age_sell_the_same() -> None:
    model = fit_model(sold_world(7), {})
    at_seven = MATURE * float(np.exp(Growth().log_share(np.array([7.0])))[0])
    found = [clicks_of(plan_of(30), model, MATURE)[0], clicks_of(plan_of(7), model, at_seven)[0]]
    assert found[0] == pytest.approx(found[1], rel=0.01)


def test_the_window_asked_for_goes_before_the_one_learned() -> None:
    model = fit_model(sold_world(7), {})
    found, words = clicks_of(plan_of(window_days=1), model, MATURE)
    assert found < 0.6 * clicks_of(plan_of(), model, MATURE)[0]
    assert words.endswith("within 1 d of each post, of the views until then")


def test_the_words_name_the_window_that_was_learned() -> None:
    _, words = clicks_of(plan_of(), fit_model(sold_world(7, posts=20), {}), MATURE)
    assert "within 7 d of each post" in words


def test_the_prior_has_no_window_and_takes_views_as_they_are() -> None:
    found, words = clicks_of(plan_of(), prior_model(), MATURE)
    same, _ = clicks_of(plan_of(horizon_days=1), prior_model(), MATURE)
    assert found == same
    assert "within" not in words


def windows_of(*worlds: Sequence[SoldPost]) -> ConversionsModel:
    return fit_model([post for world in worlds for post in world], {})


def test_a_brand_has_the_window_of_most_of_its_posts_and_a_new_one_that_of_most_brands() -> None:
    model = windows_of(
        sold_world(7, posts=3), sold_world(30, posts=2),
        sold_world(28, posts=1, brand="Fen"), sold_world(28, posts=1, brand="Ida"),
    )  # fmt: skip
    assert model.window_days(BRAND) == 7
    assert model.window_days("Fen") == 28
    assert model.window_days("nobody") == 28
    assert prior_model().window_days(BRAND) is None


def test_windows_are_learned_from_the_lake_and_kept_with_the_model(tmp_path: Path) -> None:
    lake = Lake(settings_in(tmp_path).lake_root)
    store(lake, campaign_of("spring", 2), [(20_000, 100, 4), (9_000, 30, 1)])
    posts = sold_posts(lake, START + 90 * DAY)
    assert [post.window_days for post in posts] == [7, 7]
    path = save_model(fit_model(posts, {}), tmp_path / "model")
    assert load_model(path).window_days(BRAND) == 7


def test_a_model_learned_before_windows_were_kept_takes_views_as_they_are() -> None:
    views = np.array([[1000.0]])
    assert at_window(views, np.array([30.0]), None, Growth()) is views


def test_displayed_views_stay_those_of_the_horizon() -> None:
    answers = [response(forecast(creator_id="c1", targets={"views": target(1000.0)}))]
    models = Models(conversions=fit_model(sold_world(1, posts=10), {}))
    made = campaign_forecast(plan_of(), answers, models)
    plain = campaign_samples(plan_of(), answers, prior()).totals()["views"]
    assert made.totals["views"].mean == pytest.approx(float(plain.mean()), abs=0.1)
