from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from reelcast.captions import CAPTIONS, HOOK_EFFECT, HOOK_TAGS, THEME_EFFECT, THEME_TAGS, THINGS
from reelcast.simulate import simulate
from reelcast.simulated import HORIZON_DAYS, Counts, SimulatedPost, World, WorldSettings, growth

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SMALL = WorldSettings(n_creators=12, posts_per_creator=10, days=120)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(WorldSettings(), NOW)


def mature(post: SimulatedPost) -> Counts:
    """Counts 30 days after publication, whether that lies in the future or not."""
    return post.counts_at(post.published_at + timedelta(days=HORIZON_DAYS))


def standardised(post: SimulatedPost) -> float:
    log_views = np.log(max(mature(post).views, 0.5))
    return float((log_views - post.true_log_median) / post.noise_sd)


def test_the_same_settings_and_time_make_the_same_world() -> None:
    assert simulate(SMALL, NOW) == simulate(SMALL, NOW)


def test_another_seed_makes_another_world() -> None:
    assert simulate(SMALL, NOW).posts != simulate(replace(SMALL, seed=8), NOW).posts


@pytest.mark.parametrize("level", [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
def test_views_fall_below_their_true_quantile_as_often_as_its_level_says(
    world: World, level: float
) -> None:
    true_quantile = stats.t.ppf(level, world.settings.noise_df)
    below = np.mean([standardised(post) <= true_quantile for post in world.posts])
    standard_error = np.sqrt(level * (1 - level) / len(world.posts))
    assert abs(below - level) < 4 * standard_error


def test_a_true_80_percent_interval_covers_80_percent_in_every_tier(world: World) -> None:
    edge = stats.t.ppf(0.9, world.settings.noise_df)
    for tier in ("nano", "micro", "mid", "macro", "mega"):
        handles = {creator.handle for creator in world.creators if creator.tier == tier}
        inside = [abs(standardised(p)) <= edge for p in world.posts if p.handle in handles]
        assert 0.7 < np.mean(inside) < 0.9, tier


def test_engagement_never_exceeds_views(world: World) -> None:
    for post in world.posts:
        for counts in (*post.observed, mature(post)):
            assert counts.likes + counts.comments + counts.shares + counts.saves <= counts.views


def test_counts_never_fall_between_observations(world: World) -> None:
    for post in world.posts:
        for earlier, later in zip(post.observed, post.observed[1:], strict=False):
            assert earlier.observed_at < later.observed_at
            for name in ("views", "likes", "comments", "shares", "saves"):
                assert getattr(earlier, name) <= getattr(later, name)


def test_nothing_is_observed_before_it_is_published_or_after_now(world: World) -> None:
    for post in world.posts:
        assert world.era.start < post.published_at < NOW
        assert all(post.published_at < counts.observed_at <= NOW for counts in post.observed)


def test_every_post_is_observed_and_old_ones_repeatedly(world: World) -> None:
    assert all(post.observed for post in world.posts)
    old = [post for post in world.posts if (NOW - post.published_at).days > 60]
    assert np.mean([len(post.observed) >= 4 for post in old]) > 0.9


def test_two_creators_have_no_posts_and_three_have_one_or_two(world: World) -> None:
    n_posts = [len(world.posts_of(creator)) for creator in world.creators]
    assert n_posts.count(0) == 2
    assert sum(n in (1, 2) for n in n_posts) == 3
    assert max(n_posts) <= 90


def test_ids_of_posts_and_handles_of_creators_are_unique(world: World) -> None:
    assert len({post.post_id for post in world.posts}) == len(world.posts)
    assert len({creator.handle for creator in world.creators}) == len(world.creators)


def test_the_best_hook_truly_beats_the_worst(world: World) -> None:
    medians = {
        hook: np.median([p.true_log_median for p in world.posts if p.hook == hook])
        for hook in ("before_after", "offer_first")
    }
    assert medians["before_after"] > medians["offer_first"] + 0.4


def test_growth_rises_from_nothing_to_nearly_all_in_a_month() -> None:
    shares = [growth(age, 1.2) for age in (0, 0.5, 1, 3, 7, 14, 30)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] > 0.94


def test_half_of_tiktok_creators_have_two_paid_posts(world: World) -> None:
    paid = [post for post in world.posts if post.is_sponsored]
    assert {post.platform for post in paid} == {"tiktok"}
    assert all(40 <= (NOW - post.published_at).days <= 100 for post in paid)
    assert len(paid) >= 10


def test_every_theme_has_captions_with_hooks_whose_effect_is_known() -> None:
    assert set(CAPTIONS) == set(THEME_TAGS) == set(THEME_EFFECT) == set(THINGS)
    for pool in CAPTIONS.values():
        assert len(pool) >= 12
        assert {hook for hook, _ in pool} <= set(HOOK_EFFECT) & set(HOOK_TAGS)


def test_too_small_a_world_is_refused() -> None:
    with pytest.raises(ValueError, match="12 or more"):
        simulate(replace(SMALL, n_creators=5), NOW)
