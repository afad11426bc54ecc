"""Forecasts of a champion over a simulated lake: whom it knows, what it says, what never fails."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.dataset import load_panel
from inference.predictor import Predictor
from reelcast.errors import InputError, NotFoundError
from reelcast.records import (
    QUANTILE_COLUMNS,
    CreatorQuestion,
    Forecast,
    ForecastRequest,
    PastPost,
    creator_id_of,
)
from reelcast.simulated import SimulatedCreator
from reelcast.store import Lake
from reelcast.tables import TARGETS
from tests.inference.homes import SALT, Home, ask, by_handle, hindsight_dataset, inline
from tests.support import DAY, NOW, fast_settings

DRAFT = {"caption": "three quiet mornings #vlog", "duration_s": 31.0, "hashtags": ("vlog",)}


def id_of(creator: SimulatedCreator) -> str:
    return creator_id_of(creator.platform, creator.handle, SALT)


def known(creator: SimulatedCreator) -> CreatorQuestion:
    return CreatorQuestion(creator_id=id_of(creator))


def numbers(forecast: Forecast) -> dict[str, float]:
    """All counts of a forecast by name."""
    counts = {}
    for target, of_target in forecast.targets.items():
        counts |= {f"{target} {name}": value for name, value in of_target.quantiles.items()}
        counts[f"{target} mean"] = of_target.mean
        for name, value in of_target.baselines.items():
            counts[f"{target} {name}"] = -1.0 if value is None else value
    return counts


def post(**values: Any) -> PastPost:
    return PastPost(**{"published_at": NOW - 30 * DAY, **values})


def allowed(counts: dict[str, Any]) -> dict[str, Any]:
    """The counts, engagement no further above views than a request may say."""
    views = counts.get("views")
    most = float("inf") if views is None else max(2 * views, views + 100)
    return {name: of if of is None else min(of, most) for name, of in counts.items()}


@pytest.fixture(scope="module")
def everyone(home: Home, predictor: Predictor) -> tuple[Forecast, ...]:
    return ask(predictor, [known(creator) for creator in home.creators], **DRAFT)


@pytest.fixture(scope="module")
def hindsight(home: Home) -> Predictor:
    dataset = hindsight_dataset(home.tables)
    return Predictor(home.hindsight.bundle, dataset.panel, home.settings)


def test_a_creator_is_found_by_id_and_by_handle_alike(home: Home, predictor: Predictor) -> None:
    creator = home.creators[0]
    by_id, by_name = ask(predictor, [known(creator), by_handle(creator)])
    assert by_id == by_name


def test_a_handle_is_found_whatever_its_case_and_sign(home: Home, predictor: Predictor) -> None:
    creator = home.creators[0]
    shouted = CreatorQuestion(platform=" TikTok", handle=f" {creator.handle.upper()} ")
    assert ask(predictor, [shouted]) == ask(predictor, [by_handle(creator)])


def test_several_creators_keep_their_order(home: Home, predictor: Predictor) -> None:
    mixed = [
        by_handle(home.creators[3]),
        CreatorQuestion(posts=(), label="second"),
        known(home.creators[1]),
        CreatorQuestion(posts=(post(views=10),), label="fourth"),
        known(home.creators[3]),
    ]
    made = ask(predictor, mixed)
    ids = [id_of(home.creators[3]), None, id_of(home.creators[1]), None, id_of(home.creators[3])]
    assert [(f.creator_id, f.label) for f in made] == list(
        zip(ids, (None, "second", None, "fourth", None), strict=True)
    )


def test_a_forecast_does_not_depend_on_its_company(
    home: Home, predictor: Predictor, everyone: tuple[Forecast, ...]
) -> None:
    for creator, in_company in zip(home.creators[:8], everyone, strict=False):
        (alone,) = ask(predictor, [known(creator)], **DRAFT)
        assert numbers(alone) == pytest.approx(numbers(in_company), rel=1e-6, abs=0.11)


def test_an_inline_forecast_does_not_depend_on_its_company(predictor: Predictor) -> None:
    one = CreatorQuestion(posts=(post(views=900), post(views=700)))
    other = CreatorQuestion(posts=tuple(post(views=10**7) for _ in range(40)))
    assert ask(predictor, [one, other])[0] == ask(predictor, [one])[0]


def test_posts_given_inline_count_as_the_same_posts_in_the_lake(
    home: Home, predictor: Predictor
) -> None:
    for creator in home.creators[:6]:
        lake, given = ask(
            predictor, [known(creator), inline(home, creator, id_of(creator))], **DRAFT
        )
        assert numbers(given) == pytest.approx(numbers(lake), rel=1e-6, abs=0.11)
        assert (given.tier, given.followers, given.n_history, given.grade) == (
            lake.tier,
            lake.followers,
            lake.n_history,
            lake.grade,
        )


def test_inline_posts_count_as_in_the_lake_in_hindsight_too(
    home: Home, hindsight: Predictor
) -> None:
    for creator in home.creators[:6]:
        lake, given = ask(hindsight, [known(creator), inline(home, creator, id_of(creator))])
        assert numbers(given) == pytest.approx(numbers(lake), rel=1e-6, abs=0.11)


def test_the_order_in_which_posts_are_given_changes_nothing(
    home: Home, predictor: Predictor
) -> None:
    given = inline(home, home.creators[0], id_of(home.creators[0]))
    assert given.posts is not None
    turned = given.model_copy(update={"posts": given.posts[::-1]})
    assert ask(predictor, [given], **DRAFT) == ask(predictor, [turned], **DRAFT)


def test_a_creator_without_posts_has_grade_d_and_says_why(predictor: Predictor) -> None:
    (made,) = ask(predictor, [CreatorQuestion(posts=(), followers=50_000)])
    assert made.grade.grade == "D"
    assert re.match("no earlier count is known.*micro tier", made.grade.reason)


def test_a_known_creator_without_posts_has_grade_d(home: Home, predictor: Predictor) -> None:
    silent = next(c for c in home.world.creators if not home.world.posts_of(c))
    (made,) = ask(predictor, [by_handle(silent)])
    assert (made.grade.grade, made.n_history, made.comparables) == ("D", 0, ())


def test_without_posts_and_followers_the_tier_is_unknown(predictor: Predictor) -> None:
    (made,) = ask(predictor, [CreatorQuestion(posts=())])
    assert (made.tier, made.followers, made.grade.grade) == ("unknown", None, "D")


def test_posts_without_any_count_are_no_history(predictor: Predictor) -> None:
    uncounted = CreatorQuestion(posts=tuple(post() for _ in range(30)), followers=50_000)
    nothing = CreatorQuestion(posts=(), followers=50_000)
    without, none = ask(predictor, [uncounted, nothing])
    assert without.grade == none.grade
    assert numbers(without) == numbers(none)


def test_a_creator_with_posts_is_not_forecast_as_one_without(
    everyone: tuple[Forecast, ...],
) -> None:
    assert {f.grade.grade for f in everyone} <= {"A", "B", "C"}


def test_the_grade_names_how_many_posts_and_how_old(everyone: tuple[Forecast, ...]) -> None:
    for made in everyone:
        assert re.match(rf"{made.n_history} earlier posts, the last .+ ago; ", made.grade.reason)


def test_quantiles_never_cross(everyone: tuple[Forecast, ...]) -> None:
    for made in everyone:
        for of_target in made.targets.values():
            levels = [of_target.quantiles[name] for name in QUANTILE_COLUMNS]
            assert levels == sorted(levels)


def test_engagement_is_never_above_views_at_the_same_level(
    everyone: tuple[Forecast, ...],
) -> None:
    for made in everyone:
        for name in QUANTILE_COLUMNS:
            views = made.targets["views"].quantiles[name]
            assert all(t.quantiles[name] <= views for t in made.targets.values())


def test_more_likes_than_views_in_the_past_stay_below_views_in_the_forecast(
    predictor: Predictor,
) -> None:
    absurd = CreatorQuestion(posts=tuple(post(views=100, likes=200) for _ in range(20)))
    (made,) = ask(predictor, [absurd])
    likes, views = made.targets["likes"], made.targets["views"]
    assert all(likes.quantiles[name] <= views.quantiles[name] for name in QUANTILE_COLUMNS)
    assert likes.mean <= views.mean


def test_likes_stay_below_views_where_past_views_are_unknown(predictor: Predictor) -> None:
    liked = CreatorQuestion(posts=tuple(post(likes=10**7) for _ in range(20)))
    (made,) = ask(predictor, [liked])
    likes, views = made.targets["likes"], made.targets["views"]
    assert all(likes.quantiles[name] <= views.quantiles[name] for name in QUANTILE_COLUMNS)


def test_likes_asked_alone_are_those_asked_with_views(home: Home, predictor: Predictor) -> None:
    people = (known(home.creators[0]), CreatorQuestion(posts=(post(views=5, likes=105),)))
    both = predictor.respond(ForecastRequest(creators=people), NOW)
    alone = predictor.respond(ForecastRequest(creators=people, targets=("likes",)), NOW)
    for with_views, without in zip(both.forecasts, alone.forecasts, strict=True):
        assert without.targets == {"likes": with_views.targets["likes"]}


def test_only_the_asked_targets_come_once_and_in_the_order_asked(
    home: Home, predictor: Predictor
) -> None:
    asked = ForecastRequest(
        creators=(known(home.creators[0]),), targets=("saves", "views", "saves")
    )
    (made,) = predictor.respond(asked, NOW).forecasts
    assert list(made.targets) == ["saves", "views"] == list(made.measured_coverage)


def test_without_targets_all_come(everyone: tuple[Forecast, ...]) -> None:
    assert all(tuple(made.targets) == TARGETS for made in everyone)


def test_baselines_stand_beside_every_target(everyone: tuple[Forecast, ...]) -> None:
    for made in everyone:
        for of_target in made.targets.values():
            assert set(of_target.baselines) == {"last5_median", "tier_median", "followers_rate"}
            assert of_target.baselines["last5_median"] is not None


def test_the_last_five_median_is_that_of_the_last_five_posts(
    home: Home, predictor: Predictor
) -> None:
    creator = home.creators[0]
    given = inline(home, creator, id_of(creator))
    assert given.posts is not None
    last = sorted(given.posts, key=lambda p: p.published_at)[-5:]
    (made,) = ask(predictor, [given])
    expected = float(np.median([p.views for p in last if p.views is not None]))
    assert made.targets["views"].baselines["last5_median"] == pytest.approx(expected, abs=0.1)


def test_drivers_start_with_the_level_then_the_strongest(everyone: tuple[Forecast, ...]) -> None:
    for made in everyone:
        for of_target in made.targets.values():
            level, *others = of_target.drivers
            assert level.feature == "level"
            strength = [abs(np.log(driver.factor)) for driver in others]
            assert all(a >= b - 2e-3 for a, b in pairwise(strength))


def test_drivers_say_in_words_and_numbers_what_they_do(everyone: tuple[Forecast, ...]) -> None:
    for made in everyone:
        for driver in made.targets["views"].drivers[1:]:
            assert re.search(r"^\w.+ (raises|lowers) the median by \d+%", driver.words)
            assert "_" not in driver.words


def test_the_level_names_the_creator_and_the_tier(everyone: tuple[Forecast, ...]) -> None:
    words = everyone[0].targets["likes"].drivers[0].words
    assert re.search(r"average, [\d,]+ likes \(typical of the tier, on tiktok: [\d,]+\)", words)


def test_comparables_are_at_most_three_of_the_creator(
    home: Home, everyone: tuple[Forecast, ...]
) -> None:
    owner = dict(
        zip(
            home.tables["posts"]["post_id"].to_pylist(),
            home.tables["posts"]["creator_id"].to_pylist(),
            strict=True,
        )
    )
    for made in everyone:
        assert 1 <= len(made.comparables) <= 3
        assert {owner[str(shown.post_id)] for shown in made.comparables} == {made.creator_id}


def test_comparables_are_named_most_alike_first(everyone: tuple[Forecast, ...]) -> None:
    for made in everyone:
        alike = [-1.0 if c.similarity is None else c.similarity for c in made.comparables]
        assert alike == sorted(alike, reverse=True)


def test_inline_comparables_have_no_post_id(predictor: Predictor) -> None:
    (made,) = ask(predictor, [CreatorQuestion(posts=(post(views=10, caption="own"),))])
    assert [(c.post_id, c.caption, c.views) for c in made.comparables] == [(None, "own", 10.0)]


def test_without_explanation_there_are_no_drivers_and_comparables(
    home: Home, predictor: Predictor
) -> None:
    asked = ForecastRequest(creators=(known(home.creators[0]),), explain=False)
    (made,) = predictor.respond(asked, NOW).forecasts
    assert made.comparables == ()
    assert all(of_target.drivers == () for of_target in made.targets.values())


def test_explanation_does_not_change_the_numbers(
    home: Home, predictor: Predictor, everyone: tuple[Forecast, ...]
) -> None:
    asked = ForecastRequest(creators=(known(home.creators[0]),), explain=False)
    (plain,) = predictor.respond(asked, NOW).forecasts
    (explained,) = ask(predictor, [known(home.creators[0])])
    assert numbers(plain) == numbers(explained)


def test_measured_coverage_is_the_manifests(
    predictor: Predictor, everyone: tuple[Forecast, ...]
) -> None:
    measured = predictor.bundle.manifest["coverage_by_tier"]
    for made in everyone:
        for target, shown in made.measured_coverage.items():
            kept = measured[target][made.tier]
            assert shown == (None if kept is None else pytest.approx(kept, abs=5e-4))


def test_a_measured_coverage_stands_in_the_answer_and_its_reason(
    home: Home, predictor: Predictor
) -> None:
    measured = {"views": {"micro": 0.8124}}
    manifest = {**predictor.bundle.manifest, "coverage_by_tier": measured}
    bundle = replace(predictor.bundle, manifest=manifest)
    told = Predictor(bundle, hindsight_dataset(home.tables).panel, home.settings)
    (made,) = ask(told, [CreatorQuestion(posts=(post(views=10),), followers=20_000)])
    assert (made.measured_coverage["views"], made.measured_coverage["likes"]) == (0.812, None)
    assert "81%" in made.grade.reason


def test_a_hindsight_model_says_what_was_seen_later(home: Home, hindsight: Predictor) -> None:
    answer = hindsight.respond(ForecastRequest(creators=(known(home.creators[0]),)), NOW)
    assert answer.model.history == "hindsight"
    assert any("as scraped" in words for words in answer.model.hindsight)


def test_an_as_of_model_names_no_hindsight(predictor: Predictor) -> None:
    assert (predictor.name.history, predictor.name.hindsight) == ("as_of", ())


def test_the_same_question_at_the_same_time_has_the_same_bytes(
    home: Home, predictor: Predictor
) -> None:
    people = (*map(known, home.creators[:5]), CreatorQuestion(posts=(post(views=3),)))
    asked = ForecastRequest(creators=people)
    again = Predictor.load(home.settings.model, home.settings)
    answers = {made.respond(asked, NOW).model_dump_json() for made in (predictor, predictor, again)}
    assert len(answers) == 1


def test_requests_answered_together_are_those_answered_alone(
    home: Home, predictor: Predictor
) -> None:
    requests = [
        ForecastRequest(creators=(known(a), by_handle(b)))
        for a, b in zip(home.creators[:10], home.creators[1:11], strict=True)
    ]
    together = predictor.respond_together(requests, NOW)
    for asked, answer in zip(requests, together, strict=True):
        for one, other in zip(
            predictor.respond(asked, NOW).forecasts, answer.forecasts, strict=True
        ):
            assert numbers(one) == pytest.approx(numbers(other), rel=1e-6, abs=0.11)
            assert (one.creator_id, one.grade) == (other.creator_id, other.grade)


def test_a_younger_post_is_never_forecast_above_an_older_one(
    home: Home, predictor: Predictor
) -> None:
    people = [known(creator) for creator in home.creators]
    young = ask(predictor, people, horizon_days=1)
    old = ask(predictor, people, horizon_days=30)
    for day, month in zip(young, old, strict=True):
        for target in TARGETS:
            assert day.targets[target].quantiles["q50"] <= month.targets[target].quantiles["q50"]


def test_posts_counted_after_now_are_not_seen(home: Home, predictor: Predictor) -> None:
    creator = home.creators[0]
    (made,) = ask(predictor, [known(creator)], now=NOW - 100 * DAY)
    newest = max(c.published_at for c in made.comparables)
    assert newest < NOW - 100 * DAY
    assert made.n_history < len(home.world.posts_of(creator))


def test_an_unknown_creator_is_named_with_what_to_do(predictor: Predictor) -> None:
    with pytest.raises(NotFoundError, match=r"@nobody on tiktok is not in the lake.*\"posts\""):
        ask(predictor, [CreatorQuestion(platform="tiktok", handle="@nobody")])


def test_an_empty_creator_id_is_named_as_such(predictor: Predictor) -> None:
    with pytest.raises(NotFoundError, match="creator '' is not in the lake"):
        ask(predictor, [CreatorQuestion(creator_id="")])


def test_a_handle_without_any_import_cannot_be_looked_up(
    home: Home, predictor: Predictor, tmp_path: Any
) -> None:
    saltless = Predictor(
        predictor.bundle, hindsight_dataset(home.tables).panel, fast_settings(tmp_path)
    )
    with pytest.raises(InputError, match="no import has made a salt yet"):
        ask(saltless, [by_handle(home.creators[0])])


@pytest.mark.parametrize("published", ["0001-01-01T00:00:00+23:59", "1969-12-31T23:59:59+00:00"])
def test_a_post_from_before_all_platforms_is_refused(predictor: Predictor, published: str) -> None:
    old = PastPost(published_at=datetime.fromisoformat(published), views=1)
    with pytest.raises(InputError, match=r"published at .* before 2000"):
        ask(predictor, [CreatorQuestion(posts=(old,))])


def test_a_request_written_yesterday_is_still_answered(predictor: Predictor) -> None:
    (made,) = ask(predictor, [CreatorQuestion(posts=())], post_at=NOW - timedelta(hours=20))
    assert made.post_at == NOW - timedelta(hours=20)


def test_a_lake_without_posts_still_answers_inline_questions(
    home: Home, predictor: Predictor, tmp_path: Any
) -> None:
    bundle = predictor.bundle
    empty = Predictor(bundle, load_panel(Lake(tmp_path / "lake")), home.settings)
    people = [CreatorQuestion(posts=(post(views=10),)), CreatorQuestion(posts=())]
    assert ask(empty, people) == ask(predictor, people)


def test_a_lake_without_posts_knows_nobody(home: Home, predictor: Predictor, tmp_path: Any) -> None:
    empty = Predictor(predictor.bundle, load_panel(Lake(tmp_path / "lake")), home.settings)
    with pytest.raises(NotFoundError, match="not in the lake"):
        ask(empty, [known(home.creators[0])])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda days, counts: post(published_at=NOW - timedelta(days=days), **allowed(counts)),
            st.floats(0, 3000),
            st.fixed_dictionaries(
                {}, optional={target: st.integers(0, 10**12) for target in TARGETS}
            ),
        ),
        max_size=12,
    ),
    st.none() | st.integers(0, 10**12),
    st.floats(1, 365),
)
def test_whatever_the_past_the_numbers_are_finite_ordered_and_consistent(
    predictor: Predictor, posts: list[PastPost], followers: int | None, horizon: float
) -> None:
    person = CreatorQuestion(posts=tuple(posts), followers=followers)
    (made,) = ask(predictor, [person], horizon_days=horizon)
    for of_target in made.targets.values():
        levels = [of_target.quantiles[name] for name in QUANTILE_COLUMNS]
        assert np.isfinite([*levels, of_target.mean]).all()
        assert levels == sorted(levels)
        assert levels[0] >= 0
        assert all(np.isfinite(driver.factor) for driver in of_target.drivers)
        views = made.targets["views"].quantiles.values()
        if any(given.views for given in posts):
            assert all(a <= b for a, b in zip(levels, views, strict=True))
