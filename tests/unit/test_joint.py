"""Joint samples: never more engagement than views, the right spread, the same at every call."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from features.panel import F64
from reelcast.records import QUANTILES
from training.joint import DRAWS, MEDIAN, Rate, counted, fit_rate, rates_from_json, sample

RATE = Rate(shift=0.0, slope=0.0, spread=1.0, known=0.0, odds=1.0)
Z = stats.norm.ppf(np.array(QUANTILES))


def quantiles(medians: F64, sd: float) -> F64:
    """Normal quantiles of log1p counts about medians (n,): (n, n_quantiles)."""
    return np.asarray(np.log1p(medians)[:, None] + sd * Z)


@pytest.fixture(scope="module")
def logs() -> dict[str, F64]:
    views = np.array([50.0, 4_000.0, 1_000_000.0])
    return {
        "views": quantiles(views, 1.0),
        "likes": quantiles(views * 0.3, 1.3),
        "comments": quantiles(views * 0.002, 1.3),
    }


@pytest.fixture(scope="module")
def drawn(logs: dict[str, F64]) -> dict[str, F64]:
    return sample(logs, np.array([0, 5, 40]), {"likes": RATE, "comments": RATE})


def test_no_sample_holds_more_engagement_than_views(drawn: dict[str, F64]) -> None:
    assert all((drawn[target] <= drawn["views"]).all() for target in ("likes", "comments"))


def test_no_sample_holds_more_engagement_than_views_without_a_rate(logs: dict[str, F64]) -> None:
    drawn = sample(logs, np.array([0, 5, 40]), {})
    assert (drawn["likes"] <= drawn["views"]).all()


def test_samples_are_whole_counts_of_at_least_zero(drawn: dict[str, F64]) -> None:
    assert all((x >= 0).all() and (x == x.round()).all() for x in drawn.values())


def test_the_same_forecast_has_the_same_samples(logs: dict[str, F64]) -> None:
    one, two = (sample(logs, np.array([0, 5, 40]), {"likes": RATE}) for _ in range(2))
    assert all(one[target].tobytes() == two[target].tobytes() for target in one)


def test_a_rows_samples_do_not_depend_on_its_company(
    logs: dict[str, F64], drawn: dict[str, F64]
) -> None:
    rates = {"likes": RATE, "comments": RATE}
    alone = sample({t: q[1:2] for t, q in logs.items()}, np.array([5]), rates)
    assert all(np.array_equal(alone[t][0], drawn[t][1]) for t in drawn)


def test_samples_keep_the_calibrated_quantiles(logs: dict[str, F64], drawn: dict[str, F64]) -> None:
    for target in ("views", "comments"):
        below = (np.log1p(drawn[target][2]) <= logs[target][2, :, None]).mean(axis=1)
        assert below == pytest.approx(QUANTILES, abs=0.01)


def test_likes_go_with_views(drawn: dict[str, F64]) -> None:
    for row in range(3):
        assert stats.spearmanr(drawn["views"][row], drawn["likes"][row]).statistic > 0.5


def test_without_views_an_engagement_is_drawn_from_its_own_quantiles(
    logs: dict[str, F64],
) -> None:
    drawn = sample({"likes": logs["likes"]}, np.array([0, 5, 40]), {"likes": RATE})
    assert drawn["likes"].shape == (3, DRAWS)
    assert np.median(drawn["likes"][2]) == pytest.approx(300_000, rel=0.02)


@pytest.mark.parametrize("mean", [0.2, 2.0, 11.0, 40.0, 900.0])
def test_counts_have_the_binomials_mean_and_spread(mean: float) -> None:
    z = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    made = counted(np.full((1, 4000), mean), z, np.full((1, 4000), 10_000.0))[0]
    assert made.mean() == pytest.approx(mean, rel=0.01)
    assert made.std() == pytest.approx(np.sqrt(mean * (1 - mean / 10_000)), rel=0.03)


def test_a_rate_is_found_again_in_posts_that_were_drawn_from_it() -> None:
    rng = np.random.default_rng(3)
    n = 3000
    views = np.exp(rng.normal(9, 1.5, n)).round()
    medians = np.log1p(np.exp(rng.normal(9, 1.0, n)))
    own = np.log1p(np.expm1(medians) * 0.05)
    truth = Rate(shift=0.3, slope=-0.1, spread=1.0, known=0.2, odds=1.0)
    known = rng.integers(0, 60, n)
    pair = own[:, None], medians[:, None]
    a, b = truth.shapes(views[:, None], pair, known[:, None].astype(np.float64))
    likes = rng.binomial(views.astype(int), rng.beta(a[:, 0], b[:, 0])).astype(np.float64)
    found = fit_rate(views, likes, (own, medians), known)
    assert found is not None
    assert found.shift == pytest.approx(0.3, abs=0.08)
    assert found.slope == pytest.approx(-0.1, abs=0.05)
    assert found.known == pytest.approx(0.2, abs=0.1)


def test_too_few_posts_give_no_rate() -> None:
    few = np.full(39, 100.0)
    assert fit_rate(few, few / 10, (np.log1p(few), np.log1p(few)), np.ones(39, np.int64)) is None


def test_a_rate_survives_its_json() -> None:
    assert rates_from_json({"likes": RATE.to_json()}) == {"likes": RATE}


def test_the_median_is_the_middle_level() -> None:
    assert QUANTILES[MEDIAN] == 0.5
