"""Collections that differ for the way they were made: found, named, and left out of learning."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.dataset import Dataset, load_dataset, warn_of_mixture
from features.mixture import Mixture, _spread, learnable, mixture_of, ways_of
from features.panel import DAY_S
from reelcast.settings import FeatureSettings
from reelcast.store import Lake
from tests.support import DAY, Tables, fill, panel_of, scraped_once, table_of

EVER_S = 2**33
NEVER = FeatureSettings(text="never")


def collected(tables: Tables, lift: float, share: float = 0.3) -> Tables:
    """A third of the posts as of a feed, with `lift` times the views; the rest as histories."""
    rng = np.random.default_rng(4)
    once = scraped_once(tables)
    rows: list[dict[str, Any]] = once["post_observations"].to_pylist()
    for row in rows:
        in_feed = rng.random() < share
        row["collection"] = "feed" if in_feed else "history"
        row["views"] = int(row["views"] * (lift if in_feed else 1))
    return {**once, "post_observations": table_of("post_observations", rows)}


def found_in(mixed: Tables, until_s: int = EVER_S, gap_days: float | None = None) -> Mixture | None:
    panel = panel_of(mixed)
    return mixture_of(panel, ways_of(panel, mixed["post_observations"]), until_s, gap_days)


def test_a_feed_of_better_posts_is_a_mixture_and_its_shift_is_found(tables: Tables) -> None:
    mixed = collected(tables, 4.0)
    mixture = found_in(mixed)
    assert mixture is not None
    assert mixture.is_one
    assert mixture.reference == "history"
    (shift,) = mixture.shifts
    assert shift.shift == pytest.approx(np.log(4), abs=0.25)
    assert shift.n_shared_creators > 10
    assert "times the views of 'history'" in mixture.words


def test_two_ways_that_do_not_differ_are_no_mixture(tables: Tables) -> None:
    mixed = collected(tables, 1.0)
    mixture = found_in(mixed)
    assert mixture is not None
    assert not mixture.is_one


def test_one_way_is_no_mixture(tables: Tables) -> None:
    mixed = collected(tables, 4.0, share=0.0)
    assert found_in(mixed) is None


def test_posts_without_a_named_way_are_always_learned_from(tables: Tables) -> None:
    mixed = collected(tables, 4.0)
    rows = mixed["post_observations"].to_pylist()
    for row in rows[::2]:
        row["collection"] = None
    mixed = {**mixed, "post_observations": table_of("post_observations", rows)}
    panel = panel_of(mixed)
    ways = ways_of(panel, mixed["post_observations"])
    mixture = mixture_of(panel, ways, EVER_S, None)
    assert mixture is not None
    learned = dict(zip(panel.post_ids, learnable(panel, ways, mixture), strict=True))
    assert all(learned[row["post_id"]] == (row["collection"] != "feed") for row in rows)


def test_a_dataset_says_so_and_learns_from_histories_alone(
    tmp_path: Path, tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    mixed = collected(tables, 4.0)
    lake = fill(Lake(str(tmp_path)), mixed)
    dataset = load_dataset(lake, NEVER, tmp_path / "cache")
    with caplog.at_level(logging.WARNING):
        warn_of_mixture(dataset, EVER_S)
    assert "collected in ways that differ" in caplog.text
    way = {row["post_id"]: row["collection"] for row in mixed["post_observations"].to_pylist()}
    _, outcomes = dataset.ask(EVER_S)
    assert {way[dataset.panel.post_ids[i]] for i in outcomes.post} == {"history"}
    assert len(outcomes.post) > 100


def test_a_chosen_collection_is_taken_whole(tmp_path: Path, tables: Tables) -> None:
    lake = fill(Lake(str(tmp_path)), collected(tables, 4.0))
    dataset = load_dataset(lake, NEVER, tmp_path / "cache", "feed")
    assert dataset.mixture(EVER_S) is None
    _, outcomes = dataset.ask()
    assert dataset.counts_for(outcomes, EVER_S).all()


@pytest.mark.parametrize("gap_days", [None, 3.0], ids=["as_of", "hindsight"])
def test_counts_of_test_posts_decide_nothing(tables: Tables, gap_days: float | None) -> None:
    """Posts of a feed that are ten times as strong, but only from a cut on: none is known by it."""
    mixed = collected(tables, 1.0)
    if gap_days is None:  # counted at a day's age, so that some are known before the cut
        first = {row["post_id"]: row["published_at"] for row in mixed["posts"].to_pylist()}
        rows = mixed["post_observations"].to_pylist()
        for row in rows:
            row["observed_at"] = first[row["post_id"]] + DAY
        mixed = {**mixed, "post_observations": table_of("post_observations", rows)}
    panel = panel_of(mixed)
    cut_s = int(np.quantile(panel.published_s, 0.7))
    ways = ways_of(panel, mixed["post_observations"])
    late = panel.published_s >= cut_s - DAY_S * (gap_days or 1.0)
    is_feed = np.isin(np.arange(panel.n_posts), ways["feed"])
    counts = panel.obs_counts.copy()
    counts[np.repeat(late & is_feed, np.diff(panel.obs_start))] *= 10
    stronger = replace(panel, obs_counts=counts)
    before = mixture_of(panel, ways, cut_s, gap_days)
    assert before is not None
    assert before == mixture_of(stronger, ways, cut_s, gap_days)
    assert before != mixture_of(stronger, ways, EVER_S, gap_days)
    dataset = Dataset(stronger, gap_days, "test", ways=ways)
    _, outcomes = dataset.ask()
    assert dataset.counts_for(outcomes, cut_s).all()
    assert not dataset.counts_for(outcomes, EVER_S).all()


def test_a_few_creators_who_happen_to_be_larger_are_no_mixture() -> None:
    rng = np.random.default_rng(2)
    found = []
    for _ in range(300):
        creator = np.repeat(np.arange(12), 50)
        log = rng.normal(0, 1, 12)[creator] + rng.normal(0, 0.5, len(creator))
        found.append(
            (log.mean(), _spread(np.zeros(len(log), np.int64), log, creator, np.array([600])))
        )
    means, errors = np.array(found).T
    assert errors.mean() == pytest.approx(means.std(), rel=0.2)
