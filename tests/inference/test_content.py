"""A model that reads what videos show: of the lake's posts, and of drafts by their tags."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from features.dataset import Dataset, load_dataset
from features.questions import ask_of_posts
from features.rows import build_rows
from features.shown import Shown, load_shown
from inference.drafts import Drafts
from inference.predictor import Predictor
from reelcast.errors import InputError, NotFoundError
from reelcast.records import Brief, CreatorQuestion
from reelcast.settings import FeatureSettings, Settings
from reelcast.simulated import World
from reelcast.store import Lake
from reelcast.tables import TARGETS
from tests.inference.homes import Home, ask, salted
from tests.support import (
    DAY,
    FAST,
    NOW,
    Tables,
    canonical_tables,
    fast_settings,
    fill,
    small_world,
    table_of,
)
from training.bundle import Bundle, load_bundle, save_bundle
from training.fit import fit_model

HOOKS = ("question", "listicle", "storytime")
LIFT = {"question": 4.0, "listicle": 1.0, "storytime": 0.4}
AUTO = FeatureSettings(text="never", content="auto")


def hook_of(number: int) -> str:
    return HOOKS[number * 7 % 3]


def with_videos(tables: Tables) -> Tables:
    """Nine of ten posts show a video of their own, whose hook multiplies all counts."""
    ids = tables["posts"]["post_id"].to_pylist()
    lift = {post_id: LIFT[hook_of(i)] for i, post_id in enumerate(ids) if i % 10}
    seen = tables["post_observations"].to_pylist()
    for row in seen:
        for target in TARGETS:
            row[target] = int(row[target] * lift.get(row["post_id"], 1.0))
    shown = [(i, post_id) for i, post_id in enumerate(ids) if i % 10]
    measures = json.dumps({"cuts_per_s": 0.5, "vertical": True, "speech_ratio": None})
    return {
        **tables,
        "post_observations": table_of("post_observations", seen),
        "post_contents": table_of(
            "post_contents", [{"post_id": p, "content_id": f"video{i:04}"} for i, p in shown]
        ),
        "taggings": table_of(
            "taggings",
            [
                {"content_id": f"video{i:04}", "version": "2.x", "measures": measures}
                for i, _ in shown
            ],
        ),
        "tags": table_of("tags", [tag for i, _ in shown for tag in tags_of(i)]),
    }


def tags_of(number: int) -> list[dict[str, Any]]:
    """The hook, surely; a theme; and what an earlier version said, which counts no more."""
    common = {"content_id": f"video{number:04}", "modality": "spoken", "primary": True}
    return [
        {**common, "version": "2.x", "rank": 0, "group": "hook", "label": hook_of(number)}
        | {"probability": 0.9},
        {**common, "version": "2.x", "rank": 1, "group": "theme", "label": "pets"}
        | {"probability": 0.4 + number % 3 / 10},
        {**common, "version": "1.x", "rank": 0, "group": "hook", "label": "challenge"}
        | {"probability": 1.0},
    ]


@pytest.fixture(scope="module")
def tiny() -> World:
    return small_world(n_creators=24, posts_per_creator=20.0, days=150)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, tiny: World) -> Settings:
    made = fast_settings(tmp_path_factory.mktemp("content"), features=AUTO, training=FAST)
    fill(Lake(made.lake_root), with_videos(salted(canonical_tables(tiny), tiny)))
    return made


@pytest.fixture(scope="module")
def dataset(settings: Settings) -> Dataset:
    """The lake without the words of its videos, which would load the encoder."""
    made = load_dataset(
        Lake(settings.lake_root),
        settings.features.model_copy(update={"content": "never"}),
        settings.sentence_cache,
    )
    shown = load_shown(Lake(settings.lake_root), made.panel.post_ids, None)
    return replace(made, panel=replace(made.panel, shown=shown))


@pytest.fixture(scope="module")
def reader(
    home: Home, dataset: Dataset, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Predictor:
    cut = int((NOW - 20 * DAY).timestamp())
    model = fit_model(dataset, cut, settings, ["views"])
    bundle = Bundle(model, home.champion.bundle.manifest)
    kept = load_bundle(save_bundle(bundle, tmp_path_factory.mktemp("bundle") / "b"))
    return Predictor(kept, dataset.panel, settings)


def median(reader: Predictor, **brief: object) -> float:
    person = CreatorQuestion(creator_id=reader.creator_ids[0])
    (made,) = ask(reader, [person], **brief)
    return made.targets["views"].quantiles["q50"]


def test_what_videos_show_is_read_where_it_helps(reader: Predictor) -> None:
    words = reader.card["content"]["views"]
    assert words.startswith("content read: log MAE -")
    assert reader.card["text"]["views"] == "text not available or off"


def test_the_posts_that_calibrate_choose_nothing(dataset: Dataset, settings: Settings) -> None:
    """Whatever the latest posts' counts: how the trial went is said in the same words."""
    cut = int((NOW - 20 * DAY).timestamp())
    asked, outcomes = dataset.ask(cut)
    calibrating = asked.decided_s >= np.quantile(asked.decided_s, 0.8)
    counts = dataset.panel.obs_counts.copy()
    post = np.repeat(np.arange(dataset.panel.n_posts), np.diff(dataset.panel.obs_start))
    late = np.isin(post, outcomes.post[calibrating])
    counts[late] *= np.random.default_rng(3).uniform(1, 90, (int(late.sum()), 1))
    other = replace(dataset, panel=replace(dataset.panel, obs_counts=counts))
    words = [
        fit_model(each, cut, settings, ["views"]).forecasters["views"].trials["content"]
        for each in (dataset, other)
    ]
    assert words[0].startswith("content read")
    assert words[0] == words[1]


