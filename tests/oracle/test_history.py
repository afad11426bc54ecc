"""The feature table against the same history computed a second way, row by row."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import duckdb
import holidays
import numpy as np
import pytest

from features.dataset import Dataset
from features.gather import Past, Questions, gather
from features.questions import Outcomes
from features.rows import Rows
from features.shown import Shown
from features.state import TIER_NAMES, State
from reelcast.records import tier_of
from reelcast.tables import TARGETS
from tests.oracle import plain
from tests.oracle.plain import Plain, Seen, known
from tests.support import (
    Tables,
    canonical_tables,
    dataset_of,
    fitted_state,
    scraped_once,
    small_world,
    table_of,
)

GAP = 3.0
Column = Callable[[list[tuple[float, float]], float, float], float | None]


@dataclass(frozen=True)
class Case:
    tables: Tables
    plain: Plain
    dataset: Dataset
    asked: Questions
    outcomes: Outcomes
    state: State
    rows: Rows
    past: Past
    decided: list[datetime]
    creators: list[str]
    seen: list[list[Seen]]


def roughened(tables: Tables) -> Tables:
    """The tables with counts missing at random, posts tied in time and views of 0 with likes."""
    rng = np.random.default_rng(3)
    posts = tables["posts"].to_pylist()
    for one, other in zip(posts[10::40], posts[11::40], strict=False):
        if one["creator_id"] == other["creator_id"]:
            other["published_at"] = one["published_at"]
    seen = tables["post_observations"].to_pylist()
    for row in seen:
        for target in TARGETS:
            if rng.random() < 0.15:
                row[target] = None
        if rng.random() < 0.02:
            row["views"] = 0
    for number, post in enumerate(posts):
        post["language"] = (None, "vi", "ja", "en", "vi")[number % 5]
    uncounted = {post["post_id"] for post in posts[5::25]}
    seen = [row for row in seen if row["post_id"] not in uncounted]
    return {
        **tables,
        "posts": table_of("posts", posts),
        "post_observations": table_of("post_observations", seen),
    }


LABELS = ("format_review", "hook_question", "theme_pets")


def with_videos(dataset: Dataset) -> Dataset:
    """Every other post shows a video of its own, one of three labels surely and two by chance."""
    n = dataset.panel.n_posts
    rng = np.random.default_rng(1)
    values = np.column_stack([rng.choice([0.0, 0.3, 1.0], (n, 3)), rng.uniform(0, 2, n)])
    values[:, 0] = np.maximum(values[:, 0], 0.1)
    of_post = np.where(np.arange(n) % 2 == 0, np.arange(n), -1)
    shown = Shown((*LABELS, "measure_cuts_per_s"), values, None, of_post, {})
    return replace(dataset, panel=replace(dataset.panel, shown=shown))


@pytest.fixture(scope="module", params=["as_of", "hindsight", "scraped_once"])
def case(request: pytest.FixtureRequest) -> Case:
    world = small_world(n_creators=25, posts_per_creator=30, seed=11)
    tables = roughened(canonical_tables(world))
    if request.param == "scraped_once":
        tables = scraped_once(tables)
    gap_days = None if request.param == "as_of" else GAP
    dataset = with_videos(dataset_of(tables, gap_days))
    asked, outcomes = dataset.ask()
    state = fitted_state(dataset)
    by_hand = Plain(tables)
    posts = [by_hand.posts[dataset.panel.post_ids[i]] for i in outcomes.post]
    decided = [post["published_at"] for post in posts]
    creators = [post["creator_id"] for post in posts]
    return Case(
        tables,
        by_hand,
        dataset,
        asked,
        outcomes,
        state,
        dataset.rows(asked, state),
        gather(dataset.panel, asked, gap_days),
        decided,
        creators,
        [by_hand.past(c, d, gap_days) for c, d in zip(creators, decided, strict=True)],
    )


def same(actual: Any, expected: list[float | None]) -> None:
    filled = np.array([math.nan if value is None else value for value in expected], np.float64)
    np.testing.assert_allclose(actual, filled, rtol=1e-9, atol=1e-9)


def prior_of(case: Case, number: int, target: str) -> tuple[float, float]:
    followers = case.plain.followers_at(
        case.creators[number], case.decided[number], case.dataset.gap_days
    )
    tier = TIER_NAMES.index(tier_of(followers))
    index, state = TARGETS.index(target), case.state
    prior = float(state.prior_mean[index, tier])
    if followers is not None and followers == followers:
        larger = math.log(1 + followers) - float(state.tier_size[tier])
        prior += float(state.size_slope[index]) * larger
    prior += shift_of(case, number, tier)[index]
    return prior, float(state.prior_ratio[index])


def shift_of(case: Case, number: int, tier: int) -> list[float]:
    """What the creator's platform adds to the tier's level; this world names no niches."""
    platforms = {
        p["platform"] for p in case.plain.posts.values() if p["creator_id"] == case.creators[number]
    }
    shift = case.state.groups.shift.get(("platform", *platforms))
    return [0.0] * len(TARGETS) if shift is None else list(shift)


def test_the_world_holds_what_makes_history_hard(case: Case) -> None:
    assert len(case.decided) > 500
    assert len({*zip(case.creators, case.decided, strict=True)}) < len(case.decided)
    assert sum(not seen for seen in case.seen) > 10
    assert max(map(len, case.seen)) > 30
    assert any(s.counts["views"] is None and s.counts["likes"] for seen in case.seen for s in seen)


def test_the_seen_posts_are_those_found_by_hand(case: Case) -> None:
    ids = case.dataset.panel.post_ids
    for number, expected in enumerate(case.seen):
        found = [ids[i] for i in case.past.post[number][case.past.seen[number]]]
        assert found == [seen.post["post_id"] for seen in expected]


def test_the_seen_counts_are_those_found_by_hand(case: Case) -> None:
    for number, expected in enumerate(case.seen):
        counts = case.past.counts[number][case.past.seen[number]]
        for row, seen in zip(counts, expected, strict=True):
            same(row, [seen.counts[target] for target in TARGETS])


def test_the_ages_and_stand_ins_are_those_found_by_hand(case: Case) -> None:
    for number, expected in enumerate(case.seen):
        where = case.past.seen[number]
        same(case.past.age_days[number][where], [seen.age_days for seen in expected])
        observed = case.past.observed_age_days[number][where]
        same(observed, [seen.observed_age_days for seen in expected])
        assert case.past.stand_in[number][where].tolist() == [seen.stand_in for seen in expected]


@pytest.mark.parametrize("case", ["as_of"], indirect=True)  # the query knows no stand-ins
def test_the_last_counts_are_those_of_a_query(case: Case) -> None:
    """A third way: one SQL as-of join over the tables gives the last known post's views."""
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        for name, table in case.tables.items():
            db.register(name, table)
        answer = db.sql(
            """
            WITH pair AS (
                SELECT q.post_id, p.post_id AS earlier, p.published_at, o.observed_at, o.views
                FROM posts q
                JOIN posts p ON p.creator_id = q.creator_id AND p.published_at < q.published_at
                JOIN post_observations o
                  ON o.post_id = p.post_id AND o.observed_at <= q.published_at
                QUALIFY row_number() OVER (
                    PARTITION BY q.post_id, p.post_id ORDER BY o.observed_at DESC) = 1
            )
            SELECT post_id, last(views ORDER BY published_at, earlier) AS views,
                   count(*) AS n_history
            FROM pair GROUP BY post_id
            """
        ).to_arrow_table()
    of_query = {row["post_id"]: row for row in answer.to_pylist()}
    ids = [case.dataset.panel.post_ids[i] for i in case.outcomes.post]
    nothing = {"n_history": 0}
    n_history = [min(64, of_query.get(post_id, nothing)["n_history"]) for post_id in ids]
    assert case.rows.n_history.tolist() == n_history
    last = case.past.counts[:, -1, 0]
    expected = [of_query.get(post_id, {}).get("views") for post_id in ids]
    known_views = [n for n, views in enumerate(expected) if views]
    same(last[known_views], [expected[n] for n in known_views])


