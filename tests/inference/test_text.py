"""A model that reads text: drafts and captions of any kind, remembered once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from features.dataset import Dataset, load_dataset
from inference.predictor import Predictor
from reelcast.records import Brief, CreatorQuestion, ForecastRequest, PastPost, creator_id_of
from reelcast.settings import FeatureSettings, Settings
from reelcast.simulated import World
from reelcast.store import Lake
from tests.inference.homes import SALT, Home, ask, inline, salted
from tests.support import DAY, FAST, NOW, canonical_tables, fast_settings, fill, small_world
from training.bundle import Bundle
from training.fit import fit_model

pytestmark = pytest.mark.slow  # the encoder loads
ABSURD = ["😀" * 1250, "\u0000", "\u202e", "\ud7ff\ue000", "x" * 5000, " \t\n", "#", "[PAD][SEP]"]


@pytest.fixture(scope="module")
def tiny() -> World:
    return small_world(n_creators=14, posts_per_creator=16.0, days=150)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, tiny: World) -> Settings:
    features = FeatureSettings(text="always", text_components=4)
    training = FAST.model_copy(update={"min_rows": 30, "min_leaf_rows": 4})
    made = fast_settings(tmp_path_factory.mktemp("text"), features=features, training=training)
    fill(Lake(made.lake_root), salted(canonical_tables(tiny), tiny))
    return made


@pytest.fixture(scope="module")
def dataset(settings: Settings) -> Dataset:
    return load_dataset(Lake(settings.lake_root), settings.features, settings.sentence_cache)


@pytest.fixture(scope="module")
def reader(home: Home, dataset: Dataset, settings: Settings) -> Predictor:
    """A model of views that reads text, over its lake."""
    cut = int((NOW - 20 * DAY).timestamp())
    model = fit_model(dataset, cut, settings, ["views"])
    panel = replace(dataset.panel, vectors=None)
    return Predictor(Bundle(model, home.champion.bundle.manifest), panel, settings)


def request(text: str) -> ForecastRequest:
    post = PastPost(published_at=NOW - 9 * DAY, views=900, caption=text)
    person = CreatorQuestion(posts=(post, post))
    return ForecastRequest(creators=(person,), brief=Brief(caption=text, hashtags=(text,)))


@pytest.mark.parametrize("text", ABSURD)
def test_any_text_is_read(reader: Predictor, text: str) -> None:
    (made,) = reader.respond(request(text), NOW).forecasts
    assert np.isfinite(list(made.targets["views"].quantiles.values())).all()


def test_a_model_that_reads_text_answers_without_any(reader: Predictor) -> None:
    (made,) = ask(reader, [CreatorQuestion(posts=())])
    assert np.isfinite(made.targets["views"].mean)


def test_inline_captions_count_as_the_same_in_the_lake(
    reader: Predictor, tiny: World, home: Home
) -> None:
    tables = salted(canonical_tables(tiny), tiny)
    creator = max(tiny.creators, key=lambda c: len(tiny.posts_of(c)))
    creator_id = creator_id_of(creator.platform, creator.handle, SALT)
    given = inline(replace(home, world=tiny, tables=tables), creator, creator_id)
    assert given.posts
    known = CreatorQuestion(creator_id=creator_id)
    (lake,) = ask(reader, [known], caption="a serum for dry skin")
    given = given.model_copy(update={"followers": lake.followers})
    (online,) = ask(reader, [given], caption="a serum for dry skin")
    assert online.targets["views"].quantiles == pytest.approx(
        lake.targets["views"].quantiles, rel=1e-6, abs=0.11
    )


def test_the_post_with_the_drafts_own_words_is_most_alike(reader: Predictor) -> None:
    captions = ("tax return explained", "a serum for dry skin", "my dog learns to swim")
    posts = tuple(
        PastPost(published_at=NOW - 9 * DAY, views=900, caption=caption) for caption in captions
    )
    (made,) = ask(reader, [CreatorQuestion(posts=posts)], caption=captions[1])
    first = made.comparables[0]
    assert (first.caption, first.similarity) == (captions[1], pytest.approx(1, abs=0.01))


def test_a_draft_once_read_is_quick_the_next_time(reader: Predictor) -> None:
    person = CreatorQuestion(creator_id=reader.creator_ids[0])
    asked = ForecastRequest(creators=(person,), brief=Brief(caption="read once"))
    assert not reader.is_quick(asked)
    reader.respond(asked, NOW)
    assert reader.is_quick(asked)


def test_a_new_process_reads_nothing_anew(reader: Predictor, settings: Settings) -> None:
    before = Path(settings.sentence_cache).read_bytes()
    again = Predictor(reader.bundle, reader._panel, settings)
    assert again.respond(request("x" * 5000), NOW) == reader.respond(request("x" * 5000), NOW)
    assert Path(settings.sentence_cache).read_bytes() == before