def test_the_lakes_tags_and_measures_are_those_of_the_present_version(dataset: Dataset) -> None:
    shown = dataset.panel.shown
    assert isinstance(shown, Shown)
    hooks = [name for name in shown.names if name.startswith("hook_")]
    assert hooks == ["hook_listicle", "hook_question", "hook_storytime"]
    assert "measure_vertical" in shown.names
    assert "measure_speech_ratio" not in shown.names
    first = shown.of_content["video0001"]
    assert shown.column(f"hook_{hook_of(1)}")[first] == 0.9
    assert shown.column(f"hook_{hook_of(2)}")[first] == 0.0
    assert np.isnan(shown.column("format_review")).all()
    assert (shown.of_post < 0).mean() == pytest.approx(0.1, abs=0.01)


def test_what_a_person_corrected_goes_first(dataset: Dataset, settings: Settings) -> None:
    lake = Lake(settings.lake_root)
    said = {"content_id": "video0001", "group": "theme", "corrected_at": NOW, "labels": ["food"]}
    lake.merge("tag_corrections", table_of("tag_corrections", [said]))
    shown = load_shown(lake, dataset.panel.post_ids, None)
    assert shown is not None
    row = shown.of_content["video0001"]
    assert (shown.column("theme_food")[row], shown.column("theme_pets")[row]) == (1.0, 0.0)


def test_a_drafts_tags_enter_its_forecast(reader: Predictor) -> None:
    strong, weak = (median(reader, tags={"hook": [hook]}) for hook in ("question", "storytime"))
    assert strong > 1.5 * weak


def test_a_draft_may_name_a_tagged_video_that_it_is_like(reader: Predictor) -> None:
    number = next(i for i in range(1, 10) if hook_of(i) == "question")
    like = median(reader, content_id=f"video{number:04}")
    assert like > 1.3 * median(reader, content_id=f"video{number:04}", tags={"hook": ["storytime"]})


def test_a_video_that_no_post_shows_is_not_found(reader: Predictor) -> None:
    with pytest.raises(NotFoundError, match="no post shows a tagged content 'video9999'"):
        median(reader, content_id="video9999")


def test_a_label_outside_the_taxonomy_is_refused(reader: Predictor) -> None:
    with pytest.raises(InputError, match=r"tags.hook knows no sad_trombone: choose of question"):
        median(reader, tags={"hook": ["sad_trombone"]})


def test_posts_given_inline_have_no_videos(reader: Predictor) -> None:
    (made,) = ask(reader, [CreatorQuestion(posts=())], tags={"hook": ["question"]})
    assert np.isfinite(made.targets["views"].mean)


def test_drivers_name_the_video(reader: Predictor) -> None:
    (made,) = ask(
        reader, [CreatorQuestion(creator_id=reader.creator_ids[0])], tags={"hook": ["question"]}
    )
    said = [driver.words for driver in made.targets["views"].drivers]
    assert any(words.startswith("the video's hook raises the median") for words in said)


def test_an_online_row_of_a_tagged_post_is_the_offline_row(
    reader: Predictor, dataset: Dataset
) -> None:
    asked, _ = ask_of_posts(dataset.panel, 30.0)
    at = np.flatnonzero(asked.shown_row >= 0)[-1:]
    shown = dataset.panel.shown
    assert shown is not None
    content_id = list(shown.of_content)[int(asked.shown_row[at[0]])]
    drafts = Drafts(reader.bundle.model.state.content, shown)
    panel, rows = drafts.beside(dataset.panel, [Brief(content_id=content_id)])
    online = replace(asked.take(at), shown=rows)
    state = reader.bundle.model.state
    one, other = dataset.rows(asked.take(at), state), build_rows(panel, online, state, None)
    np.testing.assert_array_equal(one.values, other.values)
    assert np.isfinite(one.pick(("own_content", "hook_question"))).all()
