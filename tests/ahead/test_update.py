"""A post that is out: windows that never fall, intervals that shrink, warnings, bad input."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.special import ndtri

from inference.ahead import Ahead, KeepsNothing
from inference.growing import Normal, meet, of_counting
from inference.ledger_store import Ledger
from inference.paths import paths
from inference.predictor import Predictor
from inference.tracks import track_of_lake
from inference.update import Updater
from reelcast.errors import InputError, NotFoundError
from reelcast.records import Brief, CreatorQuestion, ForecastRequest
from reelcast.tracks import EarlyWarning, Trajectory, UpdateRequest, UpdateResponse
from tests.inference.homes import Home, by_handle
from tests.ledger.made import entries_of, forecast
from tests.support import NOW
from training.trajectories import Trajectories

OUT = NOW - timedelta(days=9)
TIMES = (0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 8.5)


@pytest.fixture(scope="session")
def updater(predictor: Predictor) -> Updater:
    return Updater(predictor)


def seen(*counts: tuple[float, int], published: datetime = OUT) -> tuple[dict[str, Any], ...]:
    """Views at ages in days."""
    return tuple(
        {"observed_at": published + timedelta(days=age), "views": views} for age, views in counts
    )


def update(
    updater: Updater, person: CreatorQuestion, *counts: tuple[float, int], **others: Any
) -> UpdateResponse:
    asked = UpdateRequest.model_validate(
        {"creator": person, "published_at": OUT, "observed": seen(*counts), **others}
    )
    return updater.respond(asked, NOW)


def views(made: UpdateResponse) -> Trajectory:
    return made.targets["views"]


def width(of: Trajectory, window: int) -> float:
    q = of.now[window].quantiles
    return float(np.log1p(q["q90"]) - np.log1p(q["q10"]))


def anyone() -> CreatorQuestion:
    return CreatorQuestion(followers=20_000, posts=())


def falls(of: Trajectory) -> list[tuple[str, str]]:
    """Where a quantile of a window lies below that of the window before."""
    return [
        (earlier.window, level)
        for windows in (of.before, of.now)
        for earlier, later in pairwise(windows)
        for level in earlier.quantiles
        if later.quantiles[level] < earlier.quantiles[level]
    ]


@given(
    first=st.integers(1, 10**6),
    steps=st.lists(st.floats(1.0, 3.0), min_size=1, max_size=len(TIMES)),
)
@settings(max_examples=10, deadline=None)
def test_windows_never_fall_nor_lie_below_what_was_counted(
    updater: Updater, first: int, steps: list[float]
) -> None:
    counts = np.round(first * np.cumprod(steps)).astype(int).tolist()
    track = list(zip(TIMES, counts, strict=False))
    made = views(update(updater, anyone(), *track))
    assert falls(made) == []
    for window in made.now:
        if window.horizon_days > track[-1][0]:
            assert window.quantiles["q05"] >= counts[-1] - 0.1


@given(prior=st.floats(0.1, 3), noise=st.lists(st.floats(0.01, 2), min_size=2, max_size=6))
def test_a_more_precise_count_never_widens_the_update(prior: float, noise: list[float]) -> None:
    sds = [meet(Normal(8.0, prior), Normal(9.0, sd)).sd for sd in sorted(noise, reverse=True)]
    assert sds == sorted(sds, reverse=True)
    assert all(sd <= prior + 1e-12 for sd in sds)


@given(st.lists(st.sampled_from(TIMES), min_size=2, max_size=5, unique=True))
@settings(max_examples=8, deadline=None)
def test_intervals_shrink_as_the_post_grows_older(updater: Updater, ages: list[float]) -> None:
    widths = [width(views(update(updater, anyone(), (age, 5000))), 3) for age in sorted(ages)]
    assert widths == sorted(widths, reverse=True)


def test_an_update_is_narrower_than_the_forecast_before_posting(
    updater: Updater, home: Home
) -> None:
    made = views(update(updater, by_handle(home.creators[0]), (1.0, 3000)))
    before = made.before[3].quantiles
    assert width(made, 3) < np.log1p(before["q90"]) - np.log1p(before["q10"])


def test_a_window_that_was_counted_is_the_count(updater: Updater) -> None:
    made = views(update(updater, anyone(), (1.0, 100), (3.0, 150), (7.0, 180)))
    assert [w.method for w in made.now[:3]] == ["counted"] * 3
    assert [w.quantiles["q50"] for w in made.now[:3]] == [100, 150, 180]
    assert made.now[0].basis == "counted"


def test_a_window_between_two_counts_lies_between_them(updater: Updater) -> None:
    made = views(update(updater, anyone(), (0.5, 100), (5.0, 400)))
    assert made.now[0].method == "between counts"
    assert 100 < made.now[0].quantiles["q50"] < made.now[1].quantiles["q50"] < 400
    assert made.now[0].basis == "modelled"
    assert 100 <= made.now[0].quantiles["q10"] < made.now[0].quantiles["q90"] <= 400


def test_few_counts_say_less_than_many(updater: Updater) -> None:
    few, many = (
        views(update(updater, CreatorQuestion(posts=(), followers=n), (1.0, n)))
        for n in (3, 30_000)
    )
    assert width(few, 3) > 1.5 * width(many, 3)


@pytest.mark.parametrize("share", [0.3, 0.8])
@pytest.mark.parametrize("later", [20, 200])
def test_chance_moves_a_count_before_as_a_binomial_does(later: int, share: float) -> None:
    younger = np.random.default_rng(1).binomial(later, share, 20_000)
    expected = np.log1p(later) + np.log(share)
    assert np.sqrt(((np.log1p(younger) - expected) ** 2).mean()) == pytest.approx(
        of_counting(expected, -np.log(share)), rel=0.15
    )


def test_a_few_counts_brought_back_vary_by_the_younger_count(updater: Updater) -> None:
    """Of 40 views at 6 days: how wide the first day's 80% is, against the curve's noise alone."""
    made = views(update(updater, anyone(), (6.0, 40)))
    many = views(update(updater, anyone(), (6.0, 4_000_000)))
    low, middle = (np.log1p(made.now[0].quantiles[q]) for q in ("q10", "q50"))
    low_of_many, middle_of_many = (np.log1p(many.now[0].quantiles[q]) for q in ("q10", "q50"))
    chance = of_counting(middle, np.log1p(40) - middle)
    noise = (middle_of_many - low_of_many) / ndtri(0.9)
    assert (middle - low) / ndtri(0.9) == pytest.approx(np.hypot(noise, chance), rel=0.02)


def test_a_window_before_the_first_count_is_no_higher_than_it(updater: Updater) -> None:
    made = views(update(updater, anyone(), (5.0, 400)))
    assert made.now[0].quantiles["q95"] <= 400
    assert made.now[0].quantiles["q50"] < 400


def test_more_views_now_are_more_views_later(updater: Updater) -> None:
    medians = [
        views(update(updater, anyone(), (1.0, count))).now[3].quantiles["q50"]
        for count in (100, 1000, 10_000)
    ]
    assert medians == sorted(medians)
    assert medians[0] < medians[2]


@pytest.mark.parametrize(("count", "state"), [(1, "below"), (10**8, "above")])
def test_a_post_off_its_path_is_warned_of(updater: Updater, count: int, state: str) -> None:
    warning = views(update(updater, anyone(), (2.0, count))).warning
    assert warning.state == state
    assert {"below": "below its 10% path", "above": "above its 90% path"}[state] in warning.words


def test_a_post_on_its_path_is_inside(updater: Updater) -> None:
    typical = views(update(updater, anyone(), (1.0, 100))).before[0].quantiles["q50"]
    warning = views(update(updater, anyone(), (1.0, round(typical)))).warning
    assert warning.state == "inside"
    assert warning.level == pytest.approx(0.5, abs=0.1)


def test_a_post_of_the_lake_is_known_by_its_id(updater: Updater, home: Home) -> None:
    post_id = updater.predictor.panel.post_ids[40]
    made = updater.respond(UpdateRequest(post_id=post_id), NOW)
    assert made.post_id == post_id
    assert made.creator_id in updater.predictor.creator_ids
    assert set(made.targets) >= {"views", "likes"}
    assert falls(views(made)) == []


def test_later_counts_of_a_lakes_post_are_not_seen(updater: Updater) -> None:
    panel = updater.predictor.panel
    at = int(np.flatnonzero(np.diff(panel.obs_start) >= 3)[5])
    early = datetime.fromtimestamp(int(panel.obs_s[panel.obs_start[at]]) + 1, NOW.tzinfo)
    made = updater.respond(UpdateRequest(post_id=panel.post_ids[at]), early)
    age = (panel.obs_s[panel.obs_start[at]] - panel.published_s[at]) / 86_400
    assert made.age_days == pytest.approx(age, abs=0.01)


def test_the_forecast_is_made_as_of_publication(updater: Updater, home: Home) -> None:
    """The forecast before posting is the same whatever the post counted later."""
    person = by_handle(home.creators[1])
    few, many = (views(update(updater, person, (1.0, n))).before for n in (10, 10**6))
    assert few == many


def test_a_frozen_forecast_is_what_the_post_is_held_against(updater: Updater) -> None:
    quantiles = {f"q{level:02d}": 50_000.0 + level for level in (5, 10, 25, 50, 75, 90, 95)}
    frozen = {"horizon_days": 7.0, "targets": {"views": {"quantiles": quantiles}}}
    asked = UpdateRequest.model_validate(
        {"creator": anyone(), "published_at": OUT, "observed": seen((1.0, 10))}
    )
    made = views(updater.respond(asked, NOW, frozen))
    assert made.before[2].quantiles["q50"] == pytest.approx(50_050, rel=1e-3)
    assert made.warning.state == "below"


def post_published(updater: Updater, learned: bool) -> str:
    """A counted post of the lake that the model learned from, or one that is newer."""
    panel, until_s = updater.predictor.panel, updater.predictor.bundle.model.trained_until_s
    counted = np.flatnonzero(np.diff(panel.obs_start) >= 2)
    fitting = counted[(panel.published_s[counted] < until_s) == learned]
    return panel.post_ids[int(fitting[0])]


@pytest.mark.parametrize("learned", [True, False])
def test_a_post_that_taught_the_model_says_that_warnings_may_be_too_quiet(
    updater: Updater, learned: bool
) -> None:
    made = updater.respond(UpdateRequest(post_id=post_published(updater, learned)), NOW)
    assert any("warnings may be too quiet" in note for note in made.notes) == learned
    assert made.forecast_id is None


def test_a_lakes_post_is_held_against_the_forecast_made_before_it_was_out(
    predictor: Predictor, updater: Updater, tmp_path: Path
) -> None:
    post_id = post_published(updater, True)
    panel = predictor.panel
    at = panel.post_ids.index(post_id)
    published = datetime.fromtimestamp(int(panel.published_s[at]), NOW.tzinfo)
    creator_id = panel.creator_ids[int(panel.creator[at])]
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    before, after = (
        entries_of(forecast(post_at=published, creator_id=creator_id), made)
        for made in (published - timedelta(days=1), published + timedelta(days=1))
    )
    ledger.append([*before, *after])
    made = Ahead(lambda: predictor, KeepsNothing(), ledger).update(
        UpdateRequest(post_id=post_id), NOW
    )
    ledger.close()
    assert made.forecast_id == before[0].entry_id
    assert made.targets["views"].before[2].quantiles["q50"] == pytest.approx(1000, rel=1e-3)
    assert not any("too quiet" in note for note in made.notes)


def test_a_ledger_that_is_down_keeps_no_update_from_being_made(
    predictor: Predictor, updater: Updater
) -> None:
    down = Ledger("postgresql://nobody@127.0.0.1:9/none")
    made = Ahead(lambda: predictor, KeepsNothing(), down).update(
        UpdateRequest(post_id=post_published(updater, True)), NOW
    )
    assert made.forecast_id is None


def test_a_count_of_the_lake_that_falls_is_told(updater: Updater) -> None:
    panel = updater.predictor.panel
    post_id = post_published(updater, True)
    counts = panel.obs_counts.copy()
    rows = slice(*panel.obs_start[panel.post_ids.index(post_id) :][:2])
    counts[rows, 0] = np.where(np.arange(rows.stop - rows.start) == 1, 450.0, 900.0)
    track = track_of_lake(post_id, replace(panel, obs_counts=counts), NOW)
    (words,) = track.notes
    assert words.startswith("views fall from 900 to 450: the higher count is taken")
    assert not track_of_lake(post_id, panel, NOW).notes


def test_missing_windows_are_said_in_words(updater: Updater) -> None:
    made = update(updater, CreatorQuestion(posts=(), platform="nowhere", handle="x"), (1.0, 100))
    assert any("30 d: no post of nowhere" in note for note in made.notes)


def test_a_bundle_without_trajectories_falls_back_on_the_prior(predictor: Predictor) -> None:
    bare = Updater(predictor)
    bare._trajectories = Trajectories()
    assert views(update(bare, anyone(), (1.0, 100))).now[3].method == "growth update"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (((10.0, 5),), "does not lie between published_at"),
        (((0.0, 5),), "does not lie between published_at"),
        (((-1.0, 5),), "does not lie between published_at"),
        (((1.0, 500), (2.0, 300)), "views fall from 500 to 300"),
        (((0.005, 5),), "half an hour"),
    ],
)
def test_counts_that_cannot_be_are_refused(
    updater: Updater, counts: tuple[tuple[float, int], ...], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        update(updater, anyone(), *counts)


def test_a_small_recount_is_levelled(updater: Updater) -> None:
    made = views(update(updater, anyone(), (1.0, 1000), (3.0, 990)))
    assert made.now[1].quantiles["q50"] == pytest.approx(1000)


def test_a_post_that_is_not_out_is_refused(updater: Updater) -> None:
    later = NOW + timedelta(days=1)
    asked = UpdateRequest.model_validate(
        {"creator": anyone(), "published_at": later, "observed": seen((1, 5), published=later)}
    )
    with pytest.raises(InputError, match="a post that is not out"):
        updater.respond(asked, NOW)


def test_a_post_from_before_all_platforms_is_refused(updater: Updater) -> None:
    asked = UpdateRequest.model_validate(
        {
            "creator": anyone(),
            "published_at": "0001-01-01T00:00:00Z",
            "observed": [{"observed_at": NOW, "views": 5}],
        }
    )
    with pytest.raises(InputError, match="is before 2000: correct the time"):
        updater.respond(asked, NOW)


def test_an_unknown_post_is_refused(updater: Updater) -> None:
    with pytest.raises(NotFoundError, match="'t:0' is not in the lake"):
        updater.respond(UpdateRequest(post_id="t:0"), NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"creator": {"posts": []}, "published_at": OUT.isoformat()},
        {"post_id": "t:1", "observed": [{"observed_at": NOW.isoformat(), "views": 1}]},
        {"creator": {"posts": []}, "observed": [{"observed_at": NOW.isoformat(), "views": 1}]},
    ],
)
def test_a_request_that_names_no_post_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        UpdateRequest.model_validate(wrong)


@pytest.mark.parametrize("views", [-1, float("nan"), float("inf"), "many", 10**13])
def test_a_count_that_is_none_is_refused(views: object) -> None:
    with pytest.raises(ValidationError):
        UpdateRequest.model_validate(
            {
                "creator": {"posts": []},
                "published_at": OUT,
                "observed": [{"observed_at": NOW, "views": views}],
            }
        )


def test_a_path_before_posting_has_four_windows_that_never_fall(
    predictor: Predictor, home: Home
) -> None:
    asked = ForecastRequest(creators=(by_handle(home.creators[0]), anyone()), brief=Brief())
    made = paths(predictor, asked, NOW)
    assert len(made.paths) == 2
    for path in made.paths:
        for windows in path.targets.values():
            assert [w.window for w in windows] == ["24 h", "72 h", "7 d", "30 d"]
            assert falls(Trajectory(before=windows, now=windows, warning=NOTHING)) == []


NOTHING = EarlyWarning(state="unknown", level=None, words="")


def test_the_same_question_has_the_same_answer(updater: Updater) -> None:
    one, again = (update(updater, anyone(), (1.0, 100)) for _ in range(2))
    assert one == again
