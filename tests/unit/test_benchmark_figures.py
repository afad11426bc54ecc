"""The benchmarks' own arithmetic: shares of the best, statistics of earlier posts, pairs."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.evidence import OUT
from benchmarks.formats import _index_pairs
from benchmarks.measurement_lift import COMPARISONS
from benchmarks.smp import share_of_best
from benchmarks.smp_fields import N_TRAIN, _earlier
from benchmarks.tables import PARTS


def test_whoever_knows_the_views_picks_the_best_ten() -> None:
    y = np.random.default_rng(1).normal(8, 2, 800)
    assert share_of_best(y, y) == pytest.approx(1.0)


def test_picking_by_chance_gets_far_less() -> None:
    y, by_chance = np.random.default_rng(1).normal(8, 2, (2, 800))
    assert share_of_best(by_chance, y) < 0.4


def test_a_test_post_teaches_nothing_of_its_author() -> None:
    keys = [["same"]] * (N_TRAIN + 3)
    y = np.random.default_rng(2).normal(8, 2, N_TRAIN + 3)
    higher = y + 100.0 * (np.arange(N_TRAIN + 3) >= N_TRAIN)
    assert np.array_equal(_earlier(keys, y, 1.0), _earlier(keys, higher, 1.0))


def test_a_post_knows_earlier_posts_of_its_author_alone() -> None:
    keys = [["same"]] * 50
    y = np.random.default_rng(3).normal(8, 2, 50)
    later = y + 100.0 * (np.arange(50) >= 20)
    assert np.array_equal(_earlier(keys, y, 1.0)[:21], _earlier(keys, later, 1.0)[:21])


def test_pairs_are_of_one_format_and_two_creators() -> None:
    y = np.array([1.0, 2.0, 3.0, 4.0])
    first, second = _index_pairs(y, np.array([0, 0, 0, 1]), np.array([5, 5, 6, 7]))
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 2), (1, 2)]


def test_every_part_of_the_page_has_a_module() -> None:
    from benchmarks.evidence import ROOT

    assert all((ROOT / "benchmarks" / f"{name}.py").is_file() for name in PARTS)


def test_what_lift_is_only_compared_with_has_no_goals() -> None:
    figures = json.loads((OUT / "measurement_lift.json").read_text())
    goals = [goal["what"] for goal in figures["targets"]]
    assert goals
    assert not [what for what in goals for name in COMPARISONS if name in what]
    assert set(figures["treated"]["1"]) >= COMPARISONS  # which stand in the table all the same
