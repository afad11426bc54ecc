"""The hierarchical Beta-Binomial: its probabilities, its shrinkage, what it recovers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit, logit

from benchmarks.conversions_world import simulated_funnel
from reelcast.errors import InputError
from training.conversions_fit import Rates, Trials, fit_rates, log_pmf, unfitted
from training.conversions_prior import CLICK_PRIOR, CLICKS_PER_VIEW, RatePrior

PRIOR = RatePrior(sd=1.0, spread={"brand": 0.5}, reference=1000.0, slope_sd=0.01)


def trials(k: list[int], n: list[int], brand: list[str | None]) -> Trials:
    offset = np.full(len(k), float(logit(0.01)))
    return Trials(np.array(k), np.array(n), offset, {"brand": brand})


def rate_of(of: Rates, brand: str) -> float:
    effect = dict(zip(of.names, of.effect[2:], strict=True)).get(("brand", brand), 0.0)
    return float(expit(logit(0.01) + of.effect[0] + effect))


@pytest.mark.parametrize(("eta", "shape"), [(-4.0, 2.0), (0.5, 1.5), (-7.0, 30.0)])
def test_the_probability_is_the_beta_binomials(eta: float, shape: float) -> None:
    k = np.arange(40.0)
    truth = stats.betabinom(200, shape, shape * np.exp(-eta)).logpmf(k)
    assert log_pmf(k, np.array(200.0), np.array(eta), shape) == pytest.approx(truth, rel=1e-8)


def test_without_trials_the_prior_is_left() -> None:
    found = fit_rates(trials([0, 0], [0, 0], ["a", "b"]), PRIOR)
    assert found.rows == 0
    assert found.log_shape == unfitted(PRIOR).log_shape


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(InputError, match="more successes"):
        trials([3], [2], ["a"])


def test_many_posts_overcome_the_prior() -> None:
    rng = np.random.default_rng(0)
    found = fit_rates(
        trials(rng.binomial(5000, 0.04, 300).tolist(), [5000] * 300, ["a"] * 300), PRIOR
    )
    assert rate_of(found, "a") == pytest.approx(0.04, rel=0.05)


def test_a_brand_with_few_posts_lies_between_itself_and_the_others() -> None:
    k = [50] * 30 + [200] * 2
    found = fit_rates(trials(k, [5000] * 32, ["a"] * 30 + ["b"] * 2), PRIOR)
    assert rate_of(found, "a") < rate_of(found, "b") < 200 / 5000


def test_dispersion_between_posts_is_found() -> None:
    rng = np.random.default_rng(1)
    k = rng.binomial(20_000, rng.beta(4, 4 / 0.01 - 4, 400))
    found = fit_rates(trials(k.tolist(), [20_000] * 400, [None] * 400), PRIOR)
    assert np.exp(found.log_shape) == pytest.approx(4.0, rel=0.25)


def test_the_same_posts_give_the_same_rates() -> None:
    made = [fit_rates(trials([3, 9], [500, 700], ["a", "b"]), PRIOR) for _ in range(2)]
    assert np.array_equal(made[0].effect, made[1].effect)
    assert np.array_equal(made[0].covariance, made[1].covariance)


def test_effects_are_known_less_surely_with_less_data() -> None:
    few, many = (
        fit_rates(trials([5] * n, [500] * n, ["a"] * n), PRIOR).covariance[0, 0] for n in (2, 200)
    )
    assert many < few < PRIOR.sd**2


def test_simulated_brands_are_told_apart() -> None:
    made = simulated_funnel(3)
    offset = np.full(len(made.views), float(logit(CLICKS_PER_VIEW.rate)))
    found = fit_rates(Trials(made.clicks, made.views, offset, made.levels), CLICK_PRIOR)
    effect = {int(level[5:]): e for (f, level), e in zip(found.names, found.effect[2:], strict=True)
              if f == "brand"}  # fmt: skip
    true = [made.true_effect[code] for code in effect]
    assert np.corrcoef(list(effect.values()), true)[0, 1] > 0.7
