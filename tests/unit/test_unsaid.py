"""A draft whose words are not known is taken to say what its creator usually says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.dataset import Dataset
from features.gather import Questions
from features.panel import F64
from features.state import State
from inference.asking import is_unsaid
from reelcast.records import Brief


@pytest.fixture(scope="module")
def reading(dataset: Dataset) -> tuple[Dataset, State, Questions]:
    """The world with embeddings that differ by creator, its state, its latest 200 questions."""
    rng = np.random.default_rng(3)
    of_creator = rng.normal(0, 1, (len(dataset.panel.creator_ids), 384))
    vectors = of_creator[dataset.panel.creator] + rng.normal(0, 0.5, (dataset.panel.n_posts, 384))
    of = replace(dataset, panel=dataset.panel.with_vectors(vectors.astype(np.float32)))
    asked, outcomes = of.ask()
    latest = np.argsort(asked.decided_s)[-200:]
    return of, of.fit(asked, outcomes, 4), asked.take(latest)


def blank(asked: Questions) -> Questions:
    assert asked.vectors is not None
    return replace(
        asked,
        texts=[""] * len(asked),
        hashtags=np.zeros_like(asked.hashtags),
        vectors=np.full_like(asked.vectors, np.nan),
    )


def unsaid(asked: Questions) -> Questions:
    return replace(blank(asked), unsaid=np.ones(len(asked), bool))


def columns(of: tuple[Dataset, State, Questions], asked: Questions, *names: str) -> F64:
    return of[0].rows(asked, of[1]).pick(names)


def test_length_and_hashtags_are_the_creators_usual_ones(
    reading: tuple[Dataset, State, Questions],
) -> None:
    asked = reading[2]
    said = columns(reading, asked, "caption_length", "n_hashtags")
    usual = columns(reading, unsaid(asked), "caption_length", "n_hashtags")
    assert np.abs(usual.mean(axis=0) - said.mean(axis=0)).max() < 0.25
    assert (columns(reading, blank(asked), "caption_length", "n_hashtags") == 0).all()


def test_what_it_says_is_the_mean_of_the_past(reading: tuple[Dataset, State, Questions]) -> None:
    asked = reading[2]
    names = [f"text_{i}" for i in range(4)]
    said, usual = columns(reading, asked, *names), columns(reading, unsaid(asked), *names)
    has_past = columns(reading, asked, "text_similarity")[:, 0] > -2
    alike = [np.corrcoef(said[has_past, i], usual[has_past, i])[0, 1] for i in range(4)]
    assert min(alike) > 0.8
    assert np.isnan(columns(reading, blank(asked), *names)).all()


def test_it_is_as_like_the_past_as_posts_are(reading: tuple[Dataset, State, Questions]) -> None:
    asked = reading[2]
    said = columns(reading, asked, "text_similarity")
    usual = columns(reading, unsaid(asked), "text_similarity")
    assert np.nanmean(usual) == pytest.approx(np.nanmean(said), abs=0.05)


def test_a_creator_without_posts_says_what_training_posts_say(
    reading: tuple[Dataset, State, Questions],
) -> None:
    of, state, asked = reading
    new = replace(unsaid(asked.take(slice(0, 3))), creator=np.full(3, -1, np.int64))
    made = of.rows(new, state).pick(("caption_length", "n_hashtags", "text_0"))
    assert made.tolist() == [[state.usual_length, state.usual_hashtags, 0.0]] * 3


def test_said_drafts_beside_unsaid_ones_stay_as_they_are(
    reading: tuple[Dataset, State, Questions],
) -> None:
    of, state, asked = reading
    some = replace(asked, unsaid=np.arange(len(asked)) < 50)
    kept = slice(50, None)
    assert np.array_equal(
        of.rows(some, state).values[kept], of.rows(asked, state).values[kept], equal_nan=True
    )


def test_only_a_draft_of_which_nothing_is_said_is_unsaid() -> None:
    assert is_unsaid(Brief())
    assert not is_unsaid(Brief(caption=""))
    assert not is_unsaid(Brief(script="hello"))
    assert not is_unsaid(Brief(hashtags=("vlog",)))
