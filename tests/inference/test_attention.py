"""Whose audience stays: trends of views against a creator's own level."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.splits import load
from features.dataset import Dataset
from features.growth import Growth
from features.panel import F64, I64
from inference.attention import Counted, attention_of, counted, lines, trends

DATA = Path(__file__).parents[3] / "shared" / "data"
SPREAD = 0.9  # of posts about their creator's line, logs, as real ones have


def simulated(slopes: F64, n_posts: I64, seed: int = 0) -> Counted:
    """Creators with a true slope (k,) of log views in 90 days, their posts spread over a year."""
    rng = np.random.default_rng(seed)
    creator = np.repeat(np.arange(len(slopes)), n_posts)
    days_ago = rng.uniform(30, 365, len(creator))
    level = rng.normal(8, 2, len(slopes))
    log = level[creator] - slopes[creator] * days_ago / 90 + rng.normal(0, SPREAD, len(creator))
    return Counted(creator, days_ago, log, np.zeros(len(creator)))


def found(slopes: F64, n_posts: I64, seed: int = 0) -> F64:
    """Change, low and high (k, 3), NaN where too few posts."""
    made = trends(lines(simulated(slopes, n_posts, seed), len(slopes)))
    return np.array([[a.change, a.low, a.high] for a in made], float)


def test_a_known_decay_is_recovered() -> None:
    slopes = np.resize([-0.4, -0.2, 0.0, 0.2, 0.4], 100)
    made = np.log1p(found(slopes, np.full(100, 200))[:, 0])
    for slope in np.unique(slopes):
        assert made[slopes == slope].mean() == pytest.approx(slope, abs=0.06)


def test_what_all_creators_lose_is_the_usual_and_nobodys_loss() -> None:
    made = trends(lines(simulated(np.full(60, -0.5), np.full(60, 80)), 60))
    assert made[0].usual == pytest.approx(np.expm1(-0.5), abs=0.04)
    assert np.mean([a.words.startswith("loses") for a in made]) < 0.1


def test_few_posts_are_drawn_to_the_usual_trend() -> None:
    slopes = np.random.default_rng(1).normal(0, 0.3, 400)
    n_posts = np.resize([8, 200], 400)
    of = lines(simulated(slopes, n_posts), 400)
    kept = np.abs(np.log1p([a.change or 0.0 for a in trends(of)])) / np.abs(of.slope)
    assert np.median(kept[n_posts == 8]) < 0.5 * np.median(kept[n_posts == 200])


@pytest.mark.parametrize("n", [8, 20, 100])
def test_the_interval_holds_the_true_slope_as_often_as_it_says(n: int) -> None:
    held = []
    for seed in range(10):
        slopes = np.random.default_rng(100 + seed).normal(0, 0.3, 200)
        of = found(slopes, np.full(200, n), seed)
        held.append(np.mean((np.log1p(of[:, 1]) <= slopes) & (slopes <= np.log1p(of[:, 2]))))
    assert np.mean(held) == pytest.approx(0.95, abs=0.025)


@pytest.mark.parametrize(("creators", "sd"), [(12, 0.1), (12, 0.3), (50, 0.1), (50, 0.2)])
def test_few_creators_with_few_posts_do_not_all_seem_alike(creators: int, sd: float) -> None:
    """Their spread is often not to be seen: that is no sign that there is none."""
    held = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        slopes = rng.normal(0, sd, creators)
        of = found(slopes, rng.integers(8, 20, creators), seed)
        held.append(np.mean((np.log1p(of[:, 1]) <= slopes) & (slopes <= np.log1p(of[:, 2]))))
    assert np.mean(held) > 0.92


def test_too_few_posts_say_nothing() -> None:
    made = trends(lines(simulated(np.zeros(20), np.resize([3, 30], 20)), 20))
    assert made[0].change is None
    assert made[0].words.startswith("not enough posts to say: 3 counted")


def test_young_posts_do_not_look_like_a_decline() -> None:
    """Level creators whose last posts were counted at 7 to 29 days, as the curve says."""
    rng, n = np.random.default_rng(2), 40
    creator = np.repeat(np.arange(50), n)
    days_ago = np.tile(np.linspace(7, 300, n), 50)
    short = Growth().log_share(days_ago)
    full = rng.normal(0, 0.3, len(creator))
    grown_up = lines(Counted(creator, days_ago, full, np.zeros(len(creator))), 50)
    as_counted = lines(Counted(creator, days_ago, full + short, np.zeros(len(creator))), 50)
    assert grown_up.slope.mean() > as_counted.slope.mean()
    assert abs(grown_up.slope.mean()) < 0.02


def test_later_counts_change_nothing(dataset: Dataset) -> None:
    panel = dataset.panel
    now_s = int(np.quantile(panel.obs_s, 0.7))
    later = panel.obs_s > now_s
    counts = np.where(later[:, None], panel.obs_counts * 50, panel.obs_counts)
    changed = attention_of(replace(panel, obs_counts=counts), now_s)
    assert changed == attention_of(panel, now_s)
    assert any(of.change is not None for of in changed)


def test_a_post_counts_once_and_from_seven_days_on(dataset: Dataset) -> None:
    panel = dataset.panel
    of = counted(panel, int(panel.obs_s.max()), Growth())
    assert 0 < len(of.log) < panel.n_posts
    assert of.days_ago.min() >= 7


@pytest.mark.real
@pytest.mark.skipif(not DATA.is_dir(), reason="the real data (../shared) is not beside the project")
def test_on_real_posts_trends_of_odd_and_even_posts_agree_as_their_errors_say() -> None:
    panel = load("vi", DATA).panel
    of = counted(panel, int(panel.obs_s.max()), Growth())
    halves = [lines(half, len(panel.creator_ids)) for half in alternate(of)]
    both = halves[0].is_known & halves[1].is_known
    apart = (halves[0].slope - halves[1].slope)[both]
    errors = np.hypot(halves[0].error, halves[1].error)[both]
    assert both.sum() > 200
    assert np.mean(np.abs(apart / errors) < 1.96) == pytest.approx(0.95, abs=0.03)


def alternate(of: Counted) -> list[Counted]:
    """Every creator's first, third, ... and second, fourth, ... post."""
    order = np.lexsort((of.days_ago, of.creator))
    starts = np.searchsorted(of.creator[order], of.creator[order])
    odd = (np.arange(len(order)) - starts) % 2 == 1
    return [
        Counted(of.creator[at], of.days_ago[at], of.log[at], of.noise2[at])
        for at in (order[odd], order[~odd])
    ]