@pytest.mark.parametrize("target", ["views", "likes", "saves"])
@pytest.mark.parametrize(
    "column",
    [
        plain.pooled_mean,
        plain.last5_median,
        plain.fading_mean,
        plain.month_mean,
        plain.spread,
        plain.high_quarter,
        plain.last_step,
        plain.recent_worst,
        plain.recent_best,
        plain.last5_spread,
    ],
    ids=lambda column: column.__name__,
)
def test_a_level_is_the_one_found_by_hand(case: Case, column: Column, target: str) -> None:
    expected = [
        column(known(seen, target, case.state.growth.slopes), *prior_of(case, number, target))
        for number, seen in enumerate(case.seen)
    ]
    same(case.rows.pick((f"{target}_{column.__name__}",))[:, 0], expected)


def test_the_start_of_the_models_is_the_fading_mean(case: Case) -> None:
    for index, target in enumerate(TARGETS):
        same(case.rows.level[:, index], case.rows.pick((f"{target}_fading_mean",))[:, 0].tolist())


@pytest.mark.parametrize("target", TARGETS)
def test_the_baseline_is_the_median_of_the_last_five_counts_as_they_stood(
    case: Case, target: str
) -> None:
    expected = []
    for seen in case.seen:
        counts = [c for c in (s.counts[target] for s in seen) if c is not None][-5:]
        expected.append(median(counts) if counts else None)
    same(case.rows.last5_median[:, TARGETS.index(target)], expected)


