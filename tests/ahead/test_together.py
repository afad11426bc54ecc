"""How the misses of forecast and growth go together, and what the update makes of it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.growth_curves import Curves, segments_of
from features.panel import F64, Panel, panel_from
from features.snapshots import PanelTracks
from inference.growing import Normal, meet
from inference.quantiles import SCORES
from tests.support import NOW, table_of
from training.together import Held, held_of, together, with_together
from training.trajectories import Fallback, Trajectories

AGES = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0)
N = 600
SD_LEVEL, SD_GROWTH = 1.2, 0.5


def world(correlation: float) -> tuple[Panel, Held]:
    """Posts whose miss of the forecast goes with how they grow from any age to the week.

    The curve is the documented prior, so that its rise is known.
    """
    rng = np.random.default_rng(11)
    off = rng.standard_normal(N)
    growth = correlation * off + np.sqrt(1 - correlation**2) * rng.standard_normal(N)
    week = 9.0 + SD_LEVEL * off
    share = Curves().general.growth.log_share(np.array([*AGES]))
    posts, seen = [], []
    for i in range(N):
        at = NOW - timedelta(days=300) + timedelta(hours=8 * i)
        name = f"tiktok:{i:05d}"
        posts.append({"post_id": name, "creator_id": f"c{i % 50:02d}", "published_at": at})
        left = share[-1] - share + SD_GROWTH * growth[i] * np.log(7.0 / np.array(AGES)) / np.log(7)
        counts = np.exp(np.maximum.accumulate(week[i] - left)).round().astype(int).tolist()
        seen += [
            {"post_id": name, "observed_at": at + timedelta(days=age), "views": count}
            for age, count in zip(AGES, counts, strict=True)
        ]
    panel = panel_from(
        table_of("posts", posts),
        table_of("post_observations", seen),
        table_of("creator_observations", []),
    )
    of = np.array([int(name.split(":")[1]) for name in panel.post_ids])
    held = Held(np.arange(N), np.full(N, 9.0)[of], np.full(N, SD_LEVEL), np.full(N, 7.0))
    return panel, held


def found(correlation: float) -> tuple[float, ...]:
    panel, held = world(correlation)
    tracks = PanelTracks(panel, Curves(), segments_of(panel))
    return together(tracks, Fallback(), held)[1]


@pytest.fixture(scope="module")
def related() -> tuple[float, ...]:
    return found(0.5)


def test_posts_that_beat_their_forecast_and_outgrow_the_curve_are_noticed(
    related: tuple[float, ...],
) -> None:
    assert related[1] == pytest.approx(0.5, abs=0.12)


def test_it_never_grows_with_age(related: tuple[float, ...]) -> None:
    assert list(related) == sorted(related, reverse=True)


def test_misses_that_have_nothing_to_do_with_each_other_stay_near_none() -> None:
    assert max(found(0.0)) < 0.12


def test_misses_that_oppose_each_other_are_taken_for_independent() -> None:
    assert max(found(-0.5)) == 0.0


def test_a_few_posts_say_nothing() -> None:
    panel, held = world(0.9)
    few = Held(held.post[:30], held.mean[:30], held.sd[:30], held.at_days[:30])
    tracks = PanelTracks(panel, Curves(), segments_of(panel))
    assert together(tracks, Fallback(), few)[1] == (0.0,) * 7


def test_counts_from_then_on_are_not_read() -> None:
    panel, held = world(0.9)
    tracks = PanelTracks(panel, Curves(), segments_of(panel))
    before = int(panel.published_s.min()) + 86_400
    assert together(tracks, Fallback(), held, before)[1] == (0.0,) * 7


def test_a_backtests_table_is_read_by_the_posts_ids() -> None:
    panel, _ = world(0.0)
    logs: F64 = 9.0 + 1.2 * SCORES
    names = ["q10", "q50", "q90"]
    table = pa.table(
        {
            "post_id": [panel.post_ids[3], panel.post_ids[1]],
            "horizon_days": [7.0, 7.0],
            **{n: [float(np.expm1(logs[at]))] * 2 for n, at in zip(names, (1, 3, 5), strict=True)},
        }
    )
    held = held_of(table, panel)
    assert held.post.tolist() == [3, 1]
    assert held.sd == pytest.approx([1.2, 1.2])
    assert held.mean == pytest.approx([9.0, 9.0])


def test_trajectories_keep_it_in_their_file() -> None:
    panel, held = world(0.5)
    made = with_together(Trajectories(), panel, segments_of(panel), held).fallback
    assert Fallback.from_json(made.to_json()) == made
    older = {name: of for name, of in made.to_json().items() if name != "together"}
    assert Fallback.from_json(older).together == Fallback().together


SDS = st.floats(0.05, 3.0)


@given(SDS, SDS, st.floats(0.0, 0.8), st.floats(-3, 3))
def test_the_update_is_never_wider_than_either_source(
    prior: float, said: float, close: float, at: float
) -> None:
    made = meet(Normal(0.0, prior), Normal(at, said), close)
    assert made.sd <= min(prior, said) * (1 + 1e-9)
    assert min(0.0, at) - 1e-9 <= made.mean <= max(0.0, at) + 1e-9


@given(SDS, st.lists(SDS, min_size=2, max_size=5), st.floats(0.0, 0.8))
def test_a_more_precise_count_never_widens_it_however_close_both_go(
    prior: float, noise: list[float], close: float
) -> None:
    sds = [
        meet(Normal(8.0, prior), Normal(9.0, sd), close).sd for sd in sorted(noise, reverse=True)
    ]
    assert all(b <= a * (1 + 1e-9) for a, b in pairwise(sds))


@given(SDS, SDS, st.floats(0.0, 0.8), st.floats(0.0, 0.8))
def test_the_closer_both_go_the_less_they_tell(
    prior: float, said: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    sds = [meet(Normal(8.0, prior), Normal(9.0, said), close).sd for close in (low, high)]
    assert sds[0] <= sds[1] * (1 + 1e-9)


def test_intervals_of_related_misses_hold_their_80_percent() -> None:
    rng = np.random.default_rng(4)
    one = rng.standard_normal(20_000)
    other = 0.45 * one + np.sqrt(1 - 0.45**2) * rng.standard_normal(20_000)
    sources = [(1.4 * a, 1.0 * b) for a, b in zip(one[:4000], other[:4000], strict=True)]
    for close, lowest, highest in ((0.45, 0.78, 0.82), (0.0, 0.6, 0.76)):
        made = [meet(Normal(-a, 1.4), Normal(-b, 1.0), close) for a, b in sources]
        held = np.mean([abs(of.mean) <= 1.2816 * of.sd for of in made])
        assert lowest <= held <= highest
