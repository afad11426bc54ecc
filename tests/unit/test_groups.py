"""Levels by platform and niche: what is learned of them, from whom, and how it reaches a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from features.dataset import Dataset
from features.groups import Accounts, Groups, fit_groups
from features.kinds import UNKNOWN, Kind, kind_of
from features.panel import panel_from
from features.state import State
from inference.asking import Ask, inline_panel, questions_of
from reelcast.records import Brief, CreatorQuestion, PastPost
from reelcast.tables import TARGETS
from tests.support import NOW, fast_settings, fitted_state, table_of
from training.fit import fit_model
from training.joint import MEDIAN

RATIO = np.full(5, 0.7)
NICHES = {"food": 0.8, "chess": -0.8, "travel": 0.0}
GOOD, POOR, NEITHER = (("tiktok", niche) for niche in ("food", "chess", UNKNOWN))


def accounts(
    n: int, niches: dict[str, float], seed: int = 0, sizes: list[float] | None = None
) -> Accounts:
    """Creators in three tiers, two units apart, whose niches add what `niches` says."""
    rng = np.random.default_rng(seed)
    tier = rng.integers(0, 3, n)
    names = rng.choice(list(niches), n, p=sizes)
    posts = rng.integers(1, 30, n).astype(np.float64)
    added = np.array([niches[name] for name in names])
    level = 5 + 2.0 * tier + added + rng.normal(0, 1, n) + rng.normal(0, 0.8, n) / np.sqrt(posts)
    kinds = [kind_of("tiktok", name) for name in names]
    five = np.repeat(level[:, None], 5, axis=1), np.repeat(posts[:, None], 5, axis=1)
    return Accounts(kinds, tier, np.full(n, np.nan), *five)


def added_to(groups: Groups, niche: str, tier: int = 1) -> float:
    return float(groups.of([kind_of("tiktok", niche)], np.array([tier]))[0, 0])


def test_levels_of_niches_are_found_where_creators_are_many() -> None:
    groups = fit_groups(accounts(6000, NICHES), RATIO)
    for niche, truth in NICHES.items():
        found = added_to(groups, niche) - added_to(groups, "travel")
        assert found == pytest.approx(truth, abs=0.12), niche


def test_a_niche_that_differs_in_one_tier_differs_there_alone() -> None:
    of = accounts(6000, dict.fromkeys(NICHES, 0.0))
    there = np.array([kind[1] == "food" for kind in of.kinds]) & (of.tier == 2)
    groups = fit_groups(replace(of, level=of.level + there[:, None]), RATIO)
    above = [added_to(groups, "food", t) - added_to(groups, "travel", t) for t in range(3)]
    assert above == pytest.approx([0, 0, 1], abs=0.2)


def test_niches_that_tell_nothing_add_next_to_nothing() -> None:
    found = [fit_groups(accounts(300, dict.fromkeys(NICHES, 0.0), s), RATIO) for s in range(5)]
    assert np.mean([abs(added_to(of, "food")) for of in found]) < 0.05


def test_a_niche_of_few_creators_is_drawn_to_its_tier() -> None:
    others = {"a": 0.4, "b": -0.4, "c": 0.2, "d": -0.2, "e": 0.0}
    of, found = accounts(1200, others), []
    for n in (4, 20, 200):
        is_rare = (np.arange(1200) < n)[:, None]
        level = np.where(is_rare, 5 + 2.0 * of.tier[:, None] + 0.6, of.level)
        kinds = [kind_of("tiktok", "rare")] * n + list(of.kinds[n:])
        groups = fit_groups(replace(of, kinds=kinds, level=level), RATIO)
        found.append(added_to(groups, "rare") - np.mean([added_to(groups, x) for x in others]))
    assert 0.05 < found[0] < 0.7 * found[1]
    assert found[1] < found[2] == pytest.approx(0.6, abs=0.06)


def test_two_creators_are_no_group() -> None:
    of = accounts(200, NICHES)
    few = [("tiktok", "rare")] * 2 + list(of.kinds[2:])
    groups = fit_groups(replace(of, kinds=few), RATIO)
    assert ("niche", "food") in groups.shift
    assert ("niche", "rare") not in groups.shift


@pytest.mark.parametrize("niche", ["food", None])
def test_one_platform_and_one_niche_add_nothing(niche: str | None) -> None:
    of = accounts(200, NICHES)
    assert fit_groups(replace(of, kinds=[kind_of("tiktok", niche)] * 200), RATIO).shift == {}


def test_a_count_that_nobody_knows_adds_nothing() -> None:
    of = accounts(200, NICHES)
    of.level[:, 4] = np.nan
    assert all(shift[4] == 0 for shift in fit_groups(of, RATIO).shift.values())


def test_names_of_kinds_are_compared_in_small_letters() -> None:
    assert kind_of(" TikTok", "Food  Trips") == ("tiktok", "food trips")
    assert kind_of(None, "  ") == (UNKNOWN, UNKNOWN)


def dataset_with(niche_adds: dict[str, float], n: int = 90, seed: int = 3) -> Dataset:
    """Creators on one platform, six posts each, counted once; the last ones have no post."""
    rng = np.random.default_rng(seed)
    people, posts, seen, followers = [], [], [], []
    for number in range(n):
        who, niche = f"c{number:03}", list(niche_adds)[number % len(niche_adds)]
        people.append({"creator_id": who, "platform": "tiktok", "niche": niche.title()})
        followers.append({"creator_id": who, "observed_at": NOW, "followers": 20_000})
        level = 8 + niche_adds[niche] + rng.normal(0, 0.5)
        for k in range(6 if number < n - 6 else 0):
            post = f"tiktok:{who}{k}"
            days = 20 + 20 * k + number / n
            posts.append({"post_id": post, "creator_id": who, "platform": "tiktok"})
            posts[-1]["published_at"] = NOW - timedelta(days=days)
            views = int(np.exp(level + rng.normal(0, 0.5)))
            seen.append({"post_id": post, "observed_at": NOW, "views": views})
    tables = {"posts": posts, "post_observations": seen, "creator_observations": followers}
    made = [table_of(name, rows) for name, rows in tables.items()]
    return Dataset(panel_from(*made, table_of("creators", people)), 3.0, "test")


@pytest.fixture(scope="module")
def niches() -> Dataset:
    return dataset_with(NICHES)


@pytest.fixture(scope="module")
def state(niches: Dataset) -> State:
    return fitted_state(niches)


def prior_of(state: State, kind: Kind) -> float:
    return float(state.prior_log(np.array([20_000.0]), [kind])[0, 0])


def test_a_creator_without_posts_starts_higher_in_a_niche_that_does_well(state: State) -> None:
    assert prior_of(state, GOOD) > prior_of(state, NEITHER) + 0.4
    assert prior_of(state, POOR) < prior_of(state, NEITHER) - 0.4


def test_a_trained_model_forecasts_more_in_a_niche_that_does_well() -> None:
    dataset = dataset_with(NICHES, n=240)
    model = fit_model(dataset, int(NOW.timestamp()), fast_settings(), ["views"])
    people = [inline("food"), inline(None), inline("chess")]
    asked = questions_of([Ask(i, one, Brief(), NOW) for i, one in enumerate(people)], NOW)
    rows = replace(dataset, panel=inline_panel(people, NOW)).rows(asked, model.state)
    medians = model.forecasters["views"].predict(rows, asked.horizon_days)[:, MEDIAN]
    assert medians[0] > medians[1] + 0.3
    assert medians[1] > medians[2] + 0.3


def test_an_unknown_niche_has_the_level_of_its_tier(state: State) -> None:
    assert prior_of(state, NEITHER) == prior_of(state, ("tiktok", "never heard of"))
    assert prior_of(state, NEITHER) == prior_of(replace(state, groups=Groups()), GOOD)


def test_levels_of_groups_survive_their_files(state: State, tmp_path: Path) -> None:
    state.save(tmp_path)
    loaded = State.load(tmp_path)
    for kind in (GOOD, POOR, NEITHER):
        assert prior_of(loaded, kind) == prior_of(state, kind)


def test_what_is_counted_later_changes_no_level(niches: Dataset) -> None:
    cut_s = int((NOW - timedelta(days=70)).timestamp())
    before = niches.fit(*niches.ask(cut_s), 0)
    panel = niches.panel
    later = panel.published_s[np.repeat(np.arange(panel.n_posts), np.diff(panel.obs_start))]
    raised = np.where(later[:, None] >= cut_s, panel.obs_counts * 50, panel.obs_counts)
    other = replace(niches, panel=replace(panel, obs_counts=raised))
    after = other.fit(*other.ask(cut_s), 0)
    assert before.groups.shift
    assert prior_of(after, GOOD) == prior_of(before, GOOD)


def test_a_platform_is_that_of_the_posts_where_no_account_names_it(dataset: Dataset) -> None:
    panel = dataset.panel
    of_posts = {panel.kinds[creator] for creator in panel.creator.tolist()}
    assert of_posts == {(name, UNKNOWN) for name in ("tiktok", "instagram", "youtube")}
    silent = np.diff(panel.creator_start) == 0
    assert {panel.kinds[i] for i in np.flatnonzero(silent).tolist()} == {(UNKNOWN, UNKNOWN)}


def inline(niche: str | None, posts: tuple[PastPost, ...] = ()) -> CreatorQuestion:
    return CreatorQuestion(platform="TikTok", followers=20_000, niche=niche, posts=posts)


def test_a_creator_given_in_a_request_is_taken_by_platform_and_niche(
    niches: Dataset, state: State
) -> None:
    people = [inline("Food"), inline("chess"), inline(None)]
    asks = [Ask(i, person, Brief(), NOW) for i, person in enumerate(people)]
    seen = replace(niches, panel=inline_panel(people, NOW))
    rows = seen.rows(questions_of(asks, NOW), state)
    expected = [prior_of(state, kind) for kind in (GOOD, POOR, NEITHER)]
    assert np.log1p(rows.prior[:, 0]) == pytest.approx(expected)


def test_a_row_of_the_lake_is_that_of_the_same_creator_given_inline(
    niches: Dataset, state: State
) -> None:
    panel = niches.panel
    counts = panel.obs_counts[panel.obs_start[panel.creator_start[0] : panel.creator_start[1]], 0]
    times = panel.published_s[panel.creator_start[0] : panel.creator_start[1]]
    posts = tuple(
        PastPost(published_at=NOW - timedelta(seconds=NOW.timestamp() - s), views=v)
        for s, v in zip(times.tolist(), counts.tolist(), strict=True)
    )
    person = inline("food", posts)
    asked = questions_of([Ask(0, person, Brief(), NOW)], NOW)
    offline = niches.rows(asked, state)
    online = replace(niches, panel=inline_panel([person], NOW)).rows(asked, state)
    assert offline.n_history.tolist() == [6]
    assert online.level[:, 0] == pytest.approx(offline.level[:, 0])
    assert np.array_equal(online.prior[:, 0], offline.prior[:, 0])


def test_the_words_name_what_a_level_is_taken_from(state: State) -> None:
    assert state.groups.words(GOOD, 1) == ", niche food"
    assert state.groups.words(NEITHER, 1) == ""
    assert len(TARGETS) == len(next(iter(state.groups.shift.values())))
