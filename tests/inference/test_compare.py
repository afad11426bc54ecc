"""Drafts against each other: chances add up, shared noise sharpens, doubt is said in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from inference.compare import _duels, compare
from inference.compare_records import CompareRequest
from inference.compare_samples import draw_together
from inference.duels import Expected
from inference.predictor import Predictor
from reelcast.errors import NotFoundError
from reelcast.records import QUANTILES, Brief, CreatorQuestion, creator_id_of
from tests.inference.homes import SALT, Home
from tests.support import NOW

SKILL = {"n_pairs": 900, "n_creators": 40, "right": 0.6, "low": 0.55, "high": 0.65, "slope": 1.0}
SKILL["slope_error"] = 0.05
DRAFTS = (
    Brief(caption="three quiet mornings #vlog", duration_s=12),
    Brief(caption="three quiet mornings #vlog", duration_s=180),
)
LEVELS = stats.norm.ppf(np.array(QUANTILES))


def with_skill(predictor: Predictor, home: Home, **skill: Any) -> Predictor:
    """The champion, had its test posts told this of pairs."""
    manifest = predictor.bundle.manifest
    scores = {t: {**of, "pairs": {**SKILL, **skill}} for t, of in manifest["scores"].items()}
    bundle = replace(predictor.bundle, manifest={**manifest, "scores": scores})
    return Predictor(bundle, predictor._panel, home.settings)


@pytest.fixture(scope="module")
def asked(home: Home) -> CompareRequest:
    first = home.creators[0]
    person = CreatorQuestion(creator_id=creator_id_of(first.platform, first.handle, SALT))
    return CompareRequest(creator=person, drafts=DRAFTS)


def test_a_draft_against_itself_is_even_for_every_target(
    home: Home, predictor: Predictor, asked: CompareRequest
) -> None:
    same = asked.model_copy(update={"drafts": (DRAFTS[0], DRAFTS[0])})
    answer = compare(with_skill(predictor, home), same, NOW)
    assert [d.chance for d in answer.duels] == pytest.approx([0.5] * 6, abs=0.02)
    assert {d.words for d in answer.duels} == {"no difference that the data can show"}


def test_swapped_drafts_have_the_opposite_chances(
    home: Home, predictor: Predictor, asked: CompareRequest
) -> None:
    skilled = with_skill(predictor, home)
    swapped = asked.model_copy(update={"drafts": DRAFTS[::-1]})
    one, two = (compare(skilled, each, NOW) for each in (asked, swapped))
    chances = [d.chance for d in one.duels]
    assert [1 - d.chance for d in two.duels] == pytest.approx(chances, abs=0.03)


def test_the_chances_of_being_best_add_up_to_one(
    home: Home, predictor: Predictor, asked: CompareRequest
) -> None:
    three = asked.model_copy(update={"drafts": (*DRAFTS, Brief(duration_s=60))})
    answer = compare(with_skill(predictor, home), three, NOW)
    assert len(answer.duels) == 3 * 6
    for target in answer.drafts[0].chance_best:
        assert sum(d.chance_best[target] for d in answer.drafts) == pytest.approx(1, abs=0.01)


def test_a_model_that_tells_nothing_apart_says_so(
    home: Home, predictor: Predictor, asked: CompareRequest
) -> None:
    blind = with_skill(predictor, home, low=0.48, slope=0.4)
    answer = compare(blind, asked, NOW)
    assert not any(d.is_clear for d in answer.duels)
    assert "no better than a coin" in answer.evidence["views"]


def test_a_slope_of_one_half_halves_the_difference(
    home: Home, predictor: Predictor, asked: CompareRequest
) -> None:
    whole, half = (
        compare(with_skill(predictor, home, slope=slope), asked, NOW) for slope in (1.0, 0.5)
    )
    for one, two in zip(whole.duels, half.duels, strict=True):
        assert np.log(two.times) == pytest.approx(0.5 * np.log(one.times), abs=0.05)


def test_a_duel_too_even_to_be_called_lends_others_no_sureness() -> None:
    even, apart = np.full((2, 10), 5.0), np.array([[9.0] * 7 + [1.0] * 3, [5.0] * 10])
    sure, doubtful = np.ones((10, 2)), np.ones((10, 2))
    sure[:, 1], doubtful[:, 1] = 0.0, [0.0] * 8 + [2.0] * 2
    parts = {
        name: Expected(np.zeros(2), draws)
        for name, draws in (("views", sure), ("saves", sure), ("likes", doubtful))
    }
    samples = {"views": even, "saves": even, "likes": apart}
    made = _duels(("A", "B"), samples, parts, dict.fromkeys(samples, True))
    assert [duel.is_clear for duel in made] == [False] * 3


def test_the_same_drafts_have_the_same_answer(
    home: Home, predictor: Predictor, asked: CompareRequest
) -> None:
    assert compare(predictor, asked, NOW) == compare(predictor, asked, NOW)


def test_an_inline_creator_is_compared_too(predictor: Predictor) -> None:
    asked = CompareRequest(creator=CreatorQuestion(posts=()), drafts=DRAFTS, targets=("views",))
    assert [d.target for d in compare(predictor, asked, NOW).duels] == ["views"]


def test_an_unknown_creator_is_not_found(predictor: Predictor) -> None:
    with pytest.raises(NotFoundError):
        compare(
            predictor, CompareRequest(creator=CreatorQuestion(creator_id="x"), drafts=DRAFTS), NOW
        )


def chance(shared: float) -> float:
    made = draw_together({"views": np.array([9 + LEVELS, 9.5 + LEVELS])}, 5, {}, shared)["views"]
    return float((made[1] > made[0]).mean() + 0.5 * (made[1] == made[0]).mean())


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.9])
def test_the_chance_is_that_of_two_normals_with_this_correlation(shared: float) -> None:
    assert chance(shared) == pytest.approx(
        stats.norm.cdf(0.5 / np.sqrt(2 * (1 - shared))), abs=0.02
    )