def test_the_tier_is_that_of_the_followers_found_by_hand(case: Case) -> None:
    expected = [
        tier_of(case.plain.followers_at(creator, decided, case.dataset.gap_days))
        for creator, decided in zip(case.creators, case.decided, strict=True)
    ]
    assert [TIER_NAMES[t] for t in case.rows.tier] == expected


def test_followers_are_the_last_observed_before_the_decision(case: Case) -> None:
    followers = [
        case.plain.followers_at(creator, decided, None)
        for creator, decided in zip(case.creators, case.decided, strict=True)
    ]
    expected = [None if count is None else math.log1p(count) for count in followers]
    same(case.rows.pick(("followers",))[:, 0], expected)


def known_to_exist(case: Case, number: int) -> list[float]:
    """Ages in days of earlier posts: as-of those seen, in hindsight all; the last 64."""
    if case.dataset.gap_days is None:
        return [seen.age_days for seen in case.seen[number]]
    decided = case.decided[number]
    posts = case.plain.earlier(case.creators[number], decided)
    return [(decided - post["published_at"]) / plain.DAY for post in posts][-64:]


def test_days_since_the_last_post_are_those_found_by_hand(case: Case) -> None:
    ages = [known_to_exist(case, number) for number in range(len(case.decided))]
    expected = [math.log1p(own[-1]) if own else None for own in ages]
    same(case.rows.pick(("days_since_last",))[:, 0], expected)


@pytest.mark.parametrize("days", [7, 30])
def test_posts_of_late_are_those_counted_by_hand(case: Case, days: int) -> None:
    ages = [known_to_exist(case, number) for number in range(len(case.decided))]
    expected = [math.log1p(sum(age <= days for age in own)) for own in ages]
    same(case.rows.pick((f"posts_{days}d",))[:, 0], expected)  # type: ignore[arg-type]


def test_the_usual_pause_is_the_median_of_the_last_ten(case: Case) -> None:
    expected: list[float | None] = []
    for number in range(len(case.decided)):
        ages = known_to_exist(case, number)[-11:]
        gaps = [older - newer for older, newer in itertools.pairwise(ages)]
        expected.append(math.log1p(median(gaps)) if gaps else None)
    same(case.rows.pick(("median_gap",))[:, 0], expected)


def test_the_like_rate_is_the_one_found_by_hand(case: Case) -> None:
    pool = math.exp(case.state.rate_mean[0])
    same(case.rows.pick(("like_rate",))[:, 0], [plain.like_rate(s, pool) for s in case.seen])


@pytest.mark.parametrize("column", [plain.persistence, plain.posts_since_best])
def test_the_course_of_views_is_the_one_found_by_hand(
    case: Case, column: Callable[[list[tuple[float, float]]], float | None]
) -> None:
    expected = [column(known(seen, "views", case.state.growth.slopes)) for seen in case.seen]
    same(case.rows.pick((column.__name__,))[:, 0], expected)


def test_the_last_posts_like_rate_is_held_against_all_of_them(case: Case) -> None:
    expected = [plain.last_like_rate(seen) for seen in case.seen]
    same(case.rows.pick(("last_like_rate",))[:, 0], expected)


def test_posts_at_this_hour_do_as_found_by_hand(case: Case) -> None:
    expected: list[float | None] = [
        plain.own_hour(seen, decided, case.state.growth.slopes)
        for seen, decided in zip(case.seen, case.decided, strict=True)
    ]
    same(case.rows.pick(("own_hour",))[:, 0], expected)


