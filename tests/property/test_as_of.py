"""A row sees only what was known at its decision, and is the same offline and online."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from features.gather import gather
from features.growth import Growth, fit_growth
from features.panel import DAY_S
from features.questions import ask_of_posts
from reelcast.tables import TARGETS
from tests.property.panels import (
    START,
    Tables,
    ask,
    assert_same,
    panel_with_text,
    rows_of,
    tables,
    where,
)
from tests.support import table_of

GAP = 3.0
MODES = pytest.mark.parametrize("gap_days", [None, GAP], ids=["as_of", "hindsight"])
quick = settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])


def chosen(of: Tables, number: int) -> dict[str, Any]:
    rows = of["posts"].to_pylist()
    return rows[number % len(rows)]


def text(of: Tables, post: dict[str, Any]) -> str:
    panel = panel_with_text(of)
    return panel.texts[panel.post_ids.index(post["post_id"])]


def as_known_at(of: Tables, decided: Any) -> Tables:
    """What a lake held at a time: what was observed by then, and the posts that were."""
    seen = where(of["post_observations"], lambda row: row["observed_at"] <= decided)
    posts = set(seen["post_id"].to_pylist())
    return {
        "posts": where(of["posts"], lambda row: row["post_id"] in posts),
        "post_observations": seen,
        "creator_observations": where(
            of["creator_observations"], lambda row: row["observed_at"] <= decided
        ),
    }


@quick
@given(tables(), st.integers(0, 11))
def test_an_as_of_row_equals_the_row_asked_live_at_its_decision(of: Tables, number: int) -> None:
    post = chosen(of, number)
    then = panel_with_text(as_known_at(of, post["published_at"]))
    now = panel_with_text(of)
    words = text(of, post)
    offline = rows_of(now, ask(now, post, words), None)
    assert_same(offline, rows_of(then, ask(then, post, words), None))


@quick
@given(tables(), st.integers(0, 11))
def test_a_hindsight_row_equals_the_row_asked_of_the_earlier_posts_alone(
    of: Tables, number: int
) -> None:
    post = chosen(of, number)
    earlier = where(of["posts"], lambda row: row["published_at"] < post["published_at"])
    then = panel_with_text({**of, "posts": earlier})
    now = panel_with_text(of)
    words = text(of, post)
    offline = rows_of(now, ask(now, post, words), GAP)
    assert_same(offline, rows_of(then, ask(then, post, words), GAP))


@MODES
@quick
@given(tables())
def test_many_questions_at_once_are_answered_as_each_alone(
    gap_days: float | None, of: Tables
) -> None:
    panel = panel_with_text(of)
    asked, _ = ask_of_posts(panel, 30.0)
    together = rows_of(panel, asked, gap_days)
    for number in range(len(asked)):
        alone = rows_of(panel, asked.take(np.array([number])), gap_days)
        assert_same(together.take(np.array([number])), alone)


def later(of: Tables, hour_after: int) -> Tables:
    """Rows that come after all of a panel: posts, counts, followers."""
    when = START + timedelta(days=40, hours=hour_after)
    posts = of["posts"].to_pylist()
    new = [{**post, "post_id": f"new-{post['post_id']}", "published_at": when} for post in posts]
    seen = [
        {"post_id": post["post_id"], "observed_at": when + timedelta(hours=1), "views": 9}
        for post in [*posts, *new]
    ]
    people = [
        {"creator_id": creator, "observed_at": when, "followers": 77} for creator in ("a", "b", "c")
    ]
    return {
        "posts": table_of("posts", new),
        "post_observations": table_of("post_observations", seen),
        "creator_observations": table_of("creator_observations", people),
    }


@quick
@given(tables(), st.integers(0, 11), st.integers(0, 100))
def test_what_comes_later_changes_nothing_in_an_as_of_row(
    of: Tables, number: int, hour_after: int
) -> None:
    new = later(of, hour_after)
    before = panel_with_text(of)
    after = panel_with_text({name: _both(of[name], new[name]) for name in of})
    post = chosen(of, number)
    words = text(of, post)
    assert_same(
        rows_of(before, ask(before, post, words), None),
        rows_of(after, ask(after, post, words), None),
    )


@quick
@given(tables(), st.integers(0, 11), st.integers(0, 100))
def test_later_posts_and_recounts_change_nothing_in_a_hindsight_row(
    of: Tables, number: int, hour_after: int
) -> None:
    new = later(of, hour_after)
    counted = set(of["post_observations"]["post_id"].to_pylist())
    recounts = where(
        new["post_observations"],
        lambda row: row["post_id"].startswith("new-") or row["post_id"] in counted,
    )
    known = set(of["creator_observations"]["creator_id"].to_pylist())
    people = where(new["creator_observations"], lambda row: row["creator_id"] in known)
    new = {**new, "post_observations": recounts, "creator_observations": people}
    before = panel_with_text(of)
    after = panel_with_text({name: _both(of[name], new[name]) for name in of})
    post = chosen(of, number)
    words = text(of, post)
    assert_same(
        rows_of(before, ask(before, post, words), GAP), rows_of(after, ask(after, post, words), GAP)
    )


def _both(first: Any, second: Any) -> Any:
    return pa.concat_tables([first, second])


@MODES
@quick
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_tables_changes_nothing(
    gap_days: float | None, of: Tables, random: Any
) -> None:
    shuffled = {}
    for name, table in of.items():
        order = list(range(table.num_rows))
        random.shuffle(order)
        shuffled[name] = table.take(pa.array(order, pa.int64()))
    one, other = panel_with_text(of), panel_with_text(shuffled)
    assert one.post_ids == other.post_ids
    assert_same(
        rows_of(one, ask_of_posts(one, 30.0)[0], gap_days),
        rows_of(other, ask_of_posts(other, 30.0)[0], gap_days),
    )


@MODES
@quick
@given(tables())
def test_the_past_holds_earlier_posts_of_the_creator_and_never_the_asked_one(
    gap_days: float | None, of: Tables
) -> None:
    panel = panel_with_text(of)
    asked, outcomes = ask_of_posts(panel, 30.0)
    past = gather(panel, asked, gap_days)
    for number in range(len(asked)):
        own = past.post[number][past.seen[number]]
        assert outcomes.post[number] not in own
        assert (panel.creator[own] == asked.creator[number]).all()
        assert (panel.published_s[own] < asked.decided_s[number]).all()
        assert (np.diff(panel.published_s[own]) >= 0).all()
        assert len(set(own.tolist())) == len(own)


@quick
@given(tables())
def test_no_count_of_an_as_of_past_was_observed_after_the_decision(of: Tables) -> None:
    panel = panel_with_text(of)
    asked, _ = ask_of_posts(panel, 30.0)
    past = gather(panel, asked, None)
    assert not past.stand_in.any()
    younger = past.observed_age_days <= past.age_days + 1e-9
    assert younger[past.seen].all()


@quick
@given(tables())
def test_hindsight_sees_a_post_when_observed_by_then_or_old_enough(of: Tables) -> None:
    panel = panel_with_text(of)
    asked, _ = ask_of_posts(panel, 30.0)
    past = gather(panel, asked, GAP)
    observed_by_then = past.observed_age_days <= past.age_days
    assert (observed_by_then | (past.age_days >= GAP))[past.seen].all()
    assert (past.stand_in == (past.seen & ~observed_by_then)).all()


@quick
@given(tables(), st.integers(0, 40))
def test_what_is_asked_before_a_time_was_published_and_observed_before_it(
    of: Tables, day: int
) -> None:
    panel = panel_with_text(of)
    before_s = int(START.timestamp() + day * DAY_S)
    asked, outcomes = ask_of_posts(panel, 30.0, before_s)
    assert (outcomes.observed_s < before_s).all()
    assert (asked.post_s <= outcomes.observed_s).all()
    assert len(set(outcomes.post.tolist())) == len(asked)


@given(st.lists(st.floats(0, 400), min_size=2, max_size=30))
def test_growth_never_falls_with_age_and_ends_at_the_mature_count(ages: list[float]) -> None:
    grown = Growth().log_share(np.sort(np.array(ages)))
    assert (np.diff(grown) >= -1e-12).all()
    assert (grown <= 0).all()
    assert Growth().log_share(np.array([30.0, 365.0])).tolist() == [0.0, 0.0]


def test_growth_is_learned_from_many_pairs_and_is_the_prior_without_any() -> None:
    rng = np.random.default_rng(1)
    younger = rng.uniform(1, 20, 20_000)
    older = younger + rng.uniform(1, 9, 20_000)
    ratio = 0.6 * (np.log(np.minimum(older, 30)) - np.log(younger)) + rng.normal(0, 0.05, 20_000)
    learned = fit_growth(younger, older, ratio)
    assert np.allclose(learned.slopes[3:], 0.6, atol=0.05)
    nothing = np.zeros(0)
    assert np.allclose(fit_growth(nothing, nothing, nothing).slopes, Growth().slopes)


def has_views(row: dict[str, Any]) -> bool:
    """Whether views are known; none, beside an engagement, are not."""
    engaged = any(row[target] for target in TARGETS[1:])
    return row["views"] is not None and not (row["views"] == 0 and engaged)


@given(tables())
@settings(max_examples=20, deadline=None)
def test_an_outcome_is_the_observation_with_views_nearest_to_the_horizon(of: Tables) -> None:
    panel = panel_with_text(of)
    _, outcomes = ask_of_posts(panel, 10.0)
    rows = of["post_observations"].to_pylist()
    published = {row["post_id"]: row["published_at"] for row in of["posts"].to_pylist()}
    assert len(outcomes.post) == len({row["post_id"] for row in rows})
    for number, post in enumerate(outcomes.post):
        every = [row for row in rows if row["post_id"] == panel.post_ids[post]]
        own = [row for row in every if has_views(row)] or every
        ages = {
            (row["observed_at"] - published[row["post_id"]]) / timedelta(days=1): row for row in own
        }
        best = min(abs(np.log1p(age) - np.log1p(10)) for age in ages)
        age = outcomes.age_days[number]
        assert abs(np.log1p(age) - np.log1p(10)) == pytest.approx(best)
        row = ages[min(ages, key=lambda a: abs(a - age))]
        likes = outcomes.counts[number, TARGETS.index("likes")]
        assert (row["likes"] is None and np.isnan(likes)) or likes == row["likes"]
