"""The words of drivers: nothing that is not known or not given, and units where there are some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from inference import drivers as words_of
from inference.predictor import Predictor
from reelcast.records import Brief, CreatorQuestion, Driver, ForecastRequest
from tests.support import NOW

NOBODY = CreatorQuestion(platform="tiktok", followers=20_000, posts=())


@pytest.fixture(autouse=True)
def _all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every input that is told, not the five strongest alone."""
    monkeypatch.setattr(words_of, "_TOP", 1000)


def told(predictor: Predictor, person: CreatorQuestion, **brief: object) -> dict[str, Driver]:
    asked = ForecastRequest(creators=(person,), brief=Brief.model_validate(brief))
    made = predictor.respond(asked, NOW).forecasts[0].targets["views"].drivers
    return {driver.feature: driver for driver in made}


def in_lake(predictor: Predictor) -> CreatorQuestion:
    return CreatorQuestion(creator_id=predictor.creator_ids[0])


def all_words(predictor: Predictor) -> Iterator[str]:
    for person in (NOBODY, in_lake(predictor)):
        for driver in told(predictor, person, duration_s=1, caption="a #b").values():
            yield driver.words


def test_a_creator_without_posts_starts_from_the_typical_post_of_those_alike(
    predictor: Predictor,
) -> None:
    words = told(predictor, NOBODY)["level"].words
    assert re.fullmatch(
        r"starts from the typical post of the micro tier, on tiktok, [\d,]+ views: "
        "no earlier count of the creator's own is known",
        words,
    )


def test_a_creator_without_posts_has_no_words_of_own_posts(predictor: Predictor) -> None:
    found = told(predictor, NOBODY)
    assert "recent average" not in "".join(driver.words for driver in found.values())
    assert not {"like_rate", "views_last_value", "own_hour"} & found.keys()


def test_the_levels_of_a_creator_without_posts_are_one_input(predictor: Predictor) -> None:
    found = told(predictor, NOBODY)
    levels = [name for name in found if name.endswith("_mean")]
    assert levels == ["views_pooled_mean"]
    assert found["views_pooled_mean"].words.startswith("the typical post of creators like this (")


def test_inputs_that_were_not_given_are_left_out(predictor: Predictor) -> None:
    found = told(predictor, in_lake(predictor))
    assert not found.keys() & {
        "caption_length", "n_hashtags", "text", "duration", "duration_vs_own", "own_duration",
        "own_sound", "own_hashtags",
    }  # fmt: skip


def test_inputs_that_were_given_are_told(predictor: Predictor) -> None:
    found = told(predictor, in_lake(predictor), caption="two words #b", duration_s=30)
    assert {"caption_length", "n_hashtags", "duration", "duration_vs_own"} <= found.keys()


def test_what_the_creators_own_posts_do_not_show_is_left_out(predictor: Predictor) -> None:
    found = told(predictor, in_lake(predictor), hashtags=["never_used"], sound_id="never heard")
    assert not found.keys() & {"own_hashtags", "own_sound"}


def test_nothing_unknown_is_told(predictor: Predictor) -> None:
    assert not [words for words in all_words(predictor) if "unknown" in words]


def test_lengths_and_times_have_their_unit(predictor: Predictor) -> None:
    found = told(predictor, in_lake(predictor), caption="two words", duration_s=30)
    assert "the video's length (30 s) " in found["duration"].words
    assert "(9 characters) " in found["caption_length"].words
    assert re.search(r"\([\d.,]+ days?\) ", found["history_days"].words)


def test_one_is_no_plural(predictor: Predictor) -> None:
    assert not [words for words in all_words(predictor) if re.search(r"\(1 \w+s\)", words)]


def test_a_rate_of_which_the_creators_posts_tell_nothing_is_left_out(predictor: Predictor) -> None:
    post = {"published_at": NOW - timedelta(days=10), "views": 1000, "likes": 90}
    found = told(predictor, CreatorQuestion.model_validate({"followers": 900, "posts": [post]}))
    assert {"like_rate", "save_rate"} & found.keys() == {"like_rate"}
