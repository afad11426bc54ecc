"""What a forecast says of its horizon: who was counted then, and that growth ends at 30 days."""

from __future__ import annotations

import numpy as np

from features.growth_curves import Curve, Curves
from inference.horizons import Counted, notes_at
from inference.predictor import Predictor
from reelcast.records import Brief, CreatorQuestion, ForecastRequest
from tests.support import NOW
from training.trajectories import Trajectories

PAIRS = Trajectories(Curves(Curve(n_pairs=450)))


def counted(first_days: float, last_days: float, n: int = 200) -> Counted:
    """Posts of one platform, counted first and last at these ages."""
    return Counted(
        ("tiktok",), np.zeros(n), np.full(n, float(first_days)), np.full(n, float(last_days))
    )


def notes(of: Counted, days: float, platform: str = "tiktok") -> list[str]:
    return list(notes_at(PAIRS, of, platform, days))


def test_a_horizon_at_which_posts_were_counted_needs_no_words() -> None:
    assert [notes(counted(1.0, 40.0), days) for days in (1.0, 7.0, 30.0)] == [[], [], []]


def test_a_horizon_before_all_counts_is_said_to_be_brought_back() -> None:
    assert notes(counted(7.0, 40.0), 1.0) == [
        "24 h: no post of tiktok counted by then; the figures are brought back from later counts "
        "along a curve learned from 450 pairs of counts of all platforms at other ages"
    ]


def test_a_horizon_after_all_counts_is_said_to_be_carried_on() -> None:
    (words,) = notes(counted(1.0, 3.0), 30.0)
    assert words.startswith(
        "30 d: no post of tiktok counted then or later; the figures are carried"
    )


def test_few_posts_are_told_by_their_number() -> None:
    (words,) = notes(counted(1.0, 3.0, 1), 3.0)[:1]
    assert words.startswith("72 h: only 1 post of tiktok counted by then")


def test_a_platform_that_the_lake_does_not_hold_is_said_so() -> None:
    assert "no post of youtube counted by then" in notes(counted(1.0, 40.0), 7.0, "youtube")[0]


def test_of_an_unknown_platform_all_posts_count() -> None:
    assert notes(counted(1.0, 40.0), 7.0, "unknown") == []


def test_beyond_30_days_figures_are_said_to_be_those_of_30_days(predictor: Predictor) -> None:
    person = CreatorQuestion(followers=20_000, posts=())
    at_30, at_90 = (
        predictor.respond(
            ForecastRequest(creators=(person,), brief=Brief(horizon_days=days)), NOW
        ).forecasts[0]
        for days in (30, 90)
    )
    words = "90 d: figures are those of 30 d; growth beyond 30 d is not modelled"
    assert at_90.targets["views"].quantiles == at_30.targets["views"].quantiles
    assert at_90.notes == (words, *at_30.notes)


def test_what_was_counted_is_taken_from_each_posts_first_and_last_count(
    predictor: Predictor,
) -> None:
    panel = predictor.panel
    of = Counted.of(panel)
    by_then = sum(
        bool(((panel.obs_s[a:b] - s) / 86_400 <= 1.25).any())
        for a, b, s in zip(
            panel.obs_start[:-1], panel.obs_start[1:], panel.published_s, strict=True
        )
    )
    assert of.around("unknown", 1.0)[0] == by_then > of.around("tiktok", 1.0)[0] > 0