def test_posting_time_is_the_calendars(case: Case) -> None:
    assert case.rows.pick(("weekday",))[:, 0].tolist() == [d.weekday() for d in case.decided]
    hours = [d.hour + d.minute / 60 + d.second / 3600 for d in case.decided]
    same(case.rows.pick(("hour_sin",))[:, 0], [math.sin(2 * math.pi * h / 24) for h in hours])


def test_the_pools_like_rate_is_that_of_all_training_posts(case: Case) -> None:
    views, likes = case.outcomes.counts[:, 0], case.outcomes.counts[:, 1]
    both = [(v, n) for v, n in zip(views, likes, strict=True) if v == v and n == n]
    expected = math.log((sum(n for _, n in both) + 0.5) / (sum(v for v, _ in both) + 1))
    assert case.state.rate_mean[0] == pytest.approx(expected, abs=1e-9)


def test_a_tiers_prior_is_the_mean_of_its_creators_means(case: Case) -> None:
    logs: dict[str, list[float]] = {}
    tiers: dict[str, str] = {}
    mature = case.outcomes.mature_log(case.state.growth)[:, 0]
    for number, log in enumerate(mature):
        if log == log:
            log -= shift_of(case, number, int(case.rows.tier[number]))[0]
            logs.setdefault(case.creators[number], []).append(float(log))
            tiers[case.creators[number]] = TIER_NAMES[case.rows.tier[number]]
    means = {creator: sum(own) / len(own) for creator, own in logs.items()}
    overall = sum(means.values()) / len(means)
    for index, name in enumerate(TIER_NAMES):
        own = [mean for creator, mean in means.items() if tiers[creator] == name]
        expected = sum(own) / len(own) if len(own) >= 5 else overall
        assert case.state.prior_mean[0, index] == pytest.approx(expected, abs=1e-9), name


def test_a_tiers_size_is_its_mean_log_followers(case: Case) -> None:
    for index, name in enumerate(TIER_NAMES[:-1]):
        followers = case.rows.followers[case.rows.tier == index]
        if len(followers):
            expected = sum(math.log(1 + float(n)) for n in followers) / len(followers)
            assert case.state.tier_size[index] == pytest.approx(expected, abs=1e-9), name


def labels_by_hand(case: Case) -> dict[str, dict[str, float]]:
    panel = case.dataset.panel
    assert panel.shown is not None
    return {
        post_id: dict(zip(LABELS, panel.shown.values[i, :3].tolist(), strict=True))
        for i, post_id in enumerate(panel.post_ids)
        if i % 2 == 0
    }


def test_a_videos_columns_are_its_own_and_unknown_without_one(case: Case) -> None:
    by_hand = labels_by_hand(case)
    ids = [case.dataset.panel.post_ids[i] for i in case.outcomes.post]
    for name in LABELS:
        same(case.rows.pick((name,))[:, 0], [by_hand.get(i, {}).get(name) for i in ids])


def test_posts_that_show_the_like_do_as_found_by_hand(case: Case) -> None:
    by_hand = labels_by_hand(case)
    ids = [case.dataset.panel.post_ids[i] for i in case.outcomes.post]
    expected: list[float | None] = [
        plain.own_content(seen, by_hand.get(post_id), by_hand, case.state.growth.slopes)
        for seen, post_id in zip(case.seen, ids, strict=True)
    ]
    same(case.rows.pick(("own_content",))[:, 0], expected)


def test_local_time_and_holidays_are_those_of_the_past_posts_language(case: Case) -> None:
    clocks = {"vi": (7, "VN"), "ja": (9, "JP")}
    weekdays, off, sines = [], [], []
    for seen, decided in zip(case.seen, case.decided, strict=True):
        language = plain.usual_language(seen, {"vi": 0, "ja": 1})
        hours, country = clocks.get(language or "", (None, None))
        local = None if hours is None else decided + timedelta(hours=hours)
        weekdays.append(None if local is None else float(local.weekday()))
        is_off = local is not None and local.date() in holidays.country_holidays(str(country))
        off.append(None if local is None else float(is_off))
        at = None if local is None else local.hour + local.minute / 60 + local.second / 3600
        sines.append(None if at is None else math.sin(2 * math.pi * at / 24))
    assert sum(day is not None for day in weekdays) > 300
    same(case.rows.pick(("local_weekday",))[:, 0], weekdays)
    same(case.rows.pick(("holiday",))[:, 0], off)
    same(case.rows.pick(("local_hour_sin",))[:, 0], sines)
    assert (case.rows.pick(("days_to_holiday",))[:, 0] == 0).tolist() == [day == 1 for day in off]
