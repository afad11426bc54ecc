"""Videos against each other: what their labels are worth is learned, tested, and added."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from features.dataset import Dataset
from inference.compare import Contents, compare
from inference.compare_records import CompareRequest
from inference.content_model import ContentModel, learn_content
from inference.creative import Creative
from inference.predictor import Predictor
from inference.tagged import Label, Read
from reelcast.errors import NotFoundError
from reelcast.records import Brief, CreatorQuestion
from tests.inference.homes import Home
from tests.inference.test_effects import GAIN, HOOKS, hook_of, labels_of
from tests.support import NOW, Tables, dataset_of, table_of

PERSON = CreatorQuestion(posts=())


def shows(hook: str) -> Read:
    return Read((Label("hook", hook, 1.0, True),), {})


@pytest.fixture(scope="module")
def learned(tables: Tables, dataset: Dataset) -> ContentModel:
    """In a world where posts with the hook "story" got twice the views."""
    hooks = hook_of(dataset)
    seen = [
        {**row, "views": int(row["views"] * (GAIN if hooks[row["post_id"]] == "story" else 1))}
        for row in tables["post_observations"].to_pylist()
    ]
    world = {**tables, "post_observations": table_of("post_observations", seen)}
    model = learn_content(dataset_of(world, None), (labels_of(hooks), None), "views")
    assert model is not None
    return model


def asked(n: int = 2) -> CompareRequest:
    return CompareRequest(creator=PERSON, drafts=(Brief(caption="a"),) * n, targets=("views",))


def contents(hooks: tuple[str, ...], models: Mapping[str, ContentModel | None]) -> Contents:
    return Contents([f"{hook:0>64}" for hook in hooks], [shows(hook) for hook in hooks], models)


def test_a_planted_effect_tells_posts_of_other_creators_apart(learned: ContentModel) -> None:
    assert learned.skill["low"] > 0.5
    assert learned.skill["slope"] == pytest.approx(1.0, abs=0.35)


def test_a_video_with_what_works_beats_one_without(
    predictor: Predictor, learned: ContentModel
) -> None:
    answer = compare(predictor, asked(), NOW, contents(("story", "list"), {"views": learned}))
    (duel,) = answer.duels
    assert duel.times == pytest.approx(GAIN, rel=0.35)
    assert duel.chance > 0.6
    assert duel.is_clear
    assert duel.sign_error < 0.01
    assert "tagged posts" in answer.content_evidence["views"]


def test_videos_alike_are_no_different(predictor: Predictor, learned: ContentModel) -> None:
    answer = compare(predictor, asked(), NOW, contents(("list", "list"), {"views": learned}))
    assert not answer.duels[0].is_clear
    assert answer.duels[0].words == "no difference that the data can show"


def test_labels_at_random_call_nothing_clear_in_45_duels(
    predictor: Predictor, dataset: Dataset
) -> None:
    model = learn_content(dataset, (labels_of(hook_of(dataset)), None), "views")
    hooks = tuple(HOOKS[i % len(HOOKS)] for i in range(10))
    answer = compare(predictor, asked(10), NOW, contents(hooks, {"views": model}))
    assert len(answer.duels) == 45
    assert not any(duel.is_clear for duel in answer.duels)


def test_without_tagged_posts_there_is_no_effect_and_it_is_said(predictor: Predictor) -> None:
    answer = compare(predictor, asked(), NOW, contents(("story", "list"), {"views": None}))
    assert answer.content_evidence["views"].startswith("no effects")


def test_a_content_is_read_as_posts_are(learned: ContentModel) -> None:
    rows = learned.rows([shows("story"), None])
    names = [label for _, label, _ in learned.design.names]
    assert rows[0, names.index("story")] == 1.0
    assert not rows[1].any()


def test_a_videos_length_stands_in_where_the_draft_says_none(
    tagged: Home, predictor: Predictor
) -> None:
    creative = Creative(tagged.settings, lambda: predictor)
    person = CreatorQuestion(posts=())

    def quantiles(**first: object) -> object:
        drafts = (Brief.model_validate(first), Brief(caption="b"))
        made = creative.compare(CompareRequest(creator=person, drafts=drafts), NOW)
        return made.drafts[0].quantiles

    assert quantiles(content_id="clip-3") == quantiles(duration_s=20.0)


def test_an_untagged_video_says_what_to_do(tagged: Home, predictor: Predictor) -> None:
    creative = Creative(tagged.settings, lambda: predictor)
    drafts = (Brief(content_id="nothing"), Brief(caption="b"))
    with pytest.raises(NotFoundError, match="tag its file first"):
        creative.compare(CompareRequest(creator=PERSON, drafts=drafts), NOW)


def test_effects_of_one_state_of_the_lake_are_learned_once(
    tagged: Home, predictor: Predictor
) -> None:
    creative = Creative(tagged.settings, lambda: predictor)
    first, again = creative.effects("views"), creative.effects("views")
    assert first == again
    assert first.effects[0] is again.effects[0]
    assert {effect.label for effect in first.effects} >= {"story"}
    assert np.isfinite([effect.factor for effect in first.effects]).all()


def test_effects_of_a_lake_without_tags_say_what_to_do(home: Home, predictor: Predictor) -> None:
    with pytest.raises(NotFoundError, match="reelcast tag --manifest"):
        Creative(home.settings, lambda: predictor).effects("views")
